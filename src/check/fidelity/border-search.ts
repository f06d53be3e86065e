/** Finds border inputs on the official arm alone: a gateway has no say in what it will be asked. */
import type { Answerer } from './answerer.ts';
import { borderCandidates, type FidelityPrompt } from './prompts.ts';

/** Few, since what each arm says is learnt for each of them. */
const WANTED = 8;
/** With fewer of them a run would hang on one or two prompts. */
const ENOUGH = 5;
const AT_ONCE = 8;
const FIRST_TRIES = 3;
const MORE_TRIES = 7;
/** The rarer answer's share of the tries, at least. */
const TORN = 0.2;

/** @returns the most torn prompts, the best first; none where too few were found @throws BudgetSpent */
export async function findBorderInputs(
  official: Answerer,
  random: () => number,
): Promise<readonly FidelityPrompt[]> {
  const found: { readonly prompt: FidelityPrompt; readonly rarer: number }[] = [];
  const candidates = borderCandidates(random);
  while (found.length < WANTED) {
    const group = Array.from({ length: AT_ONCE }, () => candidates.next().value).filter(
      (each) => each !== undefined,
    );
    if (group.length === 0) break;
    for (const tried of await Promise.all(group.map((prompt) => tryOut(official, prompt)))) {
      if (tried.rarer >= TORN) found.push(tried);
    }
  }
  if (found.length < ENOUGH) return [];
  return found
    .toSorted((a, b) => b.rarer - a.rarer)
    .slice(0, WANTED)
    .map(({ prompt }) => prompt);
}

async function tryOut(official: Answerer, prompt: FidelityPrompt) {
  const names = await askOften(official, prompt, FIRST_TRIES);
  if (new Set(names).size < 2) return { prompt, rarer: 0 };
  names.push(...(await askOften(official, prompt, MORE_TRIES)));
  const most = Math.max(...names.map((name) => names.filter((each) => each === name).length));
  return { prompt, rarer: 1 - most / names.length };
}

async function askOften(official: Answerer, prompt: FidelityPrompt, times: number): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: times }, () => official(prompt)));
  return answers.flatMap((answer) => answer?.name ?? []);
}
