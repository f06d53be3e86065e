import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, Story, TWO_TARGETS } from './story.ts';

const MEASURED = 'measure: { source: prometheus, interval: 1h }\n';
const ROAD =
  'stages: [5%, 25%, 100%], gates: { default: { min_duration: 13d, metrics: { success_rate: { max_drop: 2% }, error_ratio: { max: 3, guard: true }, slow_ratio: { max: 2, guard: true } } } }';
const BAD = { tasks: 1_600, gateway: { failed: 40 } };

/** A rollout at 25 % that was healthy for so long. */
function healthy(duration = 30 * HOUR, more = ''): Story {
  const config = `${MEASURED}${TWO_TARGETS}rollout: { ${ROAD}${more} }\n`;
  return new Story(config).forcedTo('25%').runs(duration, { tasks: 1_600 });
}

/** Failures until the rollout does something about it, two hours at most. */
const incident = (story: Story) => story.runs(2 * HOUR, BAD);

describe('an incident in a stage that was healthy', () => {
  it('takes the traffic back as fast as a rollback, and returns it after three hours', () => {
    const story = incident(healthy());
    expect(story.position).toBe('stepped-back 25%');
    expect(story.last.decision).toMatchObject({ kind: 'step-back', reasonCode: 'stepped_back' });
    expect(story.held.map(({ everything }) => everything)).toEqual([0, 0]);
    const { until, incident: seen } = story.message('stepped_back')?.data ?? {};
    expect(until).toBe(story.now + 3 * HOUR);
    expect(seen).toMatchObject({ to: story.now, gateway: 40 });
    expect(story.later(3 * HOUR - MINUTE).ticks().position).toBe('stepped-back 25%');
    story.later(MINUTE).ticks();
    expect(story.position).toBe('progressing 25%');
    expect(story.held.map(({ everything }) => everything)).toEqual([25, 25]);
  });

  it('costs the stage neither its evidence nor its time, and the same hours raise no second alarm', () => {
    const story = incident(healthy());
    const { evidence } = story.state.stage;
    story.later(3 * HOUR).ticks();
    expect(story.state.stage.evidence).toEqual(evidence);
    story.runs(HOUR, { tasks: 1_600 });
    expect(story.position).toBe('progressing 25%');
    expect(story.last.look?.elapsed).toBeGreaterThan(30 * HOUR);
    expect(story.runs(18 * HOUR, { tasks: 1_600 }).position).not.toContain('stepped-back');
    expect(story.last.look?.elapsed).toBeGreaterThan(48 * HOUR);
  });

  it('rolls back at the third one in the same stage', () => {
    const story = healthy();
    for (let times = 0; times < 2; times += 1) {
      incident(story);
      expect(story.position).toBe('stepped-back 25%');
      story
        .later(3 * HOUR)
        .ticks()
        .runs(30 * HOUR, { tasks: 1_600 });
    }
    expect(incident(story).position).toBe('rolled-back metric_failed 25%');
  });

  it('rolls back where the config says so, and from 100 %', () => {
    expect(incident(healthy(30 * HOUR, ', on_incident: rollback')).position).toBe(
      'rolled-back metric_failed 25%',
    );
    expect(incident(healthy(30 * HOUR, ', on_failure: pause')).position).toBe('paused metric_failed 25%');
    const whole = healthy(2 * DAY, ', holdback: 5%')
      .forcedTo('100%')
      .runs(30 * HOUR, { tasks: 1_600 });
    expect(incident(whole).position).toBe('rolled-back metric_failed 100%');
  });

  it('ignores what is measured in between, and says so where the gateway still gets tasks', () => {
    const story = incident(healthy());
    const { evidence, consecutiveErrors } = story.state.stage;
    story.later(2 * HOUR).happens({ kind: 'measuring_failed', problem: 'source_error', detail: '500' });
    story.happens({ kind: 'measured', measurement: story.window(story.now - HOUR, story.now, { seen: 0 }) });
    expect(story.problems).toEqual([]);
    const late = story.later(HOUR).window(story.now - HOUR, story.now, { seen: 25 });
    story.happens({ kind: 'measured', measurement: late });
    expect(story.problems).toContain('gateway_still_has_traffic');
    expect(story.state.stage).toMatchObject({ evidence, consecutiveErrors });
  });
});

describe('people during a step back', () => {
  const says = (text: string) => incident(healthy()).later(MINUTE).says('ann', text, { role: 'admin' });

  it('return the share earlier', () => {
    const story = says('/resume-rollout');
    expect(story.position).toBe('progressing 25%');
    expect(story.last.decision).toMatchObject({ kind: 'advance', reasonCode: 'returned' });
    expect(story.held.map(({ everything }) => everything)).toEqual([25, 25]);
  });

  it('roll back for good, pause and abort', () => {
    expect(says('/rollback-rollout').position).toBe('rolled-back by_person 25%');
    expect(says('/abort-rollout').position).toBe('aborted 25%');
    const paused = says('/pause-rollout')
      .later(4 * HOUR)
      .ticks();
    expect(paused.position).toBe('paused by_person 25%');
    expect(paused.held.map(({ everything }) => everything)).toEqual([0, 0]);
    paused.says('ann', '/resume-rollout', { role: 'admin' });
    expect(paused.held.map(({ everything }) => everything)).toEqual([25, 25]);
    expect(paused.state.stage.evidence).not.toBeNull();
  });

  it('cannot advance, not even by force', () => {
    for (const text of ['/advance-rollout', '/advance-rollout --force --reason "no"']) {
      expect(says(text).message('not_possible')?.data).toMatchObject({ status: 'stepped-back' });
    }
  });

  it('are asked where the rollout may not advance by itself', () => {
    const window = ', advance_window: { days: [sat], hours: 1-2, timezone: UTC }';
    for (const more of [', advance: manual', window]) {
      const story = incident(healthy(30 * HOUR, more))
        .later(3 * HOUR)
        .ticks();
      expect(story.position).toBe('paused stepped_back 25%');
      story.later(MINUTE).says('ann', '/resume-rollout', { role: 'admin' });
      expect(story.position).toBe('progressing 25%');
      expect(story.held.map(({ everything }) => everything)).toEqual([25, 25]);
    }
  });

  it('find a rollout that they had paused still paused', () => {
    const story = healthy().says('ann', '/pause-rollout', { role: 'admin' });
    incident(story);
    expect(story.position).toBe('paused stepped_back 25%');
    expect(story.later(4 * HOUR).ticks().position).toBe('paused stepped_back 25%');
  });

  it('wait for a target that refuses the step back, and for a config that can be read', () => {
    const story = healthy();
    story.answers[0] = 'fails';
    incident(story);
    expect(story.later(4 * HOUR).ticks().position).toBe('stepped-back 25%');
    story.says('ann', '/resume-rollout', { role: 'admin' });
    expect(story.message('not_possible')?.data).toMatchObject({ why: 'rollback_running' });
    story.answers[0] = 'verified';
    story.happens({ kind: 'config_broken', sha: 'broken', problems: ['line 3: no'] });
    expect(story.later(HOUR).ticks().ticks().position).toBe('stepped-back 25%');
  });
});
