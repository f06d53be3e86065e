/** What people would write instead of the evidence over pairs, and what nobody can: a bettor that knows both models. */
import type { AnswerPair } from '../../src/judge/pairs/fidelity-evidence.ts';
import type { Distribution } from '../support/answer-model.ts';
import type { Random } from '../support/random.ts';

/** Whether the commonest answer to a prompt has the same share on both arms, looked at after every 20 pairs. */
export function loopedZTest(): (pair: AnswerPair) => boolean {
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

const PERMUTATIONS = 999;

/**
 * One look at the end: the maximum mean discrepancy of the arms with a Hamming kernel (1 where prompt and answer are equal),
 * against that of arms whose answers were swapped by chance (after Gao, Liang, Guestrin, arXiv:2410.20247).
 * @returns whether it proves a difference at a level of 0.1 %, of what an evidence of 1,000 proves at any look
 */
export function permutationTest(pairs: readonly AnswerPair[], random: Random): boolean {
  const names = new Map<string, number>();
  const indexOf = (prompt: string, answer: string) => {
    const name = `${prompt} ${answer}`;
    const index = names.get(name) ?? names.size;
    names.set(name, index);
    return index;
  };
  const cells = pairs.map(({ prompt, official, gateway }) => [
    indexOf(prompt, official),
    indexOf(prompt, gateway),
  ]);
  const discrepancy = (isSwapped: () => boolean) => {
    const gaps = new Int32Array(names.size);
    for (const [official = 0, gateway = 0] of cells) {
      const sign = isSwapped() ? -1 : 1;
      gaps[official] = (gaps[official] ?? 0) - sign;
      gaps[gateway] = (gaps[gateway] ?? 0) + sign;
    }
    return gaps.reduce((sum, gap) => sum + gap * gap, 0);
  };
  const observed = discrepancy(() => false);
  for (let permutation = 0; permutation < PERMUTATIONS; permutation += 1)
    if (discrepancy(() => random() < 0.5) >= observed) return false;
  return true;
}

/** `ln` of twice the probability of the order that came, for somebody who knows both distributions. */
export function oracleGain(
  { official, gateway }: AnswerPair,
  ours: Distribution,
  theirs: Distribution,
): number {
  const chance = (a: string, b: string) => (ours.get(a) ?? 0) * (theirs.get(b) ?? 0);
  const [came, swapped] = [chance(official, gateway), chance(gateway, official)];
  return official === gateway ? 0 : Math.log((2 * came) / (came + swapped));
}
