/**
 * Requests and their copies, pair by pair: how many pairs prove that the gateway is worse, or as good. Times are log-normal
 * with a spread of 0.6, of which the prompts have 0.5; they have 1,000 tokens in the middle, with a spread of 0.6.
 * `--full`: 10,000 runs of a gateway at its limit.
 */
import type { Method } from '../../src/judge/method.ts';
import type { PairSlice } from '../../src/measure/measurement.ts';
import { limited, pairsTo, slice } from '../judge/pairs/paired.ts';
import { normal, type Random, seeded } from '../support/random.ts';
import { mostByChance } from './judge/chance.ts';
import { median, type Row } from './row.ts';

/** What one pair shows. */
type Draw = (random: Random) => PairSlice;

const OWN_SPREAD = Math.SQRT2 * Math.sqrt(0.6 ** 2 - 0.5 ** 2);
const slower =
  (factor: number): Draw =>
  (random) =>
    slice({ none: 1 }, [Math.log(factor) + OWN_SPREAD * normal(random)]);
const withHiddenPrompt: Draw = (random) =>
  slice({ none: 1 }, [Math.log1p(200 / (1_000 * Math.exp(0.6 * normal(random))))]);
/** Six of ten requests have a cached beginning, which is 80 % of their input. */
const withoutCache: Draw = (random) => slice({ none: 1 }, [random() < 0.6 ? 0.8 : 0]);
const failing =
  (officially: number, here: number): Draw =>
  (random) => {
    const [official, gateway] = [random() < officially, random() < here];
    return slice({ [gateway ? (official ? 'both' : 'gateway') : official ? 'official' : 'none']: 1 });
  };

interface Question {
  readonly what: string;
  readonly method: Method;
  readonly draw: Draw;
  readonly limit: number | null;
  readonly proven?: 'isWithin' | 'isViolated';
}

const QUESTIONS: readonly Question[] = [
  {
    what: '30 % slower, 5 % allowed',
    method: limited('latency_p50', 'max_increase', 5),
    draw: slower(1.3),
    limit: 100,
  },
  {
    what: '30 % slower, slow_ratio 1.5',
    method: limited('slow_ratio', 'max', 1.5),
    draw: slower(1.3),
    limit: null,
  },
  {
    what: 'a hidden prompt of 200 tokens',
    method: limited('tokens_per_task', 'max_increase', 0),
    draw: withHiddenPrompt,
    limit: 15,
  },
  { what: 'a lost cache', method: limited('cache_ratio', 'max_drop', 5), draw: withoutCache, limit: 40 },
  {
    what: 'failures 1 → 5 %',
    method: limited('error_ratio', 'max', 1),
    draw: failing(0.01, 0.05),
    limit: 350,
  },
  {
    what: 'failures 1 → 2 %',
    method: limited('error_ratio', 'max', 1),
    draw: failing(0.01, 0.02),
    limit: null,
  },
  {
    what: 'an equal gateway passes slow_ratio 1.5',
    method: limited('slow_ratio', 'max', 1.5),
    draw: slower(1),
    limit: null,
    proven: 'isWithin',
  },
  {
    what: 'an equal gateway, 0.5 % errors, passes max_drop 1 %',
    method: limited('success_rate', 'max_drop', 1),
    draw: failing(0.005, 0.005),
    limit: null,
    proven: 'isWithin',
  },
];

export function benchPairs(full: boolean): readonly Row[] {
  const rows = QUESTIONS.map(({ what, method, draw, limit, proven = 'isViolated' }): Row => {
    const found = seeds(200).map((random) => pairsTo(proven, method, 20_000, () => draw(random)));
    return { what: `pairs to E ≥ 20, median: ${what}`, value: median(found), unit: '', limit };
  });
  const runs = full ? 10_000 : 1_000;
  const atLimit = (what: string, method: Method, draw: Draw): Row => {
    const blamed = seeds(runs).filter(
      (random) => pairsTo('isViolated', method, 1_000, () => draw(random)) <= 1_000,
    );
    return {
      what: `${what}: E ≥ 20 within 1,000 pairs`,
      value: blamed.length,
      unit: ` of ${runs}`,
      limit: mostByChance(runs, 0.05),
    };
  };
  return [
    ...rows,
    atLimit('5 % slower, 5 % allowed', limited('latency_p50', 'max_increase', 5), slower(1.05)),
    atLimit('failures 1 → 2 %, 1 point allowed', limited('success_rate', 'max_drop', 1), failing(0.01, 0.02)),
  ];
}

const seeds = (runs: number): readonly Random[] =>
  Array.from({ length: runs }, (_, index) => seeded(index + 1));
