/** Whether a program's output contains the IDs of failed requests, which are needed to trace them. */
import { StringDecoder } from 'node:string_decoder';

/** How much of the earlier output is searched when an ID becomes known. */
const KEPT_CHARACTERS = 64 * 1024;

/** Only the first failures are searched for. */
const MOST_IDS = 1_000;

/** One of the program's output streams. */
export type OutputName = 'stdout' | 'stderr';

/** Searches a program's output for request IDs as it arrives. */
export class IdWatch {
  readonly #missing = new Set<string>();
  readonly #found = new Set<string>();
  readonly #kept: Record<OutputName, string> = { stdout: '', stderr: '' };
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  #longest = 0;

  /** Adds the ID of a failed request. */
  expect(id: string): void {
    if (this.#missing.size + this.#found.size >= MOST_IDS || this.#found.has(id)) return;
    this.#longest = Math.max(this.#longest, id.length);
    const { stdout, stderr } = this.#kept;
    (stdout.includes(id) || stderr.includes(id) ? this.#found : this.#missing).add(id);
  }

  /** Searches new output of the program. */
  scan(stream: OutputName, bytes: Buffer): void {
    const text = this.#decoders[stream].write(bytes);
    // An ID may be split across two pieces.
    const searched = this.#kept[stream].slice(-this.#longest) + text;
    for (const id of this.#missing) {
      if (!searched.includes(id)) continue;
      this.#missing.delete(id);
      this.#found.add(id);
    }
    this.#kept[stream] = (this.#kept[stream] + text).slice(-KEPT_CHARACTERS);
  }

  has(id: string): boolean {
    return this.#found.has(id);
  }
}
