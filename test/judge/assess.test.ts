/** The one question of a look, as a rollout asks it: written evidence in, verdicts and written evidence out. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/schema.ts';
import { type Assessment, assess, type Question } from '../../src/judge/assess.ts';
import { type Kept, keptRoadSchema, keptStageSchema, NOTHING_KEPT } from '../../src/judge/kept.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { valid } from '../config/configs.ts';
import { arm, repeat, START, window } from './measured.ts';

const CONFIG = valid(`
gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
rollout: { stages: [25%, 50%, 100%], gates: { default: { metrics: { error_ratio: { max: 2 } } } } }
`);
const HOUR = 3_600_000;

/** An hour in which so many of a thousand tasks on the gateway fail, and 1 % of the official ones. */
function hourly(hour: number, failed: number): Measurement {
  const arms = { gateway: arm(1000, { failed }), official: arm(3000, { failed: 30 }) };
  return {
    ...window(0, arms),
    window: { from: START + hour * HOUR, to: START + (hour + 1) * HOUR },
  };
}

/** Looks after each window, through the form in which evidence is kept. */
function looksAt(
  windows: readonly Measurement[],
  { config = CONFIG, stage = 0, kept = NOTHING_KEPT, ...more }: Partial<Question> & About = {},
): Assessment {
  const found = config.rollout.stages[stage];
  if (found === undefined) throw new Error('no such stage');
  const ask = (each: Kept, measurements: readonly Measurement[]) =>
    assess(config, found, {
      kept: each,
      windows: measurements.map((measurement) => ({ measurement, verified: true })),
      earlier: [],
      since: START,
      share: 25,
      problems: [],
      dropRestartsBefore: null,
      ...more,
    });
  return windows.reduce(({ evidence }, each) => ask(throughJson(evidence), [each]), ask(kept, []));
}

interface About {
  readonly config?: Config;
  readonly stage?: number;
}

function throughJson({ stage, road }: Kept): Kept {
  return {
    stage: stage && keptStageSchema.parse(JSON.parse(JSON.stringify(stage))),
    road: road && keptRoadSchema.parse(JSON.parse(JSON.stringify(road))),
  };
}

const failureOf = ({ verdicts }: Assessment) =>
  verdicts.error_ratio?.limits.find(({ verdict }) => verdict === 'fail');

describe('an alarm of the last hour alone', () => {
  const GOOD = repeat(200, (hour) => hourly(hour, 10));
  const before = looksAt(GOOD).evidence;
  const alarmed = looksAt([hourly(200, 120)], { kept: before });

  it('says from which hour of the road on', () => {
    expect(failureOf(alarmed)).toMatchObject({ sinceHour: 200 });
  });

  it('is raised again by the same hour at the next look', () => {
    expect(failureOf(looksAt([hourly(204, 10)], { kept: alarmed.evidence }))).toBeDefined();
  });

  it('is over once restarts before the return of the share are dropped', () => {
    const dropRestartsBefore = START + 204 * HOUR;
    const back = looksAt([hourly(204, 10)], { kept: alarmed.evidence, dropRestartsBefore });
    expect(failureOf(back)).toBeUndefined();
    // The moment is kept, so later questions need not name it again.
    const later = looksAt([hourly(205, 10)], { kept: back.evidence });
    expect(failureOf(later)).toBeUndefined();
    // A new incident is a new alarm, and its hour is one of the road.
    expect(failureOf(looksAt([hourly(206, 120)], { kept: later.evidence }))).toMatchObject({
      sinceHour: 206,
    });
  });
});

describe('a look without a new window', () => {
  it('judges what is kept, and keeps the same', () => {
    const { evidence, verdicts } = looksAt(repeat(30, (hour) => hourly(hour, 10)));
    expect(verdicts.error_ratio?.verdict).toBe('pass');
    const again = looksAt([], { kept: evidence });
    expect(again.evidence).toEqual(evidence);
    expect(again.verdicts).toEqual(verdicts);
  });

  it('keeps nothing before the first window', () => {
    expect(looksAt([]).evidence).toEqual(NOTHING_KEPT);
  });
});
