import { styleText } from 'node:util';
import { plainLine } from '../wording/foreign-text.ts';

export type Style = Parameters<typeof styleText>[0];

export interface PrinterOptions {
  readonly color: boolean;
  /** Width of the terminal; used between 40 and 100. */
  readonly columns: number;
}

/** Narrower terminals are treated as this wide. */
const LEAST_COLUMNS = 40;
/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
const CONTINUATION = '  ';

/** Collects wrapped and styled lines. Text from outside goes through `wrapped`, which makes it one plain paragraph. */
export class Printer {
  readonly #lines: string[] = [];
  readonly #color: boolean;
  /** Columns to write in. */
  readonly width: number;

  constructor({ color, columns }: PrinterOptions) {
    this.#color = color;
    this.width = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, columns));
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

  /** The text as one plain paragraph. Indents are in columns; `hang` is added to the indent of all lines but the first. */
  wrapped(
    text: string,
    { indent = 0, hang = 0, style }: { indent?: number; hang?: number; style?: Style } = {},
  ): void {
    if (text === '') return;
    const lines = wrap(plainLine(text, 1000), this.width - indent - hang);
    this.#lines.push(
      ...lines.map(
        (line, at) =>
          ' '.repeat(indent + (at === 0 ? 0 : hang)) + (style === undefined ? line : this.style(style, line)),
      ),
    );
  }

  /** Preformatted lines, after a gap. */
  block(lines: readonly string[]): void {
    this.gap();
    this.#lines.push(...lines);
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** Wraps lines to a number of columns and indents continuation lines. Existing line breaks stay. */
export function wrapped(text: string, columns: number): string {
  const width = Math.max(LEAST_COLUMNS, columns);
  const lines = text.split('\n').map((line) => {
    if (columnsOf(line) <= width) return line;
    const [first = '', ...rest] = wrap(line.trim(), width - CONTINUATION.length);
    return [first, ...rest].join(`\n${CONTINUATION}`);
  });
  return lines.join('\n');
}

/** Breaks a line at spaces. A word longer than the width (a URL) stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Emoji take two columns. */
const columnsOf = (text: string): number => text.replace(/\p{Emoji_Presentation}/gu, '  ').length;
