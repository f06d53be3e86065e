/** What the config names but the repository around it lacks: warnings, each with what would be right. */
import { parseDocument } from 'yaml';
import { ARMS } from './arms.ts';
import type { WrittenGates } from './gates.ts';
import { type ConfigFinding, finding, type SettingPath } from './problem.ts';
import type { Target } from './schema/traffic.ts';
import type { Config } from './schema.ts';
import { findNumber, NUMBER_EXPECTED, numberOf, parseShareFile } from './share-file/read.ts';

/** Reads a file of the repository around a config by its path from the root; null where there is no such file. */
export type CheckoutReader = (path: string) => string | null;

/** @param gates as the file writes them */
export function checkoutAdvice(
  { measure, traffic }: Config,
  gates: WrittenGates,
  checkout: CheckoutReader,
): ConfigFinding[] {
  const workflow = measure?.workflow ?? null;
  const ofMeasure = workflow === null ? [] : [{ path: ['measure', 'workflow'], workflow }];
  const ofGates = Object.entries(gates).flatMap(([key, { workflows = [] }]) =>
    workflows.map((name, index) => ({ path: ['rollout', 'gates', key, 'workflows', index], workflow: name })),
  );
  const missing = ({ path, workflow: name }: NamedWorkflow, consequence: string): ConfigFinding[] => {
    const file = `.github/workflows/${name}`;
    if (checkout(file) !== null) return [];
    const message = `${file} does not exist in this checkout, so ${consequence}`;
    return [finding(path, message, 'the name of a workflow on the default branch')];
  };
  const ofTargets = traffic.flatMap((target, index) => {
    const path = ['traffic', index, 'workflow', 'file'];
    return target.kind === 'workflow' ? [{ path, workflow: target.file }] : [];
  });
  return [
    ...ofMeasure.flatMap((named) => missing(named, "the App won't get any measurements")),
    ...missingQueries(measure, checkout),
    ...ofGates.flatMap((named) => missing(named, 'the gate is never met')),
    ...ofTargets.flatMap((named) => missing(named, 'no share can be applied')),
    ...ofTargets.flatMap((named) => inputAdvice(named, checkout)),
    ...traffic.flatMap((target, index) => {
      // The checkout does not have the files of other branches.
      const isHere = target.kind === 'file' && target.branch === null;
      return isHere ? fileAdvice(target, ['traffic', index, 'file'], checkout) : [];
    }),
  ];
}

/** The inputs that the App sends: GitHub refuses those that a workflow does not have. */
const INPUTS = ['share', 'payload'];

interface NamedWorkflow {
  readonly path: SettingPath;
  readonly workflow: string;
}

function inputAdvice({ path, workflow }: NamedWorkflow, checkout: CheckoutReader): ConfigFinding[] {
  const file = `.github/workflows/${workflow}`;
  const text = checkout(file);
  if (text === null) return [];
  const document = parseDocument(text, { logLevel: 'silent' });
  const missing = INPUTS.filter((name) => !document.hasIn(['on', 'workflow_dispatch', 'inputs', name]));
  if (missing.length === 0) return [];
  const message = `${file} lacks ${missing.join(' and ')} among the inputs of workflow_dispatch, so the App cannot start it`;
  return [
    finding(path, message, 'a workflow that workflow_dispatch starts, with the inputs share and payload'),
  ];
}

function missingQueries(measure: Config['measure'], checkout: CheckoutReader): ConfigFinding[] {
  const queries = ARMS.map((arm) => measure?.[arm]?.query ?? null);
  return ARMS.flatMap((arm, index) => {
    const query = queries[index] ?? null;
    const isShared = queries[0] === queries[1];
    if (query === null || (isShared && index > 0) || checkout(query) !== null) return [];
    const path = isShared ? ['measure', 'query'] : ['measure', arm, 'query'];
    return [finding(path, `${query} does not exist in this checkout`, 'the path of a file from its root')];
  });
}

type FileTarget = Extract<Target, { readonly kind: 'file' }>;

function fileAdvice(target: FileTarget, path: SettingPath, checkout: CheckoutReader): ConfigFinding[] {
  const unwritable = (problem: string): ConfigFinding[] => {
    const message = `${target.path} ${problem}, so no share can be written to it`;
    return [finding([...path, 'path'], message, 'a JSON or YAML file on the default branch')];
  };
  const text = checkout(target.path);
  if (text === null) return unwritable('does not exist in this checkout');
  const file = parseShareFile(target.path, text);
  if (file.kind === 'problem') return unwritable(file.problem);
  return target.set.flatMap(({ pointer, value }) => {
    const most = value === 'fraction' ? 1 : 100;
    const found = findNumber(file, { pointer, value });
    const amount = found.kind === 'found' ? numberOf(found.position) : null;
    if (amount !== null && amount >= 0 && amount <= most) return [];
    const there = found.kind === 'found' ? `is ${found.position.value}` : found.problem;
    const message = `in ${target.path}, ${pointer} ${there}`;
    return [finding([...path, 'set', pointer], message, `${NUMBER_EXPECTED}, from 0 to ${most}`)];
  });
}
