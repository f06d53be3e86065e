import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, Story } from './story.ts';

const BUSY = { tasks: 20_000 };

function at(label: string): Story {
  return new Story().forcedTo(label);
}

function forced(story: Story): Story {
  return story.later(MINUTE).says('maya', '/advance-rollout --force --reason "go"', { role: 'maintain' });
}

describe('the targets at the start', () => {
  it('stop the rollout where one of them refuses, with its message; once fixed, a person resumes', () => {
    const story = new Story();
    story.answers[1] = 'refuses';
    story.works();
    expect(story.position).toBe('paused start_refused local');
    expect(story.message('start_refused_by_target')).toMatchObject({
      data: { target: 1, detail: 'the branch is protected' },
      mention: true,
    });
    story.answers[1] = 'verified';
    story.later(HOUR).says('ann', '/resume-rollout');
    expect(story.position).toBe('progressing local');
    expect(story.state.stage.traffic.verifiedAt).toBe(story.now);
    expect(story.problems).toEqual([]);
  });

  it('may hold the share although their write was reported as failed', () => {
    const story = new Story();
    story.answers[0] = 'refuses';
    story.works();
    const { generation } = story.state.stage.traffic;
    const report = {
      kind: 'traffic_reported',
      target: 0,
      generation,
      outcome: 'verified',
      detail: '',
    } as const;
    story.later(MINUTE).happens(report).happens(report);
    expect(story.state.stage.traffic).toMatchObject({
      verifiedAt: story.now,
      targets: ['verified', 'verified'],
    });
    expect(story.later(MINUTE).says('ann', '/resume-rollout').position).toBe('progressing local');
  });

  it('must pass the test before anybody can advance', () => {
    const story = new Story();
    story.answers[0] = 'fails';
    story.works().later(MINUTE).says('ann', '/advance-rollout');
    expect(story.message('not_possible')?.data).toMatchObject({ command: 'advance', why: 'starting' });
  });

  it('get the first share only after the test, even where the first stage moves traffic', () => {
    const story = new Story(
      'traffic: [{ variable: { name: SHARE } }]\nrollout: { stages: [5%, 100%], gates: { default: { manual: true } } }\n',
    );
    story.answers[0] = 'accepted';
    story.works();
    expect(story.state.stage.traffic).toMatchObject({ purpose: 'probe', shares: { everything: 0 } });
    story.happens({ kind: 'traffic_reported', target: 0, generation: 1, outcome: 'verified', detail: '' });
    expect(story.held[0]).toEqual({ everything: 5, slices: {} });
  });
});

describe('the targets of a stage', () => {
  it('are written one after the other; a failure stops before the next one and pauses', () => {
    const story = at('5%');
    story.answers[0] = 'refuses';
    forced(story);
    expect(story.position).toBe('paused traffic_not_written 25%');
    expect(story.held.map(({ everything }) => everything)).toEqual([5, 5]);
    expect(story.message('traffic_not_written')).toMatchObject({ data: { target: 0 }, mention: true });
    story.answers[0] = 'verified';
    story.later(MINUTE).says('ann', '/resume-rollout');
    expect(story.held.map(({ everything }) => everything)).toEqual([25, 25]);
    expect(story.position).toBe('progressing 25%');
  });

  it('are retried after a temporary failure, but not forever', () => {
    const story = at('5%');
    story.answers[0] = 'fails';
    forced(story);
    for (let tick = 0; tick < 3; tick += 1) story.later(MINUTE).ticks();
    expect(story.position).toBe('progressing 25%');
    story.later(MINUTE).ticks();
    expect(story.position).toBe('paused traffic_not_written 25%');
  });

  it('start the clock when all of them are verified, and not before', () => {
    const story = at('5%');
    story.answers[1] = 'accepted';
    forced(story);
    const { generation } = story.state.stage.traffic;
    expect(story.state.stage.traffic).toMatchObject({ verifiedAt: null, targets: ['verified', 'written'] });
    const report = { kind: 'traffic_reported', target: 1, detail: '' } as const;
    story.later(HOUR).happens({ ...report, generation: generation - 1, outcome: 'verified' });
    expect(story.state.stage.traffic.verifiedAt).toBeNull();
    story.happens({ ...report, generation, outcome: 'verified' });
    expect(story.state.stage.traffic.verifiedAt).toBe(story.now);
  });

  it('pause when a deployment fails or takes too long', () => {
    const story = at('5%');
    story.answers[0] = 'accepted';
    forced(story);
    const { generation } = story.state.stage.traffic;
    story.happens({
      kind: 'traffic_reported',
      target: 0,
      generation,
      outcome: 'timed_out',
      detail: '30 minutes',
    });
    expect(story.position).toBe('paused traffic_not_written 25%');
  });
});

