import { type AttemptRecord } from './files.ts';
import { type Gateway } from './request.ts';
export type { AttemptRecord, Gateway };
export interface RolloutOptions {
    readonly gateway: Gateway;
    /**
     * A JSON file that the rollout writes, or a function: a percentage, or an object with the percentages `gateway`,
     * `shadow` (of the official arm's tasks: copied) and `models` (by name, for those that move ahead of `gateway`).
     */
    readonly share: string | (() => unknown);
    /** A JSONL file of this process alone, or a function. */
    readonly records: string | ((record: AttemptRecord) => void);
    /**
     * Whether an attempt that fails before its caller has a byte is repeated at once: from the gateway to `official`, or
     * from `either` arm to the other, unless the gateway's share is 0. Default: `none`.
     */
    readonly fallback?: 'none' | 'official' | 'either';
    /** Part of the hashes of units. Another salt moves other units. */
    readonly salt?: string;
    readonly fetch?: typeof fetch;
    /** Gets each problem with settings, share and records once. Default: a warning of the process. */
    readonly onProblem?: (problem: string) => void;
}
/** @returns a `fetch` that throws what `options.fetch` throws: no problem with a share or a record fails a request */
export declare function rolloutFetch(options: RolloutOptions): typeof fetch;
