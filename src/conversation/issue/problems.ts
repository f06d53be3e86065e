/** What needs a person's attention: open problems, and writes that are being retried. */
import type { Config } from '../../config/schema.ts';
import type { RolloutProblem } from '../../rollout/state.ts';
import { count, moment, shortList } from '../../wording/amounts.ts';
import { markdownCode, markdownSentence } from '../../wording/foreign-text.ts';
import { bulletList, joined } from '../../wording/markdown.ts';
import { targetName } from '../messages/names.ts';
import { problemText } from '../messages/problems.ts';
import type { RolloutView } from '../view.ts';

/** Empty where there is nothing to report. */
export function problemsSection(view: RolloutView, most = 30): string {
  const all = [...view.state.problems.map((problem) => problemLine(problem, view.config)), ...retried(view)];
  const lines = shortList(all, most);
  return lines.length === 0 ? '' : `#### ⚠️ Needs attention\n\n${bulletList(lines)}`;
}

function problemLine({ code, detail, since }: RolloutProblem, config: Config): string {
  const known = problemText(code);
  const about = markdownSentence(detail.replaceAll('\n', '; '));
  const said = joined([known?.what ?? '', targetIn(code, config), about, known?.next ?? ''], ' ');
  return `${said || markdownCode(code)} (since ${moment(since)})`;
}

/** Several targets may have drifted, each with a problem of its own. */
function targetIn(code: string, config: Config): string {
  const [, index] = /^traffic_drifted:(\d+)$/.exec(code) ?? [];
  return index === undefined ? '' : `Target: ${targetName(config, Number(index))}.`;
}

function retried({ config, state }: RolloutView): string[] {
  return state.pending.flatMap(({ effect, tries, since }) =>
    effect.kind === 'write_traffic' && tries > 0
      ? [
          `Writing to ${targetName(config, effect.target)} failed ${count(tries, 'time')} since ${moment(since)}. The App keeps retrying.`,
        ]
      : [],
  );
}
