import { expect, it } from 'vitest';
import type { Target } from '../../../src/config/schema/traffic.ts';
import type { GithubOptions } from '../../support/github/github.ts';
import { readManifest } from '../../support/github/manifest.ts';
import { CHANGE, SHARES, start, ZERO } from './start-target.ts';

const FILE = 'gateway-traffic.yml';
const PATH = `.github/workflows/${FILE}`;
const WORKFLOW: Target = { kind: 'workflow', file: FILE, timeout: 30 * 60_000 };
const TEXT = 'on: { workflow_dispatch: { inputs: { share: {}, payload: {} } } }\n';
const ROLLBACK = { ...CHANGE, stage: '0%', generation: 8, purpose: 'rollback' } as const;

async function startWithWorkflow(options: GithubOptions = {}, text = TEXT) {
  const started = await start({ users: { alice: 'write' }, ...options });
  await started.github.pushes({ [PATH]: text });
  const { github, open } = started;
  return {
    ...started,
    /** Writes the shares with a new process. @returns the run */
    async write(shares = SHARES, change: Parameters<ReturnType<typeof open>['write']>[1] = CHANGE) {
      const written = await open(WORKFLOW).write(shares, change);
      if (written.kind !== 'done') throw new Error(written.detail);
      return { ...CHANGE, run: written.run ?? null, verified: written.verified };
    },
    ends: (run: number | null, conclusion: 'success' | 'failure' | 'cancelled') =>
      github.runFinished(FILE, { run: run ?? 0, conclusion }),
  };
}

it('gets the share and the payload, and is verified when that run succeeds', async () => {
  const { github, open, write, ends } = await startWithWorkflow();
  github.forgetRequests();
  const written = await write();
  expect(github.requests().map(({ method, route }) => `${method} ${route}`)).toEqual([
    'POST /repos/:owner/:repo/actions/workflows/:workflow/dispatches',
  ]);
  const [run] = github.startedRuns();
  expect(run).toMatchObject({ id: written.run, by: 'gateway-rollout[bot]', inputs: { share: '5' } });
  expect(JSON.parse(String(run?.inputs.payload))).toEqual({
    rollout: 'assistant',
    stage: '5%',
    shares: SHARES,
    generation: 7,
  });
  expect(await open(WORKFLOW).read(SHARES, written)).toEqual({ kind: 'pending' });
  await ends(written.run, 'success');
  const target = open(WORKFLOW);
  expect(await target.read(SHARES, written)).toEqual({ kind: 'holds' });
  const verified = { ...written, verified: true };
  expect(await target.read(SHARES, verified)).toEqual({ kind: 'holds' });
  github.forgetRequests();
  expect(await target.read(SHARES, verified)).toEqual({ kind: 'holds' });
  expect(github.requests().map(({ status }) => status)).toEqual([304]);
});

it('that fails, is cancelled, or does not end in time, says so', async () => {
  const { open, write, ends, passes } = await startWithWorkflow();
  const written = await write();
  passes(30 * 60_000 + 1_000);
  expect(await open(WORKFLOW).read(SHARES, written)).toMatchInlineSnapshot(`
    {
      "detail": "The run 1002 of gateway-traffic.yml did not end within 30 minutes; expected success. Check that a runner is free, and that no job waits for a review.",
      "kind": "timed_out",
    }
  `);
  await ends(written.run, 'failure');
  expect(await open(WORKFLOW).read(SHARES, written)).toMatchInlineSnapshot(`
    {
      "detail": "The run 1002 of gateway-traffic.yml ended with failure; expected success. Check its log.",
      "kind": "failed",
    }
  `);
  await ends(written.run, 'cancelled');
  expect(await open(WORKFLOW).read(SHARES, written)).toMatchObject({ kind: 'failed' });
});

it('is waited for, where GitHub does not show the run yet or any more', async () => {
  const { open, passes } = await startWithWorkflow();
  const missing = { ...CHANGE, run: 4_711 };
  expect(await open(WORKFLOW).read(SHARES, missing)).toEqual({ kind: 'pending' });
  passes(31 * 60_000);
  expect(await open(WORKFLOW).read(SHARES, missing)).toMatchObject({ kind: 'timed_out' });
});

