/** Where the rollout stands, in the first lines of its issue. */

import { stageOf } from '../../rollout/road.ts';
import { isHeldBack, shareOfSlice } from '../../rollout/shares.ts';
import { listed, moment, percent, shortList } from '../../wording/amounts.ts';
import { sharesText, stageName, targetName } from '../messages/names.ts';
import { PAUSES, ROLLBACKS } from '../messages/next-steps.ts';
import type { RolloutView } from '../view.ts';

export function statusLine(view: RolloutView): string {
  return `### ${headline(view)}\n\n${[...explanation(view), trafficLine(view)].join(' ')}`;
}

/** One line, without its heading. */
export function headline({ config, state }: RolloutView): string {
  const { status, stage } = state;
  const name = stageName(stage.label);
  switch (status.kind) {
    case 'progressing':
      return `🟢 In stage ${name}, ${stage.index + 1} of ${config.rollout.stages.length}, since ${moment(stage.enteredAt)}`;
    case 'paused':
      return `⏸️ Paused in stage ${name} since ${moment(status.since)}`;
    case 'rolled-back':
      return `⏪ Rolled back from stage ${name} at ${moment(status.since)}`;
    case 'completed':
      return `🏁 Completed at ${moment(status.at)}`;
    case 'aborted':
      return `⏹️ Aborted at ${moment(status.at)}`;
  }
}

function explanation({ config, state: { status, stage } }: RolloutView): string[] {
  switch (status.kind) {
    case 'progressing': {
      const next = config.rollout.stages[stage.index + 1];
      const goal = next === undefined ? 'The rollout completes' : `Goes on to ${stageName(next.label)}`;
      const how = config.rollout.advance === 'manual' ? ' and a person says go' : '';
      return [`${goal} when the gate below is met${how}.`];
    }
    case 'paused': {
      const { why, next } = PAUSES[status.reason];
      return [why, next];
    }
    case 'rolled-back':
      return [
        ROLLBACKS[status.reason],
        'When the cause is mended, comment `/retry-rollout` to begin again at the first production stage.',
      ];
    case 'completed':
      return ['Every stage is done; the final report is the last comment.'];
    case 'aborted':
      return ['Nothing moves any more. A new rollout begins with `/start-rollout` on any issue.'];
  }
}

/** What production is told, and which targets do not say yet that they hold it. */
function trafficLine(view: RolloutView): string {
  const { config, state } = view;
  const { shares, targets, verifiedAt, purpose } = state.stage.traffic;
  const share = `On the gateway: ${sharesText(shares)}${heldBackText(view)}.`;
  if (verifiedAt !== null || targets.length === 0) return share;
  const open = targets.flatMap((target, index) =>
    target === 'verified' ? [] : [`${targetName(config, index)} (${target})`],
  );
  if (open.length === 0) return share;
  const goal = purpose === 'probe' ? 'To be tried before the start' : 'Not verified yet';
  return `${share} ${goal}: ${listed(shortList(open))}.`;
}

/** Why the last of a stage's share is not on the gateway; empty where it is, or where none of it is. */
function heldBackText(view: RolloutView): string {
  const { holdback } = view.config.rollout;
  const stage = stageOf(view);
  if (stage?.kind !== 'share' || !isHeldBack(stage, holdback)) return '';
  return shareOfSlice(view.state.stage.traffic.shares, stage.slice) === 100 - holdback
    ? `; ${percent(holdback)} stay on the official API until completion (holdback)`
    : '';
}
