/** The start of a rollout. */
import { NOTHING_APPLIED } from './applied-events.ts';
import type { StartEvent } from './event.ts';
import { withMeasureProblem } from './on-config.ts';
import { refuseByPolicy } from './on-policy.ts';
import { NO_SHARES } from './shares.ts';
import type { StageState } from './stage-state.ts';
import type { RolloutState } from './state.ts';
import { NO_ARMS } from './stored-counts.ts';
import { addEffects, record, type Turn } from './turn.ts';
import { NEW_STAGE, writeTraffic } from './write-traffic.ts';

/**
 * Opens the issue and writes every target once, with its current value or 0 %, so that a refusal shows on the first day
 * and not at a rollback. A policy that forbids the rollout stops it before that.
 */
export function begin(event: StartEvent, now: number): Turn {
  const { key, config, by, asked, refusals } = event;
  const state = firstState(event, now);
  const turn: Turn = { config, state, key, now, look: null };
  const opened = addEffects(withMeasureProblem(turn), { kind: 'open_issue' });
  const started = record(opened, 'started', { by, to: state.stage.label, comment: asked?.comment ?? null });
  const answered =
    asked === null
      ? started
      : addEffects(started, { kind: 'react', comment: asked.comment, reaction: 'rocket' });
  return refusals.length > 0
    ? refuseByPolicy(answered, refusals)
    : writeTraffic(answered, NO_SHARES, 'probe');
}

function firstState({ name, source, config, asked }: StartEvent, now: number): RolloutState {
  return {
    schema: 1,
    name,
    startedAt: now,
    config: source,
    brokenConfig: null,
    status: { kind: 'progressing' },
    issue: null,
    asked,
    stage: firstStage(config.rollout.stages[0]?.label ?? '', config.traffic.length, now),
    road: null,
    question: null,
    model: null,
    left: [],
    past: [],
    spent: NO_ARMS,
    history: [],
    applied: NOTHING_APPLIED,
    pending: [],
    effects: 0,
    problems: [],
  };
}

function firstStage(label: string, targets: number, now: number): StageState {
  return {
    ...NEW_STAGE,
    index: 0,
    label,
    enteredAt: now,
    traffic: {
      shares: NO_SHARES,
      generation: 0,
      purpose: 'probe',
      writtenAt: null,
      verifiedAt: null,
      targets: Array.from({ length: targets }, () => 'waiting' as const),
    },
  };
}
