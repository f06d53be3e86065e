/** Traffic with tokens, prompt caches and prices, as it would be measured. */
import type { Limits } from '../../src/config/metrics.ts';
import { addWindow } from '../../src/judge/evidence.ts';
import { addCounts } from '../../src/measure/add.ts';
import { type ArmCounts, type Counts, EMPTY_ARM } from '../../src/measure/measurement.ts';
import { normal, type Random, seeded } from '../support/random.ts';
import { arm, asked, gathered, judged, repeat, setting, window } from './measured.ts';

/** The limits of costs in the default gate, among as many others. */
export const DEFAULT = asked({
  success_rate: { max_drop: 1 },
  error_ratio: { max: 2, guard: true },
  slow_ratio: { max: 1.5 },
  cost_ratio: { max: 1.05 },
  cost_per_task: { max_increase: 10, guard: true },
  cache_ratio: { max_drop: 5, guard: true },
});

export interface Usual {
  readonly model: string;
  /** Tasks a window on both arms. */
  readonly tasks: number;
  /** The gateway's price ÷ the official one. */
  readonly price: number;
  /** Shares of the input that are cached. */
  readonly cached: { readonly official: number; readonly gateway: number };
}

const CACHED = { official: 0.9, gateway: 0.9 };

/** Tasks of log-normal length. Uncached input costs 1 USD a million tokens, cached a tenth of it, output 4 USD. */
function counts(next: Random, tasks: number, price: number, cached: number): Counts {
  let [input, hit, output] = [0, 0, 0];
  for (let task = 0; task < tasks; task += 1) {
    const size = Math.exp(normal(next));
    const tokens = Math.round(2_000 * size);
    input += tokens;
    hit += Math.round(tokens * Math.min(1, cached * (0.9 + 0.2 * next())));
    output += Math.round(75 * size);
  }
  const official = (input - 0.9 * hit + 4 * output) / 1e6;
  const { byModel: _, byKey: __, byMember: ___, ...plain } = arm(tasks, { usd: official * price, official });
  return { ...plain, tokens: { input, cachedInput: hit, output, unknown: 0 } };
}

function armOf(slices: readonly (Counts & { readonly name: string })[]): ArmCounts {
  return { ...EMPTY_ARM, ...slices.map(({ name: _, ...each }) => each).reduce(addCounts), byModel: slices };
}

/** Windows of a quarter of an hour, at a share of the traffic. */
export function traffic(
  seed: number,
  share: number,
  windows: number,
  usual: (index: number) => readonly Usual[],
) {
  const next = seeded(seed);
  return repeat(windows, (index) => {
    const slices = usual(index).map(({ model, tasks, price, cached }) => {
      const ours = Math.max(1, Math.round(tasks * share));
      return {
        gateway: { name: model, ...counts(next, ours, price, cached.gateway) },
        official: { name: model, ...counts(next, tasks - ours, 1, cached.official) },
      };
    });
    const [gateway, official] = (['gateway', 'official'] as const).map((each) =>
      armOf(slices.map((slice) => slice[each])),
    );
    return window(index, { gateway: gateway ?? null, official: official ?? null });
  });
}

/** The first window after which one of the metrics fails, and which. */
export function firstFailure(
  windows: ReturnType<typeof traffic>,
  metrics: Limits,
  { from = 0, share = 25 } = {},
): { readonly at: number; readonly metric: string } | null {
  let all = gathered(setting(metrics, { share }), []);
  for (const [index, each] of windows.entries()) {
    all = addWindow(all, each);
    const verdicts = index < from ? [] : Object.entries(judged(all));
    const failed = verdicts.find(([, { verdict }]) => verdict === 'fail');
    if (failed !== undefined) return { at: index, metric: failed[0] };
  }
  return null;
}

/** In windows. */
export const HOUR = 4;
export const DAY = 24 * HOUR;
/** 20,000 tasks a day. */
export const ONE_MODEL: Usual = { model: 'gpt-4o', tasks: 208, price: 0.9, cached: CACHED };

/** A price that rises by half. */
export const risingPrice = (index: number, from: number): Usual => ({
  ...ONE_MODEL,
  price: index < from ? 0.9 : 1.35,
});

/** A prompt cache that is lost: 90 % of the input were cached, then nothing. */
export const lostCache = (index: number, from: number): Usual => ({
  ...ONE_MODEL,
  price: 1,
  cached: { official: 0.9, gateway: index < from ? 0.9 : 0 },
});

/** From noon on. At night, other models run, on which the gateway is dearer. */
export const dearerAtNight = (index: number): Usual =>
  (index + DAY / 2) % DAY < DAY / 3
    ? { ...ONE_MODEL, model: 'nightly', tasks: 150, price: 1.1 }
    : { ...ONE_MODEL, tasks: 300 };
