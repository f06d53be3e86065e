import type { ErrorClass, ErrorRule } from '../refusal.ts';

/** What is left on a key or an account. */
export interface Balance {
  /** `null`: unlimited or not told. */
  readonly remaining: number | null;
  /** ISO code, or `credits` / `quota` where the platform counts in units of its own. */
  readonly currency: string;
  /** One line for people, e.g. `12.40 USD left, key limit 20.00 USD of which 7.60 used`. */
  readonly summary: string;
}

/** What a platform's model hub says of one model. Prices in USD per million tokens. */
export interface HubModel {
  readonly id: string;
  readonly contextWindow: number | null;
  readonly capabilities: readonly string[];
  /** A platform may price by group of keys; one entry per group, `''` where there is none. */
  readonly prices: readonly {
    readonly group: string;
    readonly input: number | null;
    readonly output: number | null;
    readonly cachedInput: number | null;
  }[];
}

/** Uptime of one model or service as the platform's status page tells it. */
export interface ServiceStatus {
  readonly name: string;
  readonly model: string | null;
  readonly uptimePercent: number | null;
  readonly ok: boolean | null;
}

/** A question that a platform answers at an address of its own. `read` returns null for an unexpected shape. */
export interface PlatformPage<T> {
  /** Absolute URL for a base URL such as `https://zivv.pro/v1`. */
  readonly url: (baseUrl: string) => string;
  /** Whether the key is sent along; false for public pages and for every other host. */
  readonly withKey: boolean;
  readonly read: (json: unknown) => T | null;
}

/** A refusal as the platform words it; also what a recorder injects as a fault. */
export interface RefusalExample {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly class: ErrorClass;
}

/** What is known of a platform. A profile only adds: every probe works without one. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Host names, matched whole or as a suffix after a dot. */
  readonly hosts: readonly string[];
  /** Recognise the platform by an answer's headers (lower-case names) and parsed body. */
  readonly recognise: (answer: {
    readonly headers: Readonly<Record<string, string>>;
    readonly json: unknown;
  }) => boolean;
  /** Headers that carry its request id, best first, in lower case. */
  readonly requestIdHeaders: readonly string[];
  readonly errors: readonly ErrorRule[];
  /** Its own words for the refusals that teams meet; several where versions differ. */
  readonly refusals: readonly RefusalExample[];
  readonly balance?: PlatformPage<Balance>;
  readonly hub?: PlatformPage<readonly HubModel[]>;
  readonly status?: PlatformPage<readonly ServiceStatus[]>;
  /** Which source of measurement reads its usage, see the design's sources. */
  readonly usageSource?: 'openai' | 'litellm' | 'new-api' | 'openrouter';
  /** Where to read on, for the "what to do next" of messages. */
  readonly docs: {
    readonly keys?: string;
    readonly balance?: string;
    readonly models?: string;
    readonly errors?: string;
  };
}
