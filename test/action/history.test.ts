import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestArtifact, recentLines } from '../../src/commands/action/history.ts';
import { githubFailed } from '../../src/commands/action/repository.ts';
import { startActionsApi, WORKFLOW, type WorkflowRun } from '../support/actions-api.ts';
import { repositoryIn } from './repository-in.ts';

async function newestOf(...runs: readonly WorkflowRun[]) {
  const api = await startActionsApi();
  runs.forEach(api.leave);
  return { artifact: await newestArtifact(repositoryIn(api)), requests: api.requests };
}

test.each<[string, WorkflowRun]>([
  ['on a schedule', {}],
  ['by hand', { event: 'workflow_dispatch', commit: 'identical' }],
  ['of a push, with the ref in the path', { event: 'push', path: `${WORKFLOW}@refs/heads/main` }],
])('continues from a run %s', async (_, run) => {
  expect((await newestOf({}, run)).artifact).toEqual({ id: 2, run: 2 });
});

test.each<[string, WorkflowRun]>([
  ['of a fork', { fromFork: true }],
  ['on another branch', { branch: 'feature' }],
  ['of another workflow', { path: '.github/workflows/other.yml' }],
  ['for a pull request', { event: 'pull_request' }],
  ['on a tag that bears the name of the default branch', { commit: 'diverged' }],
  ['on a commit that is not on the default branch yet', { commit: 'ahead' }],
  ['whose artifact has expired', { expired: true }],
])('skips a run %s and continues from the one before', async (_, run) => {
  expect((await newestOf({}, run)).artifact).toEqual({ id: 1, run: 1 });
  expect((await newestOf(run)).artifact).toBeNull();
});

test('of many runs, only the newest is looked up', async () => {
  const { artifact, requests } = await newestOf(...Array.from({ length: 25 }, () => ({})));
  expect(artifact).toEqual({ id: 25, run: 25 });
  expect(requests).toHaveLength(4);
});

test.each([
  [Object.assign(new Error('Bad gateway'), { status: 502 }), 'with status 502 (Bad gateway). The next run'],
  [
    new Error('fetch failed'),
    'no response from GitHub (fetch failed). The next run will include this window.',
  ],
])('GitHub fails with %s: one sentence says what happens next', (error, words) => {
  expect(githubFailed(error, 'It cannot be read').messages).toEqual([expect.stringContaining(words)]);
});

test('of a long history, the newest measurements stay, complete and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[ -~]{1,40}$/)), fc.nat(400), (lines, mostBytes) => {
      const kept = recentLines(lines.map((line) => `${line}\n`).join(''), true, mostBytes);
      const count = kept === '' ? 0 : kept.slice(0, -1).split('\n').length;
      expect(kept).toBe(
        lines
          .slice(lines.length - count)
          .map((line) => `${line}\n`)
          .join(''),
      );
      const oneMore = lines.slice(-count - 1).reduce((sum, line) => sum + line.length + 1, 0);
      expect(kept.length).toBeLessThanOrEqual(mostBytes);
      expect(count === lines.length || oneMore > mostBytes).toBe(true);
    }),
  );
});
