/** What the judge says of one metric. */
import type { MetricName } from '../config/metrics.ts';
import type { LimitKind } from './claims.ts';
import { HEALTH_PROBLEMS } from './health.ts';
import { GAPS } from './method.ts';

/**
 * `pass`: proven within the limit. `fail`: proven beyond it. `inconclusive`: neither yet. `no-data`: nothing to
 * judge by. `error`: what there is cannot be trusted. Nothing passes for lack of data.
 */
export const VERDICT_KINDS = ['pass', 'fail', 'inconclusive', 'no-data', 'error'] as const;
export type VerdictKind = (typeof VERDICT_KINDS)[number];

export const VERDICT_REASONS = [
  ...HEALTH_PROBLEMS,
  ...GAPS,
  /** More tasks are needed. */
  'undecided',
  /** The split is sticky, and no unit is recorded: independent tasks cannot be assumed. */
  'no_units',
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

/** A value of one arm with what the evidence leaves possible, in the unit of the metric. */
export interface Estimate {
  readonly value: number | null;
  /** Null while nothing can be said, or where that side is open. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface LimitVerdict {
  readonly kind: LimitKind | 'frozen';
  /** As the config writes it: percent, ratio, milliseconds, US dollars or tokens. */
  readonly limit: number;
  readonly verdict: VerdictKind;
  /** Compared with what the official arm was before: it can hold or pause, and not roll back. */
  readonly historical: boolean;
  readonly onFailure: 'rollback' | 'pause';
  /** The official arm is beyond the limit as well: it is not the gateway. */
  readonly officialToo: boolean;
  /** The level that a failure of this limit had to reach. */
  readonly alphaOfFail: number;
  /** A failure that shows in the last hours alone began at least so many hours after the stage. */
  readonly sinceHour: number | null;
}

export interface MetricVerdict {
  readonly verdict: VerdictKind;
  readonly reasonCode: VerdictReason | null;
  readonly guard: boolean;
  /** Whether the stage needs its pass: no guard, and no default metric that the source does not tell. */
  readonly needed: boolean;
  /** What it is about; a rollout does not advance by itself without failures and latency. */
  readonly about: 'failure' | 'latency' | 'cost' | 'retry' | 'content';
  /** Of `official` and `gateway`: percent, milliseconds, US dollars, tokens, or a plain ratio. */
  readonly unit: 'share' | 'duration' | 'usd' | 'tokens' | 'ratio';
  readonly official: Estimate | null;
  readonly gateway: Estimate | null;
  /** The limits of the config by their names there, and those that the judge froze. */
  readonly limit: { readonly [Kind in LimitKind | 'frozen']?: number };
  readonly limits: readonly LimitVerdict[];
  /** For `inconclusive`: what a pass still needs at the present rates; null where it would never come. */
  readonly stillNeeded: StillNeeded | null;
}

export interface StillNeeded {
  /** Tasks on the gateway. */
  readonly tasks: number;
  /** Milliseconds at the present traffic. */
  readonly time: number;
}

export type Verdicts = { readonly [Name in MetricName]?: MetricVerdict };
