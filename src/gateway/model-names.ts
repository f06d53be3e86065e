/** Names of models, as endpoints and price lists write them. */

/** How the answering model relates to the one asked for. */
export type Substitution = 'same' | 'snapshot' | 'other';

/**
 * `gpt-4o-mini-2024-07-18` is a snapshot of `gpt-4o-mini`; `openai/gpt-4o-mini` is `gpt-4o-mini` itself, named with
 * its provider. Everything else is another model.
 */
export function compareModels(asked: string, answered: string): Substitution {
  const a = withoutProvider(asked);
  const b = withoutProvider(answered);
  if (a === b) return 'same';
  return withoutDate(a) === withoutDate(b) ? 'snapshot' : 'other';
}

/** The name without its provider and its date. */
export const coreName = (name: string): string => withoutDate(withoutProvider(name));

const withoutProvider = (name: string): string => name.toLowerCase().split('/').at(-1) ?? name;

const withoutDate = (name: string): string =>
  name.replace(/[-@:](20\d{2}-?\d{2}-?\d{2}|\d{4}|latest|preview(-\d{2}-\d{2})?)$/, '');
