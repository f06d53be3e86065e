/** More tasks fail than on the official API, within every limit. */
import type { Notice } from '../../judge/verdict.ts';
import { isQuestionOpen } from '../../rollout/question.ts';
import { currentQuestion } from '../../rollout/regression.ts';
import { tasksADay } from '../../rollout/stage-state.ts';
import { count, figure, percent } from '../../wording/amounts.ts';
import { REASONS, sentenceOf } from '../../wording/decisions.ts';
import { markdownCode } from '../../wording/foreign-text.ts';
import type { RolloutView } from '../view.ts';

const rounded = (value: number): number => Number(value.toPrecision(2));

/**
 * The ratio with its interval, and what it would mean at 100 %.
 * @param perDay tasks of both arms; null where they are unknown
 */
export function regressionText(notice: Notice, perDay: number | null): string {
  const { metric, ratio, low, high, gateway, official } = notice;
  const to = high === null ? 'or more' : `to ${figure(rounded(high))}`;
  const what =
    ratio === null
      ? 'Failures on the gateway, and none on the official API'
      : `${figure(rounded(ratio))} times as many failures on the gateway as on the official API`;
  const extra = perDay === null ? 0 : Math.round((perDay * (gateway - official)) / 100);
  const harm =
    extra < 1 ? '' : ` At 100 %, that is about ${count(rounded(extra), 'more failed task')} a day.`;
  return `${what} (${markdownCode(metric)}: ${percent(rounded(gateway))} against ${percent(rounded(official))} failed; ratio ${figure(rounded(low))} ${to}).${harm}`;
}

/** Empty where nothing was noticed. */
export function regressionSection(view: RolloutView): string {
  const { state, config } = view;
  const { notice } = state.stage;
  const isOpen = isQuestionOpen(currentQuestion(view), notice);
  if (config.rollout.notice === 'off' || (notice === null && !isOpen)) return '';
  const next = isOpen
    ? 'The next advance waits: comment `/advance-rollout` to accept this and continue.'
    : 'A person accepted this.';
  const what =
    notice === null ? sentenceOf(REASONS.regression_noticed) : regressionText(notice, tasksADay(state.stage));
  return `🔎 ${what} ${next}`;
}
