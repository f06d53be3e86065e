/** The `prometheus` source: measurements from a Prometheus-compatible engine. */

import { ARMS, type Arm } from '../../config/arms.ts';
import { createSourceClient, type SourceEndpoint } from '../fetch-source.ts';
import type {
  Measured,
  NoData,
  Source,
  SourceError,
  SourceNote,
  SourceQuery,
  SourceResult,
} from '../source.ts';
import type { PrometheusPreset } from './presets/preset.ts';
import type { Labels, Matchers } from './prometheus-api.ts';
import { sumsOf } from './prometheus-sums.ts';
import { countSums, type PriceBook } from './sums.ts';
import { unseenFailures } from './unseen-failures.ts';
import { groupBy, readWindow, type WindowCounters } from './window-counters.ts';

export interface PrometheusOptions {
  readonly endpoint: SourceEndpoint;
  readonly preset: PrometheusPreset;
  /** Labels that the series must have, such as `{ job: 'assistant' }`. */
  readonly labels: Matchers;
  /** The arms that it measures. */
  readonly arms: readonly Arm[];
  /** The values of the preset's `armLabel` for each arm, such as the {@link hostNames} of its base URL. */
  readonly armValues: Readonly<Record<Arm, readonly string[]>>;
  readonly book: PriceBook;
}

/**
 * A source that reads raw counters from Prometheus at both ends of the window.
 *
 * - An arm without a series of requests in the window has no data; one with requests but no series of errors has 0
 *   errors.
 * - The preset says what counts as a request, and whether that is a task or an attempt.
 *
 * Wire format: `POST /api/v1/query` with `query` and `time` as a form (Prometheus HTTP API, instant queries).
 */
export function createPrometheusSource(options: PrometheusOptions): Source {
  const { preset, labels, endpoint, arms } = options;
  return {
    name: 'prometheus',
    arms,
    async measure(query) {
      const client = createSourceClient('Prometheus', endpoint, query.signal);
      const counters = await readWindow(client, preset, labels, query.window);
      if (counters.kind === 'error') return counters;
      if (counters.value.alive.length === 0) return nothingAlive(options);
      if (hasArmlessFailures(counters.value, preset)) return armlessFailures(preset);
      const result = countArms(counters.value, query, options);
      if (result.kind !== 'measured') return result;
      const unseen = await unseenFailures(client, preset, labels, counters.value, query.window.to);
      return unseen === null ? result : { ...result, notes: [...result.notes, unseen] };
    },
  };
}

/** The values that OpenTelemetry's `server_address` and its like may have for a base URL. */
export function hostNames(baseUrl: string): readonly string[] {
  const { hostname, host, port, protocol } = new URL(baseUrl);
  return [...new Set([hostname, host, `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`, baseUrl])];
}

function countArms(counters: WindowCounters, query: SourceQuery, options: PrometheusOptions): SourceResult {
  const { preset } = options;
  const armOfLabels = armReader(options);
  const byArm = groupBy(counters.growths, (each) => armOfLabels(each) ?? '');
  const alive = new Set(counters.alive.map(armOfLabels));
  const arms: { -readonly [Name in Arm]?: Measured['arms'][Name] } = {};
  const notes: SourceNote[] = [];
  for (const arm of ARMS.filter((each) => options.arms.includes(each))) {
    arms[arm] = null;
    const growths = byArm.get(arm);
    if (!alive.has(arm) || growths === undefined) continue;
    const sums = sumsOf(growths, preset, counters.growths.cachedInput.length > 0);
    if (sums === null) {
      notes.push(notANumber(arm));
      continue;
    }
    const counts = countSums(sums, arm, query, options.book);
    if (counts.kind === 'error') return counts;
    arms[arm] = counts.value;
  }
  const isMeasured = notes.length > 0 || Object.values(arms).some((counts) => counts !== null);
  return isMeasured ? { kind: 'measured', arms, notes } : unknownArms(counters.alive, query, options);
}

/** @returns null for series of other endpoints than the two arms */
function armReader({ preset, armValues }: PrometheusOptions): (labels: Labels) => Arm | null {
  const { armLabel } = preset;
  if (armLabel === null) return () => 'gateway';
  const known = new Map(
    ARMS.flatMap((arm) => armValues[arm].map((value) => [value.toLowerCase(), arm] as const)),
  );
  return (labels) => known.get((labels[armLabel] ?? '').toLowerCase()) ?? null;
}

function nothingAlive({ preset, labels }: PrometheusOptions): NoData {
  const labelled = Object.keys(labels).length > 0 ? ` with the labels ${JSON.stringify(labels)}` : '';
  return {
    kind: 'no-data',
    reason: `Prometheus has no sample of ${preset.requests.names.join(' or ')}${labelled} in this window; expected the metrics of ${preset.name}. Check that they are scraped, and check measure.preset, measure.labels and measure.series.`,
  };
}

function unknownArms(
  alive: readonly Labels[],
  { slice }: SourceQuery,
  { preset: { armLabel }, armValues, arms }: PrometheusOptions,
): NoData {
  const expected = arms.flatMap((arm) => armValues[arm]).join(', ');
  const seen = [...new Set(alive.map((labels) => labels[armLabel ?? ''] ?? '(none)'))].slice(0, 5).join(', ');
  const reason =
    slice === null && armLabel !== null
      ? `Prometheus has series, but none for either arm: ${armLabel} is ${seen}; expected one of ${expected}. Check official.base_url, gateway.base_url and measure.label_names.arm.`
      : `Prometheus has no series for the model ${slice}; expected the model names of the metrics to include it. Check the name of the stage.`;
  return { kind: 'no-data', reason };
}

/** Such failures would be lost, and their arm would look healthy. */
function hasArmlessFailures({ growths }: WindowCounters, { armLabel, failures }: PrometheusPreset): boolean {
  if (armLabel === null || !failures?.counter) return false;
  return growths.failures.some(({ labels, growth }) => !labels[armLabel] && growth > 0);
}

function armlessFailures({ failures, armLabel }: PrometheusPreset): SourceError {
  return {
    kind: 'error',
    reasonCode: 'failures_of_no_arm',
    reason: `Prometheus counts failures in ${failures?.counter?.names.join(' or ')} without the label ${armLabel}, so their arm is unknown; expected the label on every series. Add it, or name another counter under measure.series.failures.`,
  };
}

function notANumber(arm: Arm): SourceNote {
  return {
    reasonCode: 'not_a_number',
    noDataOf: arm,
    message: `A Prometheus counter of requests or failures of the ${arm} arm is NaN or infinite, so this window has no data for that arm.`,
  };
}
