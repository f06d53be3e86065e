/** Measurements from a Prometheus-compatible engine. */
import { createSourceClient, type SourceEndpoint } from '../fetch-source.ts';
import { ARMS, type Arm } from '../record.ts';
import type {
  Measured,
  NoData,
  Source,
  SourceAnswer,
  SourceError,
  SourceNote,
  SourceQuery,
} from '../source.ts';
import type { PrometheusPreset } from './presets/preset.ts';
import type { Labels, Matchers } from './prometheus-api.ts';
import { sumsOf } from './prometheus-sums.ts';
import { armOf, type PriceBook } from './sums.ts';
import { unseenFailures } from './unseen-failures.ts';
import { groupBy, readWindow, type WindowCounters } from './window-counters.ts';

export interface PrometheusOptions {
  readonly endpoint: SourceEndpoint;
  readonly preset: PrometheusPreset;
  /** Labels that the series must carry, such as `{ job: 'assistant' }`. */
  readonly labels: Matchers;
  /** The arms that are asked about. */
  readonly arms: readonly Arm[];
  /** The values of the preset's `armLabel` by which each arm is known; {@link hostNames} makes them of a base URL. */
  readonly armValues: Readonly<Record<Arm, readonly string[]>>;
  readonly book: PriceBook;
}

/**
 * A source that asks Prometheus for raw counters at both ends of the window.
 *
 * - An arm without a living series of requests has no data; one with requests and no series of errors has 0 errors.
 * - What counts as a request, and whether it is a task or an attempt, is for the preset to say.
 *
 * Wire format: `POST /api/v1/query` with `query` and `time` as a form (Prometheus HTTP API, instant queries).
 */
export function createPrometheusSource(options: PrometheusOptions): Source {
  const { preset, labels, endpoint } = options;
  const client = createSourceClient('Prometheus', endpoint);
  return {
    name: 'prometheus',
    arms: options.arms,
    async measure(query) {
      const asking = {
        ...client,
        ask: (request) => client.ask({ ...request, signal: query.signal }),
      } satisfies typeof client;
      const reading = await readWindow(asking, preset, labels, query.window);
      if (reading.kind === 'error') return reading;
      if (reading.value.alive.length === 0) return nothingAlive(options);
      if (hasArmlessFailures(reading.value, preset)) return armlessFailures(preset);
      const answered = answer(reading.value, query, options);
      if (answered.kind !== 'measured') return answered;
      const unseen = await unseenFailures(asking, preset, labels, reading.value, query.window.to);
      return unseen === null ? answered : { ...answered, notes: [...answered.notes, unseen] };
    },
  };
}

/** The values that OpenTelemetry's `server_address` and its like may have for a base URL. */
export function hostNames(baseUrl: string): readonly string[] {
  const { hostname, host, port, protocol } = new URL(baseUrl);
  return [...new Set([hostname, host, `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`, baseUrl])];
}

function answer(reading: WindowCounters, query: SourceQuery, options: PrometheusOptions): SourceAnswer {
  const { preset } = options;
  const armOfLabels = armReader(options);
  const byArm = groupBy(reading.growths, (each) => armOfLabels(each) ?? '');
  const alive = new Set(reading.alive.map(armOfLabels));
  const arms: { -readonly [Name in Arm]?: Measured['arms'][Name] } = {};
  const notes: SourceNote[] = [];
  for (const arm of ARMS.filter((each) => options.arms.includes(each))) {
    arms[arm] = null;
    const growths = byArm.get(arm);
    if (!alive.has(arm) || growths === undefined) continue;
    const read = sumsOf(growths, preset);
    if (read.kind === 'not-a-number') {
      notes.push(notANumber(arm));
      continue;
    }
    const summed = armOf(read.sums, arm, query, options.book);
    if (summed.kind === 'error') return summed;
    arms[arm] = summed.counts;
  }
  if (Object.values(arms).some((counts) => counts !== null)) return { kind: 'measured', arms, notes };
  return notes.length > 0 ? { kind: 'measured', arms, notes } : unknownArms(reading.alive, query, options);
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
  const carrying = Object.keys(labels).length > 0 ? ` with the labels ${JSON.stringify(labels)}` : '';
  return {
    kind: 'no-data',
    reason: `Prometheus has no sample of ${preset.requests.names.join(' or ')}${carrying} in this window; expected the metrics of ${preset.name}. Check that they are scraped, and measure.preset, measure.labels and measure.series.`,
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
      ? `Prometheus has series, but of no arm: ${armLabel} is ${seen}; expected one of ${expected}. Check official.base_url, gateway.base_url and measure.label_names.arm.`
      : `Prometheus has no series of the model ${slice}. Expected the stage to name a model that the metrics name.`;
  return { kind: 'no-data', reason };
}

/** They would be lost, and the arm that they are of would look healthy. */
function hasArmlessFailures({ growths }: WindowCounters, { armLabel, failures }: PrometheusPreset): boolean {
  if (armLabel === null || !failures?.counter) return false;
  return growths.failures.some(({ labels, growth }) => !labels[armLabel] && growth > 0);
}

function armlessFailures({ failures, armLabel }: PrometheusPreset): SourceError {
  return {
    kind: 'error',
    reasonCode: 'failures_of_no_arm',
    reason: `Prometheus counts failures by ${failures?.counter?.names.join(' or ')} without the label ${armLabel}, so that nobody knows of which arm they are; expected the label on every series. Write it there, or name another counter under measure.series.failures.`,
  };
}

function notANumber(arm: Arm): SourceNote {
  return {
    reasonCode: 'not_a_number',
    noDataOf: arm,
    message: `Prometheus says NaN or infinite for a counter of requests or failures of the ${arm} arm, which is no number; this window has no data of it.`,
  };
}
