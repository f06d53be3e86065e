/** Prints the demo: chapters, sentences, progress, and the issue as its readers see it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Terminal } from '../../src/commands/terminal.ts';
import { Printer, wrap, wrapped } from '../../src/report/printer.ts';

export interface NarratorOptions {
  /** Pause after each chapter for reading, in milliseconds. */
  readonly pace: number;
  readonly terminal: Terminal;
  /** Writes a line that may be rewritten; null where output goes to a file or a log. */
  readonly live: ((text: string) => void) | null;
}

/** Before each line that GitHub shows. */
const FRAME = '│ ';
/** The least time between two progress lines, in milliseconds. */
const REDRAW = 100;

export class Narrator {
  readonly #options: NarratorOptions;
  readonly #startedAt = performance.now();
  #chapters = 0;
  #drawnAt = 0;
  /** The last two characters that were written. */
  #end = '';

  constructor(options: NarratorOptions) {
    this.#options = options;
  }

  /** For commands that print by themselves. */
  get terminal(): Terminal {
    return { ...this.#options.terminal, stdout: (text) => this.#write(text) };
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  async chapter(title: string): Promise<void> {
    if (this.#chapters > 0) await pause(this.#options.pace);
    this.#chapters += 1;
    this.#print((printer) => {
      printer.gap();
      printer.wrapped(`${this.#chapters}. ${title}`, { style: 'bold' });
      printer.gap();
    });
  }

  /** One paragraph. */
  say(text: string): void {
    this.#print((printer) => printer.wrapped(text));
  }

  /** One paragraph below what GitHub shows. */
  aside(text: string): void {
    this.gap();
    this.say(text);
  }

  /** What a command printed. */
  print(lines: readonly string[]): void {
    if (lines.length > 0) this.#write(`${lines.join('\n')}\n`);
  }

  /** One item a paragraph. */
  list(items: readonly string[]): void {
    this.#print((printer) => {
      for (const item of items) printer.wrapped(`- ${item}`, { hang: 2 });
    });
  }

  /** A person's comment; without a text, what GitHub shows follows. */
  quote(who: string, text = ''): void {
    this.gap();
    this.#print((printer) => {
      printer.line(`${printer.style('cyan', `${who}:`)} ${text}`.trimEnd());
    });
  }

  /** Columns for a line of what GitHub shows. */
  get width(): number {
    return new Printer(this.#options.terminal).width - FRAME.length;
  }

  /** What GitHub shows, behind a bar. */
  show(lines: readonly string[]): void {
    const { width } = this;
    const shown = lines.flatMap((line) => {
      if (line.length < width) return [line];
      return line.startsWith('- ') ? wrapped(line, width).split('\n') : wrap(line, width);
    });
    this.#print((printer) => {
      for (const line of shown) printer.line(`${printer.style('dim', FRAME.trim())} ${line}`.trimEnd());
    });
  }

  /** A blank line, unless the last line is one. */
  gap(): void {
    if (this.#end !== '\n\n') this.#print((printer) => printer.gap());
  }

  /** A line that the next one replaces. Nothing where output isn't live. */
  progress(text: string): void {
    const { live } = this.#options;
    const now = performance.now();
    if (live === null || now - this.#drawnAt < REDRAW) return;
    this.#drawnAt = now;
    live(`\r\u001b[2K${text}`);
  }

  #print(write: (printer: Printer) => void): void {
    const printer = new Printer(this.#options.terminal);
    write(printer);
    this.#write(printer.text());
  }

  #write(text: string): void {
    const { terminal, live } = this.#options;
    live?.('\r\u001b[2K');
    terminal.stdout(text);
    this.#end = `${this.#end}${text}`.slice(-2);
  }
}
