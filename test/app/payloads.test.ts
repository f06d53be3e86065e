/** Whatever comes to the webhooks' address, signed or not, whole or in pieces: the App stays up and does nothing undue. */
import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../app/log.ts';
import { type RunningServer, startServer } from '../../app/server.ts';
import { type Github, startGithub } from '../support/github/github.ts';
import { readManifest } from '../support/github/manifest.ts';
import { seeded } from '../support/random.ts';
import { environmentOf, octokitFor } from '../support/start-app.ts';
import { mutated, oneOf } from './mutations.ts';

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
  github = await startGithub({ users: { alice: 'write', rita: 'read' } });
  const { webhookSecret, installationId } = github.app;
  expect(webhookSecret).toBe(SECRET);
  const environment = environmentOf(github, { logLevel: 'fatal' });
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

function post(event: string, text: string, signature: string | null = sign(text)): Promise<Response> {
  return fetch(`${server.url}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
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

interface Sent {
  readonly event: string;
  readonly text: string;
  /** How it was mutated, for the report of a failure. */
  readonly change?: string;
}

/** Falsy payloads, and those whose action is not a word, are not events: the server refuses them, and continues. */
function isEvent(payload: unknown): boolean {
  return Boolean(payload) && typeof Object(payload).action !== 'object';
}

/** Signed, a few side by side. @returns those whose status says that the App broke */
async function postAll(payloads: readonly Sent[]): Promise<string[]> {
  const broken: string[] = [];
  const waiting = [...payloads];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { event, text, change = 'unchanged' } = next;
      const response = await post(event, text);
      const words = await response.text();
      const isRefused = response.status >= 400 && !isEvent(JSON.parse(text));
      // Probot's own words for a payload whose installation has no id.
      const isExpected = response.status < 300 || words.includes('installationId option is required');
      if (!isExpected && !isRefused) {
        broken.push(`${response.status} ${words} for ${event} (${change}): ${text.slice(0, 200)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return broken;
}

/** The same ones for the same seed. */
function mutatedFrom(
  seed: number,
  count: number,
  whole: readonly { readonly event: string; readonly payload: Payload }[],
): readonly Sent[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const { event, payload } = oneOf(random, whole);
    const changed = mutated(random, payload);
    const text = JSON.stringify(changed.payload);
    return { event, text, change: `number ${index} of seed ${seed}: ${changed.change}` };
  });
}

async function isUnchanged(): Promise<void> {
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
  it("accepts all of GitHub's own examples, of other repositories and of ours, and does nothing wrong", async () => {
    expect(EXAMPLES.length).toBeGreaterThan(200);
    const texts = EXAMPLES.flatMap(({ event, payload }) => [
      { event, text: JSON.stringify(payload) },
      { event, text: JSON.stringify({ ...payload, ...ours }) },
    ]);
    expect(
      await undueWrites(async () => {
        expect(await postAll(texts)).toEqual([]);
      }),
    ).toEqual([]);
    await isUnchanged();
  });

  it('accepts examples with pieces that are missing, of a wrong type, huge, deep, or in odd characters', async () => {
    const heard = new Set([...readManifest().events, 'installation', 'installation_repositories']);
    const ofApp = EXAMPLES.filter(({ event }) => heard.has(event)).map(({ event, payload }) => ({
      event,
      payload: { ...payload, ...ours },
    }));
    const texts = mutatedFrom(20_260_302, 240, ofApp);
    expect(
      await undueWrites(async () => {
        expect(await postAll(texts)).toEqual([]);
      }),
    ).toEqual([]);
    await isUnchanged();
  });

  it('accepts broken events about the rollout, and never moves it for somebody without the role', async () => {
    const rita = github.person('rita');
    await rita.comments(1, '/advance-rollout');
    await rita.ticks(1, 'stage=local');
    await settled();
    const about = github
      .deliveries()
      .filter(({ event }) => ['issue_comment', 'issues', 'push'].includes(event))
      .map(({ event, payload }) => ({
        event,
        payload: { ...Object(payload), installation: ours.installation },
      }));
    expect(new Set(about.map(({ event }) => event)).size).toBe(3);
    expect(await postAll(mutatedFrom(20_260_303, 90, about))).toEqual([]);
    await settled();
    expect(github.variable('GATEWAY_SHARE')).toBe('0');
    await isUnchanged();
  });

  it('rejects webhooks with a wrong signature, and ignores them', async () => {
    const text = JSON.stringify({
      ...EXAMPLES.find(({ event }) => event === 'issue_comment')?.payload,
      ...ours,
    });
    const forged = createHmac('sha256', 'another secret').update(text).digest('hex');
    github.forgetRequests();
    for (const signature of [`sha256=${forged}`, 'sha256=', '', null, sign(`${text} `)]) {
      expect((await post('issue_comment', text, signature)).status).toBe(400);
    }
    await settled();
    expect(github.requests()).toEqual([]);
  });
});
