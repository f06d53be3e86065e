import { describe, expect, it } from 'vitest';
import { HOUR, MEASURED, MINUTE, Story, TWO_TARGETS } from './story.ts';

const BUSY = { tasks: 2000 };
const STAGES = 'rollout: { stages: [local, staging, 5%, 25%, 50%, 100%] }\n';

/** At 25 %, after two windows. */
function measured(sections = MEASURED + TWO_TARGETS): Story {
  return new Story(sections).forcedTo('25%').runs(8 * HOUR, BUSY);
}

describe('a config that changes during a rollout', () => {
  it('applies immediately what does not affect the evidence', () => {
    const story = measured();
    const { evidence } = story.state.stage;
    story
      .later(MINUTE)
      .pushes(
        `${MEASURED}${TWO_TARGETS}rollout: { notify: [acme/platform], permissions: { advance: admin }, max_duration: 20d }\n`,
      );
    expect(story.message('config_changed')?.data).toEqual({
      stage: '25%',
      restarted: false,
      changes: ['rollout.max_duration', 'rollout.notify', 'rollout.permissions'],
    });
    expect(story.state.stage.evidence).toEqual(evidence);
    story.says('ann', '/pause-rollout').says('ann', '/advance-rollout');
    expect(story.codes).toEqual(['permission_denied']);
  });

  it.each([
    [
      'the gateway',
      `${MEASURED}${TWO_TARGETS}client: { timeout: 40s }\nofficial: { base_url: https://other.example/v1 }\n`,
    ],
    [
      'a metric of the gate',
      `${MEASURED}${TWO_TARGETS}rollout: { gates: { 25%: { metrics: { success_rate: { max_drop: 3% }, slow_ratio: { max: 2 } } } } }\n`,
    ],
    ['the stages', `${MEASURED}${TWO_TARGETS}rollout: { stages: [local, staging, 5%, 25%, 100%] }\n`],
    [
      'the prices',
      `${MEASURED.replace(' }', ', prices: { gpt-4o-mini: { input: 1, output: 2 } } }')}${TWO_TARGETS}`,
    ],
    ['the source', `measure: { source: jsonl, interval: 4h }\n${TWO_TARGETS}`],
  ])('starts the evidence anew for %s, and says so; the share stays', (_, sections) => {
    const story = measured().later(MINUTE).pushes(sections);
    expect(story.message('config_changed')?.data.restarted).toBe(true);
    expect(story.state.stage).toMatchObject({ evidence: null, measuredTo: null, verdicts: null });
    expect(story.state.stage.traffic).toMatchObject({ verifiedAt: story.now, shares: { everything: 25 } });
    expect(story.position).toBe('progressing 25%');
  });

  it('needs new workflow runs: a run under the old config does not count for the new one', () => {
    const gates = (workflow: string) =>
      `${MEASURED}rollout: { gates: { local: { workflows: [${workflow}], manual: false } } }\n`;
    const story = new Story(gates('a.yml')).works().happens({
      kind: 'checks_changed',
      workflows: { 'a.yml': 'red' },
      checks: {},
    });
    story.pushes(gates('b.yml')).greens('a.yml');
    expect(story.position).toBe('progressing local');
    expect(story.state.stage.checks.workflows).toEqual({});
    expect(story.greens('b.yml').position).toBe('progressing staging');
  });

  it('finds the current stage again at any position', () => {
    const story = measured()
      .later(MINUTE)
      .pushes(`${MEASURED}${TWO_TARGETS}rollout: { stages: [25%, 100%] }\n`);
    expect(story.state.stage).toMatchObject({ index: 0, label: '25%' });
    story.later(MINUTE).says('maya', '/advance-rollout --force --reason "go"', { role: 'maintain' });
    expect(story.position).toBe('progressing 100%');
  });

  it('pauses where the current stage is gone, and then only a rollback works', () => {
    const story = measured()
      .later(MINUTE)
      .pushes(`${MEASURED}${TWO_TARGETS}rollout: { stages: [local, 10%, 100%] }\n`);
    expect(story.position).toBe('paused stage_gone 25%');
    expect(story.held[0]).toEqual({ everything: 25, slices: {} });
    story.later(MINUTE).says('ann', '/resume-rollout');
    expect(story.message('not_possible')?.data.why).toBe('stage_gone');
    story.says('maya', '/advance-rollout --force --reason "go"', { role: 'maintain' });
    expect(story.position).toBe('paused stage_gone 25%');
    story.says('ann', '/rollback-rollout to 10%');
    expect(story.position).toBe('paused rolled_back_to_stage 10%');
    expect(story.held[0]).toEqual({ everything: 10, slices: {} });
  });

  it('continues after that pause once the stage is back and a person resumes', () => {
    const story = measured()
      .later(MINUTE)
      .pushes(`${MEASURED}${TWO_TARGETS}rollout: { stages: [10%, 100%] }\n`);
    story
      .later(MINUTE)
      .pushes(`${MEASURED}${TWO_TARGETS}${STAGES}`)
      .later(MINUTE)
      .says('ann', '/resume-rollout');
    expect(story.position).toBe('progressing 25%');
    expect(story.state.stage.index).toBe(3);
  });

  it('writes the current share to new targets, and waits for them', () => {
    const story = measured();
    story.answers[2] = 'accepted';
    story.later(MINUTE).pushes(`${MEASURED}${TWO_TARGETS}  - deployment: { environment: production }\n`);
    expect(story.held[2]).toEqual({ everything: 25, slices: {} });
    expect(story.state.stage.traffic).toMatchObject({
      verifiedAt: null,
      targets: ['verified', 'verified', 'written'],
    });
    const back = measured().later(MINUTE).says('ann', '/rollback-rollout');
    back.later(MINUTE).pushes(`${MEASURED}${TWO_TARGETS}  - deployment: { environment: production }\n`);
    expect(back.held[2]).toEqual({ everything: 0, slices: {} });
  });

  it('does not raise a share that a holdback kept down', () => {
    const held = `${MEASURED}${TWO_TARGETS}rollout: { stages: [5%, 100%], holdback: 10% }\n`;
    const story = new Story(held).forcedTo('100%').later(MINUTE);
    story.pushes(`${MEASURED}${TWO_TARGETS}rollout: { stages: [5%, 100%], holdback: 1% }\n`);
    expect(story.held[0]).toEqual({ everything: 90, slices: {} });
  });
});

