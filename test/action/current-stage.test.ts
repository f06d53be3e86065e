/** Where the rollout stands, as a job of Actions asks GitHub. */
import { expect, test } from 'vitest';
import { readCurrentStage } from '../../src/commands/action/current-stage.ts';
import { type ActionsApi, startActionsApi } from '../support/actions-api.ts';
import { repositoryIn } from './repository-in.ts';

const state = (label: string, more: object = {}) => ({
  state: {
    status: { kind: 'progressing' },
    stage: { label, measuredTo: null, traffic: { writtenAt: 1_000 } },
    ...more,
  },
});

function standingIn(api: ActionsApi, name: string | null = 'assistant') {
  return readCurrentStage(repositoryIn(api), name);
}

const at = (stage: string) => ({ kind: 'current', current: { stage, since: 1_000 } });

test("is read from the rollout's branch, named after the repository if the rollout has no name", async () => {
  const api = await startActionsApi();
  api.keepState('assistant', state('5%'));
  api.keepState('shop', state('25%'));
  expect(await standingIn(api)).toMatchObject(at('5%'));
  expect(await standingIn(api, null)).toMatchObject(at('25%'));
  expect(await standingIn(api, 'another')).toEqual({ kind: 'current', current: null });
});

test('is never read from a tag of that name, which branch rulesets do not protect', async () => {
  const api = await startActionsApi();
  api.tagState('assistant', state('100%'));
  expect(await standingIn(api)).toEqual({ kind: 'current', current: null });
  api.keepState('assistant', state('5%'));
  expect(await standingIn(api)).toMatchObject(at('5%'));
});

test('is read from a state of more than a megabyte', async () => {
  const api = await startActionsApi();
  api.keepState('assistant', state('5%', { history: ['x'.repeat(2 * 1024 * 1024)] }));
  expect(await standingIn(api)).toMatchObject(at('5%'));
});

test('is unknown if GitHub refuses; that does not mean that the rollout has not started', async () => {
  const api = await startActionsApi();
  api.answerWith(403);
  expect(await standingIn(api)).toMatchObject({
    kind: 'failed',
    reasonCode: 'github_failed',
    messages: [expect.stringContaining('contents: read')],
  });
});
