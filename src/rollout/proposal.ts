/**
 * What a pull request would change in a rollout, before it is merged. The effect of a config is computed by `decide`
 * itself, so the forecast is what would happen.
 */

import type { Arm } from '../config/arms.ts';
import type { Target, TrafficValue } from '../config/schema/traffic.ts';
import type { Config } from '../config/schema.ts';
import { sameStage } from '../config/stages.ts';
import { decide } from './decide.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { Shares } from './effect.ts';
import { type Rollout, stageOf } from './road.ts';
import { isNothingOnGateway, shareOfSlice, sharesAt } from './shares.ts';
import { type ConfigSource, isSteppedBack, type RolloutState } from './state.ts';
import { amountOf, shareOfAmount } from './target-value.ts';

export type ProposalFinding =
  // What must not be merged.
  | { readonly code: 'moves_gateway'; readonly stage: string; readonly shares: Shares }
  | ({ readonly code: 'raises_target'; readonly stage: string } & TargetChange)
  | { readonly code: 'target_broken'; readonly target: number; readonly problem: string }
  | { readonly code: 'config_invalid'; readonly path: string; readonly problems: readonly string[] }
  | { readonly code: 'config_missing'; readonly path: string }
  // What people should know.
  | { readonly code: 'begins'; readonly name: string; readonly stage: string }
  /** Before the merge, jobs send no key to these origins, unless their workflow names them. */
  | {
      readonly code: 'new_address';
      readonly addresses: readonly { readonly arm: Arm; readonly origin: string }[];
    }
  | { readonly code: 'over'; readonly name: string }
  | { readonly code: 'unknown'; readonly name: string }
  | { readonly code: 'no_change'; readonly name: string; readonly stage: string }
  | {
      readonly code: 'config_changes';
      readonly stage: string;
      /** The settings that differ, as the file names them. */
      readonly changes: readonly string[];
      readonly restarted: boolean;
      /** The current share is written to other targets. */
      readonly written: boolean;
    }
  | { readonly code: 'stage_lost'; readonly stage: string }
  /** The gate of the new config is already met. `shares`: of the next stage. */
  | {
      readonly code: 'advances';
      readonly from: string;
      readonly to: string;
      readonly shares: Shares;
    }
  | ({ readonly code: 'lowers_target' } & TargetChange)
  | { readonly code: 'target_kept'; readonly target: number };

/** A field of a target that would hold another share than the stage allows; shares in percent. */
export interface TargetChange {
  readonly target: number;
  readonly field: string;
  readonly slice: string | null;
  readonly share: number;
  readonly allowed: number;
}

const HARMFUL: readonly ProposalFinding['code'][] = [
  'moves_gateway',
  'raises_target',
  'target_broken',
  'config_invalid',
  'config_missing',
];

/** Whether the change must not be merged as it is. */
export function isHarmful({ code }: ProposalFinding): boolean {
  return HARMFUL.includes(code);
}

/**
 * What a valid config would change in the rollout that it belongs to.
 * @param now milliseconds since 1970
 */
export function proposeConfig(
  rollout: Rollout,
  source: ConfigSource,
  config: Config,
  now: number,
): readonly ProposalFinding[] {
  const { state } = rollout;
  const { label, traffic } = state.stage;
  const event = { kind: 'config_changed', key: 'proposal', source, config } as const;
  const { state: after, replies } = decide(rollout, event, now);
  const announced = replies.flatMap((reply) => (reply.code === 'config_changed' ? [reply.data] : []));
  const findings: ProposalFinding[] = [];
  // The share may return while the new config is in force.
  const { stages, holdback } = rollout.config.rollout;
  const shares = isSteppedBack(state) ? sharesAt(stages, state.stage.index, holdback) : traffic.shares;
  const isMoved = config.gateway.base_url !== rollout.config.gateway.base_url;
  if (isMoved && !isNothingOnGateway(shares)) {
    findings.push({ code: 'moves_gateway', stage: label, shares });
  }
  findings.push(...changedMeanings(rollout, config));
  const stage = stageOf(rollout);
  if (stage !== null && !config.rollout.stages.some((each) => sameStage(each, stage))) {
    findings.push({ code: 'stage_lost', stage: label });
  }
  const isWritten = !isDeepEqual(config.traffic, rollout.config.traffic);
  for (const { changes, restarted } of announced) {
    findings.push({ code: 'config_changes', stage: label, changes, restarted, written: isWritten });
  }
  findings.push(...movesBecause(rollout, { config, state: after }, now));
  return findings.length > 0 ? findings : [{ code: 'no_change', name: state.name, stage: label }];
}

