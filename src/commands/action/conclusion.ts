/** What a run of the Action can come to. */
import type { CheckReport } from '../../check/report.ts';
import type { ChangedLines } from '../../inventory/changed.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Measurement } from '../../measure/measurement.ts';
import { skipCause } from '../../report/check-sentences.ts';
import type { Hosted } from '../app.ts';
import type { NotStarted } from '../exec/child.ts';
import type { Executed } from '../exec/perform.ts';
import type { TestedFidelity } from '../fidelity.ts';
import type { JudgedMeasurements } from '../observe/judged-measurements.ts';
import type { NotObserved } from '../observe/perform.ts';
import type { Upload } from '../observe/upload.ts';
import type { Refused } from '../refusal.ts';
import { excuseForMissingKey, type RunEvent } from './trust.ts';

export type Conclusion =
  | { readonly kind: 'report'; readonly report: CheckReport; readonly code: ScannedCode | null }
  | { readonly kind: 'inventory'; readonly code: ScannedCode }
  | { readonly kind: 'config-valid' }
  | TestedFidelity
  | Executed
  | NotStarted
  | ObservedInJob
  | NotObserved
  | Hosted
  | Skipped
  | Refused;

export interface ScannedCode {
  readonly inventory: Inventory;
  /** The lines that a pull request changes; null where annotations would mark other people's lines. */
  readonly changed: ChangedLines | null;
}

/** The command had nothing to do, or belongs to a pull request whose runs get no key. */
export interface Skipped {
  readonly kind: 'skipped';
  readonly reasonCode: string;
  /** One or two sentences. */
  readonly reason: string;
}

export interface ObservedInJob {
  readonly kind: 'observed-in-job';
  readonly measurement: Measurement;
  /** Remarks on the measurement, for people. */
  readonly notes: readonly string[];
  readonly judged: JudgedMeasurements;
  readonly file: string;
  readonly page: string | null;
  readonly stored: Upload | NotStored;
}

/** The run may not leave a measurement behind: the App accepts only those of trusted runs. */
export interface NotStored {
  readonly kind: 'not-stored';
  readonly message: string;
}

/** The report of a check whose missing key is excused: it sent no request and shows nothing. */
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

/** Models that the gateway does not serve. A model that is served but does not answer right now is not missing. */
export function missingModels(report: CheckReport): string[] {
  const available = report.probes.find(({ id }) => id === 'models.available');
  if (available?.status !== 'fail' && available?.status !== 'warn') return [];
  return report.models
    .filter(({ callable, listed }) => callable === false && listed !== true)
    .map(({ name }) => name);
}

/** A pull request whose runs get no key is excused. */
export function unlessExcused(outcome: Conclusion, event: RunEvent): Conclusion {
  if (outcome.kind !== 'refused' || outcome.reasonCode !== 'missing_key') return outcome;
  const excuse = excuseForMissingKey(event);
  return excuse === null
    ? outcome
    : { kind: 'skipped', reasonCode: excuse, reason: `Skipped: ${skipCause(excuse)}` };
}
