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

/**
 * Whether another model answers than the one that was asked for. Only for a name in the official price table is it
 * known which model should answer: `gpt-4o-mini` should not answer for `gpt-4o`, but any model may answer for an alias
 * such as `fast`. Where `gpt-4o` is called `fast` on the endpoint, its owner chose what answers, unless that is another
 * model of the table.
 * @param requested its name in the code, and the one on the endpoint
 * @param entryOf the price table's entry of a name, null where it has none
 */
export function isSubstituted(
  requested: readonly string[],
  used: string,
  entryOf: (name: string) => string | null,
): boolean {
  if (requested.some((name) => compareModels(name, used) !== 'other')) return false;
  const entries = requested.map(entryOf);
  const answered = entryOf(used);
  if (answered === null) return !entries.includes(null);
  const isSame = requested.some(
    (name, index) => entries[index] === answered && variantOf(name) === variantOf(used),
  );
  return !isSame && entries.some((entry) => entry !== null);
}

/** Other models than the one without this word, which the price table lists together with it. */
const variantOf = (name: string): string =>
  /\b(chat|codex|max|search|omni)\b.*/i.exec(coreName(name))?.[0] ?? '';

export const coreName = (name: string): string => withoutDate(withoutProvider(name));

/** Before an official name, the provider may also stand as in `openai.gpt-4o`, `openai:gpt-4o` and `azure-gpt-4o`. */
const PROVIDER = /^(?!ft:)(?:[\w@-]+[.:]|azure-|openai-)(?=(?:gpt|chatgpt|codex|text-embedding)-|o\d)/;

const withoutProvider = (name: string): string =>
  (name.toLowerCase().split('/').at(-1) ?? name).replace(PROVIDER, '');

/** Without the route's tag (`:free`), the date or version, and `-preview` or `-latest`, in this order from the end. */
const withoutDate = (name: string): string =>
  name
    .replace(/:(free|nitro|floor|online|extended|exacto|latest)$/, '')
    .replace(/[-@:](20\d{2}-?\d{2}-?\d{2}|\d{4}|\d{3}|latest|preview-\d{2}-\d{2})$/, '')
    .replace(/-(preview|latest)$/, '');
