/**
 * A scorer that says which of two answers is better, blind and in random order: judged pairs until the gateway's answers
 * are proved worse, and false proofs of equal arms. `--full`: 10,000 runs of equal arms.
 */
import { lnDiscordance } from '../../src/judge/pairs/compare-pairs.ts';
import { LN_WARNS } from '../../src/judge/pairs/fidelity-verdict.ts';
import { type Random, seeded } from '../support/random.ts';
import { mostByChance } from './judge/chance.ts';
import { median, type Row } from './row.ts';

/** A scorer that prefers the official answer in that share of the pairs, and in the other share the first text. */
interface Scorer {
  readonly opinion: number;
  readonly first: number;
}

const DETECTIONS: readonly (Scorer & { readonly limit: number })[] = [
  { opinion: 0.6, first: 0.5, limit: 200 },
  { opinion: 0.55, first: 0.5, limit: 700 },
  { opinion: 0.6, first: 0.7, limit: 250 },
];
const PAIRS = 2_000;

export function benchQuality(full: boolean): readonly Row[] {
  const runs = full ? 10_000 : 1_000;
  const equal = [0.5, 0.7, 0.95].map((first): Row => {
    const alarms = seeds(runs).filter((seed) => pairsToProof({ opinion: 0.5, first }, seed, PAIRS) <= PAIRS);
    const what = `equal arms, the first text preferred in ${percent(first)}: E ≥ 20 within ${PAIRS} pairs`;
    return { what, value: alarms.length, unit: ` of ${runs}`, limit: mostByChance(runs, 0.05) };
  });
  const detections = DETECTIONS.map(({ limit, ...scorer }): Row => {
    const found = seeds(full ? 2_000 : 400).map((seed) => pairsToProof(scorer, seed, 10 * limit));
    const { opinion, first } = scorer;
    const what = `judged pairs to E ≥ 20, median: ${percent(opinion)} official, ${percent(first)} first`;
    return { what, value: median(found), unit: '', limit };
  });
  return [...equal, ...detections];
}

const seeds = (runs: number): readonly number[] => Array.from({ length: runs }, (_, index) => index + 1);
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** @returns one more than `most` where nothing is proved */
export function pairsToProof(scorer: Scorer, seed: number, most: number): number {
  const random = seeded(seed);
  let [gateway, official] = [0, 0];
  for (let pair = 1; pair <= most; pair += 1) {
    if (isOfficialBetter(scorer, random)) gateway += 1;
    else official += 1;
    if (lnDiscordance(gateway, official) >= LN_WARNS) return pair;
  }
  return most + 1;
}

/** Opinion and place add up as logits do. */
function isOfficialBetter({ opinion, first }: Scorer, random: Random): boolean {
  const isFirst = random() < 0.5;
  const lean = logit(first) + (isFirst ? 1 : -1) * logit(opinion);
  return random() < 1 / (1 + Math.exp(-lean)) === isFirst;
}

const logit = (share: number): number => Math.log(share / (1 - share));
