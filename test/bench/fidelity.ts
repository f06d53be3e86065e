/**
 * The evidence over pairs on gateways that cheat, beside a z-test that is repeated, a permutation test at the end, and a
 * bettor that knows both models; and what a run costs. `--full`: the runs of the design.
 */
import { expectedCost } from '../../src/check/fidelity/plan.ts';
import { siblingOf } from '../../src/check/models-in-use.ts';
import {
  type AnswerPair,
  addPair,
  type FidelityEvidence,
  lnFidelityEvidence,
  NO_FIDELITY_EVIDENCE,
} from '../../src/judge/pairs/fidelity-evidence.ts';
import { judgeFidelity, LEAST_PAIRS, LN_PROVES, LN_WARNS } from '../../src/judge/pairs/fidelity-verdict.ts';
import { NO_SHARE_EVIDENCE } from '../../src/judge/pairs/share-evidence.ts';
import {
  answerOf,
  caches,
  cools,
  type Distribution,
  drawModels,
  drifted,
  type Gateway,
  hides,
  shifts,
  sometimes,
  swaps,
  type Vocabulary,
} from '../support/answer-model.ts';
import { type Random, seeded } from '../support/random.ts';
import { loopedZTest, oracleGain, permutationTest } from './fidelity-rivals.ts';
import { mostByChance } from './judge/chance.ts';
import { median, type Row } from './row.ts';

interface Cheat {
  readonly name: string;
  readonly vocabulary: Vocabulary;
  /** The median of the pairs to E ≥ 1,000; null: none is promised. */
  readonly limit: number | null;
  /** A new one for each run, where it remembers. */
  readonly gateway: () => Gateway;
}

const CHEATS: readonly Cheat[] = [
  { name: 'another model', vocabulary: 'own words', gateway: () => swaps(1), limit: 60 },
  { name: 'another model', vocabulary: 'shared words', gateway: () => swaps(1), limit: 60 },
  { name: 'another model', vocabulary: 'border', gateway: () => swaps(1), limit: 60 },
  { name: 'another model in 10 %', vocabulary: 'own words', gateway: () => swaps(0.1), limit: 500 },
  { name: 'another model in 10 %', vocabulary: 'border', gateway: () => swaps(0.1), limit: 500 },
  { name: 'another model in 10 %', vocabulary: 'shared words', gateway: () => swaps(0.1), limit: 900 },
  { name: 'another model in 5 %', vocabulary: 'own words', gateway: () => swaps(0.05), limit: 900 },
  { name: 'another model in 5 %', vocabulary: 'border', gateway: () => swaps(0.05), limit: 900 },
  { name: 'another model in 5 %', vocabulary: 'shared words', gateway: () => swaps(0.05), limit: 1_900 },
  { name: 'a shift of 0.2', vocabulary: 'border', gateway: () => shifts(0.2), limit: 400 },
  { name: 'a shift of 0.1', vocabulary: 'border', gateway: () => shifts(0.1), limit: 1_600 },
  { name: 'temperature 0.7', vocabulary: 'shared words', gateway: () => cools(0.7), limit: 1_600 },
  {
    name: 'another model for 6 of 24 hours at 20 pairs an hour',
    vocabulary: 'border',
    gateway: () => sometimes(120, 480),
    limit: null,
  },
  { name: 'a hidden prompt', vocabulary: 'shared words', gateway: () => hides(0.5), limit: null },
  { name: 'a response cache', vocabulary: 'border', gateway: () => caches(), limit: null },
];

const PAIRS = 2_000;
const MOST_PAIRS = 6_000;

