import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MEASURED, MINUTE, Story, TWO_TARGETS } from './story.ts';

const BUSY = { tasks: 20_000 };

/** Past `local` and `staging`, which a person approves. */
function atFirstShare(sections?: string): Story {
  const story = new Story(sections).works();
  story.later(MINUTE).says('ann', '/advance-rollout');
  story.later(MINUTE).says('ann', '/advance-rollout');
  return story;
}

describe('the road from local to everything', () => {
  it('opens the issue, tests that every target can be written, and waits for a person', () => {
    const story = new Story();
    expect(story.last.effects.map(({ effect }) => effect.kind)).toEqual([
      'open_issue',
      'write_traffic',
      'write_traffic',
    ]);
    story.works();
    expect(story.state.issue).toBe(7);
    expect(story.position).toBe('progressing local');
    expect(story.message('person_needed')).toMatchObject({ data: { next: 'staging' }, mention: true });
    expect(story.held).toEqual([]);
  });

  it('advances by itself from the first share to the end, one stage at a time, and closes the issue', () => {
    const story = atFirstShare();
    expect(story.position).toBe('progressing 5%');
    expect(story.held).toEqual([
      { everything: 5, slices: {} },
      { everything: 5, slices: {} },
    ]);
    const road = ['25%', '50%', '100%'].map((label) => {
      story.runs(4 * DAY, BUSY);
      expect(story.position).toBe(`progressing ${label}`);
      return story.held[1]?.everything;
    });
    expect(road).toEqual([25, 50, 100]);
    story.runs(4 * DAY, BUSY).runs(8 * DAY, BUSY);
    expect(story.position).toBe('completed 100%');
    expect(story.last.decision).toMatchObject({ kind: 'complete', reasonCode: 'gate_met' });
    expect(story.last.effects.map(({ effect }) => effect.kind)).toEqual(['comment', 'close_issue']);
    expect(story.state.left.map(({ label }) => label)).toEqual([
      'local',
      'staging',
      '5%',
      '25%',
      '50%',
      '100%',
      '100%, watch',
    ]);
  });

  it('does not leave a stage before its time, however good the numbers are', () => {
    const story = atFirstShare();
    story.runs(20 * HOUR, BUSY);
    expect(story.position).toBe('progressing 5%');
    expect(story.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'gate_not_met' });
    story.says('ann', '/advance-rollout');
    expect(story.codes).toEqual(['gate_not_met']);
    expect(story.message('gate_not_met')?.data.gap.missing).toEqual([
      { what: 'duration', have: expect.any(Number), need: DAY },
    ]);
    expect(story.reactions.at(-1)).toBe('confused');
  });

  it('a dry run says what would happen, and changes nothing', () => {
    const story = atFirstShare();
    const before = story.state.stage;
    story.later(MINUTE).says('ann', '/advance-rollout --dry-run');
    expect(story.message('dry_run')?.data.gap?.reasonCode).toBe('gate_not_met');
    expect(story.state.stage).toEqual(before);
    const atLocal = new Story().works().later(MINUTE).says('ann', '/advance-rollout --dry-run');
    expect(atLocal.message('dry_run')?.data).toEqual({ stage: 'local', next: 'staging', gap: null });
    expect(atLocal.position).toBe('progressing local');
  });

  it('accepts the target of an advance only if it is the next stage', () => {
    const story = new Story().works().later(MINUTE);
    story.says('ann', '/advance-rollout to 25%');
    expect(story.message('advance_target_refused')?.data).toEqual({
      asked: '25%',
      stage: 'local',
      next: 'staging',
    });
    story.says('ann', '/advance-rollout to staging');
    expect(story.position).toBe('progressing staging');
  });

  it('waits for the advance window, but a person does not have to', () => {
    const window = 'rollout: { advance_window: { days: [mon], hours: 9-11, timezone: UTC } }\n';
    const story = atFirstShare(`${MEASURED}${TWO_TARGETS}${window}`);
    story.runs(32 * HOUR, BUSY);
    expect(story.last.decision.reasonCode).toBe('outside_advance_window');
    story.says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing 25%');
    expect(story.state.history.at(-1)).toMatchObject({ kind: 'advanced', by: { login: 'ann' } });
  });

  it('never advances by itself in manual mode, and asks for a person once', () => {
    const story = atFirstShare(`${MEASURED}${TWO_TARGETS}rollout: { advance: manual }\n`);
    story.runs(40 * HOUR, BUSY);
    expect(story.last.decision.reasonCode).toBe('person_needed');
    const asked = story.said.filter(({ code, data }) => code === 'person_needed' && data.stage === '5%');
    expect(asked).toHaveLength(1);
    story.says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing 25%');
  });
});

