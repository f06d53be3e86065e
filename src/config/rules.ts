/** Contradictions between settings that are each well-formed. */
import { gateKeyOf, gateOf, hasCondition, isGateOf, type WrittenGates } from './gates.ts';
import { limitsOf, needsOfficial } from './metrics.ts';
import { stepsOf } from './pointer.ts';
import { type Finding, finding, formatPath, nearest, type SettingPath } from './problem.ts';
import type { WrittenGate } from './schema/gates.ts';
import { valuesOf } from './schema/traffic.ts';
import type { Sections } from './schema.ts';
import type { Shape } from './shape.ts';
import { parseStage, RESERVED_NAMES, stageFindings } from './stages.ts';
import { formatDuration, formatShare } from './units.ts';

/** One rule sees the sections that could be read, and asks `intact` before it believes one. */
type Rule = (sections: Sections, intact: Shape['intact']) => Finding[];

const GATES = ['rollout', 'gates'];
const STAGES = ['rollout', 'stages'];

const RULES: readonly Rule[] = [
  nameRule,
  stageRule,
  gateNameRule,
  gateConditionRule,
  gateDurationRule,
  officialArmRule,
  probeRule,
  holdbackRule,
  sliceRule,
  placeRule,
];

/** Every contradiction in the parts of the file that could be read. */
export function ruleFindings({ sections, intact }: Pick<Shape, 'sections' | 'intact'>): Finding[] {
  return RULES.flatMap((rule) => rule(sections, intact));
}

function nameRule({ models = [], workloads = [] }: Sections): Finding[] {
  const reserved = (name: string) => RESERVED_NAMES.includes(name) || isShare(name);
  const modelFindings = models
    .filter(({ name }) => reserved(name))
    .map(({ name }) =>
      finding(
        ['models'],
        `a model cannot be named ${name}, which means something else as a stage`,
        'another name',
      ),
    );
  const workloadFindings = workloads.flatMap((name, index) => {
    const path = ['workloads', index];
    if (reserved(name))
      return [
        finding(
          path,
          `a workload cannot be named ${name}, which means something else as a stage`,
          'another name',
        ),
      ];
    if (!models.some((model) => model.name === name)) return [];
    return [
      finding(
        path,
        `${name} is the name of a model and of a workload`,
        'different names, so that a stage means one of them',
      ),
    ];
  });
  return [...modelFindings, ...workloadFindings];
}

function stageRule({ rollout, models = [], workloads = [] }: Sections, intact: Shape['intact']): Finding[] {
  if (rollout === undefined || ![STAGES, ['models'], ['workloads']].every(intact)) return [];
  return stageFindings(rollout.stages, { models: models.map(({ name }) => name), workloads });
}

function gateNameRule({ rollout }: Sections, intact: Shape['intact']): Finding[] {
  if (rollout === undefined || !intact(STAGES)) return [];
  const { stages, gates } = rollout;
  return Object.keys(gates).flatMap((key): Finding[] => {
    if (key === 'default') return [];
    const path = [...GATES, key];
    const stage = stages.find((candidate) => isGateOf(key, candidate));
    if (stage === undefined) {
      const labels = stages.map(({ label }) => label);
      const parsed = parseStage(key);
      // 5% is not near 75%, though it is spelt alike.
      const isName = parsed.ok && !(parsed.value.kind === 'share' && parsed.value.slice === null);
      const suggestion = isName ? nearest(key, ['default', ...labels]) : parsed.ok ? null : parsed.suggestion;
      return [
        {
          path,
          at: 'key',
          message: `there is no stage "${key}"`,
          expected: `default or one of ${labels.join(', ')}`,
          suggestion,
        },
      ];
    }
    const first = gateKeyOf(stage, gates);
    if (first === key) return [];
    return [
      {
        ...finding(
          path,
          `the stage ${stage.label} already has a gate, named ${first}`,
          'one gate for each stage',
        ),
        at: 'key',
      },
    ];
  });
}

