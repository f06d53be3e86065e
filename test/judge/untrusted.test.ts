import { describe, expect, it } from 'vitest';
import { HEALTH_PROBLEMS } from '../../src/judge/health.ts';
import type { MetricVerdict, Verdicts } from '../../src/judge/verdict.ts';
import { EMPTY_ARM, type Measurement, measurementSchema } from '../../src/measure/measurement.ts';
import { REPLAY_START, replayLook } from '../../src/rollout/replay.ts';
import { valid } from '../config/configs.ts';
import { arm, asked, failing, healthy, lookAt, repeat, SIX_LIMITS, setting, window } from './measured.ts';

/** Every metric that can be compared with the official arm, and limits of the gateway's own. */
const EVERYTHING = asked({
  ...SIX_LIMITS,
  ttft_p95: { max_increase: 50 },
  retry_rate: { max_increase: 5 },
});
const HOUR = 3_600_000;
const isRelative = (kind: string) => kind === 'max_drop' || kind === 'max_increase';
const limitsOf = (verdicts: Verdicts) =>
  Object.entries(verdicts).flatMap(([metric, { limits }]) => limits.map((limit) => ({ metric, ...limit })));
const said = ({ verdict, reasonCode }: MetricVerdict) => `${verdict}: ${reasonCode}`;

const CONFIG = valid(`
gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
measure: { source: jsonl }
rollout:
  stages: [25%, 100%]
  gates:
    default:
      min_tasks: 1
      min_duration: 1m
      metrics: { success_rate: { max_drop: 1% }, error_ratio: { max: 2 }, slow_ratio: { max: 1.5 } }
`);

/** The last look at windows that are replayed. */
function replayed(windows: readonly Measurement[]) {
  let replay = REPLAY_START;
  let last = null;
  for (const each of windows) {
    const next = replayLook(CONFIG, replay, each);
    if (next === null) throw new Error('the config should have the stage');
    ({ replay, look: last } = next);
  }
  return last;
}

describe('a gateway that gets more than its share', () => {
  // Every user has one task an hour; failures go round.
  const users = (hour: number, count: number, failures: number) =>
    Array.from({ length: count }, (_, index) => {
      const failedTasks = Number((index + 7 * hour) % count < failures);
      return { unit: `${count}-${index}`, tasks: 1, failedTasks, slower: [] };
    });
  // 8 % of the traffic where 5 % is configured; half of the tasks fail after a good day.
  const hour = (index: number): Measurement => {
    const { from } = window(4 * index, {}).window;
    const failed = index < 24 ? 1 : 40;
    const gateway = { ...arm(80, { failed }), units: users(index, 80, failed) };
    const official = { ...arm(920, { failed: 9 }), units: users(index, 920, 9) };
    return { ...window(0, { gateway, official }, '5%'), share: 5, window: { from, to: from + HOUR } };
  };

  it.each(['task', 'user'] as const)('is taken back within the first bad hour, split by %s', (cluster) => {
    const config = valid(`
gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
measure: { source: jsonl }
rollout: { stages: [5%, 25%, 50%, 100%], cluster: ${cluster}, on_incident: rollback }
`);
    let replay = REPLAY_START;
    const decisions = Array.from({ length: 26 }, (_, index) => {
      const next = replayLook(config, replay, hour(index));
      if (next === null) throw new Error('the config should have the stage');
      replay = next.replay;
      return next.look.decision;
    });
    if (cluster === 'task')
      expect(decisions[23]).toMatchObject({ kind: 'hold', reasonCode: 'traffic_share' });
    expect(decisions[24]).toMatchObject({ kind: 'rollback', reasonCode: 'metric_failed' });
  });
});

