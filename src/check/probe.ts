import type { Feature } from '../config/features.ts';
import type { Exchange } from '../gateway/exchange.ts';
import type { Profile } from '../gateway/profiles/profile.ts';
import type { Connection } from './connection.ts';
import type { Meter } from './meter.ts';
import type { CheckPlan, ModelInUse } from './plan.ts';
import type { Severity } from './report.ts';
import type { ProbeRequest } from './requests.ts';

/** What a probe found. A problem weighs what its probe weighs, unless it says otherwise itself. */
export type Finding =
  | {
      readonly kind: 'ok';
      readonly summary: string;
      readonly evidence?: readonly string[];
      readonly requestId?: string | null;
    }
  | {
      readonly kind: 'problem';
      readonly summary: string;
      readonly fix: string;
      readonly evidence?: readonly string[];
      readonly requestId?: string | null;
      readonly severity?: Severity;
    }
  | { readonly kind: 'skip'; readonly summary: string };

/**
 * What must hold before a failure of this probe means anything. Each level includes those before it.
 * A probe is not put at all while the connection is broken; where the key or the model turns out to be
 * refused, its failure is told as a consequence and not as a second problem.
 */
export type Needs = 'nothing' | 'connection' | 'key' | 'model';

export interface Probe {
  readonly id: string;
  readonly severity: Severity;
  readonly needs: Needs;
  /** `review` probes put no requests: they read the answers to everybody else's. */
  readonly phase: 'request' | 'review';
  /** The parts of the API that it asks about; its evidence names where they are used. */
  readonly features?: readonly Feature[];
  /** Why the probe does not concern this plan, or null when it does. */
  readonly skipReason?: (context: ProbeContext) => string | null;
  readonly run: (context: ProbeContext) => Promise<Finding> | Finding;
}

/** A request together with what came back. */
export interface LoggedExchange {
  readonly request: ProbeRequest;
  readonly exchange: Exchange;
}

export interface ProbeContext {
  readonly plan: CheckPlan;
  readonly meter: Meter;
  /** The first chat model in use, on which features are probed; null when only other kinds are used. */
  readonly chatModel: ModelInUse | null;
  readonly embeddingModel: ModelInUse | null;
  readonly connection: Connection;
  readonly profile: Profile | null;
  /** Put a request to the gateway; equal requests are put once. */
  readonly send: (request: ProbeRequest) => Promise<Exchange>;
  /** Read a page of the platform outside the API, e.g. its balance. */
  readonly read: (url: string, withKey: boolean) => Promise<Exchange>;
  /** The same request to the official API; null when its key is not at hand. */
  readonly sendOfficial: ((request: ProbeRequest) => Promise<Exchange>) | null;
  /** Everything asked of the gateway so far. */
  readonly log: readonly LoggedExchange[];
}

export const ok = (
  summary: string,
  more: { evidence?: readonly string[]; requestId?: string | null } = {},
): Finding => ({
  kind: 'ok',
  summary,
  ...more,
});

export const problem = (
  summary: string,
  fix: string,
  more: { evidence?: readonly string[]; requestId?: string | null; severity?: Severity } = {},
): Finding => ({ kind: 'problem', summary, fix, ...more });

export const skip = (summary: string): Finding => ({ kind: 'skip', summary });
