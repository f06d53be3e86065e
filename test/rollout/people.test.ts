import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, Story } from './story.ts';

describe('a person without the role', () => {
  it('sees the required and the actual role, and nothing else changes', () => {
    const story = new Story().works().later(MINUTE);
    const { stage } = story.state;
    story.says('eve', '/advance-rollout', { role: 'read' });
    expect(story.message('permission_denied')?.data).toMatchObject({
      command: 'advance',
      required: 'write',
      actual: 'read',
      box: false,
    });
    expect(story.reactions).toEqual(['confused']);
    expect(story.state.stage).toEqual(stage);
  });

  it('gets only a reaction in a public repository', () => {
    const story = new Story().works().later(MINUTE);
    story.says('eve', '/rollback-rollout', { role: 'read', outsider: true });
    expect(story.codes).toEqual([]);
    expect(story.reactions).toEqual(['confused']);
  });
});

describe('a ticked box', () => {
  it.each(['local', 'staging'])('%s, at local, asks to advance', (label) => {
    expect(new Story().works().later(MINUTE).ticksBox('ann', label).position).toBe('progressing staging');
  });

  it('of another stage, or without the role, is refused with the reason', () => {
    const story = new Story().works().later(MINUTE).ticksBox('ann', '25%');
    expect(story.message('box_refused')?.data).toMatchObject({ label: '25%', next: 'staging' });
    story.ticksBox('eve', 'staging', 'read');
    expect(story.message('permission_denied')?.data).toMatchObject({ box: true });
    expect(story.position).toBe('progressing local');
  });
});

describe('a comment', () => {
  it('counts once, however often it is delivered', () => {
    const story = new Story().works().later(MINUTE);
    story.says('ann', '/advance-rollout', { comment: 5000 });
    story.later(MINUTE).says('ann', '/advance-rollout', { comment: 5000 });
    expect(story.position).toBe('progressing staging');
    expect(story.codes).toEqual([]);
  });

  it('counts once even when hundreds came in between', () => {
    const story = new Story().works().later(MINUTE).says('ann', '/rollout-help', { comment: 5000 });
    for (let comment = 5001; comment <= 5400; comment += 1) story.says('ann', '/rollout-help', { comment });
    expect(story.says('ann', '/advance-rollout', { comment: 5000 }).position).toBe('progressing local');
    expect(story.says('ann', '/advance-rollout', { comment: 5401 }).position).toBe('progressing staging');
  });

  it('that was posted before the current stage began is answered but not run', () => {
    const story = new Story().works().later(HOUR);
    const before = story.now - MINUTE;
    story.says('ann', '/advance-rollout').says('bob', '/advance-rollout', { at: before });
    expect(story.codes).toEqual(['command_outdated']);
    expect(story.position).toBe('progressing staging');
    expect(story.says('bob', '/pause-rollout', { at: before }).position).toBe('paused by_person staging');
    expect(story.later(DAY).says('bob', '/resume-rollout', { at: before }).codes).toEqual([
      'command_outdated',
    ]);
  });

  it('from the second in which the stage began is not outdated', () => {
    const story = new Story()
      .works()
      .later(MINUTE + 700)
      .says('ann', '/advance-rollout');
    const second = Math.floor(story.now / 1000) * 1000;
    expect(story.says('ann', '/advance-rollout', { at: second }).position).toBe('progressing 5%');
  });

  it.each([
    ['/rollout-help', 'help'],
    ['/rollout-status', 'status'],
  ])('%s is answered in every status', (text, code) => {
    const story = new Story().works().later(MINUTE);
    expect(story.says('eve', text, { role: 'read' }).codes).toEqual([code]);
    expect(story.reactions.at(-1)).toBe('+1');
    story.says('maya', '/abort-rollout', { role: 'maintain' });
    expect(story.says('eve', text, { role: 'read' }).codes).toEqual([code]);
  });

  it('that is nearly a command gets a hint; /start-rollout, a link to the rollout', () => {
    const story = new Story().works().later(MINUTE).says('ann', '/advance-rollot');
    expect(story.message('command_unclear')?.data.problem).toMatchObject({ kind: 'unknown_command' });
    story.says('ann', '/start-rollout');
    expect(story.message('rollout_exists')?.data).toEqual({ issue: 7 });
  });
});

describe('/start-rollout on another issue', () => {
  it('is answered there with the number of the rollout’s issue', () => {
    const asked = { comment: 99, issue: 3 };
    const story = new Story(undefined, { asked, by: { login: 'ann', id: 1 } });
    story.works();
    expect(story.reactions).toContain('rocket');
    expect(story.message('started')?.data).toEqual({ issue: 7 });
    expect(story.state.history[0]).toMatchObject({ kind: 'started', by: { login: 'ann' }, comment: 99 });
  });
});
