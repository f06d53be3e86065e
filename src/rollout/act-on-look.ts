/** Looks at the current stage and acts on the decision. */

import type { NewWindow } from '../judge/assess.ts';
import type { HealthProblem } from '../judge/health.ts';
import { currentLook, gapOf } from './current-look.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { Look } from './look.ts';
import { goForward, rollBack } from './moves.ts';
import { pause } from './pause.ts';
import { PAUSES_BY_NUMBERS, ROLLBACK_REASONS } from './reason.ts';
import { askAboutRegression } from './regression.ts';
import { nextStage, stageOf } from './road.ts';
import { isSteppedBack } from './state.ts';
import { returnWhenDue, stepBack } from './step-back.ts';
import { clearProblems, raiseProblem, say, type Turn, withStage, withState } from './turn.ts';
import { afterTargetTest, writeTraffic } from './write-traffic.ts';

const BY_ITSELF = { by: null, comment: null } as const;

/** At most one step: after an advance there is no second look in the same event. */
export function lookAndAct(turn: Turn, windows: readonly NewWindow[] = []): Turn {
  const ready = afterTargetTest(turn);
  // Windows from before the shares were written say nothing about them.
  const look = currentLook(ready, ready.now, null, ready === turn ? windows : []);
  if (look === null) return ready;
  return actOnLook(askAboutRegression(withFindings({ ...ready, look }, look), look), look);
}

/** A tick: time has passed. If a target failed in a rollback or at completion, the targets are written again instead. */
export function onTick(turn: Turn): Turn {
  const { status, stage } = turn.state;
  const { traffic } = stage;
  const isOwed = traffic.purpose === 'rollback' || status.kind === 'completed';
  if (isOwed && traffic.targets.includes('failed')) {
    const evidence = isSteppedBack(turn.state) ? 'kept' : 'anew';
    return writeTraffic(turn, traffic.shares, traffic.purpose, evidence);
  }
  return status.kind === 'stepped-back' ? returnWhenDue(turn) : lookAndAct(turn);
}

/** Problems that a look finds, in addition to those that the source reports. */
const FOUND = ['stale_window', 'silent_arm', 'traffic_share'] as const satisfies readonly HealthProblem[];

/** Keeps the evidence of the look, and for people its verdicts and problems, where they changed. */
function withFindings(turn: Turn, { evidence, verdicts, notice, problems }: Look): Turn {
  const { stage, road } = turn.state;
  const grown = evidence.road === road ? turn : withState(turn, { road: evidence.road });
  const counted = evidence.stage === stage.evidence ? grown : withStage(grown, { evidence: evidence.stage });
  const seen = evidence.stage === null ? null : verdicts;
  const isSame = isDeepEqual([seen, notice], [stage.verdicts, stage.notice]);
  const kept = isSame ? counted : withStage(counted, { verdicts: seen, notice });
  return FOUND.reduce(
    (each, problem) =>
      problems.includes(problem)
        ? raiseProblem(each, problem, '')
        : clearProblems(each, (code) => code === problem),
    kept,
  );
}

/** Does what the look decided. */
export function actOnLook(turn: Turn, look: Look): Turn {
  const { kind, reasonCode } = look.decision;
  switch (kind) {
    case 'rollback':
      return rollBack(turn, {
        ...BY_ITSELF,
        reason: ROLLBACK_REASONS.find((reason) => reason === reasonCode) ?? 'metric_failed',
        words: null,
        gap: gapOf(look),
      });
    case 'step-back':
      return stepBack(turn, gapOf(look));
    case 'pause':
      return turn.state.status.kind === 'paused'
        ? turn
        : pause(turn, PAUSES_BY_NUMBERS.find((reason) => reason === reasonCode) ?? 'metric_failed', {
            gap: gapOf(look),
          });
    case 'advance':
    case 'complete':
      return goForward(turn, BY_ITSELF);
    case 'hold':
      return askForApproval(turn, look);
  }
}

/** The gate is met and waits for approval: people are asked once. */
function askForApproval(turn: Turn, { decision }: Look): Turn {
  const { stage } = turn.state;
  const isAwaited = decision.reasonCode === 'person_needed' || decision.reasonCode === 'approvals_missing';
  if (!isAwaited || stage.peopleAsked) return turn;
  const need = stageOf(turn)?.gate.approvals ?? 0;
  const data = {
    stage: stage.label,
    next: nextStage(turn)?.label ?? null,
    have: stage.approvals.length,
    need: Math.max(1, need),
  };
  return say(withStage(turn, { peopleAsked: true }), { code: 'person_needed', data, mention: true });
}
