/** The result of a check: what `check --json` prints and the Action stores. Schema 1. */

/** `fail` blocks the verdict; `warn` does not; `skip` says why the request was not put. */
export type ProbeStatus = 'pass' | 'warn' | 'fail' | 'skip';
export type Severity = 'block' | 'warn' | 'info';
export type Verdict = 'ready' | 'not-ready' | 'skipped';

export interface ProbeResult {
  /** `family.request`, e.g. `stream.shape`. */
  readonly id: string;
  readonly status: ProbeStatus;
  readonly severity: Severity;
  /** One sentence: what was found. */
  readonly summary: string;
  /** What was seen, line by line; empty where the summary says it all. */
  readonly evidence: readonly string[];
  /** What to do next, or null when there is nothing to do. */
  readonly fix: string | null;
  readonly durationMs: number;
  /** The gateway's name for the request that decided, for the platform's support. */
  readonly requestId: string | null;
}

export interface ModelResult {
  /** As the code names it. */
  readonly name: string;
  /** As the gateway names it, after the alias map. */
  readonly gatewayName: string;
  /** null: the gateway lists nothing, or it was not asked. */
  readonly listed: boolean | null;
  readonly callable: boolean | null;
  /** The model that answered, as the gateway says. */
  readonly answeredAs: string | null;
  readonly status: ProbeStatus;
  /** The nearest listed name, when this one is missing. */
  readonly suggestion: string | null;
}

export interface CheckUsage {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD by the gateway's own prices, else official ones; null when a price is unknown. */
  readonly costUsd: number | null;
}

export interface CheckReport {
  readonly schema: 1;
  readonly verdict: Verdict;
  /** Stable: `all_passed`, `passed_with_warnings`, `no_secrets_on_fork`, `no_secrets_for_dependabot`, or the id of the first failing probe. */
  readonly reasonCode: string;
  readonly gateway: {
    readonly baseUrl: string;
    /** The header or field that names requests; null when none does. */
    readonly requestIdHeader: string | null;
    /** Name of the recognised platform, or null. */
    readonly profile: string | null;
  };
  /** The parts of the API that were probed beyond plain chat. */
  readonly features: readonly string[];
  readonly probes: readonly ProbeResult[];
  readonly models: readonly ModelResult[];
  readonly usage: CheckUsage;
}
