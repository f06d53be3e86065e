/** A new config on the default branch: what it means for the running rollout. */

import type { Config, RolloutStage } from '../config/schema.ts';
import { sameStage } from '../config/stages.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { EventOf } from './event.ts';
import { hasSamePast } from './past-windows.ts';
import { pause } from './pause.ts';
import { stageOf } from './road.ts';
import { isOver } from './state.ts';
import { clearProblems, NEW_ROAD, raiseProblem, say, type Turn, withStage, withState } from './turn.ts';
import { withNewEvidence, writeTraffic } from './write-traffic.ts';

/**
 * A change that keeps the meaning of the evidence applies immediately; any other restarts the evidence. Neither raises
 * the share: new targets get the current one, the loss of the current stage pauses the rollout, and a gate that the
 * new config meets waits for the next look.
 */
export function onConfigChanged(turn: Turn, { source, config }: EventOf<'config_changed'>): Turn {
  const { state } = turn;
  if (isOver(state) || (source.sha === state.config.sha && state.brokenConfig === null)) return turn;
  const noted = noteFixedConfig(turn, source.path);
  if (source.sha === state.config.sha) return noted;
  // A run that was green under the old config does not count under the new one.
  const unchecked = withStage(noted, { checks: { workflows: {}, checks: {} } });
  const changed = withMeasureProblem({ ...withState(unchecked, { config: source }), config });
  const past = hasSamePast(turn.config, config) ? state.past : [];
  const applied = withState(changed, { past });
  const stage = stageOf(turn);
  const index = config.rollout.stages.findIndex((each) =>
    // After the stage was lost, only its label is known.
    stage === null ? each.label === state.stage.label : sameStage(each, stage),
  );
  const label = config.rollout.stages[index]?.label;
  if (label === undefined) return loseStage(applied, turn.config);
  const kept = withStage(applied, { index, label });
  const found = stageOf(kept);
  return found === null ? kept : keepStage(kept, turn.config, stage, found);
}

/** @param stage as in the config before; null where that one no longer had it */
function keepStage(turn: Turn, before: Config, stage: RolloutStage | null, found: RolloutStage): Turn {
  const { config, state } = turn;
  const isRestarted = stage === null || !isDeepEqual(meaningOf(before, stage), meaningOf(config, found));
  const isOtherGate = stage === null || !isDeepEqual(stage.gate, found.gate);
  const kept = isRestarted ? withState(turn, NEW_ROAD) : turn;
  const asked = isRestarted || isOtherGate ? withStage(kept, { approvals: [], peopleAsked: false }) : kept;
  const changes = changesBetween(before, config, stage ?? found, found);
  const announce = (settled: Turn, restarted: boolean) =>
    say(settled, { code: 'config_changed', data: { stage: found.label, restarted, changes } });
  if (areOtherTargets(before, config)) {
    return announce(writeTraffic(withoutFindings(asked), state.stage.traffic.shares, purposeOf(turn)), true);
  }
  return isRestarted ? announce(withNewEvidence(withoutFindings(asked)), true) : announce(asked, false);
}

/** One comment for each broken version. The last valid one stays in force. */
export function onConfigBroken(turn: Turn, { sha, problems }: EventOf<'config_broken'>): Turn {
  const { state } = turn;
  if (isOver(state) || state.brokenConfig === sha) return turn;
  const noted = raiseProblem(withState(turn, { brokenConfig: sha }), 'config_broken', problems.join('\n'));
  const data = { path: state.config.path, problems: [...problems] };
  return say(noted, { code: 'config_broken', data, mention: true });
}

/** Shows from the first day that no metrics source is configured for the gates. */
export function withMeasureProblem(turn: Turn): Turn {
  const { rollout, measure } = turn.config;
  const waiting = rollout.stages.filter(
    ({ kind, gate }) => kind === 'share' && Object.keys(gate.metrics).length > 0,
  );
  if (measure !== null || waiting.length === 0) return clearProblems(turn, (code) => code === 'no_measure');
  return raiseProblem(turn, 'no_measure', waiting.map(({ label }) => label).join(', '));
}

function noteFixedConfig(turn: Turn, path: string): Turn {
  if (turn.state.brokenConfig === null) return turn;
  const fixed = clearProblems(withState(turn, { brokenConfig: null }), (code) => code === 'config_broken');
  return say(fixed, { code: 'config_repaired', data: { path } });
}

function loseStage(turn: Turn, before: Config): Turn {
  const { stage, status } = turn.state;
  const last = turn.config.rollout.stages.length - 1;
  const moved = withStage(turn, { index: Math.min(stage.index, last), approvals: [] });
  const stopped = status.kind === 'progressing' ? pause(moved, 'stage_gone') : moved;
  const targets = areOtherTargets(before, turn.config);
  return targets ? writeTraffic(stopped, stage.traffic.shares, purposeOf(turn)) : stopped;
}

function withoutFindings(turn: Turn): Turn {
  return withStage(turn, { verdicts: null, points: [] });
}

function purposeOf({ state }: Turn) {
  const { purpose } = state.stage.traffic;
  return state.status.kind === 'rolled-back' ? 'rollback' : purpose;
}

function areOtherTargets(before: Config, after: Config): boolean {
  return !isDeepEqual(before.traffic, after.traffic);
}

/** What the evidence of a stage depends on: under another meaning, it does not count. */
function meaningOf(
  { official, gateway, models, workloads, measure, rollout }: Config,
  { gate }: RolloutStage,
) {
  const { stages, confidence, cluster, holdback, watch } = rollout;
  const road = stages.map((stage) => (stage.kind === 'share' ? [stage.slice, stage.share] : stage.kind));
  const source = measure && [measure.official, measure.gateway, measure.prices, measure.workflow];
  const rules = [confidence, cluster, holdback, watch > 0];
  return [official, gateway, models, workloads, source, road, rules, gate.metrics, gate.min_tasks];
}

/** The settings that differ, as the file names them. */
function changesBetween(before: Config, after: Config, stage: RolloutStage, found: RolloutStage): string[] {
  const labels = (road: readonly RolloutStage[]) => road.map(({ label }) => label);
  const flat = ({ rollout: { stages, ...rules }, ...sections }: Config, { gate }: RolloutStage) =>
    [
      ['', sections],
      ['rollout.', rules],
      ['rollout.', { stages: labels(stages) }],
      ['rollout.gates.', { [stage.label]: gate }],
    ] as const;
  const was = flat(before, stage);
  return flat(after, found).flatMap(([prefix, settings], index) => {
    const known = new Map<string, unknown>(Object.entries(was[index]?.[1] ?? {}));
    const changed = Object.entries(settings).filter(([key, value]) => !isDeepEqual(known.get(key), value));
    return changed.map(([key]) => `${prefix}${key}`);
  });
}
