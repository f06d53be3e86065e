/** What the config names and the repository around it does not have as it is needed: warnings, each with what would be right. */
import type { WrittenGates } from './gates.ts';
import { type Finding, finding, type SettingPath } from './problem.ts';
import type { Target } from './schema/traffic.ts';
import type { Config } from './schema.ts';
import { findNumber, NUMBER_EXPECTED, numberOf, parseShareFile } from './share-file/read.ts';

/** @param gates as the file writes them */
export function checkoutAdvice(config: Config, gates: WrittenGates, checkout: CheckoutReader): Finding[] {
  return [
    ...workflowAdvice(config, checkout),
    ...gateAdvice(gates, checkout),
    ...targetAdvice(config, checkout),
  ];
}

function workflowAdvice({ measure }: Config, checkout: CheckoutReader): Finding[] {
  const workflow = measure?.workflow ?? null;
  return workflow === null
    ? []
    : missingWorkflow(['measure', 'workflow'], workflow, 'the App gets no measurement', checkout);
}

function gateAdvice(gates: WrittenGates, checkout: CheckoutReader): Finding[] {
  return Object.entries(gates).flatMap(([key, { workflows = [] }]) =>
    workflows.flatMap((workflow, index) => {
      const path = ['rollout', 'gates', key, 'workflows', index];
      return missingWorkflow(path, workflow, 'the gate is never met', checkout);
    }),
  );
}

function missingWorkflow(
  path: SettingPath,
  workflow: string,
  consequence: string,
  checkout: CheckoutReader,
): Finding[] {
  const file = `.github/workflows/${workflow}`;
  if (checkout(file) !== null) return [];
  return [
    finding(
      path,
      `${file} is no file of this checkout, so ${consequence}`,
      'the name of a workflow on the default branch',
    ),
  ];
}

/** What stands on a branch of its own is not in the checkout. */
function targetAdvice({ traffic }: Config, checkout: CheckoutReader): Finding[] {
  return traffic.flatMap((target, index) =>
    target.kind === 'file' && target.branch === null
      ? fileAdvice(target, ['traffic', index, 'file'], checkout)
      : [],
  );
}

type FileTarget = Extract<Target, { readonly kind: 'file' }>;

function fileAdvice(target: FileTarget, path: SettingPath, checkout: CheckoutReader): Finding[] {
  const unwritable = (message: string): Finding[] => [
    finding([...path, 'path'], `${target.path} ${message}`, 'a JSON or YAML file on the default branch'),
  ];
  const text = checkout(target.path);
  if (text === null) return unwritable('is no file of this checkout, so no share can be written to it');
  const source = parseShareFile(target.path, text);
  if (source.kind === 'problem') return unwritable(`${source.problem}, so no share can be written to it`);
  return target.set.flatMap(({ pointer, value }) => {
    const most = value === 'fraction' ? 1 : 100;
    const found = findNumber(source, { pointer, value });
    const amount = found.kind === 'found' ? numberOf(found.position) : null;
    if (amount !== null && amount >= 0 && amount <= most) return [];
    const there = found.kind === 'found' ? `holds ${found.position.value}` : found.problem;
    const message = `in ${target.path}, ${pointer} ${there}`;
    return [finding([...path, 'set', pointer], message, `${NUMBER_EXPECTED}, from 0 to ${most}`)];
  });
}

/** The repository around a config: the text of a file by its path from the root; null where there is no such file. */
export type CheckoutReader = (path: string) => string | null;
