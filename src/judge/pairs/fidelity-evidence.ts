/**
 * Does the gateway answer as the official API does? The evidence over pairs: the same request to both arms at the same
 * moment.
 *
 * Null hypothesis: for each prompt, at each moment, the two answers of a pair are exchangeable. Given the unordered
 * pair, which arm said which is then a fair coin, however the answers drift or cluster. Each bettor states a
 * probability for one of the two orders from earlier pairs alone, and its money is multiplied by twice the probability
 * of the order that came. Half of the two factors is 1, so each product is a martingale, and so is their weighted mean
 * E. By Ville's inequality E ≥ 1/α comes with probability α at most, whenever it is looked at (testing by betting:
 * Podkopaev, Ramdas 2023; Richter et al., arXiv:2410.19406).
 *
 * An equal pair multiplies nothing and is learnt from all the same. A bettor that learnt from a pair before it bets on
 * it would win against equal arms.
 */
import { z } from 'zod';
import { logSumExp } from '../special.ts';
import { addShares, lnShareEvidence, type Shares, shareEvidenceSchema } from './share-evidence.ts';

/** An answer by a short name: its hash, or its normalised first word. */
export interface AnswerPair {
  readonly prompt: string;
  readonly official: string;
  readonly gateway: string;
  /** The probabilities of the arms' answers, where both tell them. */
  readonly shares?: { readonly official: Shares; readonly gateway: Shares } | null;
}

const count = z.int().min(0);
/** How often something came from each arm. */
const armCounts = z.tuple([count, count]);
type ArmCounts = z.output<typeof armCounts>;
type AnswerCounts = Readonly<Record<string, ArmCounts>>;
const OFFICIAL = 0;
const GATEWAY = 1;

export const fidelityEvidenceSchema = z.object({
  pairs: count,
  /** Pairs whose answers differ. */
  different: count,
  /** Of those, by how many a guesser who knew the earlier pairs alone named the arms rightly; a toss counts half. */
  guessed: z.number().min(0),
  /** By prompt and answer. */
  answers: z.record(z.string(), z.record(z.string(), armCounts)),
  /** By {@link COINS}: which arm gave the answer of that kind. */
  coins: z.array(armCounts),
  /** By {@link BETTORS}: the logarithm of each one's money. */
  lnMoney: z.array(z.number()),
  /** Of a run whose arms tell the probabilities of their answers: then these alone are evidence. */
  shares: shareEvidenceSchema.nullable().default(null),
});
export type FidelityEvidence = z.output<typeof fidelityEvidenceSchema>;

/** The kinds of answers whose arm is learnt over all prompts. */
const COINS = ['unseen, prompt new', 'unseen, prompt known', 'unseen, prompt well known', 'common'];
const COMMON = COINS.indexOf('common');

/** Two different answers to one prompt, `a` from the official arm and `b` from the gateway, and what is known so far. */
interface Bet {
  readonly a: string;
  readonly b: string;
  /** Of the prompt. */
  readonly counts: AnswerCounts;
  /** How often the prompt was asked. */
  readonly asked: number;
  readonly coins: readonly ArmCounts[];
}

/** @returns the probability that this bettor gives to the order that came, above 0 and below 1 */
type Bettor = (bet: Bet) => number;

const BETTORS: readonly { readonly weight: number; readonly chance: Bettor }[] = [
  { weight: 0.2, chance: unseen },
  { weight: 0.07, chance: (bet) => shrunkShares(bet, 16) },
  { weight: 0.35, chance: (bet) => shrunkShares(bet, 64) },
  { weight: 0.33, chance: (bet) => shrunkShares(bet, 128) },
  { weight: 0.05, chance: common },
];
const LN_WEIGHTS = BETTORS.map(({ weight }) => Math.log(weight));

export const NO_FIDELITY_EVIDENCE: FidelityEvidence = {
  pairs: 0,
  different: 0,
  guessed: 0,
  answers: {},
  coins: COINS.map((): ArmCounts => [0, 0]),
  lnMoney: BETTORS.map(() => 0),
  shares: null,
};

/** Bets on the pair by what came before it, and then learns from it. */
export function addPair(evidence: FidelityEvidence, pair: AnswerPair): FidelityEvidence {
  const { prompt, official, gateway } = pair;
  const counts = own(evidence.answers, prompt) ?? {};
  const answers = { ...evidence.answers, [prompt]: withAnswers(counts, pair) };
  const pairs = evidence.pairs + 1;
  if (evidence.shares !== null && pair.shares) {
    const { pull, ...shares } = addShares(evidence.shares, prompt, pair.shares);
    const [different, guessed] = [Number(pull !== 0), Number(pull > 0)];
    return {
      ...evidence,
      pairs,
      different: evidence.different + different,
      guessed: evidence.guessed + guessed,
      shares,
    };
  }
  if (official === gateway) return { ...evidence, pairs, answers };
  const asked = sum(counts, OFFICIAL);
  const bet: Bet = { a: official, b: gateway, counts, asked, coins: evidence.coins };
  const chances = BETTORS.map(({ chance }) => chance(bet));
  return {
    ...evidence,
    pairs,
    different: evidence.different + 1,
    guessed: evidence.guessed + hit(chances, evidence.lnMoney),
    answers,
    coins: tossed(bet),
    lnMoney: evidence.lnMoney.map((money, index) => money + Math.log(2 * (chances[index] ?? 0.5))),
  };
}

