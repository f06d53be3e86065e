/** What the pairs of a run say about the gateway's model, measured against the run's own two controls. */
import type { FidelityVerdict } from '../../measure/measurement.ts';
import { type FidelityEvidence, lnFidelityEvidence } from './fidelity-evidence.ts';
import { gapSize } from './share-evidence.ts';

/** E that warns, and E that proves: false in one run of equal arms in 20, and in 1,000. */
export const LN_WARNS = Math.log(20);
export const LN_PROVES = Math.log(1_000);

/** So many pairs, or nobody can say how far off the gateway and the sibling are: of gateways that are a third as far off, 1 % are then mistaken for another model (`npm run bench -- fidelity`). */
export const LEAST_PAIRS = 160;

/** One process for each comparison of a run; each begins with the official API's first answer. */
export interface FidelityRun {
  readonly gateway: FidelityEvidence;
  /** The official API's second answers. */
  readonly control: FidelityEvidence;
  /** The official API's answers by a cheaper model, until the evidence tells them apart and {@link LEAST_PAIRS} were asked. */
  readonly sibling: FidelityEvidence;
}

/** `log10E`: 3 means odds of 1,000 : 1 against "these answer alike". */
export interface FidelityComparison {
  readonly pairs: number;
  readonly different: number;
  readonly log10E: number;
}

export interface FidelityFinding {
  readonly verdict: FidelityVerdict;
  readonly comparisons: { readonly [Name in keyof FidelityRun]: FidelityComparison };
  /** The official API is distinguished from itself: the cause may also have distinguished the gateway. */
  readonly isControlTold: boolean;
  /** E ≥ 20: worth more pairs. */
  readonly isSuspicious: boolean;
  /** Of the answers that differ, the share of which a guesser names the arm; one half where nothing is known. */
  readonly guessed: number;
  /** The smallest share of the answers that, moved from one answer to another, these pairs would show. */
  readonly smallestShift: number;
}

export function judgeFidelity({ gateway, control, sibling }: FidelityRun): FidelityFinding {
  const isControlTold = lnFidelityEvidence(control) >= LN_PROVES;
  const ln = lnFidelityEvidence(gateway);
  return {
    verdict: verdictOf(),
    comparisons: { gateway: told(gateway), control: told(control), sibling: told(sibling) },
    isControlTold,
    isSuspicious: ln >= LN_WARNS,
    guessed: gateway.different === 0 ? 0.5 : gateway.guessed / gateway.different,
    smallestShift: Math.min(1, Math.sqrt(PAIRS_TO_SHIFT / Math.max(1, gateway.pairs))),
  };

  function verdictOf(): FidelityVerdict {
    if (isControlTold || lnFidelityEvidence(sibling) < LN_PROVES) return 'no-power';
    if (ln < LN_PROVES) return gateway.pairs < LEAST_PAIRS ? 'no-power' : 'indistinguishable';
    return distance(gateway) >= distance(sibling) / 2 ? 'other-model' : 'differs';
  }
}

function told(evidence: FidelityEvidence): FidelityComparison {
  const { pairs, different } = evidence;
  return { pairs, different, log10E: lnFidelityEvidence(evidence) / Math.LN10 };
}

/** A shift δ is proved after about 14 ÷ δ² pairs: `npm run bench -- fidelity`. */
const PAIRS_TO_SHIFT = 14;

/** By how much a guesser beats a coin, over all pairs: 0 for equal arms, 1 where every answer gives its arm away. */
function distance({ pairs, different, guessed, shares }: FidelityEvidence): number {
  if (shares !== null) return gapSize(shares, pairs);
  return pairs === 0 ? 0 : Math.max(0, 2 * guessed - different) / pairs;
}
