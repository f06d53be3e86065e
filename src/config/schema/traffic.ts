/** The section that says where the share of traffic is written when a stage begins. */
import { z } from 'zod';
import { DAY, MINUTE, notParsed, type Parsed } from '../durations-and-shares.ts';
import { SHADOW } from '../stages.ts';
import { workflowName } from './gates.ts';
import { addIssue, choice, duration, orNull, parsedAs, readAs, section, text } from './scalars.ts';

const VALUE_EXPECTED =
  'share, rest, fraction or shadow (percent of the requests to copy), or the value of one slice such as share(fast)';

/**
 * What is written: `share` in percent, `rest` = 100 − share, `fraction` = share ÷ 100; of everything
 * (slice null) or of one model or workload.
 */
export interface TrafficValue {
  readonly value: 'share' | 'rest' | 'fraction';
  readonly slice: string | null;
}

/** What is written at one JSON pointer (`/a/0`) or YAML path (`a.b[0]`). */
interface PointerValue extends TrafficValue {
  readonly pointer: string;
}

const TARGET_KINDS = 'file, variable, deployment, dispatch or workflow';

const VALUE_PATTERN = /^(?:shadow|(share|rest|fraction)(?:\((\S+)\))?)$/;

const valueSchema = () => {
  const text = z.string({ error: VALUE_EXPECTED }).meta({ pattern: VALUE_PATTERN.source });
  return parsedAs(text, parseValue, writtenValue);
};

const environment = () => text(/\S/, 'the name of an environment, such as production');

const fileSchema = section({
  path: text(
    /^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))(?!\.git\/)[^\\]+$/,
    'a path inside the repository, such as deploy/flags.json',
  ).describe("The file's path from the root of the repository."),
  branch: orNull(text(/^[^\s~^:?*[\\]+$/, 'the name of a branch')).describe(
    'The branch to commit to; by default the default branch.',
  ),
  deployed_by: choice(['workflow', 'pull'])
    .prefault('workflow')
    .describe(
      "What brings the commit to production: a workflow that it starts, or something that pulls it, such as Argo CD. With pull, a job's own token is enough.",
    ),
  set: readAs(
    z
      .record(
        text(
          /^(?:(?:\/(?:[^~/]|~[01])*)+|[^\s./[\]]+(?:\[\d+\])*(?:\.[^\s./[\]]+(?:\[\d+\])*)*)$/,
          'a JSON pointer such as /flags/share/0, or a YAML path such as spec.weights[0]',
        ),
        valueSchema(),
        { error: 'a map: JSON pointer or YAML path → share, rest, fraction or shadow' },
      )
      .refine((set) => Object.keys(set).length > 0, { error: 'at least one JSON pointer or YAML path' }),
    (set): readonly PointerValue[] => Object.entries(set).map(([pointer, value]) => ({ pointer, ...value })),
    (values) => Object.fromEntries(values.map(({ pointer, ...value }) => [pointer, value])),
  ).describe('JSON pointers or YAML paths, and what to write at each.'),
});

const variableSchema = section({
  name: text(
    /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/,
    'the name of an Actions variable, such as GATEWAY_SHARE',
  ).describe('The name of the variable.'),
  environment: orNull(environment()).describe(
    'The environment of the variable; by default it is a variable of the repository.',
  ),
  value: valueSchema().prefault('share').describe('What to write to the variable.'),
});

/** How long a workflow of the team may take to apply the share. */
const timeout = (what: string) =>
  duration({ min: MINUTE, max: DAY }).prefault('30m').describe(`How long the ${what} may take.`);

const deploymentSchema = section({
  environment: environment().describe('The environment to deploy to.'),
  timeout: timeout('deployment'),
});

const dispatchSchema = section({
  event_type: text(/^\S{1,100}$/, 'the type of the event, such as gateway-rollout').describe(
    'The type of the event.',
  ),
});

const workflowSchema = section({
  file: workflowName().describe('The workflow on the default branch; its inputs are share and payload.'),
  timeout: timeout('run'),
});

const entrySchema = section({
  file: fileSchema.describe('Sets values in a file with a commit.').optional(),
  variable: variableSchema.describe('Sets an Actions variable.').optional(),
  deployment: deploymentSchema
    .describe('Creates a GitHub Deployment that starts one of your workflows.')
    .optional(),
  dispatch: dispatchSchema.describe('Sends a repository_dispatch event.').optional(),
  workflow: workflowSchema.describe('Starts one of your workflows, and waits for that run.').optional(),
})
  .meta({ minProperties: 1, maxProperties: 1 })
  .superRefine((entry, context) => {
    const named = Object.values(entry).filter((settings) => settings !== undefined);
    if (context.issues.length > 0 || named.length === 1) return;
    const problem = `the entry names ${named.length === 0 ? 'no target' : 'several targets'}`;
    addIssue(context, `exactly one of ${TARGET_KINDS} in each entry`, { problem });
  });
type Entry = z.output<typeof entrySchema>;

/** A place to which the share is written. Targets are written in order. */
export type Target = {
  [Kind in keyof Entry]-?: { readonly kind: Kind } & NonNullable<Entry[Kind]>;
}[keyof Entry];

const targetSchema = readAs(
  entrySchema,
  ({ file, variable, deployment, dispatch, workflow }): Target => {
    if (file !== undefined) return { kind: 'file', ...file };
    if (variable !== undefined) return { kind: 'variable', ...variable };
    if (deployment !== undefined) return { kind: 'deployment', ...deployment };
    if (dispatch !== undefined) return { kind: 'dispatch', ...dispatch };
    return workflow === undefined ? z.NEVER : { kind: 'workflow', ...workflow };
  },
  ({ kind, ...settings }) => ({ [kind]: settings }),
);

export const trafficSchema = z
  .array(targetSchema, { error: `a list of targets: ${TARGET_KINDS}` })
  .prefault([])
  .describe('Where to write the share when a stage begins: to all targets, in order.');

/**
 * The values that a target writes by itself, and where in its entry each is set. The other targets carry every share.
 */
export function valuesOf(target: Target): readonly (TrafficValue & { readonly path: readonly string[] })[] {
  if (target.kind === 'file') {
    return target.set.map(({ pointer, ...value }) => ({ ...value, path: ['file', 'set', pointer] }));
  }
  return target.kind === 'variable' ? [{ ...target.value, path: ['variable', 'value'] }] : [];
}

/** Whether the target carries every share, and a workflow of the team applies them. */
export function carriesEveryShare({ kind }: Target): boolean {
  return kind !== 'file' && kind !== 'variable';
}

function writtenValue({ value, slice }: TrafficValue): string {
  if (slice === SHADOW && value === 'share') return SHADOW;
  return slice === null ? value : `${value}(${slice})`;
}

function parseValue(written: string): Parsed<TrafficValue> {
  if (written === SHADOW) return { ok: true, value: { value: 'share', slice: SHADOW } };
  const [, value, slice = null] = VALUE_PATTERN.exec(written) ?? [];
  if (value === 'share' || value === 'rest' || value === 'fraction')
    return { ok: true, value: { value, slice } };
  return notParsed(VALUE_EXPECTED);
}
