import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/conversation/parse-command.ts';
import { decide } from '../../src/rollout/decide.ts';
import { DAY, HOUR, MEASURED, MINUTE, person, Story, TWO_TARGETS } from './story.ts';

const BUSY = { tasks: 20_000 };
const BAD = { tasks: 20_000, gateway: { failed: 12 } };
const NOTHING = { everything: 0, slices: {} };

function at(label: string, sections?: string): Story {
  return new Story(sections).forcedTo(label);
}

describe('a failing gateway', () => {
  it('rolls back immediately, without a minimum of tasks or time, and the comment shows the numbers', () => {
    const story = at('25%').runs(8 * HOUR, BAD);
    expect(story.position).toBe('rolled-back metric_failed 25%');
    expect(story.held).toEqual([NOTHING, NOTHING]);
    const message = story.message('rolled_back');
    expect(message).toMatchObject({ data: { from: '25%', to: '0%', by: null }, mention: true });
    expect(Object.keys(message?.data.gap?.metrics ?? {})).toContain('success_rate');
    expect(story.last.decision).toMatchObject({ kind: 'rollback', reasonCode: 'metric_failed' });
  });

  it('rolls back also while the rollout is paused', () => {
    const story = at('25%')
      .later(MINUTE)
      .says('ann', '/pause-rollout')
      .runs(8 * HOUR, BAD);
    expect(story.position).toBe('rolled-back metric_failed 25%');
  });

  it('only pauses where the config says so, and starts new evidence after a resume', () => {
    const story = at('25%', `${MEASURED}${TWO_TARGETS}rollout: { on_failure: pause }\n`).runs(8 * HOUR, BAD);
    expect(story.position).toBe('paused metric_failed 25%');
    expect(story.held[0]).toEqual({ everything: 25, slices: {} });
    story.later(MINUTE).says('ann', '/resume-rollout').ticks();
    expect(story.position).toBe('progressing 25%');
    expect(story.state.stage.evidence).toBeNull();
  });

  it('is not blamed for failures that the official API has too', () => {
    const limit =
      'rollout: { gates: { default: { metrics: { success_rate: { min: 95% }, slow_ratio: { max: 2 } } } } }\n';
    const story = at('25%', `${MEASURED}${TWO_TARGETS}${limit}`);
    story.runs(DAY, { tasks: 20_000, gateway: { failed: 20 }, official: { failed: 20 } });
    expect(story.position).toBe('paused both_arms_failed 25%');
  });
});