describe('gates of workflows', () => {
  const sections = `${MEASURED}rollout: { gates: { local: { workflows: [check.yml] }, staging: { workflows: [check.yml, e2e.yml], manual: false } } }\n`;

  it('hold until every named workflow is green', () => {
    const story = new Story(sections).works().later(MINUTE);
    story.says('ann', '/advance-rollout');
    expect(story.message('gate_not_met')?.data.gap.missing).toEqual([{ what: 'workflows' }]);
    story.greens('check.yml').later(MINUTE).says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing staging');
  });

  it('need new runs at each stage, and can be enough without a person', () => {
    const story = new Story(sections)
      .works()
      .greens('check.yml')
      .later(MINUTE)
      .says('ann', '/advance-rollout');
    story.greens('e2e.yml');
    expect(story.position).toBe('progressing staging');
    story.greens('check.yml');
    expect(story.position).toBe('progressing 5%');
    expect(story.last.decision).toMatchObject({ kind: 'advance', reasonCode: 'gate_met' });
  });
});

describe('approvals', () => {
  const sections = `${MEASURED}${TWO_TARGETS}rollout: { gates: { 5%: { approvals: 2 } } }\n`;

  it('count once per person when the rest of the gate is met, and the last one advances', () => {
    const story = atFirstShare(sections);
    story.says('ann', '/advance-rollout');
    expect(story.codes).toEqual(['gate_not_met']);
    expect(story.state.stage.approvals).toEqual([]);
    story.runs(32 * HOUR, BUSY);
    expect(story.message('person_needed')?.data).toMatchObject({ have: 0, need: 2 });
    story.says('ann', '/advance-rollout');
    expect(story.message('approved')?.data).toMatchObject({ have: 1, need: 2 });
    story.says('ann', '/advance-rollout');
    expect(story.codes).toEqual(['approved_before']);
    story.says('bob', '/advance-rollout');
    expect(story.position).toBe('progressing 25%');
    expect(story.message('advanced')?.data.approvals.map(({ login }) => login)).toEqual(['ann', 'bob']);
  });

  it('count only for one stage and one config', () => {
    const story = atFirstShare(sections)
      .runs(32 * HOUR, BUSY)
      .says('ann', '/advance-rollout');
    story.pushes(`${sections.replace('approvals: 2', 'approvals: 3')}`);
    expect(story.state.stage.approvals).toEqual([]);
    story.pushes(sections);
    story.says('bob', '/advance-rollout');
    expect(story.message('approved')?.data).toMatchObject({ have: 1, need: 2 });
  });
});

