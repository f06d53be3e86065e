/** GitHub's own examples of webhooks, as a measure of the emulated ones. */
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';

/** A JSON file without a module of its own: required, not imported. */
const definitions: readonly WebhookDefinition[] = createRequire(import.meta.url)(
  '@octokit/webhooks-examples',
);

/**
 * What every example of a webhook has and this payload has not, or has of another type: lines such as
 * `issue.user.login: string expected, nothing found`.
 */
export function missingFrom(event: string, action: string | null, payload: unknown): string[] {
  const examples: readonly unknown[] = definitions.find(({ name }) => name === event)?.examples ?? [];
  if (examples.length === 0) throw new Error(`GitHub has no example of ${event}`);
  const same = examples.filter((example) => valueAt(example, 'action') === action);
  return lacks(same.length > 0 ? same : examples, payload, '');
}

function lacks(examples: readonly unknown[], found: unknown, path: string): string[] {
  const kinds = new Set(examples.map(kindOf));
  const kind = kindOf(found);
  if (!kinds.has(kind)) {
    // What is null in the examples or here may be anything: examples show one case of many.
    if (kind === 'null' || [...kinds].every((each) => each === 'null')) return [];
    return [`${path}: ${[...kinds].join(' or ')} expected, ${kind} found`];
  }
  if (kind === 'object') {
    const objects = examples.filter((example) => kindOf(example) === 'object');
    return keysOfAll(objects)
      .filter((key) => !FREE.has(key))
      .flatMap((key) => {
        const inner = objects.map((example) => valueAt(example, key));
        return lacks(inner, valueAt(found, key), path === '' ? key : `${path}.${key}`);
      });
  }
  if (!Array.isArray(found)) return [];
  const items = examples.flatMap((example) => (Array.isArray(example) ? example : []));
  return items.length === 0 ? [] : found.flatMap((item, index) => lacks(items, item, `${path}[${index}]`));
}

/** Their keys are the App's own. */
const FREE = new Set(['permissions', 'payload']);

const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
};

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;

function keysOfAll(objects: readonly unknown[]): string[] {
  const [first, ...others] = objects.map((each) => Object.keys(Object(each)));
  return (first ?? []).filter((key) => others.every((keys) => keys.includes(key)));
}
