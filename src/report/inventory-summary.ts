import type { Inventory } from '../inventory/inventory.ts';
import type { Finding } from '../inventory/readiness.ts';
import type { Site } from '../inventory/site.ts';
import { whole } from '../wording/amounts.ts';
import { markdownCode, markdownProse } from '../wording/foreign-text.ts';
import { markdownTable } from '../wording/markdown.ts';
import {
  filesSentence,
  KIND_TITLE,
  placesPhrase,
  readinessSentence,
  siteRemark,
} from './inventory-sentences.ts';

/** Rows of hard-coded settings; the report lists all. */
const MAX_ROWS = 25;
const MAX_PLACES = 5;

const MARKS = { block: '⛔', warn: '⚠️', info: 'ℹ️' } as const satisfies Record<Finding['severity'], string>;

/**
 * The readiness as a Markdown section of a job summary. The same inventory gives the same text.
 * @param hardCoded the inventory's hard-coded settings
 */
export function readinessSection(inventory: Inventory, hardCoded: readonly Site[]): string {
  const { readiness } = inventory;
  const blocked = readiness.findings.some(({ severity }) => severity === 'block');
  const mark = blocked ? '⛔' : readiness.scattered > 0 ? '⚠️' : '✅';
  return `${[
    `### ${mark} Code readiness: ${readiness.score} %`,
    markdownProse(readinessSentence(inventory)),
    ...findingList(readiness.findings),
    ...hardCodedTable(hardCoded),
    ...inUse('Endpoints', inventory.endpoints),
    ...inUse('Features', inventory.features),
    ...inUse('Models', inventory.models),
    markdownProse(filesSentence(inventory.files)),
  ].join('\n\n')}\n`;
}

function findingList(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const items = findings.map(({ severity, message, places }) => {
    const where = places.length === 0 ? '' : `<br>${markdownCode(placesPhrase(places, MAX_PLACES), 400)}`;
    return `- ${MARKS[severity]} ${markdownProse(message)}${where}`;
  });
  return [items.join('\n')];
}

function hardCodedTable(sites: readonly Site[]): string[] {
  if (sites.length === 0) return [];
  const rows = sites
    .slice(0, MAX_ROWS)
    .map((site) => [
      markdownCode(`${site.file}:${site.line}`),
      KIND_TITLE[site.kind],
      markdownCode(site.value),
      siteRemark(site),
    ]);
  const more = sites.length - rows.length;
  const table = markdownTable(['location', 'kind', 'value', ''], 4, rows);
  return [table, ...(more > 0 ? [`… and ${whole(more)} more in the report.`] : [])];
}

function inUse(title: string, values: readonly string[]): string[] {
  return values.length === 0
    ? []
    : [`${title} in use: ${values.map((value) => markdownCode(value)).join(', ')}`];
}
