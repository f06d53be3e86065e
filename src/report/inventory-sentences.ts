/** The sentences of inventory reports, except for findings and hazards, which bring their own message. */
import type { Hazard } from '../inventory/hazards.ts';
import type { FileCounts, Inventory } from '../inventory/inventory.ts';
import type { Finding, Readiness } from '../inventory/readiness.ts';
import type { FileLine, Site, SiteKind } from '../inventory/site.ts';
import type { SkipReason } from '../inventory/skip.ts';
import { count, whole } from '../wording/amounts.ts';

export const KIND_TITLE = {
  base_url: 'Base URL',
  api_key: 'API key',
  model: 'Models',
  endpoint: 'Endpoints',
  feature: 'Features',
  client_setting: 'Client settings',
} as const satisfies Record<SiteKind, string>;

export const HAZARD_TITLE = {
  prefix_check: 'Branches on the model name',
  model_table: 'List of known models',
  official_url_check: 'Compares with the official URL',
  appended_version: 'Appends /v1 to the base URL',
  server_side_id: 'ID stored on the official server',
  stored_dimension: 'Stored embedding dimension',
  billing_api: 'Billing of the official account',
  default_client_limits: 'Client uses default limits',
} as const satisfies Record<Hazard['kind'], string>;

export const SEVERITY_WORD = { block: 'STOP', warn: 'warn', info: 'note' } as const satisfies Record<
  Finding['severity'],
  string
>;

const SKIP_WORDS = {
  vendored: 'third-party',
  generated: 'generated',
  'lock-file': 'lock files',
  data: 'data and style files',
  'rollout-config': "this tool's config",
  binary: 'binary',
  'not-utf8': 'not UTF-8',
  'too-large': 'over 1 MiB',
  link: 'symbolic links',
  submodule: 'submodules or special files',
  missing: 'missing',
  unreadable: 'unreadable',
} as const satisfies Record<SkipReason, string>;

const SKIP_WORDS_SINGULAR: Partial<Record<SkipReason, string>> = {
  'lock-file': 'lock file',
  data: 'data or style file',
  link: 'symbolic link',
  submodule: 'submodule or special file',
};

/** What was read, e.g. `Read 212 of 240 files. Skipped: 20 generated, 8 binary.` */
export function filesSentence({ listed, read, skipped }: FileCounts): string {
  const reasons = Object.entries(SKIP_WORDS).flatMap(([reason, words]) => {
    const number = skipped[reason as SkipReason] ?? 0;
    const one = SKIP_WORDS_SINGULAR[reason as SkipReason];
    return number === 0 ? [] : [`${whole(number)} ${number === 1 && one !== undefined ? one : words}`];
  });
  const rest = reasons.length === 0 ? '' : ` Skipped: ${reasons.join(', ')}.`;
  return `Read ${whole(read)} of ${count(listed, 'file')}.${rest}`;
}

export function readinessSentence({ readiness, sites }: Inventory): string {
  const blocking = readiness.findings.filter(({ severity }) => severity === 'block').length;
  if (blocking > 0) {
    return `Not ready to migrate: ${count(blocking, 'blocking finding')}. ${shareSentence(readiness)}`;
  }
  return sites.length === 0 ? 'No use of the OpenAI API found.' : shareSentence(readiness);
}

function shareSentence({ score, configured, scattered }: Readiness): string {
  if (scattered === 0 && configured === 0) return 'The code sets no base URL, key or model.';
  if (scattered === 0) return 'All base URLs, keys and models are configurable.';
  return `${score} % of your OpenAI settings (base URLs, keys, models) are configurable; ${count(scattered, 'file')} ${scattered === 1 ? 'needs' : 'need'} an edit.`;
}

/** What to know about a site, in a few words; `''` if nothing. */
export function siteRemark(site: Site): string {
  if (site.role === 'table') return 'in a list of models';
  if (site.role === 'prefix_check') return 'in a comparison';
  if (site.kind === 'api_key' && site.hardCoded) return 'key in the repository';
  if (site.hardCoded) return 'hard-coded';
  if (site.role === 'default') return 'default';
  if (site.value !== '(implicit)') return '';
  return site.kind === 'api_key' ? 'no key set' : 'no URL set';
}

/** `src/a.ts:3, src/b.ts:9 and 4 more`. */
export function placesPhrase(places: readonly FileLine[], max: number): string {
  const shown = places.slice(0, max).map(({ file, line }) => `${file}:${line}`);
  const more = places.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${whole(more)} more` : '');
}
