/** What is wrong with the series of a window, in words that name what was seen and what to do. */
import type { Arm } from '../../config/arms.ts';
import type { SourceClient } from '../fetch-source.ts';
import type { Window } from '../instant.ts';
import { type NoData, type SourceError, type SourceNote, sourceError } from '../source.ts';
import { armReader } from './arm-of-labels.ts';
import { type Growth, identity, readAlive, sumUp } from './counters.ts';
import type { PrometheusPreset } from './presets/preset.ts';
import { type Labels, type Matchers, shownSeries } from './prometheus-api.ts';
import type { WindowCounters } from './window-counters.ts';

/** Values or series that a message lists. */
const LISTED = 5;

/** Which series a source counts. */
export interface SeriesOptions {
  readonly preset: PrometheusPreset;
  /** Labels that the series must have, such as `{ job: 'assistant' }`. */
  readonly labels: Matchers;
  readonly arms: readonly Arm[];
  /** The values of the preset's `armLabel` for each arm, such as the {@link hostNames} of its base URL. */
  readonly armValues: Readonly<Record<Arm, readonly string[]>>;
}

/** Why there is no sample of requests in the window. */
export async function nothingAlive(
  client: SourceClient,
  { preset: { name, requests }, labels }: SeriesOptions,
  window: Window,
): Promise<NoData | SourceError> {
  const bases = requests.names.map((each) => each.replace(/_count$/, ''));
  const native = await readAlive(client, { names: bases, matchers: {} }, window);
  if (native.kind === 'error') return native;
  if (requests.names.every((each) => each.endsWith('_count')) && native.value.length > 0) {
    const reason = `Prometheus has ${bases.join(' or ')} as a native histogram alone; expected ${requests.names.join(' or ')}. Set scrape_classic_histograms: true (Prometheus 3: always_scrape_classic_histograms) in its scrape config.`;
    return sourceError('native_histograms', reason);
  }
  const labelled = Object.keys(labels).length > 0 ? ` with the labels ${JSON.stringify(labels)}` : '';
  const reason = `Prometheus has no sample of ${requests.names.join(' or ')}${labelled} in this window. Check that they are scraped, and check measure.preset (${name}), measure.labels and measure.series.`;
  return { kind: 'no-data', reason };
}

/** Series that would be counted for the wrong arm, for none, or twice. */
export function wrongSeries(counters: WindowCounters, options: SeriesOptions): SourceError | null {
  return unknownArms(counters, options) ?? armlessFailures(counters, options) ?? replicas(counters);
}

function unknownArms({ alive }: WindowCounters, options: SeriesOptions): SourceError | null {
  const { armValues, preset, arms } = options;
  const { armLabel } = preset;
  const armOf = armReader(armLabel, armValues);
  if (armLabel === null || alive.some((labels) => armOf(labels) !== null)) return null;
  const expected = arms.flatMap((arm) => armValues[arm]).join(', ');
  const reason = `Prometheus has series, but none for either arm: ${armLabel} is ${valuesSeen(alive, armLabel)}; expected one of ${expected}. Check official.base_url, gateway.base_url and measure.label_names.arm.`;
  return sourceError('unknown_arms', reason);
}

/** Such failures would be lost, and their arm would look healthy. */
function armlessFailures({ growths }: WindowCounters, { preset }: SeriesOptions): SourceError | null {
  const { armLabel, failures, requests } = preset;
  const lost = growths.failures.filter(
    ({ labels, growth }) => armLabel !== null && isMissing(labels[armLabel]) && growth > 0,
  );
  const [one] = lost;
  if (one === undefined || armLabel === null) return null;
  const count = Math.round(sumUp(lost));
  const { names } = failures?.counter ?? requests;
  const reason = `Prometheus counts ${count} failures in ${names.join(' or ')} without the label ${armLabel}, so their arm is unknown (${shownSeries(one.labels)}); expected the label on every series. Add it, for instance with metric_relabel_configs for each program, or name another counter under measure.series.failures.`;
  return sourceError('failures_of_no_arm', reason);
}

/** Two Prometheus servers that scrape the same program. */
function replicas({ growths: { requests } }: WindowCounters): SourceError | null {
  const seen = new Map<string, Growth>();
  for (const each of requests.filter(({ growth }) => growth > 0)) {
    const replica = Object.keys(each.labels).find((label) => /(^|_)replica(_|$)/.test(label));
    if (replica === undefined) continue;
    const { [replica]: value = '', ...rest } = each.labels;
    const key = identity(rest);
    const other = seen.get(key);
    // Both show the same counter; replicas of a program count for themselves.
    if (other !== undefined && Math.abs(other.value - each.value) <= 10 + 0.05 * each.value) {
      const reason = `Prometheus has the same series twice: ${replica} is ${other.labels[replica]} and ${value} (${shownSeries(each.labels)}). Each request would count twice. Deduplicate by ${replica} (Thanos: --query.replica-label; Mimir: HA tracker), or choose one: measure.labels: { ${replica}: ${value} }.`;
      return sourceError('replicated_series', reason);
    }
    seen.set(key, each);
  }
  return null;
}

/** What people should know about the series that were counted. */
export function seriesNotes({ growths }: WindowCounters, options: SeriesOptions): SourceNote[] {
  return [allFailed(growths, options), modelFromAnswers(growths.requests, options.preset)].filter(
    (note) => note !== null,
  );
}

/** A label that is read wrongly makes everything fail. */
function allFailed(
  { requests, failures }: WindowCounters['growths'],
  { preset, arms, armValues }: SeriesOptions,
): SourceNote | null {
  const armOf = armReader(preset.armLabel, armValues);
  const [label] = preset.failures?.labels ?? [];
  const counted = (growths: readonly Growth[], arm: string) =>
    sumUp(growths.filter(({ labels }) => armOf(labels) === arm));
  const failed = arms.every((arm) => {
    const all = counted(requests, arm);
    return all > 0 && counted(failures, arm) >= all;
  });
  if (!failed || label === undefined) return null;
  const values = valuesSeen(
    failures.filter(({ growth, labels }) => growth > 0 && armOf(labels) !== null).map(({ labels }) => labels),
    label,
  );
  const message = `Every request failed on ${arms.length > 1 ? 'both arms' : `the ${arms.join()} arm`}: the label ${label} is ${values}. If some of these mean success, say so: measure.label_names: { error: { label: ${label}, success: [...] } }.`;
  return { reasonCode: 'all_failed', message };
}

function modelFromAnswers(
  requests: readonly Growth[],
  { labels: { model } }: PrometheusPreset,
): SourceNote | null {
  const [asked, answered] = model;
  if (asked === undefined || answered === undefined) return null;
  const grown = requests.filter(({ growth }) => growth > 0);
  const unasked = grown.filter(({ labels }) => isMissing(labels[asked]) && !isMissing(labels[answered]));
  if (unasked.length === 0) return null;
  const message = `The label ${asked} is missing, so models are named by ${answered}: the model that answered, not the one that was requested.`;
  return { reasonCode: 'model_from_answers', message };
}

function valuesSeen(series: readonly Labels[], label: string): string {
  const values = [...new Set(series.map((labels) => labels[label] || '(none)'))].sort();
  const more = values.length > LISTED ? ` and ${values.length - LISTED} more` : '';
  return values.slice(0, LISTED).join(', ') + more;
}

/** Exporters in Python write an unknown value as the text "None". */
function isMissing(value: string | undefined): boolean {
  return value === undefined || value === '' || value === 'None';
}
