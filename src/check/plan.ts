import type { Feature } from '../config/features.ts';
import type { OwnPrices } from '../gateway/prices.ts';

export interface ModelInUse {
  /** As the code names it. */
  readonly name: string;
  /** As the gateway names it, after the alias map. */
  readonly gatewayName: string;
}

/** All that a check needs to know; made from the config, the inputs and the environment. */
export interface CheckPlan {
  readonly gateway: {
    readonly baseUrl: string;
    readonly apiKey: string;
    /** Sent with every request, e.g. a gateway's routing headers; values may be secret. */
    readonly headers: Readonly<Record<string, string>>;
    /** `auto`, or the name of a platform's profile. */
    readonly profile: string;
  };
  /** The arm to compare with; null where its key is not at hand. */
  readonly official: { readonly baseUrl: string; readonly apiKey: string } | null;
  readonly models: readonly ModelInUse[];
  readonly features: readonly Feature[];
  /** Feature or model → where the code uses it (`file:line`); a probe names the sites that need it. */
  readonly sites: Readonly<Record<string, readonly string[]>>;
  /** What the team's own client uses. */
  readonly client: { readonly timeoutMs: number; readonly maxRetries: number };
  /** Probe ids whose warning counts as a failure. */
  readonly require: readonly string[];
  /** Probe id → the reason why its failure is only a note. */
  readonly ignore: Readonly<Record<string, string>>;
  readonly maxCostUsd: number;
  /** The gateway's own prices by the gateway's model name. */
  readonly prices: OwnPrices;
  /** Keys that must be refused; each is optional. */
  readonly keys: { readonly disabled?: string | undefined; readonly empty?: string | undefined };
  /** Probe ids or families to put; null: all. */
  readonly only: readonly string[] | null;
}
