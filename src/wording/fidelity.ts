/** What a fidelity run found, in a sentence or two, wherever a person reads it. */
import type { FidelityFinding } from '../judge/pairs/fidelity-verdict.ts';
import { count, percent, whole } from './amounts.ts';

export interface FidelityOutcome extends FidelityFinding {
  readonly model: { readonly name: string };
  readonly sibling: string;
  readonly endedBy: 'pairs' | 'budget';
  /** Most of the gateway's answers came from a cache: they say nothing about its model. */
  readonly isCached: boolean;
}

/** Two digits: more would promise too much. */
const about = (share: number): string => percent(Number((100 * share).toPrecision(2)));

export function fidelityVerdict(report: FidelityOutcome): string {
  const { verdict, sibling, guessed, smallestShift, comparisons } = report;
  const { name } = report.model;
  const given = `of the answers that differ, ${about(guessed)} give the gateway away (50 % = the same)`;
  switch (verdict) {
    case 'other-model':
      return `The gateway serves a different model than ${name}: ${given}.`;
    case 'differs':
      return `The gateway does not answer as the official ${name} does, but nearer to it than ${sibling}: ${given}.`;
    case 'indistinguishable':
      return `No difference from the official ${name} in ${count(comparisons.gateway.pairs, 'pair')}; ${sibling} was distinguished in ${whole(comparisons.sibling.pairs)}.`;
    case 'no-power':
      return `Nothing can be said of ${name}: these pairs would not have shown another model. A shift of ${about(smallestShift)} of the answers is the least that so many pairs show.`;
  }
}

/** What to do next, or what the verdict leaves open. */
export function fidelityNext(report: FidelityOutcome): string {
  const { verdict, isControlTold, isCached, endedBy, sibling, smallestShift } = report;
  if (isCached)
    return 'The gateway answers from a cache, also where each request is another one. Turn the cache off for this key.';
  if (isControlTold)
    return 'The official API was distinguished from itself, so something else than the model changes the answers. Run it again later.';
  switch (verdict) {
    case 'other-model':
      return 'Ask the gateway which model serves this name, and do not move before it does.';
    case 'differs':
      return 'Ask the gateway about quantised weights, hidden prompts, snapshots and other hosts. The same weights elsewhere may differ and be fine.';
    case 'indistinguishable':
      return `A shift of ${about(smallestShift)} of the answers would have shown. A smaller one, or a gateway that knows these questions, would not.`;
    case 'no-power':
      return `The official API could not be distinguished from ${sibling}. Allow ${endedBy === 'budget' ? 'a higher cost' : 'more pairs'}, or choose another sibling.`;
  }
}
