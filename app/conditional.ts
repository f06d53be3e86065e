/**
 * Answers that are asked for again and again: GitHub says "not modified" to those who send the ETag, which costs
 * nothing of the hourly limit.
 */
import { statusOf } from './http-status.ts';

export type ConditionalHeaders = { readonly 'if-none-match'?: string };

export interface Answer<T> {
  readonly etag: string | undefined;
  readonly value: T;
}

/** Values by key, each with the ETag that it came with; the ones that were used least recently are forgotten. */
export class ConditionalAnswers<T> {
  readonly #answers = new Map<string, Answer<T>>();
  readonly #most: number;

  /** @param most values that are kept */
  constructor(most = 5_000) {
    this.#most = most;
  }

  /**
   * @param request asks with these headers; keeps of the answer what will be needed
   * @returns the value, and whether it is another than before
   */
  async ask(
    key: string,
    request: (headers: ConditionalHeaders) => Promise<Answer<T>>,
  ): Promise<{ readonly value: T; readonly changed: boolean }> {
    const known = this.#answers.get(key);
    try {
      const answer = await request(known?.etag === undefined ? {} : { 'if-none-match': known.etag });
      this.#keep(key, answer);
      return { value: answer.value, changed: true };
    } catch (error) {
      if (known === undefined || statusOf(error) !== 304) throw error;
      this.#keep(key, known);
      return { value: known.value, changed: false };
    }
  }

  forget(key: string): void {
    this.#answers.delete(key);
  }

  #keep(key: string, answer: Answer<T>): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#most && oldest !== undefined) this.#answers.delete(oldest);
  }
}