describe('evidence and the moment of the write', () => {
  it('counts against the gateway from the write on, and for it from the verification on', () => {
    const story = at('5%');
    story.answers[1] = 'accepted';
    forced(story);
    const { generation } = story.state.stage.traffic;
    story.runs(8 * HOUR, { tasks: 1000 });
    expect(story.state.stage.evidence).toMatchObject({
      sinceWritten: { windows: 2 },
      sinceVerified: { windows: 0 },
    });
    story.later(HOUR);
    story.happens({ kind: 'traffic_reported', target: 1, generation, outcome: 'verified', detail: '' });
    const across = story.window(story.now - HOUR, story.now + HOUR, { tasks: 1000 });
    story.later(HOUR).happens({ kind: 'measured', measurement: across });
    expect(story.state.stage.evidence).toMatchObject({
      sinceWritten: { windows: 3 },
      sinceVerified: { windows: 0 },
    });
    story.runs(4 * HOUR, { tasks: 1000 });
    expect(story.state.stage.evidence).toMatchObject({
      sinceWritten: { windows: 4 },
      sinceVerified: { windows: 1 },
    });
  });

  it('takes traffic back before it is verified, if it fails', () => {
    const story = at('5%');
    story.answers[1] = 'accepted';
    forced(story).runs(8 * HOUR, { tasks: 20_000, gateway: { failed: 15 } });
    expect(story.position).toBe('rolled-back metric_failed 25%');
  });

  it('leaves out a window across the write, one that was counted, and another stage’s', () => {
    const story = at('5%').runs(4 * HOUR, BUSY);
    const counted = story.state.stage.evidence;
    const { now } = story;
    const across = story.window(now - 9 * HOUR, now - 5 * HOUR, BUSY);
    const again = story.window(now - 4 * HOUR, now, BUSY);
    story
      .happens({ kind: 'measured', measurement: across })
      .happens({ kind: 'measured', measurement: again });
    story.later(4 * HOUR).happens({
      kind: 'measured',
      measurement: { ...story.window(now, story.now, BUSY), stage: '25%' },
    });
    expect(story.state.stage.evidence).toEqual(counted);
  });

  it('starts from zero at each stage', () => {
    const story = forced(at('5%').runs(8 * HOUR, BUSY));
    expect(story.state.stage).toMatchObject({
      label: '25%',
      evidence: null,
      verdicts: null,
      points: [],
      measuredTo: null,
    });
    expect(story.state.past.length).toBeGreaterThan(0);
  });
});

describe('a target that somebody else changed', () => {
  it('pauses; once it is put back by hand, the rollout continues by itself', () => {
    const story = at('25%').later(HOUR).happens({ kind: 'traffic_drifted', target: 1, found: '60' });
    expect(story.position).toBe('paused traffic_drifted 25%');
    expect(story.message('traffic_drifted')).toMatchObject({
      data: { target: 1, found: '60' },
      mention: true,
    });
    story.later(HOUR).happens({ kind: 'traffic_drifted', target: 1, found: '60' });
    expect(story.codes).toEqual([]);
    story.later(HOUR).happens({ kind: 'traffic_restored', target: 1 });
    expect(story.position).toBe('progressing 25%');
    expect(story.problems).toEqual([]);
  });

  it('is written again when a person resumes', () => {
    const story = at('25%').later(HOUR).happens({ kind: 'traffic_drifted', target: 1, found: '60' });
    story.held[1] = { everything: 60, slices: {} };
    story.later(HOUR).says('ann', '/resume-rollout');
    expect(story.held[1]).toEqual({ everything: 25, slices: {} });
    expect(story.position).toBe('progressing 25%');
  });

  it('is shown, and does not move a rollout that is back at 0 %', () => {
    const story = at('25%').later(HOUR).says('ann', '/rollback-rollout');
    story.later(HOUR).happens({ kind: 'traffic_drifted', target: 0, found: '5' });
    expect(story.position).toBe('rolled-back by_person 25%');
    expect(story.codes).toEqual(['traffic_drifted']);
    expect(story.later(MINUTE).says('ann', '/rollback-rollout').problems).toEqual([]);
  });
});

describe('a crash between an effect and its mark', () => {
  it('leaves the effect pending, and marking it twice changes nothing', () => {
    const story = new Story().works().later(MINUTE);
    story.applies({
      kind: 'command',
      command: { kind: 'help' },
      by: { login: 'ann', id: 1 },
      authority: { role: 'read', teams: [] },
      comment: 9000,
      at: story.now,
      outsider: false,
    });
    const ids = story.state.pending.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of [...ids, ...ids]) story.applies({ kind: 'effect_done', id });
    expect(story.state.pending).toEqual([]);
  });

  it('drops a comment that can never be written, and shows that', () => {
    const story = new Story().works().later(MINUTE);
    story.applies({ kind: 'alert', code: 'low_balance', detail: '2 $ are left' });
    for (const { id } of story.state.pending) {
      story.applies({ kind: 'effect_failed', id, detail: 'the issue is locked', final: true });
    }
    expect(story.state.pending).toEqual([]);
    expect(story.problems).toEqual(['low_balance', 'not_done:comment']);
  });
});

describe('an idle tick', () => {
  it('returns the same state object, so that nothing is written', () => {
    const story = at('25%').runs(8 * HOUR, { tasks: 400 });
    const idle = story.later(MINUTE).state;
    for (let tick = 0; tick < 3; tick += 1) story.later(MINUTE).ticks();
    expect(story.state).toBe(idle);
    expect(DAY).toBeGreaterThan(story.now - idle.stage.enteredAt);
  });
});
