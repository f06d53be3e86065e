import { styleText } from 'node:util';
import type { CheckReport, ModelResult, ProbeResult, ProbeStatus } from '../check/report.ts';
import { plainLine } from './foreign-text.ts';
import { type Outline, outline } from './outline.ts';
import {
  count,
  familyTitle,
  modelRemark,
  nextStep,
  STATUS_WORD,
  skipSentence,
  usageSentence,
  verdictSentence,
} from './sentences.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Width of the terminal in columns; text is wrapped between 40 and 100. */
  readonly columns: number;
}

type Style = Parameters<typeof styleText>[0];

const STATUS_STYLE = { pass: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const satisfies Record<
  ProbeStatus,
  Style
>;
const VERDICT_STYLE = { ready: 'green', 'not-ready': 'red', skipped: 'yellow' } as const;
const MAX_EVIDENCE_LINES = 6;

/**
 * The report for people at a terminal or in a job's log: the first failure with its fix leads, then the other
 * failures, the warnings, and one line for each group that needs no attention. Every mark is also a word.
 */
export function checkOnTerminal(report: CheckReport, options: TerminalOptions): string {
  const print = new Printer(options);
  const view = outline(report);
  leading(print, report, view);
  listed(
    print,
    'Also failed',
    view.failed.filter((probe) => probe !== view.first),
  );
  const apart = (probe: ProbeResult) => !view.comparison.includes(probe);
  listed(print, 'Warnings', view.warned.filter(apart));
  listed(print, 'Notes', view.noted.filter(apart));
  listed(
    print,
    familyTitle('compare'),
    view.comparison.filter(({ status }) => status !== 'fail'),
  );
  models(print, report.models);
  quietLines(print, report, view);
  return print.text();
}

function leading(print: Printer, report: CheckReport, { first }: Outline): void {
  const { baseUrl, profile } = report.gateway;
  print.wrapped(verdictSentence(report), { style: ['bold', VERDICT_STYLE[report.verdict]] });
  if (baseUrl !== '') print.wrapped(`Gateway: ${baseUrl}${profile === null ? '' : ` (${profile})`}`);
  print.gap();
  if (first !== null) {
    probeLines(print, first);
    evidence(print, first);
    if (first.fix !== null) print.gap();
  }
  print.wrapped(`What to do next: ${nextStep(report)}`);
}

function listed(print: Printer, title: string, probes: readonly ProbeResult[]): void {
  if (probes.length === 0) return;
  print.heading(title);
  for (const probe of probes) {
    probeLines(print, probe);
    if (probe.fix !== null) print.wrapped(`→ ${probe.fix}`, { indent: 5 });
  }
}

function probeLines(print: Printer, probe: ProbeResult): void {
  print.marked(probe.status, print.style('bold', plainLine(probe.id, 80)));
  print.wrapped(probe.summary, { indent: 5 });
}

function evidence(print: Printer, probe: ProbeResult): void {
  for (const line of probe.evidence.slice(0, MAX_EVIDENCE_LINES)) print.wrapped(`| ${line}`, { indent: 5 });
  const more = probe.evidence.length - MAX_EVIDENCE_LINES;
  if (more > 0) print.wrapped(`| … ${count(more, 'more line')} in the JSON report`, { indent: 5 });
  if (probe.requestId !== null) print.wrapped(`request id: ${probe.requestId}`, { indent: 5 });
}

function models(print: Printer, all: readonly ModelResult[]): void {
  const remarkable = all.filter(
    (model) => model.status === 'fail' || model.status === 'warn' || modelRemark(model) !== '',
  );
  if (remarkable.length === 0) return;
  print.heading('Models');
  for (const model of remarkable) {
    const alias = model.gatewayName === model.name ? '' : ` → ${plainLine(model.gatewayName, 100)}`;
    print.marked(model.status, `${plainLine(model.name, 100)}${alias}`);
    print.wrapped(modelRemark(model), { indent: 5 });
  }
}

function quietLines(print: Printer, report: CheckReport, { passed, skipped, families }: Outline): void {
  if (report.verdict === 'skipped') return;
  print.gap();
  if (passed.length > 0) {
    const clean = families.filter(({ probes }) => probes.every((probe) => probe.status === 'pass'));
    const where =
      clean.length === 0 ? '' : ` (${clean.map(({ name }) => familyTitle(name).toLowerCase()).join(', ')})`;
    print.wrapped(`Passed: ${count(passed.length, 'probe')}${where}`);
  }
  for (const group of skipped) print.wrapped(skipSentence(group));
  print.wrapped(`Cost of this run: ${usageSentence(report.usage)}`);
}

/** Collects wrapped and styled lines. Text from outside goes through `wrapped`, which makes it one plain paragraph. */
class Printer {
  readonly #lines: string[] = [];
  readonly #color: boolean;
  readonly #width: number;

  constructor({ color, columns }: TerminalOptions) {
    this.#color = color;
    this.#width = Math.max(40, Math.min(100, columns));
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

  /** A status word in a column of its own, then the text. */
  marked(status: ProbeStatus, text: string): void {
    this.line(`${this.style(STATUS_STYLE[status], STATUS_WORD[status].padEnd(4))} ${text}`);
  }

  /** The text as one plain paragraph; the indent counts columns. */
  wrapped(text: string, { indent = 0, style }: { indent?: number; style?: Style } = {}): void {
    if (text === '') return;
    const lines = wrap(plainLine(text, 1000), this.#width - indent);
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
