/** Contradictions between settings that are each well-formed. */

import { formatDuration, formatShare } from './durations-and-shares.ts';
import { gateKeyOf, gateOf, hasCondition, isGateOf, type WrittenGates } from './gates.ts';
import { limitsOf, needsOfficial } from './metrics.ts';
import { type ConfigFinding, finding, formatPath, nearest, type SettingPath } from './problem.ts';
import type { WrittenGate } from './schema/gates.ts';
import { carriesEveryShare, valuesOf } from './schema/traffic.ts';
import type { Sections } from './schema.ts';
import type { Shape } from './shape.ts';
import { stepsOf } from './share-file/position.ts';
import { isShadow, parseStage, RESERVED_NAMES, SHADOW, stageFindings } from './stages.ts';
import { BRANCH_PREFIX } from './state-branch.ts';

/** A rule gets the sections that could be read, and asks `intact` before it believes a setting. */
type SettingRule = (sections: Sections, intact: Shape['intact']) => ConfigFinding[];

const GATES = ['rollout', 'gates'];
const STAGES = ['rollout', 'stages'];

const RULES: readonly SettingRule[] = [
  nameRule,
  stageRule,
  gateNameRule,
  gateConditionRule,
  gateDurationRule,
  officialArmRule,
  probeRule,
  holdbackRule,
  copyRule,
  sliceRule,
  fileRule,
  pointerRule,
];

/** Every contradiction in the parts of the file that could be read. */
export function ruleFindings({ sections, intact }: Pick<Shape, 'sections' | 'intact'>): ConfigFinding[] {
  return RULES.flatMap((rule) => rule(sections, intact));
}

function nameRule({ models = [], workloads = [] }: Sections): ConfigFinding[] {
  const named = [
    ...models.map(({ name }) => ({ kind: 'model', name, path: ['models'] })),
    ...workloads.map((name, index) => ({ kind: 'workload', name, path: ['workloads', index] })),
  ];
  return named.flatMap(({ kind, name, path }) => {
    if (RESERVED_NAMES.includes(name) || isShare(name)) {
      const message = `a ${kind} cannot be named ${name}, because as a stage that means something else`;
      return [finding(path, message, 'another name')];
    }
    if (kind === 'model' || !models.some((model) => model.name === name)) return [];
    const expected = 'different names, so that a stage means one of them';
    return [finding(path, `${name} is the name of a model and of a workload`, expected)];
  });
}

function stageRule(
  { rollout, models = [], workloads = [] }: Sections,
  intact: Shape['intact'],
): ConfigFinding[] {
  if (rollout === undefined || ![STAGES, ['models'], ['workloads']].every(intact)) return [];
  return stageFindings(rollout.stages, { models: models.map(({ name }) => name), workloads });
}

function gateNameRule({ rollout }: Sections, intact: Shape['intact']): ConfigFinding[] {
  if (rollout === undefined || !intact(STAGES)) return [];
  const { stages, gates } = rollout;
  const labels = stages.map(({ label }) => label);
  return Object.keys(gates).flatMap((key): ConfigFinding[] => {
    if (key === 'default') return [];
    const path = [...GATES, key];
    const stage = stages.find((candidate) => isGateOf(key, candidate));
    if (stage === undefined) {
      const expected = `default or one of ${labels.join(', ')}`;
      const more = { at: 'key', suggestion: nearLabel(key, labels) } as const;
      return [finding(path, `there is no stage "${key}"`, expected, more)];
    }
    const first = gateKeyOf(stage, gates);
    if (first === key) return [];
    const message = `the stage ${stage.label} already has a gate, named ${first}`;
    return [finding(path, message, 'one gate per stage', { at: 'key' })];
  });
}

/** Suggests a name, but never a share: 5% and 75% are spelled alike, but are not near each other. */
function nearLabel(key: string, labels: readonly string[]): string | null {
  const parsed = parseStage(key);
  if (!parsed.ok) return parsed.suggestion;
  const isPlainShare = parsed.value.kind === 'share' && parsed.value.slice === null;
  return isPlainShare ? null : nearest(key, ['default', ...labels]);
}

