/**
 * The evidence over pairs on gateways that cheat, beside what people would write: a z-test that is repeated, and a
 * permutation test at the end (MMD with a Hamming kernel). `--full`: the runs of the design.
 */
import {
  addPair,
  type FidelityEvidence,
  lnFidelityEvidence,
  NO_FIDELITY_EVIDENCE,
} from '../../src/judge/pairs/fidelity-evidence.ts';
import { LN_PROVES, LN_WARNS } from '../../src/judge/pairs/fidelity-verdict.ts';
import {
  answerOf,
  cools,
  type Distribution,
  drawModels,
  drifted,
  type Gateway,
  shifts,
  swaps,
  type Vocabulary,
} from '../support/answer-model.ts';
import { type Random, seeded } from '../support/random.ts';
import { mostByChance } from './judge/chance.ts';
import { median, type Row } from './row.ts';

interface Cheat {
  readonly name: string;
  readonly vocabulary: Vocabulary;
  readonly gateway: Gateway;
  /** The median of the pairs to E ≥ 1,000. */
  readonly limit: number;
}

const CHEATS: readonly Cheat[] = [
  { name: 'another model', vocabulary: 'own words', gateway: swaps(1), limit: 60 },
  { name: 'another model', vocabulary: 'shared words', gateway: swaps(1), limit: 60 },
  { name: 'another model', vocabulary: 'border', gateway: swaps(1), limit: 60 },
  { name: 'another model in 10 %', vocabulary: 'own words', gateway: swaps(0.1), limit: 500 },
  { name: 'another model in 10 %', vocabulary: 'border', gateway: swaps(0.1), limit: 500 },
  { name: 'another model in 10 %', vocabulary: 'shared words', gateway: swaps(0.1), limit: 900 },
  { name: 'another model in 5 %', vocabulary: 'own words', gateway: swaps(0.05), limit: 900 },
  { name: 'another model in 5 %', vocabulary: 'border', gateway: swaps(0.05), limit: 900 },
  { name: 'another model in 5 %', vocabulary: 'shared words', gateway: swaps(0.05), limit: 2_200 },
  { name: 'a shift of 0.2', vocabulary: 'border', gateway: shifts(0.2), limit: 400 },
  { name: 'a shift of 0.1', vocabulary: 'border', gateway: shifts(0.1), limit: 1_600 },
  { name: 'temperature 0.7', vocabulary: 'shared words', gateway: cools(0.7), limit: 1_600 },
];

const PAIRS = 2_000;

export async function benchFidelity(full: boolean): Promise<readonly Row[]> {
  return [...falseAlarms(full ? 10_000 : 400), ...CHEATS.map((cheat) => detection(cheat, full ? 400 : 100))];
}

/** Equal arms that wander together. */
function falseAlarms(runs: number): Row[] {
  const most: number[] = [];
  let zAlarms = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const random = seeded(seed);
    const prompts = [...drawModels(random, 'shared words').official];
    let evidence = NO_FIDELITY_EVIDENCE;
    let highest = 0;
    const z = loopedZTest();
    let isAlarmed = false;
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const prompt = pair % prompts.length;
      const now = drifted(prompts[prompt] ?? new Map(), random);
      prompts[prompt] = now;
      const answers = ask(prompt, now, now, random);
      evidence = addPair(evidence, answers);
      highest = Math.max(highest, lnFidelityEvidence(evidence));
      isAlarmed ||= z(answers);
    }
    most.push(highest);
    if (isAlarmed) zAlarms += 1;
  }
  const reaching = (ln: number) => most.filter((each) => each >= ln).length;
  const row = (what: string, value: number, limit: number | null): Row => ({
    what,
    value,
    unit: ` of ${runs}`,
    limit,
  });
  return [
    row('equal arms: E ≥ 20', reaching(LN_WARNS), mostByChance(runs, 0.05)),
    row('equal arms: E ≥ 1,000', reaching(LN_PROVES), mostByChance(runs, 0.001)),
    row('equal arms: a z-test that looks every 20 pairs', zAlarms, null),
  ];
}

function detection({ name, vocabulary, gateway, limit }: Cheat, runs: number): Row {
  const found = Array.from({ length: runs }, (_, index) =>
    pairsToProof(index + 1, vocabulary, gateway, 4 * limit),
  );
  return {
    what: `pairs to E ≥ 1,000, median: ${name}, ${vocabulary}`,
    value: median(found),
    unit: '',
    limit,
  };
}

function pairsToProof(seed: number, vocabulary: Vocabulary, gateway: Gateway, most: number): number {
  const random = seeded(seed);
  const { official, sibling } = drawModels(random, vocabulary);
  let evidence: FidelityEvidence = NO_FIDELITY_EVIDENCE;
  for (let pair = 0; pair < most; pair += 1) {
    const prompt = pair % official.length;
    const [ours = new Map(), theirs = new Map()] = [official[prompt], sibling[prompt]];
    evidence = addPair(evidence, ask(prompt, ours, gateway(ours, theirs, random), random));
    if (lnFidelityEvidence(evidence) >= LN_PROVES) return pair + 1;
  }
  return most;
}

function ask(prompt: number, official: Distribution, gateway: Distribution, random: Random) {
  return { prompt: String(prompt), official: answerOf(official, random), gateway: answerOf(gateway, random) };
}

/** Whether the commonest answer to a prompt has the same share on both arms, looked at after every 20 pairs. */
function loopedZTest(): (pair: {
  readonly prompt: string;
  readonly official: string;
  readonly gateway: string;
}) => boolean {
  const seen = new Map<string, { readonly official: string[]; readonly gateway: string[] }>();
  let pairs = 0;
  return ({ prompt, official, gateway }) => {
    const answers = seen.get(prompt) ?? { official: [], gateway: [] };
    seen.set(prompt, answers);
    answers.official.push(official);
    answers.gateway.push(gateway);
    pairs += 1;
    return pairs % 20 === 0 && Math.abs(zOf(answers)) > 1.959964;
  };
}

function zOf({
  official,
  gateway,
}: {
  readonly official: readonly string[];
  readonly gateway: readonly string[];
}): number {
  const counts = new Map<string, number>();
  for (const answer of [...official, ...gateway]) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [common] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [''];
  const share = (answers: readonly string[]) =>
    answers.filter((each) => each === common).length / answers.length;
  const pooled = (share(official) + share(gateway)) / 2;
  const error = Math.sqrt((2 * pooled * (1 - pooled)) / official.length);
  return error > 0 ? (share(official) - share(gateway)) / error : 0;
}