describe('/rollback-rollout', () => {
  it.each(['local', 'staging', '5%', '100%'])('takes everything back from %s', (label) => {
    const story = at(label).later(MINUTE).says('ann', '/rollback-rollout --reason "odd answers"');
    expect(story.position).toBe(`rolled-back by_person ${label}`);
    expect(story.held.every((shares) => shares.everything === 0)).toBe(true);
    expect(story.message('rolled_back')?.data).toMatchObject({ words: 'odd answers', by: { login: 'ann' } });
    expect(story.reactions.at(-1)).toBe('rocket');
  });

  it('works from a pause, from a rollback whose write failed, and from a completed rollout', () => {
    const paused = at('50%').later(MINUTE).says('ann', '/pause-rollout').later(MINUTE);
    expect(paused.says('ann', '/rollback-rollout').position).toBe('rolled-back by_person 50%');
    expect(paused.later(MINUTE).says('bob', '/rollback-rollout').state.stage.traffic.purpose).toBe(
      'rollback',
    );
    const done = at('100%', `${MEASURED}${TWO_TARGETS}rollout: { watch: 0 }\n`).later(MINUTE);
    done.says('maya', '/advance-rollout --force --reason "done"', { role: 'maintain' });
    expect(done.position).toBe('completed 100%');
    done.later(DAY).says('ann', '/rollback-rollout');
    expect(done.position).toBe('rolled-back by_person 100%');
    expect(done.held[0]).toEqual(NOTHING);
    expect(done.last.effects.map(({ effect }) => effect.kind)).toContain('reopen_issue');
  });

  it('overtakes writes that are still pending', () => {
    const story = at('5%');
    story.answers[0] = 'fails';
    story.later(MINUTE).says('maya', '/advance-rollout --force --reason "go"', { role: 'maintain' });
    expect(story.state.pending.map(({ effect }) => effect.kind)).toContain('write_traffic');
    story.answers[0] = 'verified';
    story.later(MINUTE).says('ann', '/rollback-rollout');
    const [first, second] = story.last.effects;
    expect([first?.effect, second?.effect]).toMatchObject([
      { kind: 'write_traffic', purpose: 'rollback', target: 0 },
      { kind: 'write_traffic', purpose: 'rollback', target: 1 },
    ]);
    expect(story.held).toEqual([NOTHING, NOTHING]);
  });

  it('goes to an earlier stage and waits there; clock and evidence start when a person resumes', () => {
    const story = at('50%')
      .runs(8 * HOUR, BUSY)
      .later(MINUTE)
      .says('ann', '/rollback-rollout to 5%');
    expect(story.position).toBe('paused rolled_back_to_stage 5%');
    expect(story.held[1]).toEqual({ everything: 5, slices: {} });
    expect(story.state.stage.evidence).toBeNull();
    story.runs(2 * DAY, BUSY);
    expect(story.position).toBe('paused rolled_back_to_stage 5%');
    story.says('ann', '/resume-rollout').runs(20 * HOUR, BUSY);
    expect(story.last.decision.reasonCode).toBe('gate_not_met');
    expect(story.runs(4 * DAY, BUSY).position).toBe('progressing 25%');
  });

  it('never raises the share: not to a later stage, not out of 0 %', () => {
    const story = at('25%').later(MINUTE).says('ann', '/rollback-rollout to 50%');
    expect(story.message('rollback_target_refused')?.data).toEqual({
      asked: '50%',
      stage: '25%',
      earlier: ['local', 'staging', '5%'],
    });
    expect(story.position).toBe('rolled-back by_person 25%');
    story.says('ann', '/rollback-rollout to 5%');
    expect(story.codes).toContain('rollback_target_refused');
    expect(story.held[0]).toEqual(NOTHING);
  });

  it('reports what it did not understand, and takes the traffic back anyway', () => {
    const story = at('25%').later(MINUTE).says('ann', '/rollback-rollout --to 5%');
    expect(story.position).toBe('rolled-back by_person 25%');
    expect(story.held).toEqual([NOTHING, NOTHING]);
    expect(story.reactions.at(-1)).toBe('rocket');
    expect(story.message('partly_understood')?.data).toMatchObject({
      command: 'rollback',
      problem: { kind: 'unknown_option', written: '--to' },
    });
  });

  it('takes the traffic back whatever follows it on its line', () => {
    const from = (['staging', '5%', '50%', '100%'] as const).map((label) => at(label).later(MINUTE));
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(
          fc.constantFrom('to', '--to', '5%', '50%', '--reason', '--force', '"', '`', '<!--', '=', '--now'),
        )
        .map((words) => words.join(' ')),
    );
    const behind = fc.tuple(fc.constantFrom(' ', '\t', '\u00a0', '?', ', ', '!! ', ' — ', '('), text);
    fc.assert(
      fc.property(fc.constantFrom(...from), behind, ({ config, state, now }, [space, words]) => {
        const line = `/rollback-rollout${space}${words}`.replace(/[\r\n]/g, ' ');
        const command = parseCommand(line) ?? expect.fail(`${JSON.stringify(line)} is no command`);
        const authority = { role: 'write', teams: [] } as const;
        const by = person('ann');
        const event = { kind: 'command', key: 'comment:1', comment: 1, at: now, outsider: false } as const;
        const after = decide({ config, state }, { ...event, command, by, authority }, now).state;
        const { shares, purpose } = after.stage.traffic;
        expect(purpose).toBe('rollback');
        // Less than before, where an earlier stage is named; else nothing.
        if (after.status.kind === 'rolled-back') expect(shares).toEqual(NOTHING);
        else expect(shares.everything).toBeLessThan(state.stage.traffic.shares.everything);
      }),
    );
  });

  it('runs however old it is', () => {
    const story = at('25%');
    const at24hAgo = story.now - DAY;
    expect(story.says('ann', '/rollback-rollout', { at: at24hAgo }).position).toBe(
      'rolled-back by_person 25%',
    );
  });
});

describe('a rollback that cannot be written', () => {
  it('alerts and retries forever, before everything else', () => {
    const story = at('25%');
    story.answers[0] = 'refuses';
    story.later(MINUTE).says('ann', '/rollback-rollout');
    expect(story.message('rollback_not_written')).toMatchObject({
      data: { target: 0, tries: 1 },
      mention: true,
    });
    expect(story.held[1]).toEqual(NOTHING);
    for (let tick = 0; tick < 12; tick += 1) story.later(HOUR).ticks();
    expect(story.state.pending[0]?.effect).toMatchObject({ kind: 'write_traffic', target: 0 });
    expect(story.said.filter(({ code }) => code === 'rollback_not_written')).toHaveLength(2);
    story.later(MINUTE).says('ann', '/retry-rollout');
    expect(story.message('not_possible')?.data.why).toBe('rollback_running');
    story.answers[0] = 'verified';
    story.ticks();
    expect(story.held[0]).toEqual(NOTHING);
    expect(story.problems).not.toContain('rollback_not_written');
  });

  it('writes again to a deployment that reports a failure', () => {
    const story = at('25%');
    story.answers[0] = 'accepted';
    story.later(MINUTE).says('ann', '/rollback-rollout');
    const { generation } = story.state.stage.traffic;
    const report = { kind: 'traffic_reported', target: 0, detail: 'the cluster is away' } as const;
    story.happens({ ...report, generation, outcome: 'failed' });
    expect(story.problems).toContain('rollback_not_written');
    story.later(MINUTE).ticks();
    expect(story.state.stage.traffic.generation).toBe(generation + 1);
    story.happens({ ...report, generation, outcome: 'verified' });
    expect(story.state.stage.traffic.verifiedAt).toBeNull();
    story.happens({ ...report, generation: generation + 1, outcome: 'verified' });
    expect(story.state.stage.traffic.verifiedAt).toBe(story.now);
  });
});

