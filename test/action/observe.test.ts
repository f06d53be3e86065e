/** `command: observe` as a scheduled workflow runs it: the bundle, GitHub's API and the artifact service around it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type Measurement, measurementSchema } from '../../src/measure/measurement.ts';
import { formatRecord } from '../../src/measure/record.ts';
import { sendJson, serve } from '../gateway/loopback.ts';
import { record } from '../measure/records.ts';
import { type ActionsApi, startActionsApi } from '../support/actions-api.ts';
import { temporaryDirectory, writeFiles } from '../support/files.ts';
import { type ActionRun, runAction } from '../support/run-action.ts';
import { SIBLING, startScriptedModels } from '../support/scripted-models.ts';

const CONFIG = '.github/gateway-rollout.yml';
const MINUTE = 60_000;
/** `interval` of the config below. */
const WINDOW = 5 * MINUTE;
const SECRET = 'prom/Zq7+vB3nMx9=Wp5Lr&Ht2Kd';

let workspace: string;
let now: number;
beforeEach(() => {
  workspace = temporaryDirectory();
  now = Date.now();
});

/** A task on each arm every minute of the two hours before a moment. */
function writeTraffic(until: number): void {
  const starts = Array.from({ length: 120 }, (_, minute) => until - (120 - minute) * MINUTE);
  const records = starts.flatMap((ts) =>
    (['official', 'gateway'] as const).map((arm) =>
      record({ arm, ts, task: `${arm}${ts}`, key: 'backend', member: 'ada', duration_ms: 700 }),
    ),
  );
  writeFiles(workspace, { 'records.jsonl': records.map((each) => `${formatRecord(each)}\n`).join('') });
}

function writeConfig({ source = 'jsonl', publishNames = false, measure = '' } = {}): void {
  writeFiles(workspace, {
    [CONFIG]: [
      'name: assistant',
      'gateway: { base_url: "https://gateway.example/v1" }',
      'models: [gpt-4o-mini]',
      `measure: { source: ${source}, workflow: gateway-observe.yml, interval: 5m${measure} }`,
      `rollout: { stages: [50%, 100%], publish_names: ${publishNames} }`,
      '',
    ].join('\n'),
  });
}

interface Job {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly eventName?: string;
  readonly minutesAgo?: number;
}

/** One job of the workflow; its machine's clock begins at the test's `now`, or so many minutes before. */
async function observe(
  api: ActionsApi,
  { inputs = {}, environment = {}, eventName = 'schedule', minutesAgo = 0 }: Job = {},
) {
  writeTraffic(now - minutesAgo * MINUTE);
  const clock = `const real=Date.now,start=real();Date.now=()=>real()-start+${now - minutesAgo * MINUTE}`;
  return runAction({
    workspace,
    eventName,
    inputs: { command: 'observe', 'measure-jsonl': 'records.jsonl', ...inputs },
    environment: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clock)}`,
      ...(await api.environment()),
      ...environment,
    },
  });
}

const measurements = ({ reportText }: ActionRun): Measurement[] =>
  reportText
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => measurementSchema.parse(JSON.parse(line)));

const tasks = (all: readonly Measurement[]) =>
  all.reduce((sum, { arms }) => sum + (arms.gateway?.tasks ?? 0), 0);

test('each run continues where the last one ended, and reports both arms, the verdicts and what is missing', async () => {
  // A minute into a window: however long the jobs take, none of them sees the next one end.
  now = Math.floor(now / WINDOW) * WINDOW + MINUTE;
  writeConfig();
  const api = await startActionsApi();
  const first = await observe(api, { inputs: { since: '30m', stage: '50%' }, minutesAgo: 40 });
  expect(first.log).toContain('this is the first window');
  api.finish();
  const second = await observe(api, { minutesAgo: 21 });
  expect(second.log).toContain('Continuing from the measurements of run 1.');
  api.finish();
  const asked = api.requests.length;
  const third = await observe(api, { inputs: { html: 'report.html' } });
  expect(api.requests.length - asked).toBeLessThanOrEqual(8);

  const all = measurements(third);
  expect(all).toHaveLength(3);
  for (const [index, { window, stage }] of all.slice(1).entries())
    expect({ from: window.from, stage }).toEqual({ from: all[index]?.window.to, stage: '50%' });
  const [begin = 0, end = 0] = [all[0]?.window.from, all.at(-1)?.window.to];
  expect(tasks(all)).toBe((end - begin) / MINUTE);

  expect(third.outputs).toMatchObject({
    verdict: '',
    'reason-code': 'gate_not_met',
    decision: 'hold',
    'official-success-rate': '100',
    'gateway-success-rate': '100',
    'gateway-tokens': expect.stringMatching(/^[1-9]\d*$/),
    'gateway-cost-usd': expect.stringMatching(/^0\.\d+$/),
  });
  const headings = ['⏳ Stage 50%', 'Still missing', 'Both arms in stage 50%', 'Verdicts', 'Cost by member'];
  for (const words of [...headings, '3 windows from', '```mermaid', 'backend'])
    expect(third.summary).toContain(words);
  expect(third.page).toContain('<title>Gateway rollout: assistant</title>');
  expect(third.page).toContain('aria-current="step"');

  api.finish();
  const tooSoon = await observe(api);
  expect(tooSoon.outputs).toMatchObject({ 'reason-code': 'nothing_new', report: '', decision: '' });
  expect(tooSoon.summary).toContain('later data is complete at');
  expect([third.exitCode, tooSoon.exitCode]).toEqual([0, 0]);
});

