import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MEASURED, Story, TWO_TARGETS } from './story.ts';

const ROAD = 'stages: [25%, 100%], gates: { 100%: { manual: true } }';
const MOVED = { official: null };

/** A rollout whose last gate is met. */
function watching(more = ''): Story {
  const story = new Story(`${MEASURED}${TWO_TARGETS}rollout: { ${ROAD}${more} }\n`).works();
  story
    .runs(20 * HOUR)
    .forcedTo('100%')
    .runs(DAY, more.includes('holdback') ? {} : MOVED);
  return story.later(1).says('ann', '/advance-rollout', { role: 'admin' });
}

describe('after the last stage', () => {
  it('production is watched for a week, with the issue open, before the rollout is complete', () => {
    const story = watching();
    expect(story.position).toBe('progressing 100%');
    expect(story.state.stage.watching).toBe(true);
    expect(story.message('watching')?.data.until).toBe(story.now + 7 * DAY);
    expect(story.last.decision).toMatchObject({ kind: 'advance', reasonCode: 'gate_met' });
    story.runs(7 * DAY - 4 * HOUR, MOVED);
    expect(story.position).toBe('progressing 100%');
    expect(story.message('completed')).toBeUndefined();
    expect(story.runs(4 * HOUR, MOVED).position).toBe('completed 100%');
    expect(story.state.left.map(({ label }) => label)).toEqual(['25%', '100%', '100%, watch']);
  });

  it('a failure against the frozen limits still rolls back, and so does a person', () => {
    const failing = { official: null, gateway: { failed: 20 } };
    const story = watching()
      .runs(2 * DAY, MOVED)
      .runs(DAY, failing);
    expect(story.position).toBe('rolled-back metric_failed 100%');
    expect(story.held.map(({ everything }) => everything)).toEqual([0, 0]);
    const stopped = watching().later(HOUR).says('ann', '/rollback-rollout', { role: 'admin' });
    expect(stopped.position).toBe('rolled-back by_person 100%');
    expect(stopped.state.stage.watching).toBe(true);
    expect(stopped.later(HOUR).says('ann', '/retry-rollout', { role: 'admin' }).state.stage).toMatchObject({
      label: '25%',
      watching: false,
    });
  });

  it('the limits are those that were frozen before the last stage, not those of the gateway itself', () => {
    const before = watching().state.stage.evidence?.baseline.history;
    expect(Object.keys(before ?? {})).toContain('success_rate');
    const story = watching().runs(3 * DAY, MOVED);
    expect(story.state.stage.evidence?.baseline.history).toEqual(before);
  });

  it('the holdback stays until the end of the watch', () => {
    const story = watching(', holdback: 2%');
    expect(story.held[0]?.everything).toBe(98);
    story.runs(8 * DAY, {});
    expect(story.position).toBe('completed 100%');
    expect(story.held[0]?.everything).toBe(100);
  });

  it('nobody waits where the config says so, or where nothing is measured', () => {
    for (const zero of ['0', '0s']) expect(watching(`, watch: ${zero}`).position).toBe('completed 100%');
    const unmeasured = new Story('rollout: { stages: [100%], gates: { 100%: { manual: true } } }\n').works();
    expect(unmeasured.later(HOUR).says('ann', '/advance-rollout', { role: 'admin' }).position).toBe(
      'completed 100%',
    );
  });

  it('a person needs a reason to end the watch early, and a pause stops its clock', () => {
    const story = watching().later(HOUR).says('ann', '/advance-rollout', { role: 'admin' });
    expect(story.message('gate_not_met')?.data.gap.missing).toMatchObject([{ what: 'duration' }]);
    const forced = '/advance-rollout --force --reason "seen enough"';
    expect(story.later(HOUR).says('ann', forced, { role: 'admin' }).position).toBe('completed 100%');
    const paused = watching().later(HOUR).says('ann', '/pause-rollout', { role: 'admin' });
    expect(paused.runs(8 * DAY, MOVED).position).toBe('paused by_person 100%');
  });

  it('a setting that does not change what is judged keeps the evidence of the watch', () => {
    const story = watching().runs(DAY, MOVED);
    const { evidence } = story.state.stage;
    story.pushes(`${MEASURED}${TWO_TARGETS}rollout: { ${ROAD}, notify: [ann] }\n`);
    expect(story.state.stage.evidence).toEqual(evidence);
    expect(story.state.stage.watching).toBe(true);
  });
});
