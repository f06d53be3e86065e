import { styleText } from 'node:util';
import { plainLine } from '../wording/foreign-text.ts';

export type Style = Parameters<typeof styleText>[0];

export interface PrinterOptions {
  readonly color: boolean;
  /** Width of the terminal; used between 40 and 100. */
  readonly columns: number;
}

/** Collects wrapped and styled lines. Text from outside goes through `wrapped`, which makes it one plain paragraph. */
export class Printer {
  readonly #lines: string[] = [];
  readonly #color: boolean;
  /** Columns to write in. */
  readonly width: number;

  constructor({ color, columns }: PrinterOptions) {
    this.#color = color;
    this.width = Math.max(40, Math.min(100, columns));
  }

  style(style: Style, text: string): string {
    return this.#color ? styleText(style, text, { validateStream: false }) : text;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  gap(): void {
    this.#lines.push('');
  }

  heading(title: string): void {
    this.gap();
    this.line(this.style('underline', title));
  }

  /** The text as one plain paragraph; the indent counts columns. */
  wrapped(text: string, { indent = 0, style }: { indent?: number; style?: Style } = {}): void {
    if (text === '') return;
    const lines = wrap(plainLine(text, 1000), this.width - indent);
    this.#lines.push(
      ...lines.map((line) => ' '.repeat(indent) + (style === undefined ? line : this.style(style, line))),
    );
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** Break a line at spaces; a word longer than the width (a URL) stays whole, so that it can be copied. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
