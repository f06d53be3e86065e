/**
 * The heart: what one event means for one rollout. Pure and total: no clock, no network, and no event makes it throw.
 * The App reads the state, calls `decide`, writes the new state, and then performs its pending effects.
 *
 * Each kind of event has its own step, which takes a turn and returns the next one. README.md lists the laws that hold
 * whatever happens.
 */
import { onTick } from './act-on-look.ts';
import { isApplied, remember } from './applied-events.ts';
import { decisionOf } from './decision.ts';
import type { PendingEffect } from './effect.ts';
import type { RolloutEvent, StartEvent } from './event.ts';
import type { Look } from './look.ts';
import type { Message } from './message.ts';
import { onCommand } from './on-command.ts';
import { onConfigBroken, onConfigChanged } from './on-config.ts';
import { onMeasured, onMeasuringFailed } from './on-measured.ts';
import {
  onAlert,
  onAlertGone,
  onChecksChanged,
  onIssueClosed,
  onIssueGone,
  onIssueReopened,
} from './on-notice.ts';
import { onPolicyChecked } from './on-policy.ts';
import {
  onEffectDone,
  onEffectFailed,
  onEffectTaken,
  onIssueOpened,
  onTrafficDrifted,
  onTrafficReported,
  onTrafficRestored,
} from './on-traffic.ts';
import type { Rollout } from './road.ts';
import type { Decision } from './stage-decision.ts';
import { begin } from './start.ts';
import type { RolloutState } from './state.ts';
import type { Turn } from './turn.ts';

/** What an event leads to. */
export interface Transition {
  /** The same object where nothing changed. */
  readonly state: RolloutState;
  readonly decision: Decision;
  /** The look at the current stage; null where the event did not need one. */
  readonly look: Look | null;
  /** Newly pending in the state, in order. */
  readonly effects: readonly PendingEffect[];
  /** The messages among them. */
  readonly replies: readonly Message[];
}

/**
 * Starts a rollout.
 * @param now milliseconds since 1970
 */
export function startRollout(event: StartEvent, now: number): Transition {
  return transition(null, begin(event, now));
}

/**
 * Applies one event to a rollout.
 * @param rollout the state, and the config parsed from `state.config.text`
 * @param now milliseconds since 1970
 */
export function decide(rollout: Rollout, event: RolloutEvent, now: number): Transition {
  const { config, state } = rollout;
  const before: Turn = { config, state, key: event.key, now, look: null };
  if (isApplied(state, event)) return transition(state, before);
  const after = apply(before, event);
  if (after.state === state) return transition(state, after);
  const applied = remember(after.state.applied, event);
  return transition(state, { ...after, state: { ...after.state, applied } });
}

type EventKind = RolloutEvent['kind'];
type EventByKind = { readonly [Each in RolloutEvent as Each['kind']]: Each };

const STEPS: { readonly [Kind in EventKind]: (turn: Turn, event: EventByKind[Kind]) => Turn } = {
  command: onCommand,
  measured: onMeasured,
  measuring_failed: onMeasuringFailed,
  checks_changed: onChecksChanged,
  tick: onTick,
  config_changed: onConfigChanged,
  config_broken: onConfigBroken,
  policy_checked: onPolicyChecked,
  effect_done: onEffectDone,
  effect_taken: onEffectTaken,
  effect_failed: onEffectFailed,
  traffic_reported: onTrafficReported,
  traffic_drifted: onTrafficDrifted,
  traffic_restored: onTrafficRestored,
  issue_opened: onIssueOpened,
  issue_closed: onIssueClosed,
  issue_reopened: onIssueReopened,
  issue_gone: onIssueGone,
  alert: onAlert,
  alert_gone: onAlertGone,
};

function apply<Kind extends EventKind>(
  turn: Turn,
  event: { [Each in Kind]: EventByKind[Each] & { readonly kind: Each } }[Kind],
): Turn {
  return STEPS[event.kind](turn, event);
}

function transition(before: RolloutState | null, { state, look }: Turn): Transition {
  const known = new Set(before?.pending.map(({ id }) => id));
  const effects = state.pending.filter(({ id }) => !known.has(id));
  const replies = effects.flatMap(({ effect }) => (effect.kind === 'comment' ? [effect.message] : []));
  const decision = decisionOf(before, state, look?.decision ?? null);
  return { state, decision, look, effects, replies };
}