test('asks both arms a few questions in each window, and carries over what it learnt until another model is proved', async () => {
  now = Math.floor(now / WINDOW) * WINDOW + MINUTE;
  writeConfig({ measure: ', fidelity_usd_per_day: 1' });
  const api = await startActionsApi();
  const official = await startScriptedModels(1, { logprobs: true });
  const gateway = await startScriptedModels(2, { logprobs: true, model: () => SIBLING });
  const keys = {
    'api-key': 'sk-gateway-0123456789abcdef',
    'official-api-key': 'sk-official-0123456789abcdef',
  };
  const inputs = { ...keys, 'base-url': gateway.baseUrl, 'official-base-url': official.baseUrl };
  try {
    await observe(api, { inputs: { ...inputs, since: '20m', stage: '50%' }, minutesAgo: 100 });
    api.finish();
    const second = await observe(api, { inputs });
    expect(second.log).toContain('never more than');
    const [first, last] = measurements(second).map(({ fidelity }) => fidelity);
    expect(first).toMatchObject({ pairs: 8 });
    expect(last).toMatchObject({ verdict: 'other-model', pairs: 160 });
    expect(second.outputs).toMatchObject({ decision: 'rollback', 'reason-code': 'other_model' });
    api.finish();
    now += 20 * MINUTE;
    const third = measurements(await observe(api, { inputs }));
    expect(third.at(-1)?.fidelity).toMatchObject({ pairs: 8 });
    api.finish();
    now += 20 * MINUTE;
    const without = await observe(api);
    expect(without.log).toContain('note: Not asked whether it is the same model: ');
    expect(measurements(without).at(-1)?.fidelity).toBeUndefined();
  } finally {
    await Promise.all([official.stop(), gateway.stop()]);
  }
});

test('follows the rollout: a window ends where a stage began, and the next counts toward that stage', async () => {
  now = Math.floor(now / WINDOW) * WINDOW + MINUTE;
  writeConfig();
  const api = await startActionsApi();
  const begun = (label: string, writtenAt: number) => ({
    state: { status: { kind: 'progressing' }, stage: { label, measuredTo: null, traffic: { writtenAt } } },
  });
  api.keepState('assistant', begun('50%', now - 60 * MINUTE));
  await observe(api, { minutesAgo: 21 });
  api.finish();
  const advancedAt = now - 20 * MINUTE;
  api.keepState('assistant', begun('100%', advancedAt));
  const run = await observe(api);
  expect(measurements(run).map(({ stage, window }) => [stage, window.from, window.to])).toEqual([
    ['50%', expect.any(Number), expect.any(Number)],
    ['50%', expect.any(Number), advancedAt],
    ['100%', advancedAt, expect.any(Number)],
  ]);

  api.finish();
  api.keepState('assistant', { nothing: 'that the App wrote' });
  const lost = await observe(api);
  expect([lost.exitCode, lost.outputs['reason-code']]).toEqual([1, 'state_unreadable']);
  expect(lost.summary).toContain('is not a valid rollout state');
});