it('is started again after a response that was lost, for an advance and for a rollback', async () => {
  const { github, open } = await startWithWorkflow();
  github.fails({ kind: 'bad_gateway', when: 'after', method: 'POST', path: /\/dispatches$/ });
  const advance = await open(WORKFLOW).write(SHARES, CHANGE);
  const [, second] = github.startedRuns();
  expect(advance).toEqual({ kind: 'done', verified: false, run: second?.id });
  github.fails({ kind: 'bad_gateway', method: 'POST', path: /\/dispatches$/ });
  expect(await open(WORKFLOW).write(ZERO, ROLLBACK)).toMatchObject({ kind: 'done' });
  expect(github.startedRuns().map(({ inputs }) => inputs.share)).toEqual(['5', '5', '0']);
});

it.each(['ignored', 'refused'] as const)(
  'is not followed on a server where the run is %s',
  async (answer) => {
    const { github, open, write } = await startWithWorkflow();
    github.runDetails(answer);
    const written = await write();
    expect(written).toMatchObject({ run: null, verified: true });
    expect(github.startedRuns()).toHaveLength(1);
    expect(await open(WORKFLOW).read(SHARES, written)).toEqual({ kind: 'unknown' });
  },
);

it('has drifted when somebody else starts it later, or an older run again', async () => {
  const { github, open, write, ends, passes } = await startWithWorkflow();
  const earlier = await write(ZERO, { ...CHANGE, generation: 6 });
  passes(60_000);
  const written = { ...(await write()), verified: true };
  await ends(written.run, 'success');
  passes(60_000);
  const again = { run: earlier.run ?? 0, startedBy: 'alice' };
  await github.runFinished(FILE, again);
  const drifted = { kind: 'drifted', found: 'a later run, started by alice' };
  expect(await open(WORKFLOW).read(SHARES, written)).toEqual(drifted);
  const back = { ...(await write(ZERO, ROLLBACK)), verified: true };
  expect(await open(WORKFLOW).read(ZERO, back)).toEqual({ kind: 'holds' });
  await github.runFinished(FILE, { event: 'workflow_dispatch', by: 'alice' });
  expect(await open(WORKFLOW).read(ZERO, back)).toEqual(drifted);
});

it('is refused for good without the permission, the file, the trigger or the inputs', async () => {
  const refusal = async (options: GithubOptions, text?: string) => {
    const { failureOf } = await startWithWorkflow(options, text);
    return failureOf(WORKFLOW);
  };
  expect(
    await refusal({ permissions: { ...readManifest().permissions, actions: 'read' } }),
  ).toMatchInlineSnapshot(
    `"final: GitHub refused to start the workflow gateway-traffic.yml: Resource not accessible by integration. The App needs the permission "actions: write"."`,
  );
  expect(await refusal({}, 'on: push\n')).toMatchInlineSnapshot(
    `"final: GitHub refused to start the workflow gateway-traffic.yml: Workflow does not have 'workflow_dispatch' trigger. Expected .github/workflows/gateway-traffic.yml on the default branch, with workflow_dispatch and its inputs share and payload."`,
  );
  expect(await refusal({}, 'on: { workflow_dispatch: { inputs: { share: {} } } }\n')).toMatchInlineSnapshot(
    `"final: GitHub refused to start the workflow gateway-traffic.yml: Unexpected inputs provided: ["payload"]. Expected .github/workflows/gateway-traffic.yml on the default branch, with workflow_dispatch and its inputs share and payload."`,
  );
  const { failureOf } = await start({});
  expect(await failureOf(WORKFLOW)).toMatchInlineSnapshot(
    `"final: GitHub refused to start the workflow gateway-traffic.yml: Not Found. Expected .github/workflows/gateway-traffic.yml on the default branch, with workflow_dispatch and its inputs share and payload."`,
  );
});
