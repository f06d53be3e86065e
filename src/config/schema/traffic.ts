/** The section that says where the share of traffic is written when a stage begins. */
import { z } from 'zod';
import { DAY, MINUTE, type Parsed } from '../units.ts';
import { accept, duration, type IssueParams, orNull, section, text } from './scalars.ts';

const VALUE_EXPECTED = "share, rest or fraction, or one slice's such as share(fast)";

/**
 * What is written: `share` in percent, `rest` = 100 − share, `fraction` = share ÷ 100; of everything
 * (slice null) or of one model or workload.
 */
export interface TrafficValue {
  readonly value: 'share' | 'rest' | 'fraction';
  readonly slice: string | null;
}

/** A place to which the share is written. Targets are written in order. */
export type Target =
  | {
      readonly kind: 'file';
      /** Path in the repository. */
      readonly path: string;
      /** null: the default branch. */
      readonly branch: string | null;
      /** JSON pointers (`/a/0`) or YAML paths (`a.b[0]`) and what each gets. */
      readonly set: readonly (TrafficValue & { readonly pointer: string })[];
    }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly environment: string | null;
      readonly value: TrafficValue;
    }
  | { readonly kind: 'deployment'; readonly environment: string; readonly timeout: number }
  | { readonly kind: 'dispatch'; readonly event_type: string };

const VALUE_PATTERN = /^(share|rest|fraction)(?:\((\S+)\))?$/;

const valueSchema = () =>
  z
    .string({ error: VALUE_EXPECTED })
    .meta({ pattern: VALUE_PATTERN.source })
    .transform((written, context) => accept(context, parseValue(written)));

const environment = () => text(/\S/, 'the name of an environment, such as production');

const fileSchema = section({
  path: text(
    /^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))(?!\.git\/)[^\\]+$/,
    'a path inside the repository, such as deploy/flags.json',
  ).describe('The file, from the root of the repository.'),
  branch: orNull(text(/^[^\s~^:?*[\\]+$/, 'the name of a branch')).describe(
    'The branch to commit to; the default branch where it is left out.',
  ),
  set: z
    .record(
      text(
        /^(?:(?:\/(?:[^~/]|~[01])*)+|[^\s./[\]]+(?:\[\d+\])*(?:\.[^\s./[\]]+(?:\[\d+\])*)*)$/,
        'a JSON pointer such as /flags/share/0, or a YAML path such as spec.weights[0]',
      ),
      valueSchema(),
      { error: 'a map: the place in the file → share, rest or fraction' },
    )
    .refine((set) => Object.keys(set).length > 0, { error: 'at least one place in the file' })
    .describe('JSON pointers or YAML paths, and what is written there.'),
}).describe('Sets values in a file by a commit.');

const variableSchema = section({
  name: text(
    /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/,
    'the name of an Actions variable, such as GATEWAY_SHARE',
  ).describe('The variable.'),
  environment: orNull(environment()).describe(
    'The environment of the variable; the repository where it is left out.',
  ),
  value: valueSchema().prefault('share').describe('What the variable gets.'),
}).describe('Sets an Actions variable.');

const deploymentSchema = section({
  environment: environment().describe('The environment to deploy to.'),
  timeout: duration({ min: MINUTE, max: DAY }).prefault('30m').describe('How long the deployment may take.'),
}).describe('Asks for a GitHub Deployment, on which a workflow of the team acts.');

const dispatchSchema = section({
  event_type: text(/^\S{1,100}$/, 'the type of the event, such as gateway-rollout').describe(
    'The type of the event.',
  ),
}).describe('Sends a repository_dispatch event.');

const targetSchema = section({
  file: fileSchema.optional(),
  variable: variableSchema.optional(),
  deployment: deploymentSchema.optional(),
  dispatch: dispatchSchema.optional(),
})
  .meta({ minProperties: 1, maxProperties: 1 })
  .transform((written, context): Target => {
    const [target, ...more] = targetsOf(written);
    if (target !== undefined && more.length === 0) return target;
    if (context.issues.length > 0) return z.NEVER;
    const params: IssueParams = {
      problem: target === undefined ? 'the entry names no target' : 'the entry names several targets',
    };
    context.addIssue({
      code: 'custom',
      message: 'exactly one of file, variable, deployment, dispatch in each entry of the list',
      params: { ...params },
    });
    return z.NEVER;
  });

export const trafficSchema = z
  .array(targetSchema, { error: 'a list of targets: file, variable, deployment or dispatch' })
  .prefault([])
  .describe('Where the share is written when a stage begins; all of them, in order.');

/**
 * The values that a target writes by itself, each with its place in the target's entry; a deployment and
 * a dispatch carry every share.
 */
export function valuesOf(target: Target): readonly (TrafficValue & { readonly place: readonly string[] })[] {
  if (target.kind === 'file') {
    return target.set.map(({ pointer, ...value }) => ({ ...value, place: ['file', 'set', pointer] }));
  }
  return target.kind === 'variable' ? [{ ...target.value, place: ['variable', 'value'] }] : [];
}

function targetsOf(written: {
  readonly file?: z.output<typeof fileSchema> | undefined;
  readonly variable?: z.output<typeof variableSchema> | undefined;
  readonly deployment?: z.output<typeof deploymentSchema> | undefined;
  readonly dispatch?: z.output<typeof dispatchSchema> | undefined;
}): Target[] {
  const { file, variable, deployment, dispatch } = written;
  const targets: Target[] = [];
  if (file !== undefined) {
    const set = Object.entries(file.set).map(([pointer, value]) => ({ pointer, ...value }));
    targets.push({ kind: 'file', path: file.path, branch: file.branch, set });
  }
  if (variable !== undefined) targets.push({ kind: 'variable', ...variable });
  if (deployment !== undefined) targets.push({ kind: 'deployment', ...deployment });
  if (dispatch !== undefined) targets.push({ kind: 'dispatch', ...dispatch });
  return targets;
}

function parseValue(written: string): Parsed<TrafficValue> {
  const [, value, slice = null] = VALUE_PATTERN.exec(written) ?? [];
  if (value === 'share' || value === 'rest' || value === 'fraction')
    return { ok: true, value: { value, slice } };
  return { ok: false, expected: VALUE_EXPECTED, suggestion: null };
}
