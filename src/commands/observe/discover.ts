/** `observe --discover`: the metrics of Prometheus that look like calls of models, and how the config would name them. */

import { formatYaml } from '../../config/effective.ts';
import type { Config } from '../../config/schema.ts';
import { loadOfficialPrices } from '../../gateway/prices.ts';
import { createRedactor } from '../../gateway/redact.ts';
import { type FoundMetric, type KnownCalls, OWN_LABELS, propose } from '../../measure/discover/propose.ts';
import { readMetrics } from '../../measure/discover/read-metrics.ts';
import { armValuesOf, prometheusEndpoint } from '../../measure/open-source.ts';
import type { Patience } from '../../measure/patience.ts';
import { SourceSettings, sourceSecrets } from '../../measure/source-settings.ts';
import { PRESETS } from '../../measure/sources/presets/index.ts';
import { newSourceAddress } from '../named-origins.ts';
import { type Refused, refuse, refuseCall } from '../refusal.ts';
import type { ObserveHost } from './perform.ts';

interface DiscoverHost extends Pick<ObserveHost, 'environment' | 'workflowCounts'> {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Overrides the default; tests are less patient. */
  readonly patience?: Partial<Patience> | undefined;
}

type Discovery =
  /** For people, with a config to copy; without secrets. */
  | { readonly kind: 'discovered'; readonly text: string; readonly measure: MeasureSettings }
  | { readonly kind: 'failed'; readonly messages: readonly string[] }
  | Refused;

/** The section of a config, as the file writes it. */
export type MeasureSettings = Readonly<Record<string, unknown>>;

export async function discover(
  config: Config | null,
  { environment, workflowCounts, now, patience }: DiscoverHost,
): Promise<Discovery> {
  if (config === null) {
    return refuse('config_missing', [
      'No config found. Expected one with gateway.base_url and models, to tell the arms.',
    ]);
  }
  const added = newSourceAddress(environment, workflowCounts ?? true);
  if (added !== null) return refuse('new_address', [added]);
  const settings = new SourceSettings('prometheus', environment);
  const endpoint = prometheusEndpoint(settings);
  if (endpoint === null || settings.problems.length > 0) return refuseCall(settings.problems);
  const read = await readMetrics({ ...endpoint, ...(patience && { patience }) }, now);
  const redactor = createRedactor(sourceSecrets(environment));
  if (read.kind === 'error') return { kind: 'failed', messages: [redactor.text(read.reason)] };
  const official = await loadOfficialPrices();
  const own = new Set(config.models.flatMap(({ name, gateway_name }) => [name, gateway_name ?? name]));
  const known: KnownCalls = {
    armValues: armValuesOf({ label_names: { arm: 'own' } }, config),
    isModel: (name) => own.has(name) || official.entryOf(name) !== null,
  };
  const proposed = proposedConfig(read.value, known);
  if (proposed === null) {
    return { kind: 'failed', messages: [redactor.text(nothingFound(read.value, known))] };
  }
  const { text, measure } = proposed;
  return { kind: 'discovered', text: redactor.text(`${seen(read.value)}\n${text}`), measure };
}

/** Metrics of known exporters have a preset each. */
const EXPORTERS = /^(gen_ai|litellm|bifrost|kong)_/;

function proposedConfig(metrics: readonly FoundMetric[], known: KnownCalls) {
  const names = new Set(metrics.map(({ name }) => name));
  const presets = Object.values(PRESETS)
    .filter(({ requests }) => requests.names.some((each) => names.has(each)))
    .map(({ name }) => name);
  const ofProgram = metrics.filter(({ name }) => !EXPORTERS.test(name));
  const own = propose(ofProgram, known);
  const [preset] = presets;
  if (own === null && preset === undefined) return null;
  const also = presets.length > 0 ? `Presets with metrics here: ${presets.join(', ')}.\n` : '';
  const arm = own === null || own.label_names.arm ? '' : NO_ARM;
  const measure: MeasureSettings = { source: 'prometheus', ...(own ?? { preset }) };
  const title = 'Proposed config. Compare it with what your program counts:';
  return { measure, text: `${also}${title}\n\n${formatYaml({ measure })}${arm}` };
}

const NO_ARM =
  '\nNo label names an arm. Expected one whose values are the hosts of official.base_url and gateway.base_url, or official and gateway.\n';

function nothingFound(
  metrics: readonly FoundMetric[],
  { armValues: { official, gateway } }: KnownCalls,
): string {
  const hosts = [...official, ...gateway].join(', ');
  const names = metrics.slice(0, MOST_VALUES).map(({ name }) => name);
  const found = names.length === 0 ? '' : `, only ${names.join(', ')}`;
  const fix =
    names.length === 0 ? 'Check that your program is scraped.' : `Add such a label to yours: ${LABELS_GUIDE}`;
  return `Prometheus has no counter that looks like calls of models${found}. Expected one with labels of the hosts (${hosts}) or the models. ${fix}`;
}

const LABELS_GUIDE =
  'https://github.com/gateway-rollout/gateway-rollout/blob/main/test/recipes/prometheus-python';

const MOST_VALUES = 6;

function seen(metrics: readonly FoundMetric[]): string {
  const valuesOf = ([label, each]: readonly [string, ReadonlySet<string>]): string =>
    `  ${label}: ${[...each].sort().slice(0, MOST_VALUES).join(', ')}${each.size > MOST_VALUES ? ', …' : ''}\n`;
  const lines = metrics.flatMap(({ name, series, labels }) => [
    `${name} (${unitOf(name)}; series: ${series})\n`,
    ...[...labels].filter(([label]) => !OWN_LABELS.includes(label)).map(valuesOf),
  ]);
  return lines.join('');
}

function unitOf(name: string): string {
  if (/_(ms|milliseconds)(_|$)/.test(name)) return 'milliseconds';
  if (/_(s|seconds)(_|$)/.test(name)) return 'seconds';
  if (/token/i.test(name)) return 'tokens';
  return /usd|cost|spend/i.test(name) ? 'US dollars' : 'count';
}
