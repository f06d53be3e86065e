import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MEASURED, Story, TWO_TARGETS } from './story.ts';

const GATES =
  'gates: { default: { min_duration: 24h, metrics: { success_rate: { max_drop: 5% }, slow_ratio: { max: 2 } } } }';
const TASKS = { tasks: 20_000, gateway: { failed: 1 }, official: { failed: 1 } };
const found = (verdict: 'other-model' | 'differs' | 'no-power', log10E: number) => ({
  ...TASKS,
  fidelity: { verdict, pairs: 176, log10E },
});

function running(more = ''): Story {
  const config = `${MEASURED}${TWO_TARGETS}rollout: { stages: [25%, 50%, 100%], ${GATES}${more} }\n`;
  return new Story(config).works();
}

describe('a gateway whose answers come from another model', () => {
  it('is rolled back at once, and may be tried again once it serves the right one', () => {
    const story = running().runs(DAY, found('other-model', 3.2));
    expect(story.position).toBe('rolled-back other_model 25%');
    expect(story.last.decision).toMatchObject({ kind: 'rollback', reasonCode: 'other_model' });
    story.later(HOUR).says('ann', '/retry-rollout');
    expect(story.runs(2 * DAY, found('no-power', 0)).position).toBe('progressing 50%');
  });

  it('pauses with on_failure: pause, also while people were asked about a difference', () => {
    const story = running(', on_failure: pause').runs(4 * HOUR, found('differs', 3.1));
    expect(story.position).toBe('progressing 25%');
    expect(story.runs(4 * HOUR, found('other-model', 3.3)).position).toBe('paused other_model 25%');
    story.later(HOUR).says('ann', '/resume-rollout');
    expect(story.runs(2 * DAY, found('no-power', 0)).position).toBe('progressing 50%');
  });
});

describe('a gateway that answers a little differently', () => {
  it('waits for a person, who is asked once, although later windows begin anew', () => {
    const story = running()
      .runs(4 * HOUR, found('differs', 3.1))
      .runs(3 * DAY, found('no-power', 0));
    expect(story.position).toBe('progressing 25%');
    expect(story.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'model_differs' });
    const asked = story.said.filter(({ code }) => code === 'model_differs');
    expect(asked).toMatchObject([{ mention: true, data: { stage: '25%', pairs: 176 } }]);
    expect(story.problems).toContain('model_differs');
  });

  it('continues after /advance-rollout, and nobody is asked again', () => {
    const story = running()
      .runs(2 * DAY, found('differs', 3.1))
      .later(HOUR)
      .says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing 50%');
    expect(story.problems).not.toContain('model_differs');
    expect(story.runs(2 * DAY, found('differs', 3.4)).position).toBe('progressing 100%');
    expect(story.said.filter(({ code }) => code === 'model_differs')).toHaveLength(1);
  });

  it('is not overlooked where the config asks for the question and nobody asked it', () => {
    const measured = MEASURED.replace(' }', ', fidelity_usd_per_day: 0.2 }');
    const story = new Story(`${measured}${TWO_TARGETS}rollout: { stages: [25%, 100%], ${GATES} }\n`).works();
    expect(story.runs(4 * HOUR, TASKS).problems).toContain('model_not_asked');
    expect(story.runs(4 * HOUR, found('no-power', 0)).problems).not.toContain('model_not_asked');
  });

  it('is shown as suspected from an evidence of 20 on, which stops nothing', () => {
    const story = running().runs(4 * HOUR, found('no-power', 1.4));
    expect(story.problems).toContain('model_suspected');
    expect(story.runs(4 * HOUR, found('no-power', 1.2)).problems).not.toContain('model_suspected');
    expect(story.runs(2 * DAY, found('no-power', 1.4)).position).toBe('progressing 50%');
  });
});
