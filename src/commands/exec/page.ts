/** The HTML page of a run of `exec`: its report, and both arms over time. */
import { aggregate, type Counting } from '../../measure/aggregate.ts';
import type { Measurement } from '../../measure/measurement.ts';
import { overviewOf } from '../../measure/overview.ts';
import { endOf, type RequestRecord } from '../../measure/record.ts';
import type { ExecReport } from '../../measure/recorder/exec-report.ts';
import { execReportPage } from '../../report/html/exec-report.ts';

/** Points in the charts; each counts all records once more. */
const POINTS = 24;

/**
 * @param records of all arms; without any, the page has no charts
 * @returns the page as HTML
 */
export async function execPage(
  report: ExecReport,
  records: readonly RequestRecord[],
  counting: Counting,
): Promise<string> {
  return execReportPage({ report, overview: overviewOf(await sliced(records, counting), POINTS) });
}

/** The run, split into windows of equal length. */
async function sliced(records: readonly RequestRecord[], counting: Counting): Promise<Measurement[]> {
  if (records.length === 0) return [];
  const start = Math.floor(records.reduce((least, { ts }) => Math.min(least, ts), Infinity));
  const end = records.reduce((most, record) => Math.max(most, endOf(record)), start);
  const step = Math.max(1, Math.ceil((end + 1 - start) / POINTS));
  const froms = Array.from({ length: Math.ceil((end + 1 - start) / step) }, (_, at) => start + at * step);
  return Promise.all(
    froms.map(async (from): Promise<Measurement> => {
      const window = { from, to: from + step };
      const arms = await aggregate(records, { window, slice: null, without: [], ...counting });
      return { schema: 1, window, stage: 'local', share: null, source: 'exec', arms };
    }),
  );
}
