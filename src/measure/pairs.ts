/** The same requests on both arms, pair by pair. */
import type { RequestRecord } from './record.ts';

/** One request: the official attempt, and its copy to the arm that is compared. */
export interface RecordPair {
  readonly official: RequestRecord;
  readonly other: RequestRecord;
}

export interface PairedComparison {
  readonly pairs: number;
  /** Requests that failed on one arm alone, and on both. */
  readonly failures: Lean & Readonly<Record<'onlyOfficial' | 'onlyOther' | 'both', number>>;
  /** `median` of other ÷ official. */
  readonly latency: Lean;
  readonly timeToFirstToken: Lean;
  /** `median` of other − official. */
  readonly inputTokens: Lean & { readonly differ: number };
  /** `median` of other ÷ official. */
  readonly outputTokens: Lean;
  /** `median` of the official cached share − the other's. */
  readonly lostCache: Lean;
  /** Pairs that ended for different reasons. */
  readonly finishReasonsDiffer: number;
}

/** How far the other arm is off, and the evidence that it is worse than official. Over the pairs that tell it. */
export interface Lean {
  readonly told: number;
  readonly median: number | null;
  readonly log10E: number;
}
