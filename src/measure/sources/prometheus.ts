/** The `prometheus` source: measurements from a Prometheus-compatible engine. */

import { ARMS, type Arm } from '../../config/arms.ts';
import { createSourceClient } from '../fetch-source.ts';
import type { Measured, NoData, Source, SourceNote, SourceQuery, SourceResult } from '../source.ts';
import { armReader } from './arm-of-labels.ts';
import { sumsOf } from './prometheus-sums.ts';
import { nothingAlive, type SeriesOptions, seriesNotes, wrongSeries } from './series-problems.ts';
import { countSums, type PlatformOptions } from './sums.ts';
import { unseenFailures } from './unseen-failures.ts';
import { groupBy, readWindow, type WindowCounters } from './window-counters.ts';

export type PrometheusOptions = SeriesOptions & PlatformOptions;

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
      const { alive } = counters.value;
      if (alive.length === 0) return nothingAlive(client, options, query.window);
      const wrong = wrongSeries(counters.value, options) ?? counters.value.error;
      if (wrong !== null) return wrong;
      const result = countArms(counters.value, query, options);
      if (result.kind !== 'measured') return result;
      const unseen = await unseenFailures(client, preset, labels, counters.value, query.window.to);
      const remarks = [...counters.value.notes, ...seriesNotes(counters.value, options), unseen];
      return { ...result, notes: [...result.notes, ...remarks.filter((each) => each !== null)] };
    },
  };
}

function countArms(counters: WindowCounters, query: SourceQuery, options: PrometheusOptions): SourceResult {
  const { preset } = options;
  const armOfLabels = armReader(preset.armLabel, options.armValues);
  const byArm = groupBy(counters.growths, (each) => armOfLabels(each) ?? '');
  // A gateway that never answers may have failures alone.
  const failing = counters.growths.failures.filter(({ growth }) => growth > 0);
  const alive = new Set([...counters.alive, ...failing.map(({ labels }) => labels)].map(armOfLabels));
  const arms: { -readonly [Name in Arm]?: Measured['arms'][Name] } = {};
  const notes: SourceNote[] = [];
  for (const arm of ARMS.filter((each) => options.arms.includes(each))) {
    arms[arm] = null;
    const growths = byArm.get(arm);
    if (!alive.has(arm) || growths === undefined) continue;
    const sums = sumsOf(growths, preset, counters.growths.cachedInput.length > 0);
    if (sums === null) {
      const message = `A Prometheus counter of requests or failures of the ${arm} arm is NaN or infinite, so this window has no data for that arm.`;
      notes.push({ reasonCode: 'not_a_number', noDataOf: arm, message });
      continue;
    }
    const counts = countSums(sums, arm, query, options.book);
    if (counts.kind === 'error') return counts;
    arms[arm] = counts.value;
  }
  const isMeasured = notes.length > 0 || Object.values(arms).some((counts) => counts !== null);
  return isMeasured ? { kind: 'measured', arms, notes } : noSuchModel(query);
}

/** The model is unknown, or its series are of other models. */
function noSuchModel({ slice }: SourceQuery): NoData {
  const reason = `Prometheus has no series for the model ${slice ?? 'of this stage'}; expected the model names of the metrics to include it. Check the name of the stage.`;
  return { kind: 'no-data', reason };
}
