/** Seeded production whose requests are copied to the gateway, as its records show it. */
import { Aggregator } from '../../../src/measure/aggregate.ts';
import type { Window } from '../../../src/measure/instant.ts';
import type { Measurement } from '../../../src/measure/measurement.ts';
import { loadPriceBook } from '../../../src/measure/models.ts';
import { endOf, type RequestRecord } from '../../../src/measure/record.ts';
import { normal, type Random } from '../../support/random.ts';

const book = await loadPriceBook([], {});

/** What an arm does with a request. */
export interface Behaviour {
  /** Share of the requests that it fails, 0 to 1. */
  readonly failing?: number;
  /** Its times as a factor of the usual ones. */
  readonly slower?: number;
  /** Input tokens that it adds. */
  readonly hiddenTokens?: number;
  /** Share of the input that is cached. */
  readonly cached?: number;
}

export interface Production {
  readonly random: Random;
  /** Tasks of the window, on both arms together. */
  readonly tasks: number;
  /** Percent that users meet on the gateway, and percent that is copied to it. */
  readonly share?: number;
  readonly copies?: number;
  readonly official?: Behaviour;
  readonly gateway?: Behaviour;
}

/** The spread of ln latency is 0.6, of which prompts have 0.5: what is left is each arm's own. */
const [OF_PROMPTS, OF_ARMS] = [0.5, Math.sqrt(0.6 ** 2 - 0.5 ** 2)];

/** The attempts of a window, in the order of their ends. */
export function recordsOf({ from, to }: Window, production: Production): RequestRecord[] {
  const { random, tasks, share = 0, copies = 0, official = {}, gateway = {} } = production;
  const records = Array.from({ length: tasks }, (_, index) => {
    const ts = Math.floor(from + ((index + 0.5) / tasks) * (to - from - 120_000));
    const prompt = {
      tokens: Math.round(1_000 * Math.exp(0.6 * normal(random))),
      pace: OF_PROMPTS * normal(random),
    };
    const attempt = (arm: RequestRecord['arm'], behaviour: Behaviour): RequestRecord => {
      const { failing = 0, slower = 1, hiddenTokens = 0, cached } = behaviour;
      const input = prompt.tokens + hiddenTokens;
      const base = {
        ts,
        arm,
        task: `t${from}-${index}`,
        attempt: 0,
        endpoint: '/chat/completions',
        model: 'gpt-4o-mini',
      };
      const duration_ms = 1_400 * slower * Math.exp(prompt.pace + OF_ARMS * normal(random));
      if (random() < failing) return { ...base, status: 503, error: 'overloaded', duration_ms };
      const output_tokens = Math.round(100 * Math.exp(0.3 * normal(random)));
      const tokens = {
        input_tokens: input,
        cached_input_tokens: Math.round((cached ?? 0) * input),
        output_tokens,
      };
      return { ...base, status: 200, duration_ms, ttft_ms: duration_ms / 3, ...tokens };
    };
    if (random() < share / 100) return [attempt('gateway', gateway)];
    const original = attempt('official', official);
    return random() < copies / 100
      ? [original, { ...attempt('gateway', gateway), shadow: true }]
      : [original];
  });
  return records.flat().sort((a, b) => endOf(a) - endOf(b));
}

/** The measurement of a window. */
export function measured(
  about: Pick<Measurement, 'window' | 'stage' | 'share'>,
  production: Production,
): Measurement {
  const copies = production.copies !== undefined;
  const aggregator = new Aggregator(book, { window: about.window, slice: null, without: [], copies });
  for (const record of recordsOf(about.window, production)) aggregator.add(record);
  const pairs = aggregator.pairs?.finish();
  return { schema: 1, ...about, source: 'jsonl', arms: aggregator.finish(), ...(pairs && { pairs }) };
}
