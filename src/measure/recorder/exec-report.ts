/** The end report of `exec`: what a run of the program on an arm came to. Version 1. */
import type { ErrorClass } from '../../gateway/refusal.ts';
import type { ArmCounts } from '../measurement.ts';
import type { Arm } from '../record.ts';

export interface ExecReport {
  readonly schema: 1;
  readonly command: readonly string[];
  /** The command's own; with both arms, that of the first run that failed. */
  readonly exitCode: number;
  /** The file of records; null where none was asked for. */
  readonly records: string | null;
  /** In the order in which the command ran on them. */
  readonly arms: readonly ArmRun[];
}

/** One run of the command. Times are in milliseconds, costs in US dollars. */
export interface ArmRun {
  readonly arm: Arm;
  readonly baseUrl: string;
  /** Name of the platform's profile, where it is known. */
  readonly profile: string | null;
  readonly exitCode: number;
  readonly durationMs: number;
  /** What the judge counts, too: tasks, attempts, errors, tokens, cost, retries and their cost. */
  readonly counts: Omit<ArmCounts, 'latency' | 'ttft' | 'byKey' | 'byMember' | 'units' | 'byModel'>;
  /** Attempts beyond the first of their task. */
  readonly retries: number;
  /** Of the priced tasks; null without any. */
  readonly costPerTask: number | null;
  /** Of tasks: from the first attempt's start to the last one's end. Null without tasks. */
  readonly latencyMs: Percentiles | null;
  /** Of attempts that streamed: to the first piece of output. */
  readonly ttftMs: Percentiles | null;
  readonly models: readonly ModelUse[];
  readonly endpoints: readonly EndpointUse[];
  /** How many of the answers carried a request id. */
  readonly requestIds: { readonly answers: number; readonly named: number };
  /** How many ids of failed requests stand in the program's own output. */
  readonly loggedIds: { readonly failed: number; readonly logged: number };
  readonly faults: readonly FaultOutcome[];
  /** Faults that hit nothing, because the program sent too few requests. */
  readonly unusedFaults: readonly string[];
  /** The first failures that no fault caused. */
  readonly failures: readonly Failure[];
  readonly turnedAway: { readonly wrongKey: number; readonly elsewhere: number };
}

/** Nearest rank: the smallest value that so many percent of all do not exceed. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ModelUse {
  /** As the request named it; `''` where it named none. */
  readonly model: string;
  /** By the answers' own word; several where answers differ. */
  readonly answeredBy: readonly string[];
  readonly requests: number;
}

export interface EndpointUse {
  readonly endpoint: string;
  readonly requests: number;
  readonly failed: number;
}

/** What the program made of one fault. */
export interface FaultOutcome {
  /** As it was written, e.g. `503@2`. */
  readonly fault: string;
  /** Which request it hit, from 1. */
  readonly request: number;
  readonly status: number;
  /** Why the request failed; null where it did not, as under `slow`. */
  readonly error: ErrorClass | null;
  /** Whether its task succeeded in the end. */
  readonly recovered: boolean;
  /**
   * Where it did not: whether the same request came again as a new task, and succeeded. That is the program's own
   * repetition, or another part of it that asks the same.
   */
  readonly askedAgain: boolean;
  /** Requests of the task from the one that was hit on. */
  readonly requests: number;
  /** From the start of the one that was hit to the end of the task. */
  readonly durationMs: number;
  readonly requestId: string | null;
  /** Whether the program's own output names the request; null where it has no id. */
  readonly logged: boolean | null;
}

export interface Failure {
  readonly request: number;
  readonly endpoint: string;
  readonly status: number;
  readonly error: ErrorClass;
  /** The endpoint's own words, one line. */
  readonly message: string;
  readonly requestId: string | null;
}
