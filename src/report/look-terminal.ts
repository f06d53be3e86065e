/** One look of the judge as text for a terminal. */
import type { MetricVerdict } from '../judge/verdict.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import { missingSentence } from '../wording/decisions.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { joined } from '../wording/markdown.ts';
import { figuresText, missingText } from '../wording/verdicts.ts';
import { decisionSentence } from './verdict-sentences.ts';

/** The decision in one line, and one line for each metric. */
export function lookText({ look, window, stage, verdicts, decision }: ReplayedLook): string {
  const until = new Date(window.to).toISOString();
  const missing = decision.missing.map((each) => missingSentence(each));
  const outcome = [decisionSentence(decision), ...missing].join(' ');
  const head = `look ${look}, until ${until}, stage ${plainLine(stage, 100)}: ${outcome}`;
  const lines = Object.entries(verdicts).map(([metric, verdict]) => `  ${metricText(metric, verdict)}`);
  return [head, ...lines].join('\n');
}

/** `success_rate: pass; gateway 99.4 % (99.1 % to 99.6 %); official 99.5 % (99.4 % to 99.6 %); limit: at least 99 %`. */
function metricText(metric: string, verdict: MetricVerdict): string {
  const outcome = joined([verdict.verdict, missingText(verdict)], ', ');
  return `${metric}${verdict.guard ? ' (guard)' : ''}: ${joined([outcome, figuresText(metric, verdict)], '; ')}`;
}
