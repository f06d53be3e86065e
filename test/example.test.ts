/** The application in test/example. A rollout moves its traffic by writing a number. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Scenario, startScenario } from './app/rollout-scenario.ts';
import { Assistant } from './example/assistant.ts';
import { temporaryDirectory } from './support/files.ts';

const PATH = 'deploy/share.json';
const SHARE = readFileSync(join(import.meta.dirname, 'example', PATH), 'utf8');
const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic:
  - file: { path: deploy/share.json, set: { /gateway: share } }
rollout:
  stages: [5%, 25%, 100%]
  gates: { default: { manual: true } }
`;
const users = Array.from({ length: 200 }, (_, index) => `user-${index}`);

let directory: string;
let file: string;
let arms: { official: ArmServer; gateway: ArmServer };
let assistant: Assistant;

beforeEach(async () => {
  directory = temporaryDirectory();
  file = join(directory, 'share.json');
  writeFileSync(file, SHARE);
  arms = { official: await startArm(), gateway: await startArm() };
  start();
});

afterEach(async () => {
  await Promise.all([arms.official.close(), arms.gateway.close()]);
});

describe('the example application', () => {
  it('stays on the official API before the rollout moves anything', async () => {
    await everyUserAsks();
    expect([arms.official.users.size, arms.gateway.users.size]).toEqual([200, 0]);
  });

  it('sends the share that the App writes to the gateway, keeps each user there as it grows, and goes back', async () => {
    const scenario = await startScenario();
    await scenario.github.pushes({ [PATH]: SHARE });
    await scenario.pushesConfig(CONFIG);
    const moved: ReadonlySet<string>[] = [];
    for (const share of [5, 25, 100]) {
      await deploy(scenario);
      await everyUserAsks();
      const expected = (users.length * share) / 100;
      // A hash assigns users to shares, within four standard deviations of the binomial.
      const spread = 4 * Math.sqrt(expected * (1 - share / 100));
      expect(Math.abs(arms.gateway.users.size - expected), `at ${share} %`).toBeLessThanOrEqual(spread);
      moved.push(new Set(arms.gateway.users));
      if (share < 100) await scenario.says('alice', '/advance-rollout');
    }
    for (const [index, before] of moved.entries()) {
      const after = moved[index + 1] ?? before;
      expect([...before].filter((user) => !after.has(user))).toEqual([]);
    }
    await scenario.says('alice', '/rollback-rollout');
    await deploy(scenario);
    await everyUserAsks();
    expect([arms.official.users.size, arms.gateway.users.size]).toEqual([200, 0]);
  });

  it('uses the official API if the share is missing or broken', async () => {
    for (const text of ['{ "gateway": ', '{}']) {
      writeFileSync(file, text);
      start();
      await everyUserAsks();
      expect([arms.official.users.size, arms.gateway.users.size]).toEqual([200, 0]);
    }
  });
});

/** Starts the application anew, which reads the share at once. */
function start(): void {
  assistant = new Assistant({
    official: { baseUrl: arms.official.baseUrl, apiKey: 'official-key' },
    gateway: { baseUrl: arms.gateway.baseUrl, apiKey: 'gateway-key' },
    share: file,
    records: () => undefined,
    onProblem: () => undefined,
    model: 'gpt-4o-mini',
  });
}

/** Does what the team's deployment does: the file of the default branch reaches the process. */
async function deploy({ github }: Scenario): Promise<void> {
  writeFileSync(file, (await github.file(PATH)) ?? '');
  start();
}

async function everyUserAsks(): Promise<void> {
  arms.official.users.clear();
  arms.gateway.users.clear();
  await Promise.all(users.map((user) => assistant.ask(user, `I am ${user}.`)));
}

interface ArmServer {
  readonly baseUrl: string;
  /** Users who asked since the set was cleared. */
  readonly users: Set<string>;
  close(): Promise<void>;
}

async function startArm(): Promise<ArmServer> {
  const users = new Set<string>();
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, user = ''] = /I am ([\w-]+)\./.exec(body) ?? [];
    users.add(user);
    const answer = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' } }] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    users,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
