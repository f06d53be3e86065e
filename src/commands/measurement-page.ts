/** The HTML page with measurements and verdicts. A module of its own, because it brings a charting library. */
import type { Config } from '../config/schema.ts';
import type { Measurement } from '../measure/measurement.ts';
import { overviewOf } from '../measure/overview.ts';
import { measurementReport, REPORT_POINTS } from '../report/html/measurement-report.ts';
import type { ReplayedLook } from '../rollout/replay.ts';

/** @param measurements at least one; @returns the page as HTML */
export function measurementPage(
  { name, rollout }: Config,
  measurements: readonly Measurement[],
  looks: readonly ReplayedLook[],
): string {
  const overview = overviewOf(measurements, REPORT_POINTS);
  if (overview === null) throw new RangeError('a page needs at least one measurement');
  return measurementReport({
    title: name === null ? 'Gateway rollout' : `Gateway rollout: ${name}`,
    overview,
    looks,
    steps: rollout.stages.map(({ label }) => label),
  });
}