describe('a config that turns invalid', () => {
  const broken = {
    kind: 'config_broken',
    sha: 'bad',
    problems: ['.github/gateway-rollout.yml:3:1: no'],
  } as const;

  it('is reported once, and blocks advances but not rollbacks', () => {
    const story = measured().later(MINUTE).happens(broken);
    expect(story.message('config_broken')).toMatchObject({
      data: { problems: broken.problems },
      mention: true,
    });
    expect(story.happens({ ...broken }).codes).toEqual([]);
    expect(story.happens({ ...broken, sha: 'worse' }).codes).toEqual(['config_broken']);
    story.runs(96 * HOUR, { tasks: 40_000 });
    expect(story.last.decision.reasonCode).toBe('config_broken');
    story.says('maya', '/advance-rollout --force --reason "go"', { role: 'maintain' });
    expect(story.message('gate_not_met')?.data.gap.reasonCode).toBe('config_broken');
    expect(story.says('ann', '/rollback-rollout').position).toBe('rolled-back by_person 25%');
    story.later(MINUTE).says('ann', '/retry-rollout');
    expect(story.position).toBe('rolled-back by_person 25%');
  });

  it('keeps a rollout that is just starting away from its first share', () => {
    const story = new Story(
      'traffic: [{ variable: { name: SHARE } }]\nrollout: { stages: [5%, 100%], gates: { default: { manual: true } } }\n',
    );
    story.answers[0] = 'accepted';
    story.works().happens(broken);
    story.happens({ kind: 'traffic_reported', target: 0, generation: 1, outcome: 'verified', detail: '' });
    expect(story.later(HOUR).ticks().held).toEqual([]);
    story.happens({ kind: 'config_changed', source: story.state.config, config: story.config });
    expect(story.held).toEqual([]);
    expect(story.ticks().held[0]).toEqual({ everything: 5, slices: {} });
  });

  it('ends when a valid one arrives, even the old one', () => {
    const story = measured().later(MINUTE).happens(broken);
    story.happens({ kind: 'config_changed', source: story.state.config, config: story.config });
    expect(story.codes).toEqual(['config_repaired']);
    expect(story.state.brokenConfig).toBeNull();
    expect(story.problems).toEqual([]);
    expect(story.state.stage.evidence).not.toBeNull();
  });
});
