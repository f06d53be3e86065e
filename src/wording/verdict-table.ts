/** Verdicts as a table in Markdown, the same on the issue and in a job's summary. */
import type { MetricVerdict } from '../judge/verdict.ts';
import { UNKNOWN } from './amounts.ts';
import { differenceOf, differenceText } from './difference.ts';
import { markdownCode } from './foreign-text.ts';
import { joined } from './markdown.ts';
import { estimateText, limitsText, missingText, VERDICT_MARKS } from './verdicts.ts';

/** Few enough for a phone. */
export const VERDICT_COLUMNS = ['Metric', 'Verdict', 'Gateway compared with official', 'Limit'];

export const BRACKETS_NOTE = 'In brackets: the confidence interval, valid at any number of looks.';

/** One cell for each of {@link VERDICT_COLUMNS}. */
export function verdictRow(metric: string, verdict: MetricVerdict): string[] {
  return [
    metricName(metric, verdict.guard),
    joined([`${VERDICT_MARKS[verdict.verdict]} ${verdict.verdict}`, missingText(verdict)], ': '),
    comparison(metric, verdict),
    limitsText(metric, verdict.unit, verdict.limits) || UNKNOWN,
  ];
}

export const metricName = (metric: string, guard: boolean): string =>
  `${markdownCode(metric)}${guard ? ' (guard)' : ''}`;

/** The difference with its interval, and the values of both arms. */
function comparison(metric: string, verdict: MetricVerdict): string {
  const { unit, official, gateway } = verdict;
  const difference = differenceOf(metric, verdict);
  if (difference === null) return UNKNOWN;
  const values = [gateway, official].map((arm) =>
    estimateText(arm && { ...arm, low: null, high: null }, unit),
  );
  if (difference.form === 'value' || gateway?.value === null) return estimateText(gateway, unit);
  return `${differenceText(difference)}: ${values.join(' against ')}`;
}