function gateConditionRule({ rollout }: Sections, intact: Shape['intact']): Finding[] {
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

function gateDurationRule({ rollout }: Sections, intact: Shape['intact']): Finding[] {
  if (rollout === undefined || !intact(['rollout', 'max_duration'])) return [];
  const longest = formatDuration(rollout.max_duration);
  return writtenGates(rollout.gates, intact).flatMap(([key, gate]) => {
    if (gate.min_duration === undefined || gate.min_duration <= rollout.max_duration) return [];
    const message = `the stage lasts at least ${formatDuration(gate.min_duration)}, but the rollout pauses after max_duration, ${longest}`;
    return [
      finding(
        [...GATES, key, 'min_duration'],
        message,
        `at most ${longest}, or a longer rollout.max_duration`,
      ),
    ];
  });
}

/** A metric that the file names is never left out, so one that cannot be judged is a contradiction. */
function officialArmRule({ rollout, measure }: Sections, intact: Shape['intact']): Finding[] {
  if (rollout === undefined || !measure || measure.official !== null || !intact(['measure'])) return [];
  return writtenGates(rollout.gates, intact).flatMap(([key, gate]) =>
    limitsOf(gate.metrics ?? {}).flatMap(([name, limit]) => {
      if (limit.optional || !needsOfficial(name, limit)) return [];
      const relative =
        (['max_drop', 'max_increase'] as const).find((which) => limit[which] !== undefined) ?? 'max';
      const message = `${name}.${relative} compares with the official arm, and measure names no source for it`;
      return [
        finding(
          [...GATES, key, 'metrics', name, relative],
          message,
          'measure.official, or an absolute limit',
        ),
      ];
    }),
  );
}

function probeRule({ check }: Sections): Finding[] {
  return Object.keys(check?.ignore ?? {})
    .filter((id) => check?.require.includes(id))
    .map((id) => ({
      ...finding(
        ['check', 'ignore', id],
        `the probe ${id} is both required and ignored`,
        'the id in check.require or in check.ignore',
      ),
      at: 'key',
    }));
}

function holdbackRule({ rollout }: Sections, intact: Shape['intact']): Finding[] {
  if (rollout === undefined || !intact(STAGES) || !intact(['rollout', 'holdback'])) return [];
  const most = 100 - rollout.holdback;
  const beyond = rollout.stages.filter(
    (stage) => stage.kind === 'share' && stage.share < 100 && stage.share > most,
  );
  return beyond.map((stage) =>
    finding(
      ['rollout', 'holdback'],
      `a holdback of ${formatShare(rollout.holdback)} leaves at most ${formatShare(most)} to the gateway, but the stage ${stage.label} asks for more`,
      'a smaller holdback, or smaller shares before 100%',
    ),
  );
}

function sliceRule(
  { traffic = [], models = [], workloads = [] }: Sections,
  intact: Shape['intact'],
): Finding[] {
  if (!intact(['models']) || !intact(['workloads'])) return [];
  const declared = [...models.map(({ name }) => name), ...workloads];
  return traffic.flatMap((target, index) =>
    valuesOf(target).flatMap(({ value, slice, place }) => {
      if (slice === null || declared.includes(slice)) return [];
      const near = nearest(slice, declared);
      const message = `${value}(${slice}) names neither a declared model nor a declared workload`;
      return [
        {
          ...finding(['traffic', index, ...place], message, `one of ${declared.join(', ')}`),
          suggestion: near && `${value}(${near})`,
        },
      ];
    }),
  );
}

/** A place of a file takes one value, however its pointer is spelled. */
function placeRule({ traffic = [] }: Sections): Finding[] {
  const first = new Map<string, SettingPath>();
  return traffic.flatMap((target, index) => {
    if (target.kind !== 'file') return [];
    return target.set.flatMap(({ pointer }) => {
      const path: SettingPath = ['traffic', index, 'file', 'set', pointer];
      const place = JSON.stringify([target.path, target.branch, stepsOf(pointer)]);
      const other = first.get(place);
      if (other === undefined) {
        first.set(place, path);
        return [];
      }
      const message = `${pointer} is the place in ${target.path} to which ${formatPath(other)} writes already`;
      return [{ ...finding(path, message, 'one value for each place'), at: 'key' }];
    });
  });
}

/** Gates that hold all that was written in them. */
function writtenGates(gates: WrittenGates, intact: Shape['intact']): [string, WrittenGate][] {
  return Object.entries(gates).filter(([key]) => intact([...GATES, key]));
}

function isShare(name: string): boolean {
  const parsed = parseStage(name);
  return !parsed.ok || (parsed.value.kind === 'share' && parsed.value.slice !== name);
}