describe('other roads', () => {
  it('moves one model first, and judges it by its own traffic', () => {
    const stages = 'rollout: { stages: ["gpt-4o-mini: 5%", "gpt-4o-mini: 100%", 25%, 100%] }\n';
    const story = new Story(`${MEASURED}${TWO_TARGETS}${stages}`).works();
    expect(story.position).toBe('progressing gpt-4o-mini: 5%');
    expect(story.held[1]).toEqual({ everything: 0, slices: { 'gpt-4o-mini': 5 } });
    story.runs(4 * DAY, BUSY);
    expect(story.held[1]).toEqual({ everything: 0, slices: { 'gpt-4o-mini': 100 } });
    // From here on it is compared with what the official API was in the days before.
    story.runs(4 * DAY, BUSY);
    expect(story.position).toBe('progressing 25%');
    expect(story.held[1]).toEqual({ everything: 25, slices: { 'gpt-4o-mini': 100 } });
  });

  it('moves workload by workload, each of them whole', () => {
    const stages =
      'workloads: [tools, core]\nrollout: { stages: [tools, core], watch: 0, gates: { default: { manual: true } } }\n';
    const story = new Story(`${MEASURED}${TWO_TARGETS}${stages}`).works();
    expect(story.held[0]).toEqual({ everything: 0, slices: { tools: 100 } });
    story.later(HOUR).says('ann', '/advance-rollout');
    expect(story.held[0]).toEqual({ everything: 0, slices: { tools: 100, core: 100 } });
    story.later(HOUR).says('ann', '/advance-rollout');
    expect(story.position).toBe('completed core');
  });

  it('keeps a holdback on the official API until completion', () => {
    const stages =
      'rollout: { stages: [50%, 100%], holdback: 2%, watch: 0, gates: { default: { manual: true } } }\n';
    const story = new Story(`${MEASURED}${TWO_TARGETS}${stages}`).works().later(HOUR);
    story.says('ann', '/advance-rollout');
    expect(story.held[0]).toEqual({ everything: 98, slices: {} });
    story.later(HOUR).says('ann', '/advance-rollout');
    expect(story.position).toBe('completed 100%');
    expect(story.held[0]).toEqual({ everything: 100, slices: {} });
  });

  it('works without targets: somebody else sets the share, and the share check verifies it', () => {
    const story = atFirstShare(MEASURED);
    expect(story.state.stage.traffic.verifiedAt).toBe(story.now);
    story.runs(8 * HOUR, { ...BUSY, seen: 30 });
    expect(story.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'traffic_share' });
    expect(story.problems).toContain('traffic_share');
  });
});

describe('without a source of measurement', () => {
  it('says so from the first day, and never advances without data', () => {
    const story = new Story(`${TWO_TARGETS}rollout: { gates: { default: { min_tasks: 0 } } }\n`).works();
    expect(story.problems).toEqual(['no_measure']);
    story.later(MINUTE).says('ann', '/advance-rollout').later(MINUTE).says('ann', '/advance-rollout');
    expect(story.position).toBe('progressing 5%');
    story.later(2 * DAY).ticks();
    story.says('ann', '/advance-rollout');
    expect(story.message('gate_not_met')?.data.gap.reasonCode).toBe('no_windows');
    expect(story.position).toBe('progressing 5%');
  });

  it('advances where the gate asks a person instead', () => {
    const story = new Story(
      `${TWO_TARGETS}rollout: { stages: [5%, 100%], gates: { default: { manual: true } } }\n`,
    );
    story.works().later(MINUTE).says('ann', '/advance-rollout');
    expect(story.problems).toEqual([]);
    expect(story.position).toBe('progressing 100%');
  });
});

describe('force', () => {
  it('passes an unmet gate, and is recorded with its reason', () => {
    const story = atFirstShare().later(MINUTE);
    story.says('maya', '/advance-rollout --force --reason "the fair is tomorrow"', { role: 'maintain' });
    expect(story.position).toBe('progressing 25%');
    expect(story.last.decision).toMatchObject({ kind: 'advance', reasonCode: 'forced' });
    expect(story.state.left.at(-1)).toMatchObject({ label: '5%', forced: true });
    expect(story.state.history.at(-1)).toMatchObject({
      kind: 'forced',
      by: { login: 'maya' },
      reason: 'the fair is tomorrow',
    });
  });

  it('is not called forced where the gate is met', () => {
    const story = new Story().works().later(MINUTE);
    story.says('maya', '/advance-rollout --force --reason "sure"', { role: 'maintain' });
    expect(story.state.left.at(-1)).toMatchObject({ label: 'local', forced: false });
  });

  it('never passes a rollback, nor enters a second stage before the first is written', () => {
    const story = atFirstShare();
    story.answers[0] = 'accepted';
    story.later(MINUTE).says('maya', '/advance-rollout --force --reason "go"', { role: 'maintain' });
    story.later(MINUTE).says('maya', '/advance-rollout --force --reason "go on"', { role: 'maintain' });
    expect(story.position).toBe('progressing 25%');
    expect(story.message('gate_not_met')?.data.gap.missing).toEqual([{ what: 'verification' }]);
    story.later(MINUTE).says('ann', '/rollback-rollout');
    story.later(MINUTE).says('maya', '/advance-rollout --force --reason "no, go on"', { role: 'maintain' });
    expect(story.position).toBe('rolled-back by_person 25%');
    expect(story.message('not_possible')?.data).toMatchObject({ command: 'force', why: 'rollback_running' });
  });
});
