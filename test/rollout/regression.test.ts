import { describe, expect, it } from 'vitest';
import { looksAt } from '../../src/commands/observe/judged-measurements.ts';
import { isQuestionOpen } from '../../src/rollout/question.ts';
import { valid } from '../config/configs.ts';
import { arm } from '../judge/measured.ts';
import { configText, DAY, HOUR, MEASURED, NOON, Story, TWO_TARGETS } from './story.ts';

const LIMITS =
  'gates: { default: { min_duration: 24h, metrics: { success_rate: { max_drop: 5% }, error_ratio: { max: 4, guard: true }, slow_ratio: { max: 2 } } } }';
/** Twice as many failures, and far within the limits. */
const WORSE = { tasks: 20_000, gateway: { failed: 2 }, official: { failed: 1 } };

function worse(more = ''): Story {
  const config = `${MEASURED}${TWO_TARGETS}rollout: { stages: [25%, 50%, 100%], ${LIMITS}${more} }\n`;
  return new Story(config).works().runs(2 * DAY, WORSE);
}

describe('a gateway that fails twice as often, within the limits', () => {
  it('is asked about once, with numbers, and does not advance without an answer', () => {
    const story = worse();
    expect(story.position).toBe('progressing 25%');
    expect(story.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'regression_noticed' });
    const asked = story.said.filter(({ code }) => code === 'regression_noticed');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ mention: true, data: { stage: '25%', tasksADay: 120_000 } });
    const { ratio, low, high } = story.message('regression_noticed')?.data.notice ?? {};
    expect(ratio).toBeCloseTo(2, 1);
    expect(low).toBeGreaterThan(1.1);
    expect(high).toBeLessThan(4);
  });

  it('continues after /advance-rollout, and the answer holds in the next stages', () => {
    const story = worse().later(HOUR).says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing 50%');
    expect(story.state.question?.answered).toBeCloseTo(2, 1);
    expect(story.state.history.map(({ kind }) => kind)).toContain('accepted');
    expect(story.runs(2 * DAY, WORSE).position).toBe('progressing 100%');
    expect(story.said.filter(({ code }) => code === 'regression_noticed')).toHaveLength(1);
  });

  it('may be accepted before the gate is met', () => {
    const story = new Story(
      `${MEASURED}${TWO_TARGETS}rollout: { stages: [25%, 50%, 100%], ${LIMITS.replace('24h', '40h')} }\n`,
    ).works();
    story.runs(DAY, WORSE).later(HOUR).says('ann', '/advance-rollout');
    expect(story.message('gate_not_met')).toBeDefined();
    expect(story.position).toBe('progressing 25%');
    expect(story.runs(DAY, WORSE).position).toBe('progressing 50%');
  });

  it('waits for the answer although the numbers are better by then, and one answer is enough', () => {
    const better = { tasks: 20_000, gateway: { failed: 0.5 }, official: { failed: 1 } };
    const story = worse().runs(12 * DAY, better);
    expect(story.state.stage.notice).toBeNull();
    expect(story.last.decision.reasonCode).toBe('regression_noticed');
    story.later(HOUR).says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing 50%');
    expect(story.runs(2 * DAY, better).position).toBe('progressing 100%');
  });

  it('asks nobody with notice: off, and asks again after a retry', () => {
    const silent = worse(', notice: off');
    expect(silent.position).toBe('progressing 50%');
    expect(silent.message('regression_noticed')).toBeUndefined();
    const story = worse()
      .later(HOUR)
      .says('ann', '/advance-rollout')
      .later(HOUR)
      .says('ann', '/rollback-rollout');
    story
      .later(HOUR)
      .says('ann', '/retry-rollout')
      .runs(2 * DAY, WORSE);
    expect(story.last.decision.reasonCode).toBe('regression_noticed');
  });

  it('was accepted, if the record of a replay continues with the next stage', () => {
    const config = valid(configText(`${MEASURED}rollout: { stages: [25%, 50%, 100%], ${LIMITS} }\n`));
    const measurements = Array.from({ length: 26 }, (_, at) => ({
      schema: 1 as const,
      window: { from: NOON + 4 * HOUR * at, to: NOON + 4 * HOUR * (at + 1) },
      stage: at < 13 ? '25%' : '50%',
      share: at < 13 ? 25 : 50,
      source: 'jsonl',
      arms: {
        official: arm(10_000, { failed: 100, slow: 800 }),
        gateway: arm(at < 13 ? 3_333 : 10_000, { failed: at < 13 ? 67 : 200, slow: at < 13 ? 267 : 800 }),
      },
    }));
    const looks = looksAt(config, measurements);
    expect([looks[12], looks[25]].map((look) => look?.decision.reasonCode)).toEqual([
      'regression_noticed',
      'gate_met',
    ]);
  });

  it('is not rolled back by it, but still by its limits', () => {
    const failing = { ...WORSE, gateway: { failed: 30 } };
    expect(worse().runs(DAY, failing).position).toBe('stepped-back 25%');
  });
});

describe('an answer', () => {
  const notice = { metric: 'success_rate', ratio: 2, low: 1.5, high: 2.6, gateway: 2, official: 1 } as const;

  it('holds until the lower end of the interval passes the ratio that was answered', () => {
    expect(isQuestionOpen(null, null)).toBe(false);
    expect(isQuestionOpen(null, notice)).toBe(true);
    expect(isQuestionOpen({ slice: null, answered: null }, null)).toBe(true);
    expect(isQuestionOpen({ slice: null, answered: 2 }, notice)).toBe(false);
    expect(isQuestionOpen({ slice: null, answered: 2 }, { ...notice, ratio: 2.5, low: 2.01 })).toBe(true);
  });
});