export async function benchFidelity(full: boolean): Promise<readonly Row[]> {
  const [equal, runs] = [full ? 10_000 : 400, full ? 400 : 100];
  return [
    ...falseAlarms(equal),
    ...CHEATS.flatMap((cheat) => detection(cheat, runs)),
    ...probabilities(equal, runs),
    ...mistaken(full ? 1_000 : 200),
    ...(await costs()),
  ];
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

function detection({ name, vocabulary, gateway, limit }: Cheat, runs: number): Row[] {
  const most = limit === null ? MOST_PAIRS : 4 * limit;
  const seeds = Array.from({ length: runs }, (_, index) => index + 1);
  const found = seeds.map((seed) => pairsToProof(seed, vocabulary, gateway(), most));
  const ours = median(found.map(({ evidence }) => evidence));
  const row = (what: string, value: number, unit: string, most: number | null = null): Row => ({
    what: `${what}: ${name}, ${vocabulary}`,
    value,
    unit,
    limit: most,
  });
  const tested = seeds.slice(0, PERMUTED).filter((seed) => {
    const { pairs, random } = conversation(seed, vocabulary, gateway(), ours);
    return permutationTest(pairs, random);
  });
  return [
    row('pairs to E ≥ 1,000, median', ours, '', limit),
    row('  the same by a bettor that knows both models', median(found.map(({ oracle }) => oracle)), ''),
    row(
      '  proved by a permutation test after so many',
      (100 * tested.length) / Math.min(PERMUTED, runs),
      ' %',
    ),
  ];
}

const PERMUTED = 50;

function conversation(seed: number, vocabulary: Vocabulary, gateway: Gateway, most: number) {
  const random = seeded(seed);
  const { official, sibling } = drawModels(random, vocabulary);
  const pairs: AnswerPair[] = [];
  for (let pair = 0; pair < most; pair += 1) {
    const prompt = pair % official.length;
    const [ours = new Map(), theirs = new Map()] = [official[prompt], sibling[prompt]];
    pairs.push(ask(prompt, ours, gateway(ours, theirs, random), random));
  }
  return { pairs, random, official, sibling };
}

function pairsToProof(seed: number, vocabulary: Vocabulary, gateway: Gateway, most: number) {
  const { pairs, random, official, sibling } = conversation(seed, vocabulary, gateway, most);
  const usual = official.map((ours, prompt) => meanOf(() => gateway(ours, sibling[prompt] ?? ours, random)));
  let evidence: FidelityEvidence = NO_FIDELITY_EVIDENCE;
  let lnOracle = 0;
  const at = { evidence: most, oracle: most };
  for (const [index, pair] of pairs.entries()) {
    evidence = addPair(evidence, pair);
    const prompt = index % official.length;
    lnOracle += oracleGain(pair, official[prompt] ?? new Map(), usual[prompt] ?? new Map());
    if (lnOracle >= LN_PROVES) at.oracle = Math.min(at.oracle, index + 1);
    if (lnFidelityEvidence(evidence) >= LN_PROVES) at.evidence = Math.min(at.evidence, index + 1);
    if (Math.max(at.oracle, at.evidence) < most) break;
  }
  return at;
}

const DRAWS = 400;

/** What a gateway answers from, over many requests. */
function meanOf(draw: () => Distribution): Distribution {
  const mean = new Map<string, number>();
  for (let each = 0; each < DRAWS; each += 1)
    for (const [answer, share] of draw()) mean.set(answer, (mean.get(answer) ?? 0) + share / DRAWS);
  return mean;
}

function ask(prompt: number, official: Distribution, gateway: Distribution, random: Random) {
  return { prompt: String(prompt), official: answerOf(official, random), gateway: answerOf(gateway, random) };
}

/** Where both arms tell the probabilities of their answers, a little different each time. */
function probabilities(equal: number, runs: number): Row[] {
  const told = (distribution: Distribution, random: Random) =>
    Object.fromEntries(
      [...distribution].map(([answer, share]) => [answer, share * Math.exp(0.05 * (random() - random()))]),
    );
  const pairsTo = (seed: number, gateway: Gateway, most: number) => {
    const random = seeded(seed);
    const { official, sibling } = drawModels(random, 'shared words');
    let evidence: FidelityEvidence = { ...NO_FIDELITY_EVIDENCE, shares: NO_SHARE_EVIDENCE };
    let highest = 0;
    for (let pair = 0; pair < most; pair += 1) {
      const prompt = pair % official.length;
      const [ours = new Map(), theirs = new Map()] = [official[prompt], sibling[prompt]];
      const served = gateway(ours, theirs, random);
      const shares = { official: told(ours, random), gateway: told(served, random) };
      evidence = addPair(evidence, { prompt: String(prompt), official: '', gateway: '', shares });
      highest = Math.max(highest, lnFidelityEvidence(evidence));
      if (highest >= LN_PROVES) return { highest, pairs: pair + 1 };
    }
    return { highest, pairs: most };
  };
  const seeds = (length: number) => Array.from({ length }, (_, index) => index + 1);
  const most = seeds(equal / 4).map((seed) => pairsTo(seed, swaps(0), PAIRS / 4).highest);
  const alarms = (ln: number, share: number): Row => ({
    what: `equal arms that tell probabilities: E ≥ ${Math.round(Math.exp(ln))}`,
    value: most.filter((each) => each >= ln).length,
    unit: ` of ${most.length}`,
    limit: mostByChance(most.length, share),
  });
  const proof = (name: string, gateway: Gateway, limit: number): Row => ({
    what: `pairs to E ≥ 1,000 by probabilities, median: ${name}`,
    value: median(seeds(runs).map((seed) => pairsTo(seed, gateway, 2_000).pairs)),
    unit: '',
    limit,
  });
  return [
    alarms(LN_WARNS, 0.05),
    alarms(LN_PROVES, 0.001),
    proof('another model', swaps(1), 60),
    proof('a shift of 0.02', shifts(0.02), 100),
    proof('temperature 0.7', cools(0.7), 60),
  ];
}

/** How often a gateway that is a third as far off as the sibling, or another model in 70 %, gets the wrong verdict. */
function mistaken(runs: number): Row[] {
  const verdictOf = (seed: number, gateway: Gateway) => {
    const random = seeded(seed);
    const { official, sibling } = drawModels(random, 'border');
    let run = { gateway: NO_FIDELITY_EVIDENCE, control: NO_FIDELITY_EVIDENCE, sibling: NO_FIDELITY_EVIDENCE };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const prompt = pair % official.length;
      const [ours = new Map(), theirs = new Map()] = [official[prompt], sibling[prompt]];
      const asked = ask(prompt, ours, gateway(ours, theirs, random), random);
      const other = { ...asked, gateway: answerOf(theirs, random) };
      const isSettled = pair >= LEAST_PAIRS;
      run = {
        ...run,
        gateway: addPair(run.gateway, asked),
        sibling: isSettled ? run.sibling : addPair(run.sibling, other),
      };
      if (isSettled && pair % 8 === 7 && lnFidelityEvidence(run.gateway) >= LN_PROVES) break;
    }
    return judgeFidelity(run).verdict;
  };
  const row = (what: string, gateway: Gateway, right: string, most: number): Row => ({
    what: `not ${right}: ${what}`,
    value:
      (100 *
        Array.from({ length: runs }, (_, seed) => verdictOf(seed + 1, gateway)).filter(
          (verdict) => verdict !== right,
        ).length) /
      runs,
    unit: ' %',
    limit: most,
  });
  return [
    row('another model', swaps(1), 'other-model', 1),
    row('another model in 70 %', swaps(0.7), 'other-model', 15),
    row('another model in 30 %', swaps(0.3), 'differs', 10),
    row('a shift of 0.25', shifts(0.25), 'differs', 10),
  ];
}

/** Of the command as it is called without options, by the price table. */
async function costs(): Promise<Row[]> {
  const rows = await Promise.all(
    ['gpt-4o-mini', 'gpt-4o'].map(async (name) => {
      const model = { name, gatewayName: name };
      const asked = { model, sibling: siblingOf(model), pairs: 1_500, prices: {}, kept: null };
      const { requests, tokens, cost } = await expectedCost(asked);
      const row = (unit: string, value: number): Row => ({
        what: `a run of 1,500 pairs of ${name}, with the search for questions`,
        value,
        unit,
        limit: null,
      });
      return [row(' requests', requests), row(' tokens', tokens), row(' USD', cost)];
    }),
  );
  return rows.flat();
}
