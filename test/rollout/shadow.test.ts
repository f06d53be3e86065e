import { describe, expect, it } from 'vitest';
import { armTable } from '../../src/conversation/messages/figures.ts';
import { missingText } from '../../src/wording/verdicts.ts';
import { type Behaviour, measured } from '../judge/pairs/copied-traffic.ts';
import { seeded } from '../support/random.ts';
import { HOUR, Story, TWO_TARGETS } from './story.ts';

const WINDOW = 3 * HOUR;
const CONFIG = 'measure: { source: jsonl, interval: 3h }\n';
const config = (more = '') =>
  `${CONFIG}${TWO_TARGETS}rollout: { stages: [local, shadow: 50%, 25%, 100%]${more} }\n`;

interface Hours {
  readonly gateway?: Behaviour;
  readonly copies?: number;
  /** Percent of the users' tasks on the gateway. */
  readonly share?: number;
}

/** A rollout whose copies begin. */
function copying(more?: string): Story {
  return new Story(config(more)).forcedTo('shadow: 50%');
}

/** Windows of three hours and 300 tasks, until the rollout moves. */
function runs(story: Story, windows: number, { gateway = {}, copies = 50, share = 0 }: Hours = {}): Story {
  const random = seeded(windows, copies);
  const before = story.position;
  for (let done = 0; done < windows && story.position === before; done += 1) {
    const window = { from: Math.max(story.now, story.state.stage.measuredTo ?? 0), to: story.now + WINDOW };
    story.later(WINDOW);
    const production = { random, tasks: 300, share, copies, official: { failing: 0.005 }, gateway };
    const about = { window, stage: story.state.stage.label, share: null };
    story.happens({ kind: 'measured', measurement: measured(about, production) });
  }
  return story;
}

const everyTarget = (shadow: number | undefined, everything = 0) =>
  [0, 1].map(() => ({ everything, slices: shadow === undefined ? {} : { shadow } }));

