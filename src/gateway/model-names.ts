/** Model names, as endpoints and price lists write them. */

/** How the model in the response relates to the requested one. */
export type Substitution = 'same' | 'snapshot' | 'other';

/**
 * `gpt-4o-mini-2024-07-18` is a snapshot of `gpt-4o-mini`; `openai/gpt-4o-mini` is `gpt-4o-mini` with its provider's
 * name. Everything else is another model.
 */
export function compareModels(requested: string, used: string): Substitution {
  const a = withoutProvider(requested);
  const b = withoutProvider(used);
  if (a === b) return 'same';
  return withoutDate(a) === withoutDate(b) ? 'snapshot' : 'other';
}

/** The name without its provider and its date. */
export const coreName = (name: string): string => withoutDate(withoutProvider(name));

const withoutProvider = (name: string): string => name.toLowerCase().split('/').at(-1) ?? name;

const withoutDate = (name: string): string =>
  name.replace(/[-@:](20\d{2}-?\d{2}-?\d{2}|\d{4}|latest|preview(-\d{2}-\d{2})?)$/, '');
