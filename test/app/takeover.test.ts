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

it('posts the reply of a dead process once', async () => {
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
    (await github.issue(1))?.comments.filter(({ body }) => body.includes('🟢 Stage')) ?? [];
  expect(await answers()).toHaveLength(0);
  await tickTogether(github, others);
  expect(await answers()).toHaveLength(1);
});

it('opens one issue if the process died before it could', async () => {
  const { github, replicas } = await start(4);
  const [first, ...others] = replicas;
  github.deliverTo(...(first === undefined ? [] : [first.app.url]));
  github.fails({ kind: 'reset', method: 'POST', path: /\/issues$/ });
  await github.pushes({ '.github/gateway-rollout.yml': CONFIG }, { by: 'alice' });
  await github.settled();
  await first?.app.disconnect();
  expect(await github.issues()).toHaveLength(0);
  await tickTogether(github, others);
  await tickTogether(github, others);
  expect(await github.issues()).toHaveLength(1);
});

it('posts an abandoned reply once, even if its process lives and another one posted it before it died', async () => {
  const { github, replicas } = await start(2);
  const [first, second] = replicas;
  github.deliverTo(...(first === undefined ? [] : [first.app.url]));
  await github.pushes({ '.github/gateway-rollout.yml': CONFIG }, { by: 'alice' });
  await github.settled();
  const isCommit = (method: string, path: string) => method === 'PUT' && path.includes('state.json');
  const refuseCommits = (from: (method: string, path: string) => boolean) => {
    let refuses = false;
    github.leaveToChance({
      fateOf: () => 'delivered',
      failing({ method, path }) {
        if (isCommit(method, path) && refuses) return { kind: 'bad_gateway' };
        refuses ||= from(method, path);
        return null;
      },
    });
  };
  const answers = async () =>
    (await github.issue(1))?.comments.filter(({ body }) => body.startsWith('🚀')).length;
  // The advance is committed, and nothing after it, so that this process does not come to the answer.
  refuseCommits(isCommit);
  await github.person('alice').comments(1, '/advance-rollout');
  await github.settled();
  await first?.idle();
  expect(await answers()).toBe(0);
  // The other one answers, and does not come to note it.
  refuseCommits((method, path) => method === 'POST' && path.endsWith('/comments'));
  clock += 5 * MINUTE;
  await second?.tick();
  expect(await answers()).toBe(1);
  github.leaveToChance(null);
  clock += 5 * MINUTE;
  await first?.tick();
  expect(await answers()).toBe(1);
});
