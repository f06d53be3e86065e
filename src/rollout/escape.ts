/**
 * Text from outside (names, reasons, errors) in what the App writes: it renders as itself, forges no structure, no
 * marker and no list, mentions nobody, and refers to no other issue.
 */

/** Control characters, the separators that some programs take for line ends, and marks that reorder text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** Takes part in nothing, and shows nothing: it keeps the words around it from being one. */
const NOTHING = '\u200b';

/** One line of at most `limit` characters. */
export function plainLine(text: string, limit = 300): string {
  // Cut first, generously: an error may be megabytes.
  const line = text
    .slice(0, limit * 8)
    .replace(INVISIBLE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}

/** One line of Markdown, also for a table's cell, without links; at most `limit` characters before escaping. */
export function markdownText(text: string, limit = 300): string {
  return (
    plainLine(text, limit)
      // Inside of a word an underscore is nothing more.
      .replace(/[&<>\\`*[\]|~$!#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character) => {
        return `&#${character.codePointAt(0)};`;
      })
      // GitHub looks for mentions and issues in what was rendered, so an entity alone does not stop it.
      .replaceAll('@', '@&#8203;')
      .replace(/&#35;(?=\d)/g, '&#35;&#8203;')
      .replace(/\bGH-(?=\d)/gi, (word) => `${word}&#8203;`)
      .replaceAll('://', '&#58;//')
      .replace(/www\./gi, (word) => `${word.slice(0, 3)}&#46;`)
      // At the beginning of a line these would begin a list.
      .replace(/^[-+](?=\s|$)/, (sign) => `&#${sign.codePointAt(0)};`)
      .replace(/^(\d{1,9})([.)])(?=\s|$)/, (_, digits: string, mark: string) => {
        return `${digits}&#${mark.codePointAt(0)};`;
      })
  );
}

/** The text as a sentence of its own; empty where there is none. */
export function sentence(text: string, limit = 300): string {
  const line = plainLine(text, limit);
  return line === '' || /[.!?…:]$/.test(line) ? markdownText(line, limit) : `${markdownText(line, limit)}.`;
}

/** As inline code. HTML's tag, because a backtick inside a Markdown code span cannot be escaped. */
export function markdownCode(text: string, limit = 120): string {
  return `<code>${markdownText(text, limit)}</code>`;
}

/** One line of a commit's message: GitHub links mentions and issues there as well. */
export function commitText(text: string, limit = 200): string {
  return plainLine(text, limit)
    .replaceAll('@', `@${NOTHING}`)
    .replace(/#(?=\d)/g, `#${NOTHING}`)
    .replace(/\bGH-(?=\d)/gi, (word) => `${word}${NOTHING}`);
}

/**
 * Inside an HTML comment: nothing may end it, and GitHub's Markdown takes no two hyphens in it. `markerValue` gives
 * the text back.
 */
export function markerText(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('--', '-%2D');
}

/** The text of `markerText`; null where it was tampered with. */
export function markerValue(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
