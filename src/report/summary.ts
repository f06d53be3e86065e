import type { CheckReport, ModelResult, ProbeResult } from '../check/report.ts';
import { count } from '../wording/amounts.ts';
import { markdownBlock, markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { type Family, type Outline, outline } from './outline.ts';
import {
  familyTitle,
  modelRemark,
  nextStep,
  STATUS_WORD,
  usageSentence,
  verdictSentence,
} from './sentences.ts';

/** GitHub refuses a step's summary above 1 MiB; what does not fit here is left to the report. */
const MAX_BYTES = 512 * 1024;
const MAX_MODELS = 100;
const MAX_PROBES = 100;
const MAX_EVIDENCE_LINES = 12;
const MAX_DETAILS = 10;

const MARKS = { pass: '✅', warn: '⚠️', fail: '❌', skip: '⏭️' } as const;
const VERDICT_MARKS = { ready: '✅', 'not-ready': '❌', skipped: '⏭️' } as const;

/**
 * The report as Markdown for the job's summary: verdict, next step, probes by family with the failing ones first,
 * models, comparison, cost. The same report gives the same text. Foreign text renders as itself.
 */
export function checkSummary(report: CheckReport): string {
  const view = outline(report);
  const sections = [
    `## ${VERDICT_MARKS[report.verdict]} Gateway check`,
    `**${markdownProse(verdictSentence(report))}**`,
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

/** How the summary of each command of the Action is headed, and what a refusal means. */
const COMMANDS = {
  check: { title: 'Gateway check', refused: 'The check did not run; the gateway was not asked.' },
  inventory: { title: 'Gateway rollout', refused: 'The code was not looked at.' },
  config: { title: 'Gateway rollout', refused: 'The config is not valid.' },
  exec: { title: 'Requests of the command', refused: 'The command did not run; nothing was asked.' },
  observe: {
    title: 'Measurements',
    refused: 'Nothing was stored; the next measurement begins where this one would have.',
  },
  app: { title: 'Gateway rollout', refused: 'The App did nothing.' },
} as const;

/**
 * The summary of a command that did not take place because the call, the config or the checkout was refused, or
 * because a source failed.
 * @param problems sentences that say what happened and what to do next
 */
export function refusalSummary(
  problems: readonly string[],
  command: keyof typeof COMMANDS = 'check',
): string {
  const { title, refused } = COMMANDS[command];
  const shown = problems.slice(0, MAX_PROBES).map((problem) => `- ${markdownText(problem, 1000)}`);
  const more = problems.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n');
  return `## ❌ ${title}\n\n**${refused}**\n\n${list}\n`;
}

/** The summary of a command that had nothing to do, and why. */
export function skippedSummary(command: keyof typeof COMMANDS, reason: string): string {
  return `## ⏭️ ${COMMANDS[command].title}\n\n${markdownText(reason, 1000)}\n`;
}

/** Sections are dropped as a whole: half a table would be no table. */
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
    : [...fitting, `${count(left, 'section')} left out for their length; see the JSON report.`];
}

function gatewayLine(report: CheckReport): string[] {
  const { baseUrl, profile, requestIdHeader } = report.gateway;
  if (baseUrl === '') return [];
  const known = profile === null ? '' : ` (${markdownText(profile, 60)})`;
  const ids = requestIdHeader === null ? '' : ` · requests are named by ${markdownCode(requestIdHeader, 80)}`;
  return [`Gateway: ${markdownCode(baseUrl)}${known}${ids}`];
}

function whatNext(report: CheckReport, { first }: Outline): string[] {
  const about = first === null ? '' : `${markdownCode(first.id)}: ${markdownText(first.summary)}<br>`;
  return [`### What to do next\n\n${about}${markdownProse(nextStep(report))}`];
}

function probeTables(families: readonly Family[]): string[] {
  if (families.length === 0) return [];
  const all = families.flatMap(({ name, probes }) =>
    probes.map((probe, index) => ({
      probe,
      title: index === 0 ? `**${markdownText(familyTitle(name), 60)}**` : '',
    })),
  );
  const rows = all.slice(0, MAX_PROBES).map(({ probe, title }) => {
    const status = `${MARKS[probe.status]} ${STATUS_WORD[probe.status]}`;
    return `| ${title} | ${status} | ${markdownCode(probe.id)} | ${found(probe)} |`;
  });
  const more = all.length - rows.length;
  return [
    [
      '### Probes',
      '',
      '| | | Probe | What was found |',
      '| :-- | :-- | :-- | :-- |',
      ...rows,
      ...(more > 0 ? [`| | | … and ${more} more | in the report |`] : []),
    ].join('\n'),
  ];
}

function found(probe: ProbeResult): string {
  const fix = probe.status === 'pass' || probe.fix === null ? '' : `<br>→ ${markdownProse(probe.fix, 600)}`;
  return `${markdownText(probe.summary, 300)}${fix}`;
}

/** What was seen, for the failures and warnings that bring evidence or a request id. */
function details({ failed, warned }: Outline): string[] {
  const telling = [...failed, ...warned].filter(
    (probe) => probe.evidence.length > 0 || probe.requestId !== null,
  );
  return telling.slice(0, MAX_DETAILS).map((probe) => {
    const lines = probe.evidence.slice(0, MAX_EVIDENCE_LINES);
    if (probe.evidence.length > lines.length)
      lines.push(`… and ${probe.evidence.length - lines.length} more lines`);
    if (probe.requestId !== null) lines.push(`request id: ${probe.requestId}`);
    return `<details><summary>What ${markdownCode(probe.id)} saw</summary>\n\n${markdownBlock(lines)}\n\n</details>`;
  });
}

function comparison(probes: readonly ProbeResult[]): string[] {
  if (probes.length === 0) return [];
  const lines = probes.map(
    (probe) =>
      `- ${MARKS[probe.status]} ${STATUS_WORD[probe.status]} ${markdownCode(probe.id)}: ${found(probe)}`,
  );
  return [`### ${familyTitle('compare')}\n\n${lines.join('\n')}`];
}

function modelTable(models: readonly ModelResult[]): string[] {
  if (models.length === 0) return [];
  const rows = models.slice(0, MAX_MODELS).map((model) => {
    const cells = [
      `${MARKS[model.status]} ${STATUS_WORD[model.status]}`,
      markdownCode(model.name, 100),
      markdownCode(model.gatewayName, 100),
      yesNo(model.listed),
      yesNo(model.callable),
      markdownText(modelRemark(model), 200),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const more = models.length - rows.length;
  return [
    [
      '### Models',
      '',
      '| | In the code | At the gateway | Listed | Answers | |',
      '| :-- | :-- | :-- | :-- | :-- | :-- |',
      ...rows,
      ...(more > 0 ? [`| | … and ${more} more | in the report | | | |`] : []),
    ].join('\n'),
  ];
}

const yesNo = (value: boolean | null): string => (value === null ? '–' : value ? 'yes' : 'no');

function skips({ skipped }: Outline): string[] {
  if (skipped.length === 0) return [];
  const total = skipped.reduce((sum, group) => sum + group.ids.length, 0);
  const lines = skipped.slice(0, MAX_PROBES).map(({ reason, ids }) => {
    const named = ids.slice(0, MAX_PROBES).map((id) => markdownCode(id, 80));
    return `- ${named.join(', ')}: ${markdownText(reason)}`;
  });
  return [
    `<details><summary>${count(total, 'probe')} skipped</summary>\n\n${lines.join('\n')}\n\n</details>`,
  ];
}
