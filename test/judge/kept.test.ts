import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import type { StageSetting } from '../../src/judge/claims.ts';
import { addWindow, type Judged, noEvidence, planStage } from '../../src/judge/evidence.ts';
import {
  keptRoadSchema,
  keptStageSchema,
  readRoad,
  readStage,
  writeRoad,
  writeStage,
} from '../../src/judge/kept.ts';
import { newRoad } from '../../src/judge/road.ts';
import { freezeBaseline } from '../../src/judge/stage-setting.ts';
import { readSums, writeSums } from '../../src/judge/written-sums.ts';
import type { Counts, Measurement } from '../../src/measure/measurement.ts';
import { arm, asked, gathered, healthy, judged, repeat, SIX_LIMITS, setting, window } from './measured.ts';

const SIX = asked(SIX_LIMITS);

/** As a file would keep it. */
const kept = ({ evidence, road }: Judged, stage: StageSetting): Judged => {
  const read = readStage(keptStageSchema.parse(JSON.parse(JSON.stringify(writeStage(evidence)))));
  return {
    plan: planStage(stage, read.baseline),
    evidence: read,
    road: readRoad(keptRoadSchema.parse(JSON.parse(JSON.stringify(writeRoad(road))))),
  };
};

/** Without the plan, which is made of functions. */
const values = ({ evidence, road }: Judged) => ({ evidence, road });

/** Each window is added to what was read from a file, and the sum written to one. */
function gatheredThroughFiles(
  stage: StageSetting,
  windows: readonly Measurement[],
  baseline = EMPTY_BASELINE,
): Judged {
  const plan = planStage(stage, baseline);
  const start: Judged = { plan, evidence: noEvidence(plan), road: newRoad(null) };
  return windows.reduce((before, each) => addWindow(kept(before, stage), each), start);
}

const counts = fc.record({
  tasks: fc.integer({ min: 0, max: 900 }),
  failed: fc.nat(40),
  slow: fc.nat(60),
  usd: fc.double({ min: 0, max: 5, noNaN: true }),
});
const anyWindows = fc.array(fc.record({ gateway: counts, official: counts, hour: fc.nat(60) }), {
  minLength: 1,
  maxLength: 20,
});
const make = (drawn: typeof anyWindows extends fc.Arbitrary<infer Drawn> ? Drawn : never) =>
  drawn.map(({ gateway, official, hour }) =>
    window(4 * hour, {
      gateway: arm(gateway.tasks + 100, gateway),
      official: arm(official.tasks + 100, official),
    }),
  );

