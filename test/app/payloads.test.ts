/** Whatever comes to the webhooks' address, signed or not, whole or in pieces: the App stays up and does nothing undue. */
import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppEnvironment } from '../../app/environment.ts';
import { createLog } from '../../app/log.ts';
import { type RunningServer, startServer } from '../../app/server.ts';
import { type Random, seeded } from '../bench/judge/random.ts';
import { type Github, startGithub } from '../support/github/github.ts';
import { readManifest } from '../support/github/manifest.ts';
import { octokitFor, STATE_KEY } from '../support/start-app.ts';

/** A JSON file without a module of its own: required, not imported. */
const definitions: readonly WebhookDefinition[] = createRequire(import.meta.url)(
  '@octokit/webhooks-examples',
);
const EXAMPLES = definitions.flatMap(({ name, examples }) =>
  examples.map((payload) => ({ event: name as string, payload: Object(payload) as Payload })),
);

type Payload = Readonly<Record<string, unknown>>;

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: observe.yml, interval: 1h }
traffic:
  - variable: { name: GATEWAY_SHARE }
rollout: { stages: [local, 5%, 100%], gates: { local: { manual: true } } }
`;
const SECRET = 'a secret of the emulated GitHub';

let github: Github;
let server: RunningServer;
/** Of the repository with the running rollout: what a payload needs to be about it. */
let ours: Payload;
const rejections: unknown[] = [];
const note = (reason: unknown) => void rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', note);
  github = await startGithub({ users: { alice: 'write' } });
  const { appId, privateKey, webhookSecret, installationId } = github.app;
  expect(webhookSecret).toBe(SECRET);
  const environment: AppEnvironment = {
    appId,
    privateKey,
    webhookSecret,
    stateKeys: [STATE_KEY],
    secrets: [],
    host: '127.0.0.1',
    port: 0,
    baseUrl: github.url,
    logLevel: 'fatal',
    tickInterval: 86_400_000,
  };
  const log = createLog('fatal', [], { write: () => {} });
  const Octokit = octokitFor({ fetch: github.fetch, retries: 0 });
  server = await startServer({ environment, variables: {}, log, Octokit });
  github.deliverTo(`${server.url}/api/github/webhooks`);
  await github.pushes({ '.github/gateway-rollout.yml': CONFIG }, { by: 'alice' });
  await settled();
  const pushed = Object(github.deliveries().at(-1)?.payload) as Payload;
  ours = { repository: pushed.repository, installation: { id: installationId, node_id: 'x' } };
  await rests();
});

afterAll(async () => {
  process.off('unhandledRejection', note);
  await server.close();
  await github.close();
});

/** Nothing is due any more: what was said is marked as said. */
async function rests(): Promise<void> {
  for (let tick = 0; tick < 2; tick += 1) await server.tick();
  await settled();
}

async function settled(): Promise<void> {
  await github.settled();
  await server.idle();
}

function post(event: string, text: string, signature = sign(text)): Promise<Response> {
  return fetch(`${server.url}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': signature,
    },
    body: text,
  });
}

function sign(text: string): string {
  return `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;
}

/** What the App wrote, but for the check runs that every pull request is owed. */
async function undueWrites(task: () => Promise<void>): Promise<string[]> {
  github.forgetRequests();
  await task();
  await settled();
  return github
    .requests()
    .filter(({ method, path }) => method !== 'GET' && !/\/(access_tokens|check-runs)$/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
}

/** Signed, a few side by side. @returns statuses that say that the App broke */
async function postAll(
  payloads: readonly { readonly event: string; readonly text: string }[],
): Promise<string[]> {
  const broken: string[] = [];
  const waiting = [...payloads];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { event, text } = next;
      const answer = await post(event, text);
      const words = await answer.text();
      // Probot's own words for a payload whose installation has no id.
      const isExpected = answer.status < 300 || words.includes('installationId option is required');
      if (!isExpected) broken.push(`${event}: ${answer.status} ${words} for ${text.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return broken;
}

async function standsAsBefore(): Promise<void> {
  expect(rejections).toEqual([]);
  const comments = (await github.issue(1))?.comments.length ?? 0;
  await github.person('alice').comments(1, '/rollout-status');
  await settled();
  const after = (await github.issue(1))?.comments ?? [];
  expect(after).toHaveLength(comments + 2);
  expect(after.at(-1)?.body).toContain('**local**');
  await rests();
}

describe('the server', { timeout: 60_000 }, () => {
  it("takes GitHub's own examples, of strangers' repositories and of ours, and does nothing undue", async () => {
    expect(EXAMPLES.length).toBeGreaterThan(200);
    const firsts = EXAMPLES.filter(({ event }, index) => EXAMPLES[index - 1]?.event !== event);
    const texts = [
      ...firsts.map(({ event, payload }) => ({ event, text: JSON.stringify(payload) })),
      ...EXAMPLES.map(({ event, payload }) => ({ event, text: JSON.stringify({ ...payload, ...ours }) })),
    ];
    expect(
      await undueWrites(async () => {
        expect(await postAll(texts)).toEqual([]);
      }),
    ).toEqual([]);
    await standsAsBefore();
  });

  it('takes examples of which pieces are missing, of another type, or huge', async () => {
    const random = seeded(20_260_302);
    const heard = new Set([...readManifest().events, 'installation', 'installation_repositories']);
    const ofApp = EXAMPLES.filter(({ event }) => heard.has(event));
    const texts = Array.from({ length: 150 }, () => {
      const { event, payload } = oneOf(random, ofApp);
      const mutated = mutate(random, structuredClone({ ...payload, ...ours }));
      return { event, text: JSON.stringify(mutated) };
    });
    expect(
      await undueWrites(async () => {
        expect(await postAll(texts)).toEqual([]);
      }),
    ).toEqual([]);
    await standsAsBefore();
  });

  it('refuses what is not signed with its secret, and hears nothing of it', async () => {
    const text = JSON.stringify({
      ...EXAMPLES.find(({ event }) => event === 'issue_comment')?.payload,
      ...ours,
    });
    const forged = createHmac('sha256', 'another secret').update(text).digest('hex');
    github.forgetRequests();
    for (const signature of [`sha256=${forged}`, 'sha256=', '', sign(`${text} `)]) {
      expect((await post('issue_comment', text, signature)).status).toBe(400);
    }
    await settled();
    expect(github.requests()).toEqual([]);
  });
});

function oneOf<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

const STRANGE: readonly unknown[] = [
  null,
  0,
  -1,
  1e30,
  '',
  'x'.repeat(100_000),
  true,
  [],
  {},
  [[]],
  { id: null },
];

/** One to three places of the payload are gone, or hold something else. */
function mutate(random: Random, payload: Record<string, unknown>): unknown {
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change += 1) {
    const holder = somePlace(random, payload);
    const keys = Object.keys(holder);
    if (keys.length === 0) continue;
    const key = oneOf(random, keys);
    if (random() < 0.4) Reflect.deleteProperty(holder, key);
    else Reflect.set(holder, key, oneOf(random, STRANGE));
  }
  return payload;
}

/** An object or list of the payload; those near the top as often as all below them. */
function somePlace(random: Random, payload: object): object {
  let place = payload;
  while (random() < 0.6) {
    const inner = Object.values(place).filter((value) => typeof value === 'object' && value !== null);
    if (inner.length === 0) return place;
    place = Object(oneOf(random, inner));
  }
  return place;
}
