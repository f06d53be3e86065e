/** The evidence of a failure over the stages of a road, and the question about a regression. */
import { describe, expect, it } from 'vitest';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import { INDEPENDENT } from '../../src/judge/design-effect.ts';
import { addWindow, type Judged, noEvidence, planStage } from '../../src/judge/evidence.ts';
import { type Judgement, judge } from '../../src/judge/judge.ts';
import { noticeOf } from '../../src/judge/regression.ts';
import { newRoad } from '../../src/judge/road.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { mostByChance } from '../bench/judge/chance.ts';
import { binomial, type Random, seeded } from '../support/random.ts';
import { arm, asked, repeat, START, setting, window } from './measured.ts';

const HOUR = 3_600_000;
const LABELS = ['5%', '25%', '50%', '75%'];
const SHARES = [0.05, 0.25, 0.5, 0.75];

const hourly = (hour: number, arms: Measurement['arms']): Measurement => {
  return { ...window(0, arms), window: { from: START + hour * HOUR, to: START + (hour + 1) * HOUR } };
};

type Rates = (hour: number) => { readonly gateway: number; readonly official: number };

/** So many hours in each of four stages of growing shares; the first stage and hour in which it fails, or null. */
function walk(
  random: Random,
  metrics: Parameters<typeof asked>[0],
  rates: Rates,
  hours: number,
  tasks = 1000,
) {
  const stage = setting(asked(metrics));
  let road = newRoad(null);
  let last: Judgement | null = null;
  let noticed: string | null = null;
  for (const [index, label] of LABELS.entries()) {
    const plan = planStage(stage, EMPTY_BASELINE);
    let judged: Judged = { plan, evidence: noEvidence(plan), road };
    for (let each = 0; each < hours; each += 1) {
      const hour = index * hours + each;
      const { gateway, official } = rates(hour);
      const n = binomial(random, tasks, SHARES[index] ?? 0);
      const arms = {
        gateway: arm(n, { failed: binomial(random, n, gateway) }),
        official: arm(tasks - n, { failed: binomial(random, tasks - n, official) }),
      };
      judged = addWindow(judged, hourly(hour, arms));
      last = judge(judged, label, []);
      road = last.road;
      judged = { ...judged, road };
      noticed ??= last.notice === null ? null : label;
      const failed = Object.values(last.verdicts).flatMap(({ limits }) =>
        limits.filter(({ verdict }) => verdict === 'fail'),
      )[0];
      if (failed !== undefined) return { failed: { label, hour, ...failed }, noticed, road, last };
    }
  }
  return { failed: null, noticed, road, last };
}

describe('the level of a failure', () => {
  const at = (gateway: number, official: number) => () => ({ gateway, official });

  it.each([
    ['error_ratio', { error_ratio: { max: 2 } }, at(0.04, 0.02)],
    ['success_rate', { success_rate: { max_drop: 1 } }, at(0.02, 0.01)],
  ] as const)('is spent once for four stages of different shares: %s', (_, metrics, rates) => {
    const rollouts = 60;
    const failed = repeatSeeds(rollouts, (random) => walk(random, metrics, rates, 12).failed !== null);
    expect(failed).toBeLessThanOrEqual(mostByChance(rollouts, 0.05));
  });

  it('is reached sooner by a regression that lasts than by one stage alone', () => {
    // 1.6 times the limit from the first hour on: the stages add up.
    const metrics = { error_ratio: { max: 2 } };
    const road = walk(seeded(7), metrics, at(0.032, 0.01), 12);
    expect(road.failed?.sinceHour).toBeNull();
    const [claim] = road.road.claims;
    const before = claim?.stages.filter(([label]) => label !== road.failed?.label) ?? [];
    expect(before.length).toBeGreaterThan(0);
  });

  it('of a stage is not diluted by the stages before it', () => {
    // Two good stages, then five times the errors, too few an hour for the quick alarm.
    const rates: Rates = (hour) => ({ gateway: hour < 96 ? 0.01 : 0.03, official: 0.01 });
    const { failed } = walk(seeded(3), { error_ratio: { max: 2 } }, rates, 48, 2000);
    expect(failed).toMatchObject({ label: '50%', sinceHour: null });
  });

  it('is reported as it was asked', () => {
    const { failed } = walk(seeded(1), { error_ratio: { max: 2 } }, at(0.3, 0.01), 2);
    // One limit: all of α but the tenth of the quick alarm.
    expect(failed?.alphaOfFail).toBeCloseTo(0.9 * 0.05, 12);
    const late = walk(
      seeded(1),
      { error_ratio: { max: 2 } },
      (hour) => ({ gateway: hour === 40 ? 0.25 : 0.005, official: 0.01 }),
      60,
      2000,
    );
    expect(late.failed).toMatchObject({ label: '5%', hour: 40, sinceHour: 40 });
    expect(late.failed?.alphaOfFail).toBeCloseTo((0.1 * 0.05) / (40 * 41), 12);
  });
});

