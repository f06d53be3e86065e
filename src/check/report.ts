/** The result of a check: what `check --json` prints and the Action stores. Schema 1. */

/** `fail` makes the verdict `not-ready`, `warn` does not; the summary of a `skip` says why the probe did not run. */
export type ProbeStatus = 'pass' | 'warn' | 'fail' | 'skip';
export type Severity = 'block' | 'warn' | 'info';
export type CheckResult = 'ready' | 'not-ready' | 'skipped';

export interface ProbeResult {
  /** `family.name`, e.g. `stream.shape`. */
  readonly id: string;
  readonly status: ProbeStatus;
  readonly severity: Severity;
  /** One sentence: what was found. */
  readonly summary: string;
  /** The evidence, line by line; empty where the summary is enough. */
  readonly evidence: readonly string[];
  /** What to do next; null when there is nothing to do. */
  readonly fix: string | null;
  readonly durationMs: number;
  /** The ID of the request that decided, for the platform's support. */
  readonly requestId: string | null;
}

export interface ModelResult {
  /** The name in the code. */
  readonly name: string;
  /** The name on the gateway, after the alias map. */
  readonly gatewayName: string;
  /** null: unknown, because there is no list or the probe did not run. */
  readonly listed: boolean | null;
  readonly callable: boolean | null;
  /** The model that the response names. */
  readonly answeredAs: string | null;
  readonly status: ProbeStatus;
  /** The nearest listed name, when this one is missing. */
  readonly suggestion: string | null;
}

export interface CheckUsage {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In USD, by the gateway's own prices, else by official ones; null when a price is unknown. */
  readonly costUsd: number | null;
}

export interface CheckReport {
  readonly schema: 1;
  readonly verdict: CheckResult;
  /** Stable: `all_passed`, `passed_with_warnings`, `no_secrets_on_fork`, `no_secrets_for_dependabot`, `new_address`, `policy`, or the id of the first failing probe. */
  readonly reasonCode: string;
  readonly gateway: {
    readonly baseUrl: string;
    /** The header or field with the request ID; null when there is none. */
    readonly requestIdHeader: string | null;
    /** Name of the recognised platform, or null. */
    readonly profile: string | null;
  };
  /** The parts of the API that were tested beyond plain chat. */
  readonly features: readonly string[];
  readonly probes: readonly ProbeResult[];
  readonly models: readonly ModelResult[];
  readonly usage: CheckUsage;
}
