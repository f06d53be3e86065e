/** Whether a failure was ever counted under the names by which failures are read. */
import type { SourceClient } from '../fetch-source.ts';
import type { SourceNote } from '../source.ts';
import type { PrometheusPreset } from './presets/preset.ts';
import { type Matchers, selector, wasEverSeen } from './prometheus-api.ts';
import { chosenBy, type WindowCounters } from './window-counters.ts';

/**
 * A note where none was, on any arm, in all that Prometheus remembers. Exporters make the series of failures with the
 * first failure, so that a misspelt name reads as "no failure": only people can tell it from an exporter that had
 * none to count yet. It is no error, because a team may have had none.
 * @param labels what the series must carry
 * @param until milliseconds since 1970
 * @returns null also where Prometheus does not list its series: no measurement is lost for a note
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
  const toldBy = failures.counter === null && label !== undefined ? { [label]: null } : {};
  const seen = await wasEverSeen(client, selector(names, { ...matchers, ...toldBy }), until);
  if (seen.kind === 'error' || seen.value) return null;
  const name = names.join(' or ');
  const [where, setting] =
    failures.counter === null
      ? [`a label ${label} on ${name}`, 'measure.label_names.error']
      : [name, 'measure.series.failures'];
  return {
    reasonCode: 'failures_never_seen',
    message: `Prometheus has counted requests, and as far back as it remembers no failure on any arm: expected ${where} from the first failure on. A misspelt name looks the same. Compare with a failure that you know of, or cause one; else check ${setting} and measure.labels.`,
  };
}