/** A step forward that the next look would take under the new config, and not under the old one. */
function movesBecause(before: Rollout, after: Rollout, now: number): readonly ProposalFinding[] {
  const { index, label: from } = after.state.stage;
  const afterLook = (rollout: Rollout) => decide(rollout, { kind: 'tick', key: 'proposal:look' }, now).state;
  const { stage: next } = afterLook(after);
  if (next.index <= index || afterLook(before).stage.index > index) return [];
  return [{ code: 'advances', from, to: next.label, shares: next.traffic.shares }];
}

interface TargetField {
  readonly id: string;
  readonly value: TrafficValue;
}

/**
 * Fields that both configs write, but with another meaning: an application that reads such a field as before would
 * mistake the new number for a larger share.
 */
function changedMeanings({ config: before, state }: Rollout, after: Config): readonly ProposalFinding[] {
  const { shares } = state.stage.traffic;
  const known = new Map(before.traffic.flatMap(fieldsOf).map(({ id, value }) => [id, value]));
  return after.traffic.flatMap((target, index) =>
    fieldsOf(target)
      .flatMap(({ id, value }) => {
        const was = known.get(id);
        const field = id.split('\n').at(-1) ?? '';
        return was === undefined ? [] : compareShare(state, index, field, was, amountOf(value, shares));
      })
      .filter(isHarmful),
  );
}

/** What a number in a field of a target says about its share. */
function compareShare(
  { stage: { label, traffic } }: RolloutState,
  target: number,
  field: string,
  { value, slice }: TrafficValue,
  amount: number,
): readonly ProposalFinding[] {
  const allowed = shareOfSlice(traffic.shares, slice);
  const about = { target, field, slice, share: shareOfAmount(value, amount), allowed };
  if (about.share > allowed + TINY) return [{ code: 'raises_target', stage: label, ...about }];
  return about.share < allowed - TINY ? [{ code: 'lowers_target', ...about }] : [];
}

function fieldsOf(target: Target): readonly TargetField[] {
  switch (target.kind) {
    case 'file':
      return target.set.map(({ pointer, ...value }) => ({
        id: `file\n${target.branch ?? ''}\n${target.path}\n${pointer}`,
        value,
      }));
    case 'variable':
      return [{ id: `variable\n${target.environment ?? ''}\n${target.name}`, value: target.value }];
    case 'deployment':
    case 'dispatch':
    case 'workflow':
      return [];
  }
}

/** The number in a field of a target's file, before and after the pull request. */
export interface ProposedValue {
  readonly pointer: string;
  readonly value: TrafficValue;
  /** Null where the field is new, or held no number. */
  readonly before: number | null;
  readonly after: number;
}

/** What a change of a target's file would do to the traffic. @param target its index in the config */
export function proposeFile(
  { state }: Rollout,
  target: number,
  values: readonly ProposedValue[],
): readonly ProposalFinding[] {
  const findings = values.flatMap(({ pointer, value, before, after }) =>
    before !== null && Math.abs(before - after) < TINY
      ? []
      : compareShare(state, target, pointer, value, after),
  );
  return findings.length > 0 ? findings : [{ code: 'target_kept', target }];
}

/** Percent: more than any rounding error, less than any share. */
const TINY = 1e-7;
