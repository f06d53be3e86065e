import type { CheckReport, ModelResult, ProbeResult, ProbeStatus } from '../check/report.ts';
import { count } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { type Outline, outline } from './check-outline.ts';
import {
  checkResultSentence,
  familyTitle,
  familyWords,
  modelRemark,
  nextStep,
  STATUS_WORD,
  skipSentence,
  usageSentence,
} from './check-sentences.ts';
import { Printer, type PrinterOptions, type Style } from './printer.ts';

const STATUS_STYLE = { pass: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const satisfies Record<
  ProbeStatus,
  Style
>;
const VERDICT_STYLE = { ready: 'green', 'not-ready': 'red', skipped: 'yellow' } as const;
const MAX_EVIDENCE_LINES = 6;

/**
 * The report for a terminal or a job's log: the first failure with its fix, the other failures, the warnings, and one
 * line for each group that needs no attention. Every status is also a word.
 */
export function checkOnTerminal(report: CheckReport, options: PrinterOptions): string {
  const print = new Printer(options);
  const view = outline(report);
  leading(print, report, view);
  const others = view.failed.filter((probe) => probe !== view.first);
  listed(print, 'Also failed', others);
  const apart = (probe: ProbeResult) => !view.comparison.includes(probe);
  listed(print, 'Warnings', view.warned.filter(apart));
  listed(print, 'Notes', view.noted.filter(apart));
  const compared = view.comparison.filter(({ status }) => status !== 'fail');
  listed(print, familyTitle('compare'), compared);
  models(print, report.models);
  quietLines(print, report, view);
  return print.text();
}

function leading(print: Printer, report: CheckReport, { first }: Outline): void {
  const { baseUrl, profile } = report.gateway;
  print.wrapped(checkResultSentence(report), { style: ['bold', VERDICT_STYLE[report.verdict]] });
  if (baseUrl !== '') print.wrapped(`Gateway: ${baseUrl}${profile === null ? '' : ` (${profile})`}`);
  print.gap();
  if (first !== null) {
    probeLines(print, first);
    evidence(print, first);
    if (first.fix !== null) print.gap();
  }
  print.wrapped(`Next: ${nextStep(report)}`);
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
  marked(print, probe.status, print.style('bold', plainLine(probe.id, 80)));
  print.wrapped(probe.summary, { indent: 5 });
}

function evidence(print: Printer, probe: ProbeResult): void {
  for (const line of probe.evidence.slice(0, MAX_EVIDENCE_LINES)) print.wrapped(`| ${line}`, { indent: 5 });
  const more = probe.evidence.length - MAX_EVIDENCE_LINES;
  if (more > 0) print.wrapped(`| … ${count(more, 'more line')} in the JSON report`, { indent: 5 });
  if (probe.requestId !== null) print.wrapped(`request ID: ${probe.requestId}`, { indent: 5 });
}

function models(print: Printer, all: readonly ModelResult[]): void {
  const remarkable = all.filter(
    (model) => model.status === 'fail' || model.status === 'warn' || modelRemark(model) !== '',
  );
  if (remarkable.length === 0) return;
  print.heading('Models');
  for (const model of remarkable) {
    const alias = model.gatewayName === model.name ? '' : ` → ${plainLine(model.gatewayName, 100)}`;
    marked(print, model.status, `${plainLine(model.name, 100)}${alias}`);
    print.wrapped(modelRemark(model), { indent: 5 });
  }
}

function quietLines(print: Printer, report: CheckReport, { passed, skipped, families }: Outline): void {
  if (report.verdict === 'skipped') return;
  print.gap();
  if (passed.length > 0) {
    const clean = families.filter(({ probes }) => probes.every((probe) => probe.status === 'pass'));
    const where = clean.length === 0 ? '' : ` (${clean.map(({ name }) => familyWords(name)).join(', ')})`;
    print.wrapped(`Passed: ${count(passed.length, 'probe')}${where}`);
  }
  for (const group of skipped) print.wrapped(skipSentence(group));
  print.wrapped(`Cost of this run: ${usageSentence(report.usage)}`);
}

/** A status word in a column of its own, then the text. */
function marked(print: Printer, status: ProbeStatus, text: string): void {
  print.line(`${print.style(STATUS_STYLE[status], STATUS_WORD[status].padEnd(4))} ${text}`);
}
