import type { Hazard } from '../inventory/hazards.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Site, SiteKind } from '../inventory/site.ts';
import { count, whole } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { grouped } from './grouped.ts';
import {
  filesSentence,
  HAZARD_TITLE,
  KIND_TITLE,
  placesPhrase,
  readinessSentence,
  SEVERITY_WORD,
  siteRemark,
} from './inventory-sentences.ts';
import { Printer, type PrinterOptions } from './printer.ts';

export interface InventoryTerminalOptions extends PrinterOptions {
  /** How to move a hard-coded setting out of the code; null if there is no suggestion. */
  readonly suggest: (site: Site) => string | null;
}

/** Rows per kind; `--json` lists all. */
const MAX_ROWS = 30;

const SETTINGS: readonly SiteKind[] = ['base_url', 'api_key', 'model', 'client_setting'];
const USES: readonly SiteKind[] = ['endpoint', 'feature'];

/** The inventory for a terminal: readiness, the product's settings by kind and file, uses, hazards, findings. */
export function inventoryOnTerminal(inventory: Inventory, options: InventoryTerminalOptions): string {
  const print = new Printer(options);
  const sites = inventory.sites.filter(({ scope }) => scope === 'code');
  const ofKind = (kind: SiteKind): Site[] => sites.filter((site) => site.kind === kind);
  print.wrapped(readinessSentence(inventory), { style: 'bold' });
  print.wrapped(filesSentence(inventory.files), { style: 'dim' });
  for (const kind of SETTINGS) settings(print, KIND_TITLE[kind], ofKind(kind), options.suggest);
  for (const kind of USES) uses(print, KIND_TITLE[kind], ofKind(kind));
  const inCode = inventory.hazards.filter(({ scope }) => scope === 'code');
  hazards(print, inCode);
  findings(print, inventory);
  const elsewhere = inventory.sites.length - sites.length;
  if (elsewhere > 0) {
    print.gap();
    const rest = `Documentation and tests: ${count(elsewhere, 'more site')}, not counted. --json lists all.`;
    print.wrapped(rest, { style: 'dim' });
  }
  return print.text();
}

function settings(
  print: Printer,
  title: string,
  sites: readonly Site[],
  suggest: (site: Site) => string | null,
): void {
  if (sites.length === 0) return;
  print.heading(title);
  const shown = sites.slice(0, MAX_ROWS);
  const longest = Math.max(...shown.map((site) => locationOf(site).length));
  const width = Math.min(Math.floor(print.width / 2), longest);
  for (const site of shown) {
    const remark = siteRemark(site);
    const words = plainLine(`${site.value}${remark === '' ? '' : `  ${remark}`}`, 300);
    row(print, locationOf(site), width, site.hardCoded ? print.style('yellow', words) : words, words.length);
    const suggestion = suggest(site);
    if (suggestion !== null) print.wrapped(`→ ${suggestion}`, { indent: 6 });
  }
  moreRows(print, sites.length);
}

/** Location and value side by side, or one below the other if the terminal is too narrow. */
function row(print: Printer, location: string, width: number, words: string, length: number): void {
  if (location.length <= width && 2 + width + 2 + length <= print.width)
    print.line(`  ${location.padEnd(width)}  ${words}`);
  else {
    print.line(`  ${location}`);
    print.line(`      ${words}`);
  }
}

/** Each value, and where it is used. */
function uses(print: Printer, title: string, sites: readonly Site[]): void {
  if (sites.length === 0) return;
  print.heading(title);
  for (const [value, places] of grouped(sites, (site) => site.value)) {
    print.wrapped(`${value}: ${placesPhrase(places, 3)}`, { indent: 2 });
  }
}

function hazards(print: Printer, found: readonly Hazard[]): void {
  if (found.length === 0) return;
  print.heading('Hazards');
  for (const [kind, same] of grouped(found, (hazard) => hazard.kind)) {
    print.wrapped(`${HAZARD_TITLE[kind]}: ${placesPhrase(same, 3)}`, { indent: 2 });
    print.wrapped(same[0]?.message ?? '', { indent: 6, style: 'dim' });
  }
}

function findings(print: Printer, { readiness }: Inventory): void {
  const shown = readiness.findings.filter(({ reasonCode }) => !reasonCode.startsWith('hazard.'));
  if (shown.length === 0) return;
  print.heading('Findings');
  for (const { severity, message, places } of shown) {
    const where = places.length === 0 ? '' : ` (${placesPhrase(places, 3)})`;
    print.wrapped(`${SEVERITY_WORD[severity]} ${message}${where}`, { indent: 2 });
  }
}

function moreRows(print: Printer, all: number): void {
  if (all > MAX_ROWS) print.wrapped(`… and ${whole(all - MAX_ROWS)} more; --json lists all.`, { indent: 2 });
}

const locationOf = ({ file, line }: Site): string => `${plainLine(file, 300)}:${line}`;
