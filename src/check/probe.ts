import type { Feature } from '../config/features.ts';
import type { Exchange } from '../gateway/exchange.ts';
import type { Profile } from '../gateway/profiles/profile.ts';
import type { SdkOutcome, sdkChat } from '../gateway/sdk.ts';
import type { Connection } from './connection.ts';
import type { FidelityReport } from './fidelity/report.ts';
import type { CheckPlan, ModelInUse } from './plan.ts';
import type { Severity } from './report.ts';
import type { ProbeRequest } from './requests.ts';

/** What a finding is based on. */
interface Basis {
  readonly evidence?: readonly string[];
  readonly requestId?: string | null;
}

/** What a probe found. A problem has the severity of its probe, unless it sets its own. */
export type ProbeFinding =
  | (Basis & { readonly kind: 'ok'; readonly summary: string })
  | Problem
  | { readonly kind: 'skip'; readonly summary: string };

export interface Problem extends Basis {
  readonly kind: 'problem';
  readonly summary: string;
  readonly fix: string;
  readonly severity?: Severity;
}

/**
 * What must work before a failure of this probe means anything. Each level includes those before it.
 * A probe does not run while the connection is broken. Where the key or the model is refused, its failure is reported
 * as a consequence and not as a second problem.
 */
export type Needs = 'nothing' | 'connection' | 'key' | 'model';

export interface Probe {
  readonly id: string;
  readonly severity: Severity;
  readonly needs: Needs;
  /** A review sends nothing: it reads the responses to all other probes, and runs last. */
  readonly isReview?: true;
  /** It may spend what the others leave of the budget, so it runs after them. */
  readonly isLast?: true;
  /** It can be asked without the gateway's key. */
  readonly isKeyless?: true;
  /** The parts of the API that it tests; its evidence names where they are used. */
  readonly features?: readonly Feature[];
  /** Why the probe does not apply to this plan, or null when it does. */
  readonly skipReason?: (context: ProbeContext) => string | null;
  readonly run: (context: ProbeContext) => Promise<ProbeFinding> | ProbeFinding;
}

/** A request and its outcome. */
export interface LoggedExchange {
  readonly request: ProbeRequest;
  readonly exchange: Exchange;
  /** The attempt before it failed, and might have been luckier. */
  readonly isRetry: boolean;
}

export interface ProbeContext {
  readonly plan: CheckPlan;
  /** The first chat model in use, on which features are tested; null when there is none. */
  readonly chatModel: ModelInUse | null;
  readonly embeddingModel: ModelInUse | null;
  readonly connection: Connection;
  readonly profile: Profile | null;
  /** The platform's profile, once a request to a model has been answered; null for an unknown platform. */
  readonly platform: () => Promise<Profile | null>;
  /** Sends a request to the gateway, a chat completion to the endpoint that the code uses; equal ones once. */
  readonly send: (request: ProbeRequest) => Promise<Exchange>;
  /** Calls through the official client, with the team's own timeout and retries, in the form that the request has. */
  readonly sdk: (request: ProbeRequest, call: typeof sdkChat) => Promise<SdkOutcome>;
  /** Reads a page of the platform outside the API, e.g. its balance. */
  readonly read: (url: string, withKey: boolean) => Promise<Exchange>;
  /** Sends the same request to the official API; null without its key. */
  readonly sendOfficial: ((request: ProbeRequest) => Promise<Exchange>) | null;
  /** Asks both arms the same at the same moment; null without the official key. */
  readonly fidelity: (model: ModelInUse) => Promise<FidelityReport | null>;
  /** All requests to the gateway so far. */
  readonly log: readonly LoggedExchange[];
}

export const ok = (summary: string, basis: Basis = {}): ProbeFinding => ({ kind: 'ok', summary, ...basis });

export const problem = (
  summary: string,
  fix: string,
  more: Basis & { severity?: Severity } = {},
): Problem => ({ kind: 'problem', summary, fix, ...more });

export const skip = (summary: string): ProbeFinding => ({ kind: 'skip', summary });
