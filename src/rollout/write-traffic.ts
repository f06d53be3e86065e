/** Writing the shares to the targets, and the stage's state meanwhile. */
import type { Effect, Purpose, Shares } from './effect.ts';
import { stageOf } from './road.ts';
import { sharesAt } from './shares.ts';
import { elapsedIn, type StageState, type TrafficState } from './stage-state.ts';
import { NO_ARMS } from './stored-counts.ts';
import { addEffects, clearProblems, type Turn, withStage, withState } from './turn.ts';

/** The state of a stage whenever its evidence starts from zero. */
export const NO_EVIDENCE = {
  clock: { stoppedSince: null, stopped: 0, ran: 0 },
  extensions: 0,
  evidence: null,
  total: NO_ARMS,
  measuredTo: null,
  isBehind: false,
  watchedSince: null,
  silence: { gateway: 0, official: 0 },
  silentIntervals: 0,
  consecutiveErrors: 0,
  peopleAsked: false,
} as const satisfies Partial<StageState>;

/** The state of a stage that the rollout enters. */
export const NEW_STAGE = {
  ...NO_EVIDENCE,
  past: [],
  checks: { workflows: {}, checks: {} },
  approvals: [],
  verdicts: null,
  notice: null,
  points: [],
  tasksPerDay: null,
  stepsBack: [],
  watching: false,
} satisfies Partial<StageState>;

/**
 * Writes the shares to every target, as a new generation: older writes are dropped, and earlier measurements are no
 * evidence about the new shares. An advance writes one target after the other, so that a refusal stops it early; a
 * rollback and a test of the targets write all at once, so that no target waits for another that refuses.
 * @param evidence `kept`: the shares step back or return, and the stage continues afterwards
 */
export function writeTraffic(
  turn: Turn,
  shares: Shares,
  purpose: Purpose,
  evidence: 'anew' | 'kept' = 'anew',
): Turn {
  const { state, config, now } = turn;
  const targets = config.traffic.map(() => 'waiting' as const);
  const at = targets.length === 0 ? now : null;
  const generation = state.stage.traffic.generation + 1;
  const traffic: TrafficState = { shares, generation, purpose, writtenAt: at, verifiedAt: at, targets };
  const pending = state.pending.filter(({ effect }) => effect.kind !== 'write_traffic');
  const cleared = clearProblems(withState(turn, { pending }), isAboutTraffic);
  const fresh = withNewEvidence(withStage(cleared, { traffic }));
  const anew = evidence === 'kept' ? withEvidenceOf(state.stage, fresh) : fresh;
  const first = purpose === 'advance' ? targets.slice(0, 1) : targets;
  return settleTraffic(addEffects(anew, ...first.map((_, target) => writeOf(anew, target))));
}

/** Restarts the stage's evidence from now on; the traffic stays as it is. */
export function withNewEvidence(turn: Turn): Turn {
  const { stage, status } = turn.state;
  const { traffic } = stage;
  const { now } = turn;
  return withStage(turn, {
    ...NO_EVIDENCE,
    clock: { ...NO_EVIDENCE.clock, stoppedSince: status.kind === 'progressing' ? null : now },
    watchedSince: traffic.verifiedAt === null ? null : now,
    traffic: {
      ...traffic,
      writtenAt: traffic.writtenAt === null ? null : now,
      verifiedAt: traffic.verifiedAt === null ? null : now,
    },
  });
}

/** What was measured so far still counts, and so does the time. */
function withEvidenceOf(before: StageState, turn: Turn): Turn {
  const { evidence, total, extensions } = before;
  const ran = elapsedIn(before, turn.now) ?? before.clock.ran;
  return withStage(turn, { evidence, total, extensions, clock: { ...turn.state.stage.clock, ran } });
}

/** A target was written; the next one follows. */
export function markWritten(turn: Turn, target: number, verified: boolean, run?: number): Turn {
  const { traffic } = turn.state.stage;
  const marked = withTarget(turn, target, verified ? 'verified' : 'written');
  const runs = run === undefined ? {} : { runs: { ...traffic.runs, [target]: run } };
  const written = withTraffic(marked, { writtenAt: traffic.writtenAt ?? turn.now, ...runs });
  const next = target + 1;
  const isNextDue = traffic.purpose === 'advance' && traffic.targets[next] === 'waiting';
  return settleTraffic(isNextDue ? addEffects(written, writeOf(written, next)) : written);
}

export function markVerified(turn: Turn, target: number): Turn {
  // A write that was reported as failed may have reached the target after all.
  const writtenAt = turn.state.stage.traffic.writtenAt ?? turn.now;
  return settleTraffic(withTraffic(withTarget(turn, target, 'verified'), { writtenAt }));
}

export function withTarget(turn: Turn, target: number, to: TrafficState['targets'][number]): Turn {
  const { targets } = turn.state.stage.traffic;
  return withTraffic(turn, { targets: targets.map((was, index) => (index === target ? to : was)) });
}

/** Whether the start is still testing that every target can be written. */
export function isStarting({ state }: Pick<Turn, 'state'>): boolean {
  const { purpose, verifiedAt } = state.stage.traffic;
  return purpose === 'probe' && verifiedAt === null;
}

/** Whether a rollback is not verified on every target yet. */
export function isRollingBack({ state }: Pick<Turn, 'state'>): boolean {
  const { purpose, verifiedAt } = state.stage.traffic;
  return purpose === 'rollback' && verifiedAt === null;
}

/** Whether a target no longer holds the stage's share. */
export function hasDrift({ state }: Pick<Turn, 'state'>): boolean {
  return state.problems.some(({ code }) => code.startsWith('traffic_drifted:'));
}

/** Once every target holds the shares, the stage's clock starts; after a test of the targets, its shares are written. */
function settleTraffic(turn: Turn): Turn {
  const { now } = turn;
  const { traffic } = turn.state.stage;
  if (traffic.targets.some((target) => target !== 'verified')) return turn;
  const cleared = clearProblems(turn, isAboutTraffic);
  const verified =
    traffic.verifiedAt === null
      ? withStage(withTraffic(cleared, { verifiedAt: now }), { watchedSince: now })
      : cleared;
  return afterTargetTest(verified);
}

/** A first stage that moves traffic does so only after every target was proven writable. */
export function afterTargetTest(turn: Turn): Turn {
  const { config, state } = turn;
  const { index, traffic } = state.stage;
  if (traffic.purpose !== 'probe' || traffic.verifiedAt === null) return turn;
  if (state.status.kind !== 'progressing' || state.brokenConfig !== null) return turn;
  const { stages, holdback } = config.rollout;
  if (stageOf(turn)?.kind !== 'share') return turn;
  return writeTraffic(turn, sharesAt(stages, index, holdback), 'advance');
}

function writeOf({ state }: Turn, target: number): Effect {
  const { label, traffic } = state.stage;
  const { shares, generation, purpose } = traffic;
  return { kind: 'write_traffic', target, shares, stage: label, generation, purpose };
}

function withTraffic(turn: Turn, change: Partial<TrafficState>): Turn {
  return withStage(turn, { traffic: { ...turn.state.stage.traffic, ...change } });
}

function isAboutTraffic(code: string): boolean {
  return /^(traffic_not_written|rollback_not_written|gateway_still_has_traffic|traffic_drifted:)/.test(code);
}