describe('a regression within the limits', () => {
  const guards = { error_ratio: { max: 3 } };

  it('is noticed, with both rates and the ratio, and fails nothing', () => {
    const twice: Rates = () => ({ gateway: 0.02, official: 0.01 });
    const { failed, noticed, last } = walk(seeded(2), guards, twice, 48, 2000);
    expect(failed).toBeNull();
    expect(noticed).not.toBeNull();
    expect(last?.notice).toMatchObject({ metric: 'success_rate' });
    const { ratio, low, high, gateway, official } = last?.notice ?? {};
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.3);
    expect(low).toBeGreaterThan(1.1);
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
    expect(high).toBeLessThan(3);
    expect(gateway).toBeCloseTo(2, 0);
    expect(official).toBeCloseTo(1, 0);
  });

  it('is hardly ever seen where the arms are equal', () => {
    const rollouts = 60;
    const equal: Rates = () => ({ gateway: 0.02, official: 0.02 });
    const noticed = repeatSeeds(rollouts, (random) => walk(random, guards, equal, 12).noticed !== null);
    expect(noticed).toBeLessThanOrEqual(mostByChance(rollouts, 0.05));
  });

  it('is not one bad hour of the gateway, but it is two', () => {
    const bad = (...hours: number[]): Rates => {
      return (hour) => ({ gateway: hours.includes(hour) ? 0.2 : 0.01, official: 0.01 });
    };
    const lenient = { error_ratio: { max: 49 } };
    expect(walk(seeded(5), lenient, bad(3), 24, 2000).noticed).toBeNull();
    expect(walk(seeded(5), lenient, bad(3, 4), 24, 2000).noticed).toBe('5%');
  });

  it('is not asked about before anything was counted', () => {
    expect(noticeOf(newRoad(null).regression, 0.05, INDEPENDENT)).toBeNull();
  });
});

describe('the road', () => {
  it('begins with the first tasks on the gateway, however long the official API was measured before', () => {
    const plan = planStage(setting(asked({ success_rate: { max_drop: 1 } })), EMPTY_BASELINE);
    const start: Judged = { plan, evidence: noEvidence(plan), road: newRoad(null) };
    const before = [0, 1, 2].map((hour) => hourly(hour, { gateway: arm(0), official: arm(100) }));
    const staging = before.reduce((judged, each) => addWindow(judged, each), start);
    expect(staging.road.from).toBeNull();
    const both = { gateway: arm(10), official: arm(100) };
    expect(addWindow(staging, hourly(3, both)).road.from).toBe(START / HOUR + 3);
    // A source that does not report tasks may have had some.
    const unknown = { gateway: { ...arm(10), tasks: null }, official: arm(100) };
    expect(addWindow(staging, hourly(4, unknown)).road.from).toBe(START / HOUR + 4);
  });
});

function repeatSeeds(count: number, came: (random: Random) => boolean): number {
  return repeat(count, () => window(0, {})).filter((_, seed) => came(seeded(seed + 1, 9))).length;
}