describe('a rollback to a stage that a deployment refuses', () => {
  it('is written again even after a person resumed', () => {
    const story = at('50%');
    story.answers[0] = 'accepted';
    story.later(MINUTE).says('ann', '/rollback-rollout to 5%').later(MINUTE).says('ann', '/resume-rollout');
    story.later(MINUTE).says('ann', '/advance-rollout');
    expect(story.message('not_possible')?.data.why).toBe('rollback_running');
    const { generation } = story.state.stage.traffic;
    story.happens({ kind: 'traffic_reported', target: 0, generation, outcome: 'failed', detail: 'no' });
    story.answers[0] = 'verified';
    story.later(MINUTE).ticks();
    expect(story.state.stage.traffic).toMatchObject({ purpose: 'rollback', verifiedAt: story.now });
    expect(story.position).toBe('progressing 5%');
  });
});

describe('after a rollback', () => {
  it('alerts when the gateway still gets tasks well after the share was written, and says when it ends', () => {
    const story = at('25%').later(MINUTE).says('ann', '/rollback-rollout');
    const window = (hours: number, seen: number) => {
      const from = story.now;
      const measurement = story.later(hours * HOUR).window(from, story.now, { tasks: 100, seen });
      story.happens({ kind: 'measured', measurement });
    };
    window(4, 10);
    expect(story.problems).toEqual([]);
    window(4, 10);
    expect(story.message('gateway_still_has_traffic')).toMatchObject({ data: { tasks: 10 }, mention: true });
    window(4, 10);
    expect(story.said.filter(({ code }) => code === 'gateway_still_has_traffic')).toHaveLength(1);
    window(4, 0);
    expect(story.problems).toEqual([]);
    expect(story.position).toBe('rolled-back by_person 25%');
  });

  it('restarts at the first share with /retry-rollout, with new evidence', () => {
    const story = at('25%')
      .runs(8 * HOUR, BAD)
      .later(MINUTE)
      .says('ann', '/retry-rollout');
    expect(story.position).toBe('progressing 5%');
    expect(story.last.decision).toMatchObject({ kind: 'advance', reasonCode: 'retried' });
    expect(story.held[1]).toEqual({ everything: 5, slices: {} });
    expect(story.state.stage.evidence).toBeNull();
    expect(story.runs(4 * DAY, BUSY).position).toBe('progressing 25%');
  });

  it('does not skip the stages before the first share', () => {
    const story = new Story().works().later(MINUTE).says('ann', '/rollback-rollout');
    story.later(MINUTE).says('ann', '/retry-rollout');
    expect(story.position).toBe('progressing local');
  });

  it('keeps each stage once, with its results, for the report', () => {
    const story = at('25%')
      .runs(8 * HOUR, BAD)
      .later(MINUTE)
      .says('ann', '/retry-rollout');
    const left = story.state.left.map(({ label, rolledBack }) => `${label}${rolledBack ? ' back' : ''}`);
    expect(left).toEqual(['local', 'staging', '5%', '25% back']);
    expect(story.state.left.at(-1)?.total.gateway?.tasks).toBeGreaterThan(0);
  });
});

describe('/abort-rollout', () => {
  it('takes the traffic back, closes the issue, and nothing moves afterwards', () => {
    const story = at('25%')
      .later(MINUTE)
      .says('maya', '/abort-rollout --reason "other plans"', { role: 'maintain' });
    expect(story.position).toBe('aborted 25%');
    expect(story.held).toEqual([NOTHING, NOTHING]);
    expect(story.last.effects.at(-2)?.effect).toEqual({ kind: 'close_issue', reason: 'not_planned' });
    for (const text of ['/advance-rollout', '/retry-rollout', '/resume-rollout', '/rollback-rollout']) {
      story.later(MINUTE).says('maya', text, { role: 'admin' });
      expect(story.codes).toEqual(['not_possible']);
    }
    expect(story.runs(DAY, BUSY).position).toBe('aborted 25%');
  });

  it('is too late for a rollout that is completed, which /rollback-rollout still takes back', () => {
    const story = at('100%', `${MEASURED}${TWO_TARGETS}rollout: { watch: 0 }\n`).later(MINUTE);
    story.says('maya', '/advance-rollout --force --reason "done"', { role: 'maintain' });
    story.later(MINUTE).says('maya', '/abort-rollout', { role: 'maintain' });
    expect(story.message('not_possible')?.data).toMatchObject({ command: 'abort', status: 'completed' });
    expect(story.position).toBe('completed 100%');
  });
});