describe('evidence that is kept in a file', () => {
  it('comes back as it was, and is judged the same', () => {
    fc.assert(
      fc.property(anyWindows, (drawn) => {
        const all = gathered(setting(SIX), make(drawn));
        expect(values(kept(all, setting(SIX)))).toEqual(values(all));
        expect(judged(kept(all, setting(SIX)))).toEqual(judged(all));
      }),
      { numRuns: 20 },
    );
  });

  it('grows window by window through the file as it would have at once', () => {
    fc.assert(
      fc.property(anyWindows, (drawn) => {
        const windows = make(drawn);
        const all = gathered(setting(SIX), windows);
        const throughFiles = gatheredThroughFiles(setting(SIX), windows);
        expect(values(throughFiles)).toEqual(values(all));
        expect(judged(throughFiles)).toEqual(judged(all));
      }),
      { numRuns: 20 },
    );
  });

  it('keeps the earlier official arm if none is left', () => {
    const stage = setting(SIX, { official: 'history' });
    const baseline = freezeBaseline(repeat(60, healthy), stage);
    const alone = repeat(30, (index) =>
      window(1000 + index, { gateway: arm(1000, { failed: 50, slow: 80 }) }),
    );
    const all = gathered(stage, alone, baseline);
    const throughFiles = gatheredThroughFiles(stage, alone, baseline);
    expect(values(throughFiles)).toEqual(values(all));
    expect(judged(all).success_rate?.verdict).toBe('fail');
    expect(judged(throughFiles)).toEqual(judged(all));
  });

  it('keeps an unknown count unknown', () => {
    const coarse = (each: Measurement): Measurement => {
      const { gateway, official } = each.arms;
      const without = (counts: typeof gateway) =>
        counts && { ...counts, latency: counts.latency.filter(({ le }) => le !== 2) };
      return { ...each, arms: { gateway: without(gateway), official: without(official) } };
    };
    const stage = setting(asked({ latency_p95: { max_increase: 50 } }));
    const all = gathered(stage, [healthy(0), coarse(healthy(1))]);
    expect(all.evidence.sinceVerified.claims[0]?.some(Number.isNaN)).toBe(true);
    expect(values(kept(all, stage))).toEqual(values(all));
  });

  it('takes at most 12 KB of the stage and 100 KB of two days of the road, for six metrics and five models', () => {
    const { evidence, road } = gathered(setting(SIX), repeat(2 * 96 + 4, productionWindow));
    const [claim] = road.claims.filter(({ hours }) => hours.length > 0);
    expect(claim?.hours).toHaveLength(48);
    expect(JSON.stringify(writeStage(evidence)).length).toBeLessThan(12_000);
    const bytes = JSON.stringify(writeRoad(road)).length;
    expect(bytes).toBeLessThan(100_000);
    expect(bytes).toBeGreaterThan(10_000);
  });

  it.each([
    ['another version', { schema: 1 }],
    ['a sum that ends in the middle of a number', { sinceWritten: { claims: ['AAg'] } }],
    ['a sum with a foreign character', { sinceVerified: { gauges: [{ gateway: 'A-A', official: '' }] } }],
    ['an infinite sum', { sinceVerified: { claims: [[Number.POSITIVE_INFINITY]] } }],
    ['something that is not evidence', { note: 'hello' }],
  ])('refuses %s', (_, broken) => {
    const written = writeStage(gathered(setting(SIX), repeat(2, healthy)).evidence);
    const changed = {
      ...written,
      ...broken,
      ...('sinceWritten' in broken
        ? { sinceWritten: { ...written.sinceWritten, ...broken.sinceWritten } }
        : {}),
      ...('sinceVerified' in broken
        ? { sinceVerified: { ...written.sinceVerified, ...broken.sinceVerified } }
        : {}),
    };
    expect(keptStageSchema.safeParse(written).success).toBe(true);
    expect(keptStageSchema.safeParse(changed).success).toBe(false);
  });
});

describe('sums', () => {
  const grains = fc.integer({ min: -(2 ** 49), max: 2 ** 49 }).map((number) => number / 2 ** 20 + 0);
  const any = fc.double({ noDefaultInfinity: true }).map((number) => number + 0);

  it('come back to the last digit', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(grains), fc.array(any), fc.array(fc.oneof(grains, any))), (sums) => {
        expect(readSums(JSON.parse(JSON.stringify(writeSums(sums))))).toEqual(sums);
      }),
      { numRuns: 500 },
    );
  });

  it('are short where neighbours are alike', () => {
    expect(writeSums([0, 0, 0])).toBe('AAA');
    expect(writeSums([])).toBe('');
    expect(writeSums([0.1])).toEqual([0.1]);
  });
});

const BOUNDS = Array.from({ length: 101 }, (_, step) => Number((0.01 * 10 ** (step / 20)).toPrecision(3)));

/** A quarter of an hour with five models, at the recorder's bounds. */
function productionWindow(index: number): Measurement {
  const arms = (tasks: number) => {
    const byModel = Array.from({ length: 5 }, (_, model) => ({
      name: `model-${model}`,
      ...timedArm(tasks, index + model),
    }));
    return { ...timedArm(5 * tasks, index), byModel };
  };
  return window(index, { gateway: arms(50), official: arms(950) });
}

function timedArm(tasks: number, turn: number) {
  const counted = arm(tasks, { failed: turn % 3, usd: 0.00137 * tasks + 0.0001 * (turn % 7) });
  // Half of the tasks within 1.4 s, by the logistic distribution on the logarithm.
  const within = (le: number) =>
    Math.round((tasks - (turn % 3)) / (1 + (1.4 / le) ** (2.6 + 0.01 * (turn % 11))));
  const latency: Counts['latency'] = [
    ...BOUNDS.map((le) => ({ le, count: within(le) })),
    { le: '+Inf', count: tasks },
  ];
  return { ...counted, latency };
}