function gateConditionRule({ rollout }: Sections, intact: Shape['intact']): ConfigFinding[] {
  if (rollout === undefined || !intact(STAGES)) return [];
  const expected = 'at least one condition, or manual: true; nothing passes by default';
  const empty = writtenGates(rollout.gates, intact).filter(([, gate]) => Object.keys(gate).length === 0);
  const missing = rollout.stages.flatMap((stage, index) => {
    const key = gateKeyOf(stage, rollout.gates) ?? (stage.kind === 'share' ? 'default' : null);
    if (key === null || !intact([...GATES, key]) || !intact([...GATES, 'default'])) return [];
    return hasCondition(gateOf(rollout.stages, index, rollout.gates)) ? [] : [key];
  });
  const keys = new Set([...empty.map(([key]) => key), ...missing]);
  return [...keys].map((key) => finding([...GATES, key], 'the gate has no condition', expected));
}

function gateDurationRule({ rollout }: Sections, intact: Shape['intact']): ConfigFinding[] {
  if (rollout === undefined || !intact(['rollout', 'max_duration'])) return [];
  const longest = formatDuration(rollout.max_duration);
  return writtenGates(rollout.gates, intact).flatMap(([key, { min_duration: least }]) => {
    if (least === undefined || least <= rollout.max_duration) return [];
    const message = `the stage lasts at least ${formatDuration(least)}, but the rollout pauses after max_duration, ${longest}`;
    const expected = `at most ${longest}, or a longer rollout.max_duration`;
    return [finding([...GATES, key, 'min_duration'], message, expected)];
  });
}

/** A metric that the file names is required, so one that cannot be judged is a contradiction. */
function officialArmRule({ rollout, measure }: Sections, intact: Shape['intact']): ConfigFinding[] {
  if (rollout === undefined || !measure || measure.official !== null || !intact(['measure'])) return [];
  return writtenGates(rollout.gates, intact).flatMap(([key, gate]) =>
    limitsOf(gate.metrics ?? {}).flatMap(([name, limit]) => {
      if (limit.optional || !needsOfficial(name, limit)) return [];
      const relative =
        (['max_drop', 'max_increase'] as const).find((which) => limit[which] !== undefined) ?? 'max';
      const message = `${name}.${relative} compares with the official arm, but measure has no source for it`;
      const path = [...GATES, key, 'metrics', name, relative];
      return [finding(path, message, 'measure.official, or an absolute limit')];
    }),
  );
}

function probeRule({ check }: Sections): ConfigFinding[] {
  const expected = 'the ID in check.require or in check.ignore, not in both';
  return Object.keys(check?.ignore ?? {}).flatMap((id) => {
    if (!check?.require.includes(id)) return [];
    const message = `the probe ${id} is both required and ignored`;
    return [finding(['check', 'ignore', id], message, expected, { at: 'key' })];
  });
}

function holdbackRule({ rollout }: Sections, intact: Shape['intact']): ConfigFinding[] {
  if (rollout === undefined || !intact(STAGES) || !intact(['rollout', 'holdback'])) return [];
  const most = 100 - rollout.holdback;
  return rollout.stages.flatMap((stage) => {
    if (stage.kind !== 'share' || isShadow(stage) || stage.share >= 100 || stage.share <= most) return [];
    const message = `a holdback of ${formatShare(rollout.holdback)} leaves at most ${formatShare(most)} for the gateway, but the stage ${stage.label} needs more`;
    return [finding(['rollout', 'holdback'], message, 'a smaller holdback, or smaller shares before 100%')];
  });
}

