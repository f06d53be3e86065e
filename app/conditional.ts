/**
 * Conditional requests: GitHub answers 304 to a request with the current ETag, and such a response doesn't count
 * against the hourly limit.
 */
import { BoundedMap } from './bounded-map.ts';
import { statusOf } from './http-status.ts';

export type ConditionalHeaders = { readonly 'if-none-match'?: string };

/** A value with the ETag of the response that it was read from. */
export interface Tagged<T> {
  readonly etag: string | undefined;
  readonly value: T;
}

/** Values by key, each with its ETag; the least recently used ones are dropped. */
export class ConditionalCache<T> {
  readonly #values: BoundedMap<string, Tagged<T>>;

  constructor(limit = 5_000) {
    this.#values = new BoundedMap(limit);
  }

  /**
   * @param request sends the request with these headers, and returns the part of the response that is needed later
   * @returns the value, and whether GitHub sent a new one
   */
  async get(
    key: string,
    request: (headers: ConditionalHeaders) => Promise<Tagged<T>>,
  ): Promise<{ readonly value: T; readonly changed: boolean }> {
    const known = this.#values.get(key);
    try {
      const fetched = await request(known?.etag === undefined ? {} : { 'if-none-match': known.etag });
      this.#values.set(key, fetched);
      return { value: fetched.value, changed: true };
    } catch (error) {
      if (known === undefined || statusOf(error) !== 304) throw error;
      this.#values.set(key, known);
      return { value: known.value, changed: false };
    }
  }

  forget(key: string): void {
    this.#values.delete(key);
  }
}
