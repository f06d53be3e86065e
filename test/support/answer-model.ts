/**
 * A model as the distribution of its answers to each prompt, and gateways that do not serve it as they should. Seeded, so
 * that a run can be told again.
 */
import type { Random } from './random.ts';

/** By answer; sums to 1. */
export type Distribution = ReadonlyMap<string, number>;

/** What the official model and a cheaper sibling answer to the prompts. */
export interface ModelPair {
  readonly official: readonly Distribution[];
  readonly sibling: readonly Distribution[];
}

const PROMPTS = 8;

/**
 * `border`: the official model is torn between two answers, the sibling is not, and often says a third.
 * `own words`: most of the sibling's answers are ones that the official model never gives. `shared words`: the same
 * answers by other shares.
 */
export type Vocabulary = 'border' | 'own words' | 'shared words';

export function drawModels(random: Random, vocabulary: Vocabulary): ModelPair {
  const prompts = Array.from({ length: PROMPTS }, () => drawPrompt(random, vocabulary));
  return {
    official: prompts.map(([official]) => official),
    sibling: prompts.map(([, sibling]) => sibling),
  };
}

function drawPrompt(random: Random, vocabulary: Vocabulary): readonly [Distribution, Distribution] {
  if (vocabulary === 'border') {
    const torn = 0.35 + 0.3 * random();
    const sure = random() < 0.5 ? 0.3 : 0.1;
    return [shares({ a: torn, b: 1 - torn }), shares({ a: sure, b: 0.4 - sure, c: 0.6 })];
  }
  const own = vocabulary === 'own words' ? ['w0', 'v1', 'v2', 'v3', 'v4'] : WORDS;
  return [skewed(random, WORDS), skewed(random, own)];
}

const WORDS = ['w0', 'w1', 'w2', 'w3', 'w4'];

/** A few answers are common and most are rare, in an order of their own. */
function skewed(random: Random, words: readonly string[]): Distribution {
  return shares(Object.fromEntries(words.map((word) => [word, random() ** 10 + 0.001])));
}

function shares(weights: Readonly<Record<string, number>>): Distribution {
  const sum = Object.values(weights).reduce((total, each) => total + each, 0);
  return new Map(Object.entries(weights).map(([answer, weight]) => [answer, weight / sum]));
}

export function answerOf(distribution: Distribution, random: Random): string {
  let left = random();
  for (const [answer, share] of distribution) {
    left -= share;
    if (left < 0) return answer;
  }
  return [...distribution.keys()].at(-1) ?? '';
}

/** The distribution that a gateway answers a request from. */
export type Gateway = (official: Distribution, sibling: Distribution, random: Random) => Distribution;

/** The sibling answers a part of the requests. */
export const swaps =
  (part: number): Gateway =>
  (official, sibling, random) =>
    random() < part ? sibling : official;

/** As quantising does: a part of the answers moves from the commonest to the next. */
export const shifts =
  (part: number): Gateway =>
  (official) => {
    const [[first, most] = ['', 0], [second, next] = ['', 0]] = [...official].toSorted((a, b) => b[1] - a[1]);
    const moved = Math.min(part, most);
    return new Map([...official, [first, most - moved], [second, next + moved]]);
  };

/** Another model for the last `part` of every `cycle` requests. */
export function sometimes(part: number, cycle: number): Gateway {
  let asked = 0;
  return (official, sibling) => {
    asked += 1;
    return (asked - 1) % cycle < cycle - part ? official : sibling;
  };
}

/** A hidden prompt changes each answer's weight by a factor of its own. @param size of ln(factor) at most */
export function hides(size: number): Gateway {
  const changed = new Map<Distribution, Distribution>();
  return (official, _, random) => {
    const known = changed.get(official);
    if (known !== undefined) return known;
    const factor = () => Math.exp(size * (2 * random() - 1));
    const made = shares(
      Object.fromEntries([...official].map(([answer, share]) => [answer, share * factor()])),
    );
    changed.set(official, made);
    return made;
  };
}

/** Gives its first answer to a prompt again and again. */
export function caches(): Gateway {
  const kept = new Map<Distribution, Distribution>();
  return (official, _, random) => {
    const answer = kept.get(official) ?? new Map([[answerOf(official, random), 1]]);
    kept.set(official, answer);
    return answer;
  };
}

/** @param temperature of which the official API's is 1 */
export const cools =
  (temperature: number): Gateway =>
  (official) =>
    shares(Object.fromEntries([...official].map(([answer, share]) => [answer, share ** (1 / temperature)])));

/** Both arms wander: with each pair a part of the weight of one answer goes to another, and now and then for good. */
export function drifted(distribution: Distribution, random: Random): Distribution {
  const answers = [...distribution.keys()];
  const chosen = answers[Math.floor(random() * answers.length)] ?? '';
  const pull = random() < 0.02 ? 0.9 : 0.03;
  return new Map(
    [...distribution].map(([answer, share]) => [answer, share * (1 - pull) + (answer === chosen ? pull : 0)]),
  );
}
