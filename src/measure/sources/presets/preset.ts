/** What must be known about an exporter's metrics to count requests by them. */
import type { Counter } from '../counters.ts';

/** A histogram of times; the bounds of its buckets are in seconds or milliseconds. */
export interface Timer extends Counter {
  readonly unit: 's' | 'ms';
  /**
   * Whether it includes failed requests. `never`: it does not; `by-label`: the label of the preset's failures marks
   * them; `mixed`: it does, unmarked.
   */
  readonly failures: 'never' | 'by-label' | 'mixed';
}

/** Which requests failed: those of a separate counter, or the requests whose label says so. */
export interface Failures {
  /** null: the counter of requests, marked by `labels`. */
  readonly counter: Counter | null;
  /** Their values give the reason in the exporter's words; the first label marks failures. */
  readonly labels: readonly string[];
  /** The values of the first label that mean a failure. */
  readonly means: RegExp;
  /** A reason of no known class keeps the exporter's name. */
  readonly keepsNames?: boolean;
}

export interface PrometheusPreset {
  readonly name: string;
  /** `tasks`: a call counts once with all its retries; `attempts`: each retry counts. */
  readonly counts: 'tasks' | 'attempts';
  /** Who counts. A gateway never sees its own timeouts, DNS failures and error pages. */
  readonly seenBy: 'client' | 'gateway';
  /** The label whose value names the arm; null: everything is the gateway's. */
  readonly armLabel: string | null;
  readonly requests: Counter;
  readonly failures: Failures | null;
  readonly latency: Timer | null;
  readonly ttft: Timer | null;
  readonly tokens: {
    /** Cached ones included. */
    readonly input: Counter;
    readonly output: Counter;
    readonly cachedInput: Counter | null;
    /** Requests with known tokens; null if the exporter does not count them. */
    readonly known: Counter | null;
  } | null;
  /** US dollars as the exporter priced them. */
  readonly cost: Counter | null;
  /** The labels that name the model, the key and the member; of several, the first one of a series. */
  readonly labels: Readonly<Record<'model' | 'key' | 'member', readonly string[]>>;
}

/** Matches every value: all series of a counter of failures are failures. */
export const ANY_VALUE = /(?:)/;
