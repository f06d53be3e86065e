import { describe, expect, it } from 'vitest';
import { addWindow, planStage } from '../../src/judge/evidence.ts';
import { judge } from '../../src/judge/judge.ts';
import { readStage, writeStage } from '../../src/judge/kept.ts';
import { freezeBaseline } from '../../src/judge/stage-setting.ts';
import { arm, asked, gathered, judged, setting, window } from './measured.ts';
import { type Product, passedAfter, USUAL, windowsOf } from './sticky-product.ts';

const DAY = 86_400_000;
const DROP = asked({ success_rate: { max_drop: 1 } });
const SLOW = asked({ slow_ratio: { max: 1.5 } });

/** In how many rollouts a limit is proven kept. */
const proven = (rollouts: number, product: Product, limits = DROP) =>
  Array.from({ length: rollouts }, (_, seed) => passedAfter(product, seed + 1, limits)).filter(
    (days) => days !== null,
  ).length;

// The bench (`npm run bench -- judge`) holds these laws with thousands of rollouts each.
describe('a sticky split of 20,000 tasks a day by 2,000 users', () => {
  it.each([
    [0.25, 0.001, 18],
    [0.25, 0.02, 7],
    [0.5, 0.005, 18],
  ])('at a share of %f and %f errors is proven within 14 days', (share, errors, least) => {
    expect(proven(20, { ...USUAL, share, errors })).toBeGreaterThanOrEqual(least);
  });

  it('proves times, too', () => {
    expect(proven(10, USUAL, SLOW)).toBeGreaterThanOrEqual(9);
  });

  it('is proven at three dates alone, at any number of looks', () => {
    const days = [1, 2, 3, 4, 5].map((seed) => passedAfter(USUAL, seed, DROP, Array(14).fill(1)));
    expect(days.every((day) => day === null || [2, 4, 9].includes(day))).toBe(true);
    expect(days.some((day) => day !== null)).toBe(true);
  });
});

describe('a point more, all of it on one gateway user in 50', () => {
  it.each([0.05, 0.5])('is hardly ever taken for equal, at a share of %f', (share) => {
    const product = { ...USUAL, share, prone: false, extra: 0.5, errors: 0.001 };
    expect(proven(40, product)).toBeLessThanOrEqual(4);
  });
});

it('says how many more users the next date needs, and when it is', () => {
  const few = { ...USUAL, users: 600, tasksPerDay: 6_000, errors: 0.001 };
  let seen = gathered(setting(DROP, { cluster: 'user' }), []);
  const said = [...windowsOf(few, 3, Array(10).fill(1))].map((window) => {
    seen = addWindow(seen, window);
    return judged(seen).success_rate?.stillNeeded ?? null;
  });
  expect(said[0]?.time).toBe(DAY);
  expect(said[0]?.users).toBeGreaterThan(50);
  expect(said[2]?.time).toBe(DAY);
  expect(said[9]).toBe(null);
});

it('keeps users until the next look', () => {
  const { evidence } = gathered(setting(DROP, { cluster: 'user' }), [...windowsOf(USUAL, 1, [1, 1, 1])]);
  const { users, dates } = evidence.sinceVerified;
  expect(users?.gateway.length).toBeGreaterThan(400);
  expect(users?.official.length).toBeGreaterThan(1_400);
  expect(readStage(JSON.parse(JSON.stringify(writeStage(evidence)))).sinceVerified).toMatchObject({
    users,
    dates,
  });
});

it('freezes limits as wide as the official users cluster', () => {
  const seen = gathered(setting(DROP, { cluster: 'user' }), [...windowsOf(USUAL, 1, [1, 1])]);
  const { road } = judge(seen, '25%', []);
  expect(road.clusters?.failures).toBeGreaterThan(1.2);
  const whole = setting(DROP, { cluster: 'user', official: 'history' });
  const baseline = freezeBaseline([...windowsOf(USUAL, 1, [1, 1])], whole);
  const limitWith = (clusters: typeof road.clusters) =>
    planStage(whole, { ...baseline, clusters }).claims.find(({ kind }) => kind === 'frozen')?.limit ?? 0;
  expect(limitWith(road.clusters)).toBeLessThan(limitWith(undefined) - 0.005);
});

it('does not forget how users cluster when a stage begins, whose own users have hardly been seen', () => {
  const stage = setting(DROP, { cluster: 'user' });
  const armOf = (name: string, failed: number) => ({
    ...arm(400, { failed }),
    units: Array.from({ length: 400 }, (_, user) => {
      return { unit: `${name} ${user}`, tasks: 1, failedTasks: Number(user < failed) };
    }),
  });
  const hours = [0, 4, 8].map((index) =>
    window(index, { gateway: armOf(`g${index}`, 16), official: armOf(`o${index}`, 4) }),
  );
  const seen = gathered(stage, hours);
  expect(judge(seen, '25%', []).notice).not.toBeNull();
  const clusters = { failures: 6, slow: 1 };
  const later = { ...seen, plan: planStage(stage, { ...seen.plan.baseline, clusters }) };
  expect(judge(later, '25%', []).notice).toBeNull();
});
