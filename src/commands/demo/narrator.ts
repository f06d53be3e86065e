/** What the demo says: chapters, sentences, progress, and the issue as its readers see it. */
import { setTimeout as pause } from 'node:timers/promises';
import { Printer } from '../../report/printer.ts';
import type { Terminal } from '../check.ts';

export interface NarratorOptions {
  /** Milliseconds after each chapter in which a person can read it. */
  readonly pace: number;
  readonly terminal: Terminal;
  /** A line that may be rewritten; null where output goes to a file or a log. */
  readonly live: ((text: string) => void) | null;
}

/** Live progress comes at most so often, in milliseconds. */
const REDRAW = 100;

export class Narrator {
  readonly #options: NarratorOptions;
  readonly #startedAt = performance.now();
  #chapters = 0;
  #drawnAt = 0;

  constructor(options: NarratorOptions) {
    this.#options = options;
  }

  get terminal(): Terminal {
    return this.#options.terminal;
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  async chapter(title: string): Promise<void> {
    if (this.#chapters > 0) await pause(this.#options.pace);
    this.#chapters += 1;
    this.#print((printer) => {
      printer.gap();
      printer.line(printer.style('bold', `${this.#chapters}. ${title}`));
      printer.gap();
    });
  }

  /** One paragraph. */
  say(text: string): void {
    this.#print((printer) => printer.wrapped(text));
  }

  /** Somebody's comment. */
  quote(who: string, text: string): void {
    this.#print((printer) => {
      printer.gap();
      printer.line(`${printer.style('cyan', `${who}:`)} ${text}`);
    });
  }

  /** What GitHub shows, indented; each line stays one. */
  show(lines: readonly string[]): void {
    this.#print((printer) => {
      for (const line of lines) printer.line(`${printer.style('dim', '│')} ${line}`.trimEnd());
    });
  }

  /** A line that the next one replaces; silent where nobody watches. */
  progress(text: string): void {
    const { live } = this.#options;
    const now = performance.now();
    if (live === null || now - this.#drawnAt < REDRAW) return;
    this.#drawnAt = now;
    live(`\r\u001b[2K${text}`);
  }

  #print(write: (printer: Printer) => void): void {
    const { terminal, live } = this.#options;
    const printer = new Printer(terminal);
    write(printer);
    live?.('\r\u001b[2K');
    terminal.stdout(printer.text());
  }
}
