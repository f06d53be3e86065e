import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MEASURED, MINUTE, Story, TWO_TARGETS } from './story.ts';

const BUSY = { tasks: 20_000 };
const ann = { login: 'ann', id: 1 };

function at(label: string, sections?: string): Story {
  return new Story(sections).forcedTo(label);
}

describe('/pause-rollout', () => {
  it('stops the clock and automatic moves, but keeps monitoring', () => {
    const story = at('5%')
      .runs(20 * HOUR, BUSY)
      .says('ann', '/pause-rollout --reason "release freeze"');
    expect(story.position).toBe('paused by_person 5%');
    expect(story.message('paused')?.data).toMatchObject({ words: 'release freeze' });
    story.runs(3 * DAY, BUSY);
    expect(story.state.stage.total.gateway?.tasks).toBeGreaterThan(20_000);
    expect(story.position).toBe('paused by_person 5%');
    story.says('ann', '/resume-rollout');
    expect(story.says('ann', '/advance-rollout').message('gate_not_met')?.data.gap.missing).toEqual([
      { what: 'duration', have: 20 * HOUR, need: DAY },
    ]);
    expect(story.runs(8 * HOUR, BUSY).position).toBe('progressing 25%');
  });

  it('can be repeated, and needs a running rollout', () => {
    const story = at('5%').later(MINUTE).says('ann', '/pause-rollout').says('bob', '/pause-rollout');
    expect(story.codes).toEqual(['paused']);
    expect(story.reactions.at(-1)).toBe('+1');
    story.says('ann', '/rollback-rollout').says('ann', '/pause-rollout');
    expect(story.codes).toEqual(['not_possible']);
  });

  it('does not let an advance through, not even by force', () => {
    const story = at('5%').later(MINUTE).says('ann', '/pause-rollout').later(MINUTE);
    story.says('ann', '/advance-rollout');
    story.says('maya', '/advance-rollout --force --reason "now"', { role: 'maintain' });
    expect(story.position).toBe('paused by_person 5%');
  });
});

describe('a source that fails', () => {
  it('holds, then pauses after as many errors as the config allows, and says so', () => {
    const story = at('25%').runs(4 * HOUR, BUSY);
    const fails = () =>
      story.later(HOUR).happens({ kind: 'measuring_failed', problem: 'source_error', detail: 'status 500' });
    fails();
    expect(story.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'source_error' });
    expect(story.problems).toEqual(['source_error']);
    for (let error = 2; error <= 5; error += 1) fails();
    expect(story.position).toBe('paused blind 25%');
    expect(story.held[0]).toEqual({ everything: 25, slices: {} });
    story.says('ann', '/resume-rollout').runs(4 * HOUR, BUSY);
    expect(story.position).toBe('progressing 25%');
    expect(story.problems).toEqual([]);
  });

  it('takes traffic back where the config says `on_blind: rollback`', () => {
    const story = at(
      '25%',
      `${MEASURED}${TWO_TARGETS}rollout: { on_blind: rollback, consecutive_errors: 2 }\n`,
    );
    story.happens({ kind: 'measuring_failed', problem: 'source_error', detail: 'status 500' });
    story.happens({ kind: 'measuring_failed', problem: 'source_error', detail: 'status 500' });
    expect(story.position).toBe('rolled-back blind 25%');
  });

  it('is noticed when it sends nothing at all: first a hold, then a pause', () => {
    const story = at('25%').runs(4 * HOUR, BUSY);
    story.later(12 * HOUR).ticks();
    expect(story.problems).toEqual([]);
    story.later(HOUR).ticks();
    expect(story.problems).toEqual(['stale_window']);
    expect(story.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'stale_window' });
    story.later(20 * HOUR).ticks();
    expect(story.position).toBe('paused blind 25%');
  });

  it('that falls silent on one arm pauses after three intervals', () => {
    const story = at('25%')
      .runs(4 * HOUR, BUSY)
      .runs(8 * HOUR, { ...BUSY, gateway: null });
    expect(story.position).toBe('progressing 25%');
    expect(story.problems).toContain('no_source_data');
    expect(story.runs(4 * HOUR, { ...BUSY, gateway: null }).position).toBe('paused blind 25%');
  });

  it('and whose clock runs ahead is not trusted', () => {
    const story = at('25%').later(HOUR);
    const measurement = story.window(story.now, story.now + 4 * HOUR, BUSY);
    story.happens({ kind: 'measured', measurement });
    expect(story.problems).toEqual(['clock_skew']);
    expect(story.state.stage.measuredTo).toBeNull();
  });
});