/** `ln E`. */
export function lnFidelityEvidence({ lnMoney, shares }: FidelityEvidence): number {
  if (shares !== null) return lnShareEvidence(shares);
  return logSumExp(lnMoney.map((money, index) => money + (LN_WEIGHTS[index] ?? 0)));
}

/** 1 where the richer bettors were right, 0 where they were wrong. */
function hit(chances: readonly number[], lnMoney: readonly number[]): number {
  const lnStakes = lnMoney.map((money, index) => money + (LN_WEIGHTS[index] ?? 0));
  const all = logSumExp(lnStakes);
  const expected = chances.reduce(
    (total, chance, index) => total + chance * Math.exp((lnStakes[index] ?? 0) - all),
    0,
  );
  return Math.abs(expected - 0.5) < 1e-9 ? 0.5 : Number(expected > 0.5);
}

/** What each arm has said so far to this prompt, drawn towards what both together have by `strength` imagined answers. */
function shrunkShares({ a, b, counts, asked }: Bet, strength: number): number {
  const kinds = new Set([...Object.keys(counts), a, b]).size;
  const share = (answer: string, arm: number): number => {
    const both = of(counts, answer, OFFICIAL) + of(counts, answer, GATEWAY);
    const pooled = (both + 1) / (2 * asked + kinds);
    return (of(counts, answer, arm) + strength * pooled) / (asked + strength);
  };
  const came = share(a, OFFICIAL) * share(b, GATEWAY);
  const swapped = share(b, OFFICIAL) * share(a, GATEWAY);
  return came / (came + swapped);
}

/** Where exactly one of the answers is new from the official arm: the learnt chance that it is the gateway's. */
function unseen({ a, b, counts, asked, coins }: Bet): number {
  const [isNewA, isNewB] = [of(counts, a, OFFICIAL) === 0, of(counts, b, OFFICIAL) === 0];
  return isNewA === isNewB ? 0.5 : learnt(coins, stageOf(asked), isNewB);
}

/** The learnt chance that the answer that both arms together gave more often is the gateway's: it sees temperature. */
function common({ a, b, counts, coins }: Bet): number {
  const [ofA, ofB] = [both(counts, a), both(counts, b)];
  return ofA === ofB ? 0.5 : learnt(coins, COMMON, ofB > ofA);
}

function learnt(coins: readonly ArmCounts[], coin: number, isGateways: boolean): number {
  const [official, gateway] = coins[coin] ?? [0, 0];
  return ((isGateways ? gateway : official) + 1) / (official + gateway + 2);
}

/** The coins after the pair. */
function tossed({ a, b, counts, asked, coins }: Bet): ArmCounts[] {
  const [isNewA, isNewB] = [of(counts, a, OFFICIAL) === 0, of(counts, b, OFFICIAL) === 0];
  const [ofA, ofB] = [both(counts, a), both(counts, b)];
  return coins.map((coin, index) => {
    if (index === COMMON) return ofA === ofB ? coin : plusOne(coin, ofB > ofA ? GATEWAY : OFFICIAL);
    const isTossed = isNewA !== isNewB && index === stageOf(asked);
    return isTossed ? plusOne(coin, isNewB ? GATEWAY : OFFICIAL) : coin;
  });
}

/** An answer that is new means more where the prompt was asked often. */
function stageOf(asked: number): 0 | 1 | 2 {
  if (asked < 6) return 0;
  return asked < 20 ? 1 : 2;
}

function withAnswers(counts: AnswerCounts, { official, gateway }: AnswerPair): AnswerCounts {
  const more = { ...counts, [official]: plusOne(countsOf(counts, official), OFFICIAL) };
  return { ...more, [gateway]: plusOne(countsOf(more, gateway), GATEWAY) };
}

function plusOne([official, gateway]: ArmCounts, arm: number): ArmCounts {
  return arm === OFFICIAL ? [official + 1, gateway] : [official, gateway + 1];
}

function countsOf(counts: AnswerCounts, answer: string): ArmCounts {
  return own(counts, answer) ?? [0, 0];
}

/** Names may be those of properties that every object inherits. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function of(counts: AnswerCounts, answer: string, arm: number): number {
  return countsOf(counts, answer)[arm] ?? 0;
}

function both(counts: AnswerCounts, answer: string): number {
  const [official, gateway] = countsOf(counts, answer);
  return official + gateway;
}

function sum(counts: AnswerCounts, arm: number): number {
  return Object.values(counts).reduce((total, each) => total + (each[arm] ?? 0), 0);
}
