/** The gate of each stage: what the file says, on top of what a careful team would choose. */

import { DAY } from './durations-and-shares.ts';
import type { Limits } from './metrics.ts';
import type { WrittenGate } from './schema/gates.ts';
import { isShadow, parseStage, type Stage, sameStage } from './stages.ts';

/**
 * What a stage must show before the rollout leaves it; all of it must hold. `min_duration` is in milliseconds, and
 * `min_tasks` counts tasks on the gateway; `auto` is decided when the stage begins.
 */
export type Gate = {
  readonly [Key in Exclude<keyof WrittenGate, 'metrics'>]-?: Readonly<NonNullable<WrittenGate[Key]>>;
} & { readonly metrics: Limits };

export type WrittenGates = Readonly<Record<string, WrittenGate>>;

const EMPTY_GATE: Gate = {
  manual: false,
  workflows: [],
  checks: [],
  metrics: {},
  min_duration: 0,
  min_tasks: 0,
  approvals: 0,
};

/** The gate of a production stage that the file does not mention. @param guard whether it only guards */
function productionGate(guard: boolean): Gate {
  return {
    ...EMPTY_GATE,
    min_duration: DAY,
    min_tasks: 'auto',
    metrics: {
      success_rate: { max_drop: 1, guard, optional: true },
      error_ratio: { max: 2, guard: true, optional: true },
      slow_ratio: { max: 1.5, guard, optional: true },
      cost_ratio: { max: 1.05, guard, optional: true },
      cost_per_task: { max_increase: 10, guard: true, optional: true },
      cache_ratio: { max_drop: 5, guard: true, optional: true },
    },
  };
}

/**
 * The gate of `stages[index]`. What the stage's own gate names comes first, then what `default` names
 * (for production stages), then the built-in gate. A gate with `manual: true` takes nothing from the
 * built-in one: manual approval is enough if the file asks for nothing else.
 */
export function gateOf(stages: readonly Stage[], index: number, gates: WrittenGates): Gate {
  const stage = stages[index];
  if (stage === undefined) return EMPTY_GATE;
  const shared = stage.kind === 'share' ? gates.default : undefined;
  const key = gateKeyOf(stage, gates);
  const written = { ...named(shared), ...named(key === null ? undefined : gates[key]) };
  if (stage.kind !== 'share') return { ...EMPTY_GATE, manual: true, ...written };
  // At 5 % a proof may take weeks, so the first share that users meet only guards. So does a stage of everything after
  // copies: they have proven it pair by pair, which the few official tasks before a switch may never do.
  const first = stages.findIndex((each) => each.kind === 'share' && !isShadow(each)) === index;
  const guards = first || (stage.slice === null && stage.share === 100 && stages.some(isShadow));
  return { ...(written.manual === true ? EMPTY_GATE : productionGate(guards)), ...written };
}

/** Whether anything must hold before the rollout leaves the stage; a guard delays nothing. */
export function hasCondition(gate: Gate): boolean {
  return (
    gate.manual ||
    gate.workflows.length > 0 ||
    gate.checks.length > 0 ||
    gate.min_duration > 0 ||
    gate.min_tasks !== 0 ||
    gate.approvals > 0 ||
    Object.values(gate.metrics).some((limit) => limit !== undefined && !limit.guard)
  );
}

/** The key of a stage's gate in the file, or null. */
export function gateKeyOf(stage: Stage, gates: WrittenGates): string | null {
  return Object.keys(gates).find((key) => key !== 'default' && isGateOf(key, stage)) ?? null;
}

/** Whether a key of `gates` means the stage, however the two are spelled. */
export function isGateOf(key: string, stage: Stage): boolean {
  const parsed = parseStage(key);
  return parsed.ok && sameStage(parsed.value, stage);
}

/** Only the keys that the file sets, so that a spread does not overwrite with undefined. */
function named(gate: WrittenGate | undefined): Partial<Gate> {
  return Object.fromEntries(Object.entries(gate ?? {}).filter(([, value]) => value !== undefined));
}
