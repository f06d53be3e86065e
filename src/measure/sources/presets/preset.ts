/** What has to be known of an exporter's metrics to count requests by them. */
import type { Counter } from '../counters.ts';

/** The bounds of a histogram's buckets are in seconds or milliseconds. */
export interface Timer extends Counter {
  readonly unit: 's' | 'ms';
  /**
   * Whether failed requests are in it. `never`: they are not; `by-label`: the label of the preset's failures tells
   * them apart; `mixed`: they cannot be told apart.
   */
  readonly failures: 'never' | 'by-label' | 'mixed';
}

/** Which requests failed: those of a counter of their own, or those of the requests whose label says so. */
export interface Failures {
  /** null: the counter of requests, told apart by `label`. */
  readonly counter: Counter | null;
  /** Their values say why, in the exporter's words; the first one tells failures apart. */
  readonly labels: readonly string[];
  /** The values of the first label that mean a failure. */
  readonly means: RegExp;
}

export interface PrometheusPreset {
  readonly name: string;
  /** `tasks`: one count covers a call with all its retries; `attempts`: each retry is counted. */
  readonly counts: 'tasks' | 'attempts';
  /** Who counts. A gateway never sees its own time-outs, DNS failures and error pages. */
  readonly seenBy: 'client' | 'gateway';
  /** The label whose value tells the arms apart; null: everything is the gateway's. */
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
    /** Requests whose tokens were counted; null where the exporter does not say. */
    readonly known: Counter | null;
  } | null;
  /** US dollars as the exporter priced them. */
  readonly cost: Counter | null;
  /** The labels that name the model, the key and the member; of several, the first that a series carries. */
  readonly labels: {
    readonly model: readonly string[];
    readonly key: readonly string[];
    readonly member: readonly string[];
  };
}
