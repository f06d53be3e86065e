/** Looks at the numbers and does what they ask for. */
import type { HealthProblem } from '../judge/health.ts';
import { gapOf, lookAt } from './current-look.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { Look } from './look.ts';
import { goForward, rollBack } from './moves.ts';
import { pause } from './pause.ts';
import { PAUSES_BY_NUMBERS, type PauseReason, type RollbackReason } from './reason.ts';
import { nextStage, stageOf } from './road.ts';
import { clearProblems, raiseProblem, say, type Turn, withStage } from './turn.ts';
import { afterProbe } from './write-traffic.ts';

const BY_ITSELF = { by: null, comment: null } as const;

/** At most one step: a look that leads forward is the last one of its event. */
export function lookAndAct(turn: Turn): Turn {
  const ready = afterProbe(turn);
  const look = lookAt(ready, ready.now);
  return look === null ? ready : actOnLook(shown({ ...ready, look }, look), look);
}

/** What a look finds wrong, beside what the source itself says. */
const FOUND = ['stale_window', 'silent_arm', 'traffic_share'] as const satisfies readonly HealthProblem[];

/** Keeps for people what the look says, where it says something else than the one before. */
function shown(turn: Turn, { verdicts, problems }: Look): Turn {
  const { evidence, verdicts: known } = turn.state.stage;
  const seen = evidence === null ? null : verdicts;
  const isKnown = isDeepEqual(seen, known);
  const kept = isKnown ? turn : withStage(turn, { verdicts: seen });
  return FOUND.reduce(
    (each, problem) =>
      problems.includes(problem)
        ? raiseProblem(each, problem, '')
        : clearProblems(each, (code) => code === problem),
    kept,
  );
}

/** Does what a look decided. */
export function actOnLook(turn: Turn, look: Look): Turn {
  const { kind, reasonCode } = look.decision;
  switch (kind) {
    case 'rollback':
      return rollBack(turn, {
        ...BY_ITSELF,
        reason: rollbackReason(reasonCode),
        words: null,
        gap: gapOf(look),
      });
    case 'pause':
      return turn.state.status.kind === 'paused'
        ? turn
        : pause(turn, pauseReason(reasonCode), { gap: gapOf(look) });
    case 'advance':
    case 'complete':
      return goForward(turn, BY_ITSELF);
    case 'hold':
      return requestApproval(turn, look);
  }
}

/** The gate is met but for people: they are told once. */
function requestApproval(turn: Turn, { decision }: Look): Turn {
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

function rollbackReason(code: string): RollbackReason {
  return code === 'blind' ? 'blind' : 'metric_failed';
}

function pauseReason(code: string): PauseReason {
  return PAUSES_BY_NUMBERS.find((reason) => reason === code) ?? 'metric_failed';
}
