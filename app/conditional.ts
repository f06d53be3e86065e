/**
 * Conditional requests: GitHub answers 304 to a request with the current ETag, and such a response doesn't count
 * against the hourly limit.
 */
import { BoundedMap } from './bounded-map.ts';
import { statusOf } from './http-status.ts';

export type ConditionalHeaders = { 'if-none-match'?: string };

/** A response of GitHub's client. */
export interface Answer<Data> {
  readonly headers: { readonly etag?: string | undefined };
  readonly data: Data;
}

/** What was read from responses, by key; the least recently used is dropped. */
export class ConditionalCache<T> {
  readonly #known: BoundedMap<string, { readonly etag: string | undefined; readonly value: T }>;

  constructor(limit = 5_000) {
    this.#known = new BoundedMap(limit);
  }

  /**
   * @param ask sends the request with these headers
   * @param read takes from a new response what is needed later
   * @returns the same object as before where nothing has changed
   */
  async get<Data>(
    key: string,
    ask: (headers: ConditionalHeaders) => Promise<Answer<Data>>,
    read: (data: Data) => T,
  ): Promise<T> {
    let known = this.#known.get(key);
    try {
      const { headers, data } = await ask(known?.etag === undefined ? {} : { 'if-none-match': known.etag });
      known = { etag: headers.etag, value: read(data) };
    } catch (error) {
      if (known === undefined || statusOf(error) !== 304) throw error;
    }
    this.#known.set(key, known);
    return known.value;
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}