test('for a pull request the measurement is shown, but no artifact is uploaded', async () => {
  writeConfig();
  const api = await startActionsApi();
  const run = await observe(api, {
    eventName: 'pull_request',
    environment: { GITHUB_REF: 'refs/pull/3/merge' },
  });
  expect(run.annotations).toEqual([expect.stringContaining('is shown but not stored')]);
  expect(run.summary).toContain('Both arms');
  expect(run.exitCode).toBe(0);
  expect(api.finish()).toBe(false);
});

const names = /backend|\bada\b/;

test('a public repository names no key and no member, even from measurements stored while it was private', async () => {
  writeConfig();
  const api = await startActionsApi();
  const before = await observe(api, { minutesAgo: 20 });
  expect(before.reportText).toMatch(names);
  api.finish();
  api.publish();
  const run = await observe(api, { inputs: { html: 'report.html' } });
  expect(run.everything).not.toMatch(names);
  expect(run.summary).toContain('Cost by key');
  for (const { arms } of measurements(run))
    expect(arms.gateway?.byKey).toMatchObject([{ name: '(not published)', tasks: arms.gateway?.tasks }]);
});

test('a public repository names them if publish_names is set', async () => {
  writeConfig({ publishNames: true });
  const api = await startActionsApi();
  api.publish();
  const run = await observe(api);
  expect(run.summary).toMatch(names);
  expect(run.reportText).toMatch(names);
});

describe('failures', () => {
  test('GitHub does not respond: nothing is measured, so no window is lost', async () => {
    writeConfig();
    const api = await startActionsApi();
    api.answerWith(403);
    const run = await observe(api);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ 'reason-code': 'github_failed', report: '', verdict: '' });
    expect(run.annotations).toEqual([
      expect.stringContaining('Give the job the permissions actions: read and contents: read.'),
    ]);
    expect(run.summary).toContain('Nothing was stored');
  });

  test('a source fails: nothing is stored, and its credentials are masked and never appear', async () => {
    writeConfig({ source: 'prometheus' });
    const failing = await serve((_, response) =>
      sendJson(response, 422, { status: 'error', error: `no store for ${SECRET}` }),
    );
    const api = await startActionsApi();
    const run = await observe(api, {
      inputs: { 'prometheus-url': failing, 'prometheus-token': SECRET, stage: '50%' },
    });
    expect(run.exitCode).toBe(1);
    expect(run.annotations).toEqual([expect.stringContaining('status 422')]);
    expect(run.masked).toEqual(expect.arrayContaining([SECRET, Buffer.from(SECRET).toString('base64')]));
    expect(run.everything).not.toContain(SECRET.slice(5, -5));
    expect(api.finish()).toBe(false);
  });

  test('a config without sources is refused before any request to GitHub', async () => {
    writeFiles(workspace, { [CONFIG]: 'gateway: { base_url: "https://gateway.example/v1" }\nmodels: [a]\n' });
    const api = await startActionsApi();
    const run = await observe(api);
    expect(run.outputs['reason-code']).toBe('measure_missing');
    expect([run.exitCode, api.requests]).toEqual([1, []]);
  });

  test('an artifact that cannot be uploaded fails the job, which still reports the numbers', async () => {
    writeConfig();
    const api = await startActionsApi();
    const run = await observe(api, { environment: { ACTIONS_RUNTIME_TOKEN: '' } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs['reason-code']).toBe('artifact_not_uploaded');
    expect(run.summary).toContain('Both arms');
  });
});