/** Copies need a number that says how many, and records that pair them with their originals. */
function copyRule({ rollout, traffic = [], measure }: Sections, intact: Shape['intact']): ConfigFinding[] {
  if (rollout === undefined || !intact(STAGES) || !rollout.stages.some(isShadow)) return [];
  const findings: ConfigFinding[] = [];
  const written = traffic.flatMap(valuesOf).some(({ slice }) => slice === SHADOW);
  if (traffic.length > 0 && intact(['traffic']) && !written && !traffic.some(carriesEveryShare)) {
    const message = 'a stage copies requests, but no target writes how many';
    findings.push(
      finding(['traffic'], message, 'the value shadow, such as set: { /shadow: shadow, /gateway: share }'),
    );
  }
  const sources = [measure?.official, measure?.gateway].flatMap((source) => source ?? []);
  const other = sources.find(({ source }) => source !== 'jsonl');
  if (measure && intact(['measure']) && (other !== undefined || sources.length < 2)) {
    const message = `a stage copies requests, but ${other?.source ?? 'one arm'} has no records that pair them`;
    const expected =
      other?.source === 'sql'
        ? 'jsonl for both arms while you copy: export the rows as records, see src/measure/sources/README.md'
        : 'jsonl for both arms, with records of copies (shadow: true); others may count copies as tasks';
    findings.push(finding(['measure'], message, expected));
  }
  return findings;
}

function sliceRule(
  { traffic = [], models = [], workloads = [] }: Sections,
  intact: Shape['intact'],
): ConfigFinding[] {
  if (!intact(['models']) || !intact(['workloads'])) return [];
  const declared = [...models.map(({ name }) => name), ...workloads, SHADOW];
  return traffic.flatMap((target, index) =>
    valuesOf(target).flatMap(({ value, slice, path }) => {
      if (slice === null || declared.includes(slice)) return [];
      const near = nearest(slice, declared);
      const message = `"${slice}" in ${value}(${slice}) is not a declared model or workload`;
      const suggestion = near && `${value}(${near})`;
      return [finding(['traffic', index, ...path], message, `one of ${declared.join(', ')}`, { suggestion })];
    }),
  );
}

/** Files that decide what the App and GitHub do: written by a target, they would not say what their authors meant. */
const NOT_WRITABLE: readonly (readonly [path: RegExp, what: string])[] = [
  [/^\.github\/+(?:workflows|actions)(?:\/|$)/i, 'a workflow, which GitHub runs'],
  [/^\.github\/+gateway-rollout(?:\.ya?ml$|\/)/i, 'the config of a rollout'],
];
const STATE_BRANCH = new RegExp(`^(?:refs/)?(?:heads/)?${BRANCH_PREFIX.slice(0, -1)}(?:/|$)`, 'i');

function fileRule({ traffic = [] }: Sections): ConfigFinding[] {
  return traffic.flatMap((target, index) => {
    if (target.kind !== 'file') return [];
    const { path, branch } = target;
    const findings: ConfigFinding[] = [];
    const add = (key: string, message: string, expected: string) =>
      findings.push(finding(['traffic', index, 'file', key], message, expected));
    const [, what] = NOT_WRITABLE.find(([pattern]) => pattern.test(path)) ?? [];
    if (what !== undefined)
      add('path', `${path} is ${what}`, 'a file that only your application or its platform reads');
    if (branch !== null && STATE_BRANCH.test(branch))
      add('branch', `${branch} is for the App's own state`, 'another branch, such as flags');
    return findings;
  });
}

/** A number in a file gets one value, however its pointer is spelled. */
function pointerRule({ traffic = [] }: Sections): ConfigFinding[] {
  const first = new Map<string, SettingPath>();
  return traffic.flatMap((target, index) => {
    if (target.kind !== 'file') return [];
    return target.set.flatMap(({ pointer }) => {
      const path: SettingPath = ['traffic', index, 'file', 'set', pointer];
      const number = JSON.stringify([target.path, target.branch, stepsOf(pointer)]);
      const other = first.get(number);
      if (other === undefined) {
        first.set(number, path);
        return [];
      }
      const message = `${formatPath(other)} already writes to ${pointer} in ${target.path}`;
      return [finding(path, message, 'one value for each pointer', { at: 'key' })];
    });
  });
}

/** Gates without any mistake inside. */
function writtenGates(gates: WrittenGates, intact: Shape['intact']): [string, WrittenGate][] {
  return Object.entries(gates).filter(([key]) => intact([...GATES, key]));
}

function isShare(name: string): boolean {
  const parsed = parseStage(name);
  return !parsed.ok || (parsed.value.kind === 'share' && parsed.value.slice !== name);
}
