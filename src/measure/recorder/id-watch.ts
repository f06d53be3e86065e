/** Whether a program's own output names the requests that failed: without their ids nobody can ask for them. */
import { StringDecoder } from 'node:string_decoder';

/** Of what was written already, so much is searched for an id that becomes known a moment later. */
const KEPT_CHARACTERS = 64 * 1024;

/** Of more failures than these, the first say enough. */
const MOST_IDS = 1_000;

/** One of the program's output streams. */
export type OutputName = 'stdout' | 'stderr';

/** Searches a program's output for request ids while it streams by. */
export class IdWatch {
  readonly #missing = new Set<string>();
  readonly #found = new Set<string>();
  readonly #kept: Record<OutputName, string> = { stdout: '', stderr: '' };
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  #longest = 0;

  /** The id of a request that failed. */
  expect(id: string): void {
    if (this.#missing.size + this.#found.size >= MOST_IDS || this.#found.has(id)) return;
    this.#longest = Math.max(this.#longest, id.length);
    const { stdout, stderr } = this.#kept;
    (stdout.includes(id) || stderr.includes(id) ? this.#found : this.#missing).add(id);
  }

  /** The program has written. */
  scan(stream: OutputName, bytes: Buffer): void {
    const text = this.#decoders[stream].write(bytes);
    // An id may lie across two pieces.
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

  /** How many of the expected ids were written, e.g. 3 of 4. */
  get counts(): { readonly expected: number; readonly found: number } {
    return { expected: this.#missing.size + this.#found.size, found: this.#found.size };
  }
}
