/** Whether a failure was ever counted under the configured names. */
import type { SourceClient } from '../fetch-source.ts';
import type { SourceNote } from '../source.ts';
import type { PrometheusPreset } from './presets/preset.ts';
import { type Matchers, selector, wasEverSeen } from './prometheus-api.ts';
import { chosenBy, type WindowCounters } from './window-counters.ts';

/**
 * A note if Prometheus has no failure on any arm, as far back as it remembers. Exporters create the series of failures
 * with the first failure, so a misspelt name looks like "no failures", and only people can tell the two apart. It is not
 * an error, because a team may have had no failure yet.
 * @param labels that the series must have
 * @param until milliseconds since 1970
 * @returns null also if Prometheus does not list its series: no measurement is lost for a note
 */
export async function unseenFailures(
  client: SourceClient,
  preset: PrometheusPreset,
  labels: Matchers,
  { growths }: WindowCounters,
  until: number,
): Promise<SourceNote | null> {
  const { failures, requests } = preset;
  const [label] = failures?.labels ?? [];
  if (failures === null || growths.failures.length > 0) return null;
  if (!growths.requests.some(({ growth }) => growth > 0)) return null;
  const { names, matchers } = chosenBy(failures.counter ?? requests, labels);
  const marked = failures.counter === null && label !== undefined ? { [label]: null } : {};
  const seen = await wasEverSeen(client, selector(names, { ...matchers, ...marked }), until);
  if (seen.kind === 'error' || seen.value) return null;
  const name = names.join(' or ');
  const [where, setting] =
    failures.counter === null
      ? [`a label ${label} on ${name}`, 'measure.label_names.error']
      : [name, 'measure.series.failures'];
  const message = `Prometheus has counted requests but never a failure, on any arm. A misspelt name looks the same: expected ${where} from the first failure on. Check against a known failure, or cause one; otherwise check ${setting} and measure.labels.`;
  return { reasonCode: 'failures_never_seen', message };
}
