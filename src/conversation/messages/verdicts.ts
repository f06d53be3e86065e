/** A metric of a gate in one line. */

import type { MetricVerdict } from '../../judge/verdict.ts';
import { markdownCode } from '../../wording/foreign-text.ts';
import { estimateText, limitsText, missingText, VERDICT_MARKS } from '../../wording/verdicts.ts';

/** One metric as a line of a list. */
export function verdictLine(metric: string, verdict: MetricVerdict): string {
  const { unit, gateway, official } = verdict;
  const limits = limitsText(metric, unit, verdict.limits);
  const figures = [
    ...(gateway === null ? [] : [`gateway ${estimateText(gateway, unit)}`]),
    ...(official === null ? [] : [`official ${estimateText(official, unit)}`]),
    ...(limits === '' ? [] : [`limit: ${limits}`]),
  ];
  const missing = missingText(verdict);
  const about = missing === '' ? '' : ` (${missing})`;
  const shown = figures.length === 0 ? '' : `: ${figures.join('; ')}`;
  return `${VERDICT_MARKS[verdict.verdict]} ${markdownCode(metric)} ${verdict.verdict}${about}${shown}`;
}