describe('a stage of copies', () => {
  it('writes how many to the targets, keeps every user, and ends with its gate', () => {
    const story = copying();
    expect(story.held).toEqual(everyTarget(50));
    expect(runs(story, 20, { gateway: { failing: 0.005 } }).position).toBe('progressing 25%');
    expect(story.held).toEqual(everyTarget(undefined, 25));
    // The official windows of the stage are the past of the later ones, without copies.
    expect(story.state.past.every(({ slice }) => slice === null)).toBe(true);
    expect(story.state.stage.tasksPerDay).toBeCloseTo(2_400, -2);
  });

  it('needs its number of pairs, not of tasks', () => {
    const story = runs(copying(', gates: { default: { min_tasks: 300, min_duration: 1h } }'), 1);
    const { decision, tasks } = story.last.look ?? {};
    expect(tasks).toBeLessThan(300);
    expect(decision?.missing[0]).toEqual({ what: 'copies', have: tasks, need: 300 });
    const { verdicts = {} } = runs(copying(), 1, { gateway: { failing: 0.005 } }).last.look ?? {};
    const awaited = Object.values(verdicts).map(missingText);
    expect(awaited.join('; ')).toMatch(/about [\d,]+ more copied requests, /);
    expect(awaited.join('; ')).not.toContain('tasks on the gateway');
  });

  it('stops the copies by a person, as any share', () => {
    const story = runs(copying(), 3).says('alice', '/rollback-rollout');
    expect(story.position).toBe('rolled-back by_person shadow: 50%');
    expect(story.held).toEqual(everyTarget(undefined));
    expect(story.says('alice', '/retry-rollout').position).toBe('progressing shadow: 50%');
    expect(story.held).toEqual(everyTarget(50));
  });

  it('that the application still makes after a rollback are a problem until they end', () => {
    const story = runs(copying(), 3).says('alice', '/rollback-rollout');
    const position = 'rolled-back by_person shadow: 50%';
    // Clients may still read the old share.
    expect(runs(story, 1).problems).toEqual([]);
    expect(runs(story, 2).problems).toEqual(['copies_not_stopped']);
    expect(story.said.filter(({ code }) => code === 'alert')).toMatchObject([
      { data: { detail: expect.stringMatching(/^\d+ copies/) }, mention: true },
    ]);
    expect(runs(story, 1, { copies: 0 })).toMatchObject({ problems: [], position });
  });

  it('that continue in the next stage are a problem, which keeps neither an advance nor a rollback', () => {
    const story = runs(copying(), 20, { gateway: { failing: 0.005 } });
    const next = { gateway: { failing: 0.005 }, share: 25 };
    expect(runs(story, 2, next)).toMatchObject({ problems: ['copies_not_stopped'] });
    expect(runs(story, 60, next).position).toBe('progressing 100%');
    const failing = runs(runs(copying(), 20, { gateway: { failing: 0.005 } }), 2, next);
    const worse = runs(failing, 20, { gateway: { failing: 0.2 }, share: 25 });
    expect(worse.position).toMatch(/^(stepped|rolled)-back /);
    expect(worse.problems).toContain('copies_not_stopped');
  });

  it('steps back after an outage, and returns with its evidence', () => {
    const story = runs(copying(', gates: { default: { min_duration: 13d } }'), 20);
    expect(runs(story, 2, { gateway: { failing: 0.2 } }).position).toBe('stepped-back shadow: 50%');
    expect(story.held).toEqual(everyTarget(undefined));
    expect(story.later(3 * HOUR).ticks().position).toBe('progressing shadow: 50%');
    expect(story.held).toEqual(everyTarget(50));
    expect(runs(story, 1).last.look?.tasks).toBeGreaterThan(3_000);
  });

  it.each([
    ['failures', { failing: 0.1 }, 'rolled-back metric_failed shadow: 50%'],
    ['slower answers', { slower: 1.5 }, 'rolled-back metric_failed shadow: 50%'],
    ['a hidden prompt', { hiddenTokens: 600 }, 'paused cost_failed shadow: 50%'],
  ] as const)('ends by %s', (_, gateway, position) => {
    expect(runs(copying(', gates: { default: { min_duration: 13d } }'), 14, { gateway }).position).toBe(
      position,
    );
  });

  it('ends by a lost cache', () => {
    const story = copying(', gates: { default: { min_duration: 13d } }');
    const random = seeded(3);
    const window = { from: story.now, to: story.now + HOUR };
    const production = { random, tasks: 100, copies: 50, official: { cached: 0.8 }, gateway: { cached: 0 } };
    const measurement = measured({ window, stage: 'shadow: 50%', share: null }, production);
    expect(story.later(HOUR).happens({ kind: 'measured', measurement }).position).toBe(
      'paused cost_failed shadow: 50%',
    );
    expect(story.last.look?.verdicts.cache_ratio).toMatchObject({ verdict: 'fail' });
  });

  it('does not advance while users meet the gateway, or where nobody makes copies', () => {
    const met = runs(copying(), 20, { share: 10 });
    expect(met.position).toBe('progressing shadow: 50%');
    expect(met.last.decision).toMatchObject({ kind: 'hold', reasonCode: 'traffic_share' });
    expect(met.ticks().last.decision).toMatchObject({ reasonCode: 'traffic_share' });
    expect(runs(copying(), 8, { copies: 0 }).position).toBe('paused blind shadow: 50%');
  });

  it('shows what the copies cost, in the totals of the whole rollout as well', () => {
    const { state } = runs(copying(), 20, { gateway: { failing: 0.005 } });
    const { gateway } = state.spent;
    const stage = state.left.find(({ label }) => label === 'shadow: 50%');
    expect(gateway).toMatchObject({ tasks: 0, cost: { usd: 0 } });
    expect(gateway?.copied?.usd).toBeGreaterThan(0);
    expect(gateway?.copied).toEqual(stage?.total.gateway?.cost);
    const table = armTable(state.spent);
    const usd = /Cost of copies \| – \| ([\d.]+ USD)/.exec(table)?.[1];
    expect(table).toContain(`Cost with copies | – | ${usd} |`);
  });

  it('stops before copies cost more a day than they may', () => {
    const story = runs(copying(', shadow: { max_cost_usd: 0.1 }'), 20);
    expect(story.position).toBe('rolled-back copies_cost shadow: 50%');
    expect(story.held).toEqual(everyTarget(undefined));
    expect(runs(copying(', shadow: { max_cost_usd: 1 }'), 20).position).toBe('progressing 25%');
  });
});