describe('a gate that is still undecided', () => {
  it('pauses after max_duration at the latest, and a person can give it the same time again', () => {
    const story = at('25%', `${MEASURED}${TWO_TARGETS}rollout: { max_duration: 3d }\n`);
    story.runs(4 * DAY, { tasks: 40 });
    expect(story.position).toBe('paused undecided_too_long 25%');
    story
      .later(DAY)
      .says('ann', '/resume-rollout')
      .runs(2 * DAY, { tasks: 40 });
    expect(story.position).toBe('progressing 25%');
    expect(story.runs(2 * DAY, { tasks: 40 }).position).toBe('paused undecided_too_long 25%');
  });

  it('can be left by force from that pause', () => {
    const story = at('25%', `${MEASURED}${TWO_TARGETS}rollout: { max_duration: 3d }\n`);
    story.runs(4 * DAY, { tasks: 40 }).later(MINUTE);
    story.says('maya', '/advance-rollout --force --reason "small product"', { role: 'maintain' });
    expect(story.position).toBe('progressing 50%');
  });
});

describe('the issue', () => {
  it('closed by hand pauses; reopened it stays paused until a person resumes', () => {
    const story = at('25%').later(MINUTE).happens({ kind: 'issue_closed', by: ann });
    expect(story.position).toBe('paused issue_closed 25%');
    story.later(MINUTE).happens({ kind: 'issue_reopened', by: ann });
    expect(story.codes).toEqual(['reopened']);
    expect(story.position).toBe('paused issue_closed 25%');
    expect(story.later(MINUTE).says('ann', '/resume-rollout').position).toBe('progressing 25%');
  });

  it('that is gone is opened again, and the rollout waits for a person', () => {
    const story = at('25%').later(MINUTE).applies({ kind: 'issue_gone', by: null });
    expect(story.state.issue).toBeNull();
    expect(story.state.pending.map(({ effect }) => effect.kind)).toContain('open_issue');
    expect(story.works().state.issue).toBe(7);
    expect(story.position).toBe('paused issue_closed 25%');
  });
});

describe('the policy', () => {
  const refusals = ['policy.compliance_contract is true', 'realtime is in use: src/voice.ts:3'];

  it('stops the start before anything is written, and says why with the sites', () => {
    const story = new Story(undefined, { refusals }).works();
    expect(story.position).toBe('paused policy local');
    expect(story.message('start_refused_by_policy')?.data.refusals).toEqual(refusals);
    expect(story.state.pending).toEqual([]);
    expect(story.state.stage.traffic.targets).toEqual(['waiting', 'waiting']);
    story.later(MINUTE).says('ann', '/resume-rollout');
    expect(story.codes).toEqual(['start_refused_by_policy']);
    expect(story.position).toBe('paused policy local');
  });

  it('lets the rollout start by itself once it allows it', () => {
    const story = new Story(undefined, { refusals })
      .works()
      .happens({ kind: 'policy_checked', refusals: [] });
    expect(story.position).toBe('progressing local');
    expect(story.state.stage.traffic.targets).toEqual(['verified', 'verified']);
  });

  it('matters only at the start: a running rollout continues', () => {
    const story = at('25%').later(MINUTE).happens({ kind: 'policy_checked', refusals });
    expect(story.codes).toEqual([]);
    expect(story.position).toBe('progressing 25%');
  });

  it('waits for a person who had paused meanwhile', () => {
    const story = new Story(undefined, { refusals }).works().later(MINUTE).says('ann', '/pause-rollout');
    story.happens({ kind: 'policy_checked', refusals: [] });
    expect(story.position).toBe('paused by_person local');
    story.later(MINUTE).says('ann', '/resume-rollout');
    expect(story.position).toBe('progressing local');
    expect(story.state.stage.traffic.verifiedAt).toBe(story.now);
  });
});
