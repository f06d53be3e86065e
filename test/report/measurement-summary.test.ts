import { expect, test } from 'vitest';
import { EMPTY_ARM, type Measurement } from '../../src/measure/measurement.ts';
import { measurementSummary, SUMMARY_POINTS } from '../../src/report/measurement-summary.ts';
import { arm, decision, HOSTILE, measurement, mixedLook, overviewIn, rollout, verdict } from './rollouts.ts';

const overview = (measurements: readonly Measurement[]) => overviewIn(measurements, SUMMARY_POINTS);

test('the summary of a look with every kind of verdict', () => {
  expect(
    measurementSummary({ overview: overview(rollout({ hours: 8 })), look: mixedLook }),
  ).toMatchSnapshot();
});

test('the summary of measurements without a look', () => {
  const text = measurementSummary({ overview: overview([measurement(0)]), look: null });
  expect(text).toMatchSnapshot();
  expect(text).not.toContain('mermaid');
});

test('remarks on the last window come before its numbers', () => {
  const notes = ['2 lines left out, not JSON: a.jsonl:3; b|c.jsonl:4.', 'No failure was ever seen.'];
  const text = measurementSummary({ overview: overview([measurement(0)]), look: null, notes });
  expect(text).toContain(
    '- ⚠️ 2 lines left out, not JSON: a.jsonl:3; b&#124;c.jsonl:4.\n- ⚠️ No failure was ever seen.\n\n### Both arms',
  );
});

test('a met gate is missing nothing', () => {
  const look = { ...mixedLook, verdicts: { success_rate: verdict() }, decision: decision() };
  const text = measurementSummary({ overview: overview([measurement(0)]), look });
  expect(text).toContain('**Advance: the gate is met.**');
  expect(text).not.toContain('Still missing');
});

test('unknown values are neither 0 nor left out', () => {
  const unpriced = { usd: 0, priced: 0, unpriced: 10 };
  const gateway = { ...EMPTY_ARM, tasks: 10, failedTasks: null, tokens: null, cost: unpriced };
  const text = measurementSummary({
    overview: overview([measurement(0, { arms: { official: null, gateway } })]),
    look: null,
  });
  expect(text).toContain('| Tasks | – | 10 |');
  expect(text).toContain('| Cost | – | unknown (10 tasks unpriced) |');
  expect(text).not.toContain('| Failed tasks |');
  expect(text).not.toContain('Success rate |');
});

test('foreign names render as themselves: they form no cell, tag, mention or link', () => {
  const gateway = arm({ tasks: 50, failedTasks: 1, seconds: 1, usd: 0.0002, key: HOSTILE });
  const hostile = measurement(0, { stage: HOSTILE, source: HOSTILE, arms: { official: null, gateway } });
  const text = measurementSummary({ overview: overview([hostile, measurement(1)]), look: null });
  expect(text).not.toMatch(/<img|@\w|\]\(|<\/script/);
  const cells = (start: string) => text.split('\n').filter((line) => line.startsWith(start));
  for (const line of cells('| <code>&lt;/script')) expect(line.split(' | ')).toHaveLength(6);
  expect(cells('| <code>&lt;/script')).toHaveLength(1);
});

test('of hundreds of keys, the most expensive are shown first', () => {
  const [one] = measurement(0).arms.gateway?.byKey ?? [];
  if (one === undefined) throw new Error('no key');
  const byKey = Array.from({ length: 500 }, (_, at) => ({
    ...one,
    name: `key-${at}`,
    cost: { ...one.cost, usd: at },
  }));
  const gateway = { ...EMPTY_ARM, tasks: 500, byKey };
  const text = measurementSummary({
    overview: overview([measurement(0, { arms: { official: null, gateway } })]),
    look: null,
  });
  expect(text.match(/key-\d+/g)?.slice(0, 2)).toEqual(['key-499', 'key-498']);
  expect(text).toContain('… and 470 more.');
});
