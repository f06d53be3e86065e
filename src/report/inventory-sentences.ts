/** Every sentence that reports of an inventory say of themselves; findings and hazards are worded where they are found. */
import type { Hazard } from '../inventory/hazards.ts';
import type { FileCounts, Inventory } from '../inventory/inventory.ts';
import type { Finding, Readiness } from '../inventory/readiness.ts';
import type { Site, SiteKind } from '../inventory/site.ts';
import type { SkipReason } from '../inventory/skip.ts';
import { count, whole } from '../wording/amounts.ts';

/** A kind of site as a heading. */
export const KIND_TITLE = {
  base_url: 'Base URL',
  api_key: 'API key',
  model: 'Models',
  endpoint: 'Endpoints',
  feature: 'Features',
  client_setting: 'Client settings',
} as const satisfies Record<SiteKind, string>;

/** A hazard as a heading. */
export const HAZARD_TITLE = {
  prefix_check: 'Decides by the name of the model',
  model_table: 'List of known models',
  official_url_check: 'Compares with the official URL',
  appended_version: 'Appends /v1 to the base URL',
  server_side_id: 'Id that lives on the official server',
  stored_dimension: 'Stored dimension of embeddings',
  billing_api: 'Billing of the official account',
  default_client_limits: "Client keeps its SDK's limits",
} as const satisfies Record<Hazard['kind'], string>;

export const SEVERITY_WORD = { block: 'STOP', warn: 'warn', info: 'note' } as const satisfies Record<
  Finding['severity'],
  string
>;

const SKIP_WORDS = {
  vendored: 'of other projects',
  generated: 'generated',
  'lock-file': 'lock files',
  data: 'data and styles',
  'rollout-config': "this tool's config",
  binary: 'binary',
  'not-utf8': 'not UTF-8',
  'too-large': 'over 1 MiB',
  link: 'symbolic links',
  submodule: 'submodules or special files',
  missing: 'listed but gone',
  unreadable: 'unreadable',
} as const satisfies Record<SkipReason, string>;

const SKIP_WORDS_OF_ONE: Partial<Record<SkipReason, string>> = {
  'lock-file': 'lock file',
  link: 'symbolic link',
  submodule: 'submodule or special file',
};

/** What was looked at, e.g. `Read 212 of 240 files. Not searched: 20 generated, 8 binary.` */
export function filesSentence({ listed, read, skipped }: FileCounts): string {
  const reasons = Object.entries(SKIP_WORDS).flatMap(([reason, words]) => {
    const number = skipped[reason as SkipReason] ?? 0;
    const one = SKIP_WORDS_OF_ONE[reason as SkipReason];
    return number === 0 ? [] : [`${whole(number)} ${number === 1 && one !== undefined ? one : words}`];
  });
  const rest = reasons.length === 0 ? '' : ` Not searched: ${reasons.join(', ')}.`;
  return `Read ${whole(read)} of ${count(listed, 'file')}.${rest}`;
}

/** The readiness in one line. */
export function readinessSentence({ readiness, sites }: Inventory): string {
  if (readiness.findings.some(({ severity }) => severity === 'block')) {
    const blocking = readiness.findings.filter(({ severity }) => severity === 'block').length;
    return `Do not move yet: ${count(blocking, 'finding')} ${blocking === 1 ? 'speaks' : 'speak'} against it. ${shareSentence(readiness)}`;
  }
  return sites.length === 0 ? 'No use of the OpenAI API was found.' : shareSentence(readiness);
}

function shareSentence({ score, configured, scattered }: Readiness): string {
  if (scattered === 0 && configured === 0) return 'No base URL, key or model is set in the code.';
  if (scattered === 0) return 'Every base URL, key and model is decided by configuration.';
  return `${score} % of the settings (base URLs, keys, models) are decided by configuration; ${count(scattered, 'file')} would have to be edited.`;
}

/** What is remarkable about a site, in a few words; `''` when nothing is. */
export function siteRemark(site: Site): string {
  if (site.role === 'table') return 'in a list of models';
  if (site.role === 'prefix_check') return 'compared with';
  if (site.kind === 'api_key' && site.hardCoded) return 'a key in the repository';
  if (site.hardCoded) return 'hard-coded';
  if (site.role === 'default') return 'a default';
  return site.value === '(implicit)' ? 'no URL given' : '';
}

/** `src/a.ts:3, src/b.ts:9 and 4 more`. */
export function placesPhrase(
  places: readonly { readonly file: string; readonly line: number }[],
  most: number,
): string {
  const shown = places.slice(0, most).map(({ file, line }) => `${file}:${line}`);
  const more = places.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${whole(more)} more` : '');
}
