import type { ErrorClass, ErrorRule } from '../refusal.ts';

/** What is left on a key or an account. */
export interface Balance {
  /** `null`: unlimited or unknown. */
  readonly remaining: number | null;
  /** ISO code, or `credits` / `quota` where the platform has units of its own. */
  readonly currency: string;
  /** One line for people, e.g. `12.40 USD left, key limit 20.00 USD of which 7.60 used`. */
  readonly summary: string;
}

/** One model on a platform's model hub. Prices in USD per million tokens. */
export interface HubModel {
  readonly id: string;
  readonly contextWindow: number | null;
  readonly capabilities: readonly string[];
  /** A platform may price by group of keys: one entry per group, `''` where there are no groups. */
  readonly prices: readonly {
    readonly group: string;
    readonly input: number | null;
    readonly output: number | null;
  }[];
}

/** Uptime of one model or service, from the platform's status page. */
export interface ServiceStatus {
  readonly name: string;
  readonly model: string | null;
  readonly uptimePercent: number | null;
  readonly ok: boolean | null;
}

/** A page at an address of the platform's own. `read` returns null for an unexpected shape. */
export interface PlatformPage<T> {
  /** Absolute URL for a base URL such as `https://zivv.pro/v1`. */
  readonly url: (baseUrl: string) => string;
  /** Whether the key is sent; false for public pages and for every other host. */
  readonly withKey: boolean;
  readonly read: (json: unknown) => T | null;
}

/** A refusal in the platform's own words; the recorder injects it as a fault. */
export interface RefusalExample {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly class: ErrorClass;
}

/** What is known about a platform. A profile only adds: every probe works without one. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Host names, matched whole or as a suffix after a dot. */
  readonly hosts: readonly string[];
  /** Recognises the platform by a response's headers (lower-case names) and parsed body. */
  readonly recognise: (response: {
    readonly headers: Readonly<Record<string, string>>;
    readonly json: unknown;
  }) => boolean;
  /** Headers that carry its request ID, best first, in lower case. */
  readonly requestIdHeaders: readonly string[];
  readonly errors: readonly ErrorRule[];
  /** What a refusal of its provider looks like, where it is passed on without a word of the gateway's own. */
  readonly providers?: Omit<ErrorRule, 'class'>;
  /** Its own words for the refusals that the recorder can inject. */
  readonly refusals: readonly RefusalExample[];
  /** The model that served a request, by headers of the platform's own, where its bodies repeat the requested name. */
  readonly servedBy?: (headers: Readonly<Record<string, string>>) => string | null;
  readonly balance?: PlatformPage<Balance>;
  /** `ofServedModel`: its prices are those of the model behind a name, unless the operator sets others. */
  readonly hub?: PlatformPage<readonly HubModel[]> & { readonly ofServedModel?: true };
  readonly status?: PlatformPage<readonly ServiceStatus[]>;
  /** Where users manage their keys and their money, and see outages, for the "what to do next" of messages. */
  readonly links?: { readonly keys?: string; readonly billing?: string; readonly status?: string };
}
