/** A replay of recorded hours: outages and incidents, as the judge sees them with the default gates. */
import { describe, expect, it } from 'vitest';
import { REPLAY_START, replayLook } from '../../src/rollout/replay.ts';
import { valid } from '../config/configs.ts';
import { arm } from '../judge/measured.ts';

const HOUR = 3_600_000;
const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: jsonl }
rollout: { stages: [25%, 100%], gates: { default: { min_duration: 14d } }`;

interface Recorded {
  readonly hours: number;
  /** Percent of the tasks that fail in an hour. */
  readonly gateway: (hour: number) => number;
  readonly official?: (hour: number) => number;
  /** Percent; 25 by default. */
  readonly share?: (hour: number) => number;
  /** Settings of the rollout. */
  readonly more?: string;
}

function decisions({ hours, gateway, official = () => 0.5, share = () => 25, more = '' }: Recorded) {
  const config = valid(`${CONFIG}${more} }\n`);
  const counts = (tasks: number, failed: number) =>
    arm(tasks, { failed: Math.round((tasks * failed) / 100), slow: Math.round(tasks * 0.08) });
  let replay = REPLAY_START;
  return Array.from({ length: hours }, (_, hour) => {
    const measurement = {
      schema: 1 as const,
      window: { from: hour * HOUR, to: (hour + 1) * HOUR },
      stage: '25%',
      share: share(hour),
      source: 'jsonl',
      arms: { gateway: counts(40 * share(hour), gateway(hour)), official: counts(3000, official(hour)) },
    };
    const next = replayLook(config, replay, measurement);
    if (next === null) throw new Error('the config should have the stage');
    replay = next.replay;
    return next.look.decision;
  });
}

const outage = (hour: number) => (hour >= 100 ? 30 : 0.5);
/** One bad hour a week. */
const weekly = (at: number) => (hour: number) => (hour % 168 === at ? 20 : 0.5);
const firstOf = (all: ReturnType<typeof decisions>, kind: string) =>
  all.findIndex((each) => each.kind === kind);

describe('in a replay', () => {
  it('an outage steps back in the hour in which it began, as fast as a rollback, and rolls back if it lasts', () => {
    const [stepping, rolling] = [
      decisions({ hours: 110, gateway: outage }),
      decisions({ hours: 110, gateway: outage, more: ', on_incident: rollback' }),
    ];
    expect(firstOf(stepping, 'step-back')).toBe(100);
    expect(stepping[100]).toMatchObject({ kind: 'step-back', reasonCode: 'stepped_back' });
    expect(firstOf(rolling, 'rollback')).toBe(100);
    const lasting = firstOf(stepping, 'rollback');
    // After it had returned twice, and three hours each.
    expect(lasting).toBe(108);
    expect(stepping[101]).toMatchObject({ kind: 'hold', reasonCode: 'stepped_back' });
  });

  it('a weekly incident of one hour on each arm steps back, and never rolls back', () => {
    const all = decisions({ hours: 275, gateway: weekly(100), official: weekly(50) });
    expect(all.map(({ kind }) => kind)).not.toContain('rollback');
    expect(all.filter(({ kind }) => kind === 'step-back')).toHaveLength(2);
    expect(all.map(({ reasonCode }) => reasonCode)).not.toContain('regression_noticed');
  });

  it('the hours in which the traffic was away count for nothing', () => {
    const away = (hour: number) => (hour >= 50 && hour < 60 ? 0 : 25);
    const all = decisions({ hours: 70, gateway: () => 0.5, share: away });
    expect(all.map(({ reasonCode }) => reasonCode)).not.toContain('silent_arm');
    expect(new Set(all.slice(10).map(({ kind }) => kind))).toEqual(new Set(['hold']));
    const tasks = all.map(({ missing }) => missing.length);
    expect(tasks.slice(50, 60)).toEqual(new Array(10).fill(tasks[49]));
  });

  it('the third incident in a stage rolls back', () => {
    const daily = (hour: number) => (hour >= 72 && hour % 30 === 12 ? 20 : 0.5);
    const kinds = decisions({ hours: 140, gateway: daily }).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'step-back')).toHaveLength(2);
    expect(kinds).toContain('rollback');
  });
});
