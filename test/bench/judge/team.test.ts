import { describe, expect, it } from 'vitest';
import { type ArmCounts, measurementSchema } from '../../../src/measure/measurement.ts';
import { leastTasksToNotice } from './team-bounds.ts';
import { addHarm, type Harm, NO_HARM_DONE, Production } from './team-production.ts';
import { runRival, TEAM_RIVALS } from './team-rivals.ts';
import { DEFAULT_STAGES, FIRST_SHARE_AT, QUARTER, type TeamCase, walk } from './team-rollout.ts';
import { isAction } from './team-rows.ts';
import { CALM, DAY, HEALTHY, type TeamWorld } from './team-worlds.ts';

interface Totals {
  tasks: number;
  failed: number;
  slow: number;
  usd: number;
  cached: number;
}

/** Counts of ten days at half of the traffic, and what the fault did. */
function tenDays(world: TeamWorld): {
  readonly gateway: Totals;
  readonly official: Totals;
  readonly harm: Harm;
} {
  const production = new Production(world, FIRST_SHARE_AT, 10, 1, 1);
  const none = () => ({ tasks: 0, failed: 0, slow: 0, usd: 0, cached: 0 });
  const [gateway, official] = [none(), none()];
  const add = (sum: Totals, arm: ArmCounts | null) => {
    sum.tasks += arm?.tasks ?? 0;
    sum.failed += arm?.failedTasks ?? 0;
    sum.slow += (arm?.tasks ?? 0) - (arm?.latency[9]?.count ?? 0);
    sum.usd += arm?.cost.usd ?? 0;
    sum.cached += (arm?.tokens?.cachedInput ?? 0) / 3000;
  };
  let harm = NO_HARM_DONE;
  for (let at = FIRST_SHARE_AT; at < FIRST_SHARE_AT + 10 * DAY; at += QUARTER) {
    const window = production.window(at, at + QUARTER, 0.5);
    add(gateway, window.arms.gateway);
    add(official, window.arms.official);
    harm = addHarm(harm, window.harm);
  }
  return { gateway, official, harm };
}

describe('production', () => {
  it.each(['task', 'user'] as const)(
    'has the traffic and the errors that were asked for, split by %s',
    (split) => {
      const { gateway, official, harm } = tenDays({ ...CALM, split, errors: 0.02 });
      expect(Math.abs(gateway.tasks + official.tasks - 200_000)).toBeLessThan(2_000);
      expect(Math.abs((gateway.failed + official.failed) / 4_000 - 1)).toBeLessThan(0.06);
      expect(Math.abs(gateway.slow / official.slow - 1)).toBeLessThan(0.06);
      expect(harm.failedTasks).toBe(0);
    },
  );

  it('counts what a fault does as the arms do', () => {
    const { gateway, official, harm } = tenDays({
      ...CALM,
      fault: { ...HEALTHY, errors: (rate) => 3 * rate, price: 1.1, cacheHits: 0 },
    });
    expect(Math.abs((gateway.failed - official.failed) / harm.failedTasks - 1)).toBeLessThan(0.06);
    expect(Math.abs((gateway.usd - official.usd) / harm.usd - 1)).toBeLessThan(0.06);
    expect(gateway.cached).toBe(0);
    expect(Math.abs(official.cached / official.tasks - 0.9)).toBeLessThan(0.02);
  });

  it('has incidents on each arm by itself, as often as they are said to come', () => {
    const incidents = { perWeek: 7, hours: 1, errors: 0.5 };
    const { gateway, official } = tenDays({ ...CALM, errors: 0, incidents });
    // Ten of 240 hours fail by half; a few more or less by chance, and by the hour of the day.
    for (const { failed, tasks } of [gateway, official]) {
      expect(failed / tasks).toBeGreaterThan(0.004);
      expect(failed / tasks).toBeLessThan(0.05);
    }
    expect(gateway.failed).not.toBe(official.failed);
  });

  it.each(['task', 'user'] as const)('is measured as every source measures it, split by %s', (split) => {
    const { arms } = new Production({ ...CALM, split }, FIRST_SHARE_AT, 1, 1, 1).window(0, QUARTER, 0.5);
    const window = { from: '2026-11-02T10:00:00Z', to: '2026-11-02T10:15:00Z' };
    const measurement = { schema: 1, window, stage: '5%', share: 50, source: 'jsonl', arms };
    expect(() => measurementSchema.parse(measurement)).not.toThrow();
  });
});

const OUTAGE: TeamCase = {
  world: { ...CALM, fault: { ...HEALTHY, errors: () => 0.5, from: 0.1 } },
  stages: DEFAULT_STAGES,
  days: 1,
  answersAfter: null,
  isOver: isAction,
};

describe('a simulated team', () => {
  it('has its traffic taken back in an outage, and the same again with the same seed', () => {
    const journey = walk(OUTAGE, 1, 1);
    expect(journey.seen.map(({ kind }) => kind)).toEqual([
      expect.stringMatching(/^(?:stepped|rolled) back$/),
    ]);
    expect(journey.harm.failedTasks).toBeGreaterThan(0);
    expect(journey.harm.failedTasks).toBeLessThan(100);
    expect(walk(OUTAGE, 1, 1)).toEqual(journey);
  });

  it('reaches 25 % after a day with a healthy gateway', () => {
    const [first] = walk({ ...OUTAGE, world: CALM, days: 1.1 }, 1, 1).seen;
    expect(first).toMatchObject({ kind: 'gate met', stage: '5%' });
    expect(first?.days).toBeCloseTo(1, 1);
  });

  it.each(TEAM_RIVALS.map((rival) => ({ rival, name: rival.name })))(
    'is served by others, too: $name',
    ({ rival }) => {
      const broken = { ...CALM, fault: { ...HEALTHY, errors: () => 0.9 } };
      expect(runRival(rival, broken, 3, 1, 1).backAt).not.toBeNull();
      expect(runRival(rival, CALM, 3, 1, 1).harm).toEqual(NO_HARM_DONE);
    },
  );
});

describe('the least that it takes to notice', () => {
  it('is what Wald gives where the official rate is known', () => {
    // Hardly any of the traffic is on the gateway: only its own rate is in question, 2 % against 1.1 %.
    const divergence = 0.02 * Math.log(0.02 / 0.011) + 0.98 * Math.log(0.98 / 0.989);
    const tasks = leastTasksToNotice({ official: 0.01, gateway: 0.02 }, 1e-6, 0.05);
    expect(tasks).toBeCloseTo(Math.log(20) / divergence, 0);
  });
});
