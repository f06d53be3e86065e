/** The same requests on both arms, pair by pair. */
import type { RequestRecord } from './record.ts';

/** One request: the official attempt, and its copy to the arm that is compared. */
export interface RecordPair {
  readonly official: RequestRecord;
  readonly other: RequestRecord;
}

export interface PairedComparison {
  readonly pairs: number;
  readonly failures: Discordance;
  /** `median` of other ÷ official. */
  readonly latency: Lean;
  readonly timeToFirstToken: Lean;
  /** `median` of other − official. */
  readonly inputTokens: Lean & { readonly differ: number };
  /** `median` of other ÷ official. */
  readonly outputTokens: Lean;
  /** `median` of the official cached share − the other's. */
  readonly lostCache: Lean;
  readonly finishReasonsDiffer: number;
  /** Answers that are empty, that refuse, that are not the JSON asked for, that call tools with wrong arguments. */
  readonly empty: Discordance;
  readonly refused: Discordance;
  readonly invalidJson: Discordance;
  readonly invalidArguments: Discordance;
  /** Of the pairs in which an answer calls tools: in how many the calls are not equal. */
  readonly calls: { readonly told: number; readonly differ: number };
  /** `median` of other ÷ official, in characters; the evidence is for a difference to either side. */
  readonly length: Lean;
  /** What a scorer finds: which answer is better. */
  readonly quality: Discordance;
}

/** Requests to which something happened on one arm alone, and on both. In a tie of the scorer, to both. */
export type Discordance = Lean & Readonly<Record<'onlyOfficial' | 'onlyOther' | 'both', number>>;

/** How far the other arm is off, and the evidence that it is worse than official. Over the pairs that tell it. */
export interface Lean {
  readonly told: number;
  readonly median: number | null;
  readonly log10E: number;
}
