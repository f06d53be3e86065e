/** The status of the rollout, in the first lines of its issue. */
import { isShadow } from '../../config/stages.ts';
import { hasWatch } from '../../judge/stage-setting.ts';
import { stageOf } from '../../rollout/road.ts';
import { isHeldBack, shareOfSlice } from '../../rollout/shares.ts';
import { listed, moment, percent, shortList, span } from '../../wording/amounts.ts';
import { REASONS, sentenceOf } from '../../wording/decisions.ts';
import { copiesNote, sharesText, stageName, targetName } from '../messages/names.ts';
import { AFTER_PAUSE, afterStepBack, incidentText, rollbackWhy } from '../messages/next-steps.ts';
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
      if (stage.watching)
        return `🟢 Watching after the last stage, ${name}, since ${moment(stage.enteredAt)}`;
      return `🟢 Stage ${stage.index + 1} of ${config.rollout.stages.length}: ${name}, since ${moment(stage.enteredAt)}`;
    case 'paused':
      return `⏸️ Paused in stage ${name} since ${moment(status.since)}`;
    case 'stepped-back':
      return `↩️ Stepped back from stage ${name} until ${moment(status.until)}`;
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
      if (stage.watching)
        return [
          'The rollout still rolls back if the gateway fails. It is complete once the gate below is met.',
        ];
      const next = config.rollout.stages[stage.index + 1];
      const last = hasWatch(config)
        ? `a watch of ${span(config.rollout.watch)}, then completion`
        : 'completion';
      const goal = next === undefined ? last : stageName(next.label);
      const how = config.rollout.advance === 'manual' ? ' and somebody approves it' : '';
      return [`Next: ${goal}, once the gate below is met${how}.`];
    }
    case 'paused':
      return [sentenceOf(REASONS[status.reason]), AFTER_PAUSE[status.reason]];
    case 'stepped-back':
      return [incidentText(status.incident, stage.label), afterStepBack(config)];
    case 'rolled-back':
      return [
        rollbackWhy(status.reason) + copiesNote(stage.label),
        "Once it's fixed, comment `/retry-rollout` to restart at the first production stage.",
      ];
    case 'completed':
      return ['Every stage is done. The final report is the last comment.'];
    case 'aborted':
      return ['The rollout is over. Comment `/start-rollout` on any issue to start a new rollout.'];
  }
}

/** The share that the targets should hold, and which of them have not confirmed it yet. */
function trafficLine(view: RolloutView): string {
  const { config, state } = view;
  const { shares, targets, verifiedAt, purpose } = state.stage.traffic;
  const share = `Gateway traffic now: ${sharesText(shares)}${heldBackText(view)}.`;
  if (verifiedAt !== null || targets.length === 0) return share;
  const open = targets.flatMap((target, index) =>
    target === 'verified' ? [] : [`${targetName(config, index)} (${target})`],
  );
  if (open.length === 0) return share;
  const goal = purpose === 'probe' ? 'Testing write access before the start' : 'Not verified yet';
  return `${share} ${goal}: ${listed(shortList(open))}.`;
}

/** The part that stays on the official API until completion; empty unless the targets hold the rest. */
function heldBackText(view: RolloutView): string {
  const { holdback } = view.config.rollout;
  const stage = stageOf(view);
  if (stage?.kind !== 'share' || isShadow(stage) || !isHeldBack(stage, holdback)) return '';
  return shareOfSlice(view.state.stage.traffic.shares, stage.slice) === 100 - holdback
    ? `; ${percent(holdback)} stays on the official API until completion (holdback)`
    : '';
}
