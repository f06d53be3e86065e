/** Passes an answer on, and reads what a record holds about it: model, tokens and end, never its content. */
import type { AttemptRecord } from './files.ts';
/**
 * @param started by `performance.now()`
 * @param peek whether to wait for the first byte
 * @param onEnd gets fields of the record, once
 * @returns the same response, read as its caller takes it, and how it is known to have failed: `refused` by what it was
 *   asked, or `broken`
 * @throws where the first byte does not come
 */
export declare function readAlong(given: Response, started: number, signal: AbortSignal | null | undefined, peek: boolean, onEnd: (facts: AttemptRecord) => void): Promise<{
    readonly response: Response;
    readonly failure: "broken" | "refused" | null;
}>;
