import type { Feature } from '../config/features.ts';
import type { OwnPrices } from '../gateway/prices.ts';

/** Requests for one feature: what is wrong in 27 % of the answers is then missed in 0.7 % of the checks. */
export const MOST_REPEATS = 16;

export interface ModelInUse {
  /** The name in the code. */
  readonly name: string;
  /** The name on the gateway, after the alias map. */
  readonly gatewayName: string;
}

/** Everything that a check needs to know; made from the config, the inputs and the environment. */
export interface CheckPlan {
  readonly gateway: {
    readonly baseUrl: string;
    /** null: the address is new, so it gets neither a key nor any other secret. */
    readonly apiKey: string | null;
    /** Sent with every request, e.g. a gateway's routing headers; values may be secret. */
    readonly headers: Readonly<Record<string, string>>;
    /** `auto`, or the name of a platform's profile. */
    readonly profile: string;
  };
  /** The arm to compare with; null without its key. */
  readonly official: { readonly baseUrl: string; readonly apiKey: string } | null;
  readonly models: readonly ModelInUse[];
  readonly features: readonly Feature[];
  /** Whether the code uses chat completions; it may use the Responses API instead. Default: yes. */
  readonly usesChat?: boolean;
  /** Feature or model → the sites that use it (`file:line`); a probe names them in its evidence. */
  readonly sites: Readonly<Record<string, readonly string[]>>;
  /** The settings of the team's own client. */
  readonly client: { readonly timeoutMs: number; readonly maxRetries: number };
  /** Probe ids whose warning counts as a failure. */
  readonly require: readonly string[];
  /** Probe id → the reason why its failure is accepted. */
  readonly ignore: Readonly<Record<string, string>>;
  readonly maxCostUsd: number;
  /** How often each feature in use is asked for. */
  readonly repeat: number;
  /** Also the probes that cost more than all others together. */
  readonly thorough: boolean;
  /** Also whether the gateway serves the model that it is asked for. */
  readonly fidelity: boolean;
  /** The gateway's own prices by the gateway's model name. */
  readonly prices: OwnPrices;
  /** Keys that the gateway must refuse; each is optional. */
  readonly keys: { readonly disabled?: string | undefined; readonly empty?: string | undefined };
  /** Probe ids or families to run; null: all. */
  readonly only: readonly string[] | null;
  /** What is said of an address that may not get its key; the gateway is then not ready. */
  readonly newAddress?: { readonly summary: string; readonly fix: string } | null;
  /** What the team's own policy says against the move, with the places in the code; none: nothing. */
  readonly policy?: readonly string[];
}

/** The connection is always tested: without it no other result means anything. */
export function isChosen(id: string, only: CheckPlan['only']): boolean {
  const family = id.split('.')[0] ?? id;
  return only === null || family === 'connection' || only.includes(id) || only.includes(family);
}
