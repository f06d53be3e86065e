/** Files that the config names and that the repository around it does not have: warnings, each with what is needed. */
import { type Document, parseAllDocuments } from 'yaml';
import type { Checkout } from './files.ts';
import type { WrittenGates } from './gates.ts';
import { stepsOf } from './pointer.ts';
import { type Finding, finding, type Path } from './problem.ts';
import type { Config } from './schema.ts';
import { valueAt } from './shape.ts';

/** @param gates as the file writes them */
export function checkoutAdvice(config: Config, gates: WrittenGates, checkout: Checkout): Finding[] {
  return [
    ...workflowAdvice(config, checkout),
    ...gateAdvice(gates, checkout),
    ...targetAdvice(config, checkout),
  ];
}

function workflowAdvice({ measure }: Config, checkout: Checkout): Finding[] {
  const workflow = measure?.workflow ?? null;
  return workflow === null
    ? []
    : missingWorkflow(['measure', 'workflow'], workflow, 'the App gets no measurement', checkout);
}

function gateAdvice(gates: WrittenGates, checkout: Checkout): Finding[] {
  return Object.entries(gates).flatMap(([key, { workflows = [] }]) =>
    workflows.flatMap((workflow, index) => {
      const path = ['rollout', 'gates', key, 'workflows', index];
      return missingWorkflow(path, workflow, 'the gate is never met', checkout);
    }),
  );
}

function missingWorkflow(path: Path, workflow: string, consequence: string, checkout: Checkout): Finding[] {
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
function targetAdvice({ traffic }: Config, checkout: Checkout): Finding[] {
  return traffic.flatMap((target, index) => {
    if (target.kind !== 'file' || target.branch !== null) return [];
    const path = ['traffic', index, 'file'];
    const text = checkout(target.path);
    if (text === null) {
      const message = `${target.path} is no file of this checkout, so no share can be written to it`;
      return [finding([...path, 'path'], message, 'a JSON or YAML file on the default branch')];
    }
    const documents = plainDocuments(target.path, text);
    return target.set.flatMap(({ pointer }) => {
      if (documents === null || documents.some((each) => valueAt(each, stepsOf(pointer)) !== undefined)) {
        return [];
      }
      const message = `${pointer} does not exist in ${target.path}, so no share can be written there`;
      return [finding([...path, 'set', pointer], message, 'the place of a number that stands in the file')];
    });
  });
}

/** The documents of a file as plain values; null where they cannot be read, of which the App says what is wrong. */
function plainDocuments(path: string, text: string): unknown[] | null {
  // JSON with comments would pass for YAML of other keys.
  const isJson = !/\.ya?ml$/i.test(path) && /^\s*[{[]/.test(text);
  try {
    return isJson ? [JSON.parse(text)] : [...parseAllDocuments(text)].map(plainDocument);
  } catch {
    return null;
  }
}

/** @throws where it is no YAML, or its aliases multiply */
function plainDocument(document: Document): unknown {
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return document.toJS();
}
