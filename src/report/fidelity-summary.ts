/** What a fidelity run found as Markdown, for the job's summary. */
import type { FidelityReport } from '../check/fidelity/report.ts';
import { fidelityNext, fidelityVerdict } from '../wording/fidelity.ts';
import { markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { bulletList, joined } from '../wording/markdown.ts';
import { fidelityCost, fidelityPrompts, fidelityTable } from './fidelity-sentences.ts';
import { markdownFigures } from './figure-table.ts';

const MARK = { 'other-model': '❌', differs: '⚠️', indistinguishable: '✅', 'no-power': '⚠️' } as const;

export function fidelitySummary(report: FidelityReport): string {
  const prompts = bulletList(fidelityPrompts(report).map((prompt) => markdownText(prompt)));
  const parts = [
    `## ${MARK[report.verdict]} Is it the same model? ${markdownCode(report.model.name, 100)}`,
    `**${markdownProse(fidelityVerdict(report))}**`,
    markdownProse(fidelityNext(report)),
    markdownFigures(fidelityTable(report)),
    markdownText(fidelityCost(report)),
    `<details><summary>What was asked</summary>\n\n${prompts}\n\n</details>`,
  ];
  return `${joined(parts)}\n`;
}