describe('a gateway without data', () => {
  const good = repeat(8, healthy);

  it.each([
    [
      'has no traffic',
      (index: number) => window(index, { gateway: EMPTY_ARM, official: arm(1000, { failed: 10 }) }),
      'silent_arm',
    ],
    ['has no series', (index: number) => window(index, { official: arm(750) }), 'no_source_data'],
    [
      'is beside an official arm that has no series',
      (index: number) => window(index, { gateway: arm(250) }),
      'no_source_data',
    ],
    [
      'has more traffic than the stage gives it',
      (index: number) => window(index, { gateway: arm(900), official: arm(100) }),
      'traffic_share',
    ],
    [
      'has less traffic than the stage gives it',
      (index: number) => window(index, { gateway: arm(20), official: arm(980) }),
      'traffic_share',
    ],
  ] as const)('never passes where it %s, and says so', (_, make, problem) => {
    for (const count of [1, 2, 3, 10]) {
      const look = replayed(repeat(count, make));
      const verdicts = Object.values(look?.verdicts ?? {});
      expect(verdicts.length).toBe(3);
      expect(verdicts.map(said)).toEqual(Array.from({ length: 3 }, () => `error: ${problem}`));
      expect(['hold', 'pause']).toContain(look?.decision.kind);
      if (look?.decision.kind === 'hold') expect(look.decision.reasonCode).toBe(problem);
    }
  });

  it.each(HEALTH_PROBLEMS)(
    'passes no comparison while there is a %s, however good, and fails it all the same',
    (problem) => {
      for (const windows of [good, repeat(60, healthy)]) {
        const verdicts = lookAt(setting(EVERYTHING), windows, [problem]);
        for (const limit of limitsOf(verdicts).filter(({ kind }) => isRelative(kind))) {
          expect(limit, limit.metric).toMatchObject({ verdict: 'error' });
        }
        expect(verdicts.error_ratio && said(verdicts.error_ratio)).toBe(`error: ${problem}`);
        expect(verdicts.slow_ratio && said(verdicts.slow_ratio)).toBe(`error: ${problem}`);
        expect(verdicts.latency_p95 && said(verdicts.latency_p95)).toBe(`error: ${problem}`);
      }
      const failed = lookAt(setting(EVERYTHING), repeat(60, failing), [problem]);
      const known = lookAt(setting(EVERYTHING), repeat(60, failing));
      const failures = (verdicts: Verdicts) => limitsOf(verdicts).filter(({ verdict }) => verdict === 'fail');
      expect(failures(failed)).toEqual(failures(known));
      expect(failures(failed).map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['min', 'max_drop', 'max']),
      );
    },
  );

  it('never passes for lack of data, whatever is missing', () => {
    for (let known = 0; known < 32; known += 1) {
      const [failures, times, prices, gateway, official] = [1, 2, 4, 8, 16].map((bit) => (known & bit) > 0);
      const seen = (counts: typeof EMPTY_ARM) => ({
        ...counts,
        ...(failures ? {} : { failedTasks: null }),
        ...(times ? {} : { latency: [] }),
        ...(prices ? {} : { cost: { usd: 0, priced: 0, unpriced: counts.tasks ?? 0 } }),
      });
      const windows = repeat(60, (index) =>
        window(index, {
          gateway: gateway ? seen(arm(250, { failed: 2, slow: 20 })) : null,
          official: official ? seen(arm(750, { failed: 7, slow: 60 })) : null,
        }),
      );
      const verdicts = lookAt(setting(EVERYTHING), windows);
      const passes = (metric: keyof typeof verdicts) => verdicts[metric]?.verdict === 'pass';
      expect(passes('success_rate')).toBe(failures && gateway && official);
      expect(passes('error_ratio')).toBe(failures && gateway && official);
      expect(passes('slow_ratio')).toBe(times && gateway && official);
      expect(passes('latency_p95')).toBe(false); // Its bounds double.
      expect(passes('ttft_p95')).toBe(false);
      expect(passes('cost_ratio')).toBe(prices && gateway);
      for (const { metric, verdict } of limitsOf(verdicts)) expect(verdict, metric).not.toBe('fail');
    }
  });

  it('is never measured by a value that is not a number', () => {
    const line = JSON.stringify({
      ...healthy(0),
      window: { from: '2026-11-02T00:00:00Z', to: '2026-11-02T00:15:00Z' },
    });
    expect(measurementSchema.safeParse(JSON.parse(line)).success).toBe(true);
    for (const wrong of ['NaN', 'Infinity', '-1', '2.5', '"250"']) {
      const broken = line.replace('"tasks":250', `"tasks":${wrong}`);
      expect(broken).not.toBe(line);
      const parsed = () => measurementSchema.parse(JSON.parse(broken));
      expect(parsed, wrong).toThrow();
    }
  });
});
