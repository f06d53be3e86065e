/** The final report of `exec`: the results of the program's run on each arm. Version 1. */

import type { Arm } from '../../config/arms.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import type { ArmCounts } from '../measurement.ts';
import type { PairedComparison } from '../pairs.ts';

export interface ExecReport {
  readonly schema: 1;
  readonly command: readonly string[];
  /** The command's exit code; with both arms, that of the first failed run. */
  readonly exitCode: number;
  /** The file of records; null if none was requested. */
  readonly records: string | null;
  /** In the order of the runs. */
  readonly arms: readonly ArmRun[];
  /** How copies of the official arm's requests compare with them; null where none were sent. */
  readonly shadow: ShadowReport | null;
}

export interface ShadowReport {
  /** Requests that would have an effect besides their answer, and were not copied. */
  readonly notCopied: number;
  readonly gateway: PairedComparison;
  /** The official API's answers to some requests, asked twice: the noise. */
  readonly again: PairedComparison;
  /** Pairs of which the scorer gave no verdict, by the reason. */
  readonly unscored: Readonly<Record<string, number>>;
}

/** One run of the command. Times are in milliseconds, costs in US dollars. */
export interface ArmRun {
  readonly arm: Arm;
  readonly baseUrl: string;
  /** Name of the platform's profile; null if unknown. */
  readonly profile: string | null;
  readonly exitCode: number;
  readonly durationMs: number;
  /** Counted as for the judge: tasks, attempts, errors, tokens, cost, retries and their cost. */
  readonly counts: Omit<ArmCounts, 'latency' | 'ttft' | 'byKey' | 'byMember' | 'units' | 'byModel'>;
  /** Attempts after the first of their task. */
  readonly retries: number;
  /** Of the priced tasks; null without any. */
  readonly costPerTask: number | null;
  /** Of tasks: from the first attempt's start to the last one's end. Null without tasks. */
  readonly latencyMs: Percentiles | null;
  /** Of attempts that streamed: to the first piece of output. */
  readonly ttftMs: Percentiles | null;
  readonly models: readonly ModelUse[];
  readonly endpoints: readonly EndpointUse[];
  /** How many of the responses had a request ID. */
  readonly requestIds: { readonly answers: number; readonly named: number };
  /** How many IDs of failed requests the program wrote to its output. */
  readonly loggedIds: { readonly failed: number; readonly logged: number };
  readonly faults: readonly FaultOutcome[];
  /** Faults that were never used, because the program sent too few requests. */
  readonly unusedFaults: readonly string[];
  /** The first failures that were not caused by a fault. */
  readonly failures: readonly RequestFailure[];
  /** Requests with another key than the recorder's, or to an address outside the base URL's path: in no record. */
  readonly turnedAway: { readonly wrongKey: number; readonly elsewhere: number };
}

/** By nearest rank: the smallest value that 50, 90, 95 and 99 % do not exceed. */
export type Percentiles = Readonly<Record<'count' | 'p50' | 'p90' | 'p95' | 'p99', number>>;

export interface ModelUse {
  /** As the request named it; `''` if it named none. */
  readonly model: string;
  /** The models that the responses name. */
  readonly answeredBy: readonly string[];
  readonly requests: number;
}

export interface EndpointUse {
  readonly endpoint: string;
  readonly requests: number;
  readonly failed: number;
}

/** How the program handled one fault. */
export interface FaultOutcome {
  /** As it was written, e.g. `503@2`. */
  readonly fault: string;
  /** Which request it hit, from 1. */
  readonly request: number;
  readonly status: number;
  /** Why the request failed; null if it did not, as under `slow`. */
  readonly error: ErrorClass | null;
  /** Whether its task succeeded in the end. */
  readonly recovered: boolean;
  /**
   * If it did not: whether the same request came again as a new task, and succeeded. Either the program itself repeated
   * it, or another part of the program sends the same request.
   */
  readonly askedAgain: boolean;
  /** How many requests the task made, from the one that was hit. */
  readonly requests: number;
  /** From the start of that request to the end of the task. */
  readonly durationMs: number;
  readonly requestId: string | null;
  /** Whether the program's output contains the request ID; null if there is none. */
  readonly logged: boolean | null;
}

export interface RequestFailure {
  readonly request: number;
  readonly endpoint: string;
  readonly status: number;
  readonly error: ErrorClass;
  /** The endpoint's message, one line. */
  readonly message: string;
  readonly requestId: string | null;
}
