/** The HTML page of a run of `exec`. */
import { aggregate, type Counting } from '../../measure/aggregate.ts';
import { overviewOf } from '../../measure/overview.ts';
import { endOf, type RequestRecord } from '../../measure/record.ts';
import type { ExecReport } from '../../measure/recorder/exec-report.ts';
import { execReportPage } from '../../report/html/exec-report.ts';

/**
 * @param records of all arms
 * @returns the page as HTML
 */
export async function execPage(
  report: ExecReport,
  records: readonly RequestRecord[],
  counting: Counting,
): Promise<string> {
  const from = Math.floor(records.reduce((least, { ts }) => Math.min(least, ts), Infinity));
  const to = records.reduce((most, record) => Math.max(most, endOf(record) + 1), from);
  const window = { from, to };
  const about = { schema: 1, window, stage: 'local', share: null, source: 'exec' } as const;
  const arms =
    records.length === 0 ? null : await aggregate(records, { window, slice: null, without: [], ...counting });
  return execReportPage({ report, records, overview: arms && overviewOf([{ ...about, arms }], 1) });
}
