/** What a run of the Action can come to. */

import type { CheckReport } from '../../check/report.ts';
import type { ChangedLines } from '../../inventory/changed.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Measurement } from '../../measure/measurement.ts';
import type { Hosted } from '../app.ts';
import type { NotStarted } from '../exec/child.ts';
import type { Executed } from '../exec/perform.ts';
import type { Evidence } from '../observe/evidence.ts';
import type { NothingNew, NotObserved } from '../observe/perform.ts';
import type { Upload } from '../observe/upload.ts';
import type { Refused } from '../refusal.ts';

/** What was seen of the code. */
export interface CodeSeen {
  readonly inventory: Inventory;
  /** The lines that a pull request changes; null where annotations would stand on other people's lines. */
  readonly changed: ChangedLines | null;
}

/** What a run of the Action came to. */
export type Conclusion =
  | { readonly kind: 'report'; readonly report: CheckReport; readonly code: CodeSeen | null }
  | { readonly kind: 'inventory'; readonly code: CodeSeen }
  | { readonly kind: 'config-valid' }
  | Executed
  | NotStarted
  | ExecSkipped
  | ObservedInJob
  | NothingNew
  | NotObserved
  | AppHosted
  | AppSkipped
  | Refused;

/** The command was not run, for a pull request whose runs get no key. */
export interface ExecSkipped {
  readonly kind: 'exec-skipped';
  readonly reasonCode: string;
}

/** The report of a check whose missing key is excused: nothing was asked, nothing is proved. */
export function skippedReport(reasonCode: string, baseUrl: string): CheckReport {
  return {
    schema: 1,
    verdict: 'skipped',
    reasonCode,
    gateway: { baseUrl, requestIdHeader: null, profile: null },
    features: [],
    probes: [],
    models: [],
    usage: { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
  };
}

/** Models that the gateway does not serve. One that is served but does not answer just now is not missing. */
export function missingModels(report: CheckReport): string[] {
  const available = report.probes.find(({ id }) => id === 'models.available');
  if (available?.status !== 'fail' && available?.status !== 'warn') return [];
  return report.models
    .filter(({ callable, listed }) => callable === false && listed !== true)
    .map(({ name }) => name);
}

/** The App has worked; with errors where the log tells of any. */
export interface AppHosted {
  readonly kind: 'app-hosted';
  readonly outcome: Extract<Hosted, { kind: 'hosted' }>;
}

/** Nothing was done, for a pull request whose runs get no key. */
export interface AppSkipped {
  readonly kind: 'app-skipped';
  readonly reasonCode: string;
}

export interface ObservedInJob {
  readonly kind: 'observed-in-job';
  readonly measurement: Measurement;
  /** What people should know of it. */
  readonly notes: readonly string[];
  readonly evidence: Evidence;
  /** All measurements. */
  readonly file: string;
  /** Null where none was asked for. */
  readonly page: string | null;
  readonly stored: Upload | NotStored;
}

/** Only runs that the App would believe may leave a measurement behind. */
export interface NotStored {
  readonly kind: 'not-stored';
  readonly message: string;
}
