/** What a process that died left undone is done by one of those that live, however many look at once. */
import { expect, it, onTestFinished } from 'vitest';
import { type Replica, startReplica } from '../faults/replica.ts';
import { type Github, startGithub } from '../support/github/github.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [local, 5%, 100%], gates: { default: { manual: true } } }
`;
const MINUTE = 60_000;

let clock = Date.UTC(2026, 2, 2, 8);
const now = () => clock;

async function start(
  count: number,
): Promise<{ readonly github: Github; readonly replicas: readonly Replica[] }> {
  const github = await startGithub({ users: { alice: 'write' }, now });
  onTestFinished(() => github.close());
  const replicas = await Promise.all(
    Array.from({ length: count }, () => startReplica(github, { now, retries: 0 })),
  );
  onTestFinished(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
  });
  return { github, replicas };
}

async function tickTogether(github: Github, replicas: readonly Replica[]): Promise<void> {
  clock += 5 * MINUTE;
  await Promise.all(replicas.map((replica) => replica.tick()));
  await github.settled();
}

it('says once what a dead process was to say', async () => {
  const { github, replicas } = await start(4);
  const [first, ...others] = replicas;
  github.deliverTo(...(first === undefined ? [] : [first.app.url]));
  await github.pushes({ '.github/gateway-rollout.yml': CONFIG }, { by: 'alice' });
  await github.settled();
  // 👀, the state, the role, the commit: the answer would be the next.
  first?.dieAt(5, 'before');
  await github.person('alice').comments(1, '/rollout-status');
  await github.settled();
  expect(first?.isDead).toBe(true);
  const answers = async () =>
    (await github.issue(1))?.comments.filter(({ body }) => body.includes('In stage')) ?? [];
  expect(await answers()).toHaveLength(0);
  await tickTogether(github, others);
  expect(await answers()).toHaveLength(1);
});

it('opens one issue where the process died that was to open it', async () => {
  const { github, replicas } = await start(4);
  const [first, ...others] = replicas;
  github.deliverTo(...(first === undefined ? [] : [first.app.url]));
  github.fails({ kind: 'reset', method: 'POST', path: /\/issues$/, times: 3 });
  await github.pushes({ '.github/gateway-rollout.yml': CONFIG }, { by: 'alice' });
  await github.settled();
  await first?.app.disconnect();
  expect(await github.issues()).toHaveLength(0);
  await tickTogether(github, others);
  await tickTogether(github, others);
  expect(await github.issues()).toHaveLength(1);
});
