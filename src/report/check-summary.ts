import type { CheckReport, ModelResult, ProbeResult, ProbeStatus } from '../check/report.ts';
import { count } from '../wording/amounts.ts';
import { markdownBlock, markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { bulletList, markdownTable } from '../wording/markdown.ts';
import { type Outline, outline, type ProbeFamily } from './check-outline.ts';
import {
  checkResultSentence,
  familyTitle,
  modelRemark,
  nextStep,
  STATUS_WORD,
  usageSentence,
} from './check-sentences.ts';

/** GitHub refuses a step's summary above 1 MiB; what does not fit is only in the report. */
const MAX_BYTES = 512 * 1024;
const MAX_MODELS = 100;
const MAX_PROBES = 100;
const MAX_EVIDENCE_LINES = 12;
const MAX_DETAILS = 10;

const MARKS = { pass: '✅', warn: '⚠️', fail: '❌', skip: '⏭️' } as const;
const VERDICT_MARKS = { ready: '✅', 'not-ready': '❌', skipped: '⏭️' } as const;

/**
 * The report as Markdown for the job summary: verdict, next step, probes by family with the failing ones first, models,
 * comparison, cost. The same report gives the same text. Text from outside is escaped.
 */
export function checkSummary(report: CheckReport): string {
  const view = outline(report);
  const sections = [
    `## ${VERDICT_MARKS[report.verdict]} Gateway check`,
    `**${markdownProse(checkResultSentence(report))}**`,
    ...gatewayLine(report),
    ...whatNext(report, view),
    ...probeTables(view.families),
    ...details(view),
    ...comparison(view.comparison),
    ...modelTable(report.models),
    ...skips(view),
    ...(report.verdict === 'skipped' ? [] : [`Cost of this run: ${usageSentence(report.usage)}.`]),
  ];
  return `${whatFits(sections).join('\n\n')}\n`;
}

/** Drops whole sections: half a table does not render. */
function whatFits(sections: readonly string[]): string[] {
  let bytes = 0;
  const fitting = sections.filter((section) => {
    const size = Buffer.byteLength(section);
    const fits = bytes + size <= MAX_BYTES;
    if (fits) bytes += size;
    return fits;
  });
  const left = sections.length - fitting.length;
  return left === 0
    ? fitting
    : [...fitting, `${count(left, 'section')} omitted because of GitHub's size limit; see the JSON report.`];
}

function gatewayLine(report: CheckReport): string[] {
  const { baseUrl, profile, requestIdHeader } = report.gateway;
  if (baseUrl === '') return [];
  const known = profile === null ? '' : ` (${markdownText(profile, 60)})`;
  const ids = requestIdHeader === null ? '' : ` · request ID header: ${markdownCode(requestIdHeader, 80)}`;
  return [`Gateway: ${markdownCode(baseUrl)}${known}${ids}`];
}

function whatNext(report: CheckReport, { first }: Outline): string[] {
  const about = first === null ? '' : `${markdownCode(first.id)}: ${markdownText(first.summary)}<br>`;
  return [`### What to do next\n\n${about}${proseOf(report.reasonCode)(nextStep(report))}`];
}

function probeTables(families: readonly ProbeFamily[]): string[] {
  if (families.length === 0) return [];
  const all = families.flatMap(({ name, probes }) =>
    probes.map((probe, index) => ({
      probe,
      title: index === 0 ? `**${markdownText(familyTitle(name), 60)}**` : '',
    })),
  );
  const rows = all
    .slice(0, MAX_PROBES)
    .map(({ probe, title }) => [title, mark(probe.status), markdownCode(probe.id), found(probe)]);
  const more = all.length - rows.length;
  const left = more > 0 ? [['', '', `… and ${more} more`, 'see the report']] : [];
  const head = ['', '', 'Probe', 'Result'];
  return [`### Probes\n\n${markdownTable(head, head.length, [...rows, ...left])}`];
}

const mark = (status: ProbeStatus): string => `${MARKS[status]} ${STATUS_WORD[status]}`;

function found(probe: ProbeResult): string {
  const fix =
    probe.status === 'pass' || probe.fix === null ? '' : `<br>→ ${proseOf(probe.id)(probe.fix, 600)}`;
  return `${markdownText(probe.summary, 300)}${fix}`;
}

/** The evidence of failures and warnings that have evidence or a request ID. */
function details({ failed, warned }: Outline): string[] {
  const shown = [...failed, ...warned].filter(
    (probe) => probe.evidence.length > 0 || probe.requestId !== null,
  );
  return shown.slice(0, MAX_DETAILS).map((probe) => {
    const lines = probe.evidence.slice(0, MAX_EVIDENCE_LINES);
    if (probe.evidence.length > lines.length)
      lines.push(`… and ${probe.evidence.length - lines.length} more lines`);
    if (probe.requestId !== null) lines.push(`request ID: ${probe.requestId}`);
    return `<details><summary>Evidence of ${markdownCode(probe.id)}</summary>\n\n${markdownBlock(lines)}\n\n</details>`;
  });
}

function comparison(probes: readonly ProbeResult[]): string[] {
  if (probes.length === 0) return [];
  const lines = probes.map((probe) => `${mark(probe.status)} ${markdownCode(probe.id)}: ${found(probe)}`);
  return [`### ${familyTitle('compare')}\n\n${bulletList(lines)}`];
}

function modelTable(models: readonly ModelResult[]): string[] {
  if (models.length === 0) return [];
  const rows = models
    .slice(0, MAX_MODELS)
    .map((model) => [
      mark(model.status),
      markdownCode(model.name, 100),
      markdownCode(model.gatewayName, 100),
      yesNo(model.listed),
      yesNo(model.callable),
      markdownText(modelRemark(model), 200),
    ]);
  const more = models.length - rows.length;
  const left = more > 0 ? [['', `… and ${more} more`, 'see the report', '', '', '']] : [];
  const head = ['', 'In the code', 'On the gateway', 'Listed', 'Responds', ''];
  return [`### Models\n\n${markdownTable(head, head.length, [...rows, ...left])}`];
}

const yesNo = (value: boolean | null): string => (value === null ? '–' : value ? 'yes' : 'no');

function skips({ skipped }: Outline): string[] {
  if (skipped.length === 0) return [];
  const total = skipped.reduce((sum, group) => sum + group.ids.length, 0);
  const lines = skipped.slice(0, MAX_PROBES).map(({ reason, ids }) => {
    const shown = ids.slice(0, MAX_PROBES).map((id) => markdownCode(id, 80));
    return `${shown.join(', ')}: ${markdownText(reason)}`;
  });
  return [
    `<details><summary>${count(total, 'probe')} skipped</summary>\n\n${bulletList(lines)}\n\n</details>`,
  ];
}

/** Nobody should follow a link to an address that nobody with authority named. */
const proseOf = (id: string) => (id === 'new_address' ? markdownText : markdownProse);
