/**
 * Text from outside (a gateway's message, a model's name, a reason) must not forge structure or run anything where it
 * is shown: on a terminal, in a workflow log, in a job summary, in an issue, in a commit.
 */
import { stripVTControlCharacters } from 'node:util';

/** Control characters, separators that some programs read as line ends, and marks that reorder text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** A zero-width space: it shows nothing, and splits a word in two. */
const NOTHING = '\u200b';

/**
 * One line without escape sequences and control characters, at most `limit` characters long. A runner reads `##[`
 * anywhere in a line, and `::` at its start, as a workflow command: both are broken up, the latter also where wrapping
 * may move it to the start of a line.
 */
export function plainLine(text: string, limit = 500): string {
  // Cut first, generously: a gateway may send megabytes.
  const line = stripVTControlCharacters(text.slice(0, limit * 8))
    .replace(INVISIBLE, ' ')
    .replaceAll('##[', '## [')
    .trim()
    .replace(/(^|\s)::/g, '$1: :');
  return shorten(line, limit);
}

/**
 * The text as one line of Markdown that renders as itself, also at the start of a line and inside a table cell. It
 * contains no link, no mention and no reference to an issue. At most `limit` characters before escaping.
 */
export function markdownText(text: string, limit = 500): string {
  return markdownProse(text, limit)
    .replaceAll('://', '&#58;//')
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`);
}

/** As `markdownText`, for sentences of this project: addresses in them become links. */
export function markdownProse(text: string, limit = 1000): string {
  return (
    escapeHtml(plainLine(text, limit))
      // Inside a word an underscore is only an underscore.
      .replace(
        /[\\`*[\]|~$!#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
        (character) => `&#${character.codePointAt(0)};`,
      )
      // GitHub looks for mentions and issues in the rendered text, so an entity alone does not prevent them.
      .replaceAll('@', '@&#8203;')
      .replace(/&#35;(?=\d)/g, '&#35;&#8203;')
      .replace(/\bGH-(?=\d)/gi, (word) => `${word}&#8203;`)
      // At the start of a line these would begin a list.
      .replace(/^[-+](?=\s|$)/, (sign) => `&#${sign.codePointAt(0)};`)
      .replace(/^(\d{1,9})([.)])(?=\s|$)/, (_, digits: string, mark: string) => {
        return `${digits}&#${mark.codePointAt(0)};`;
      })
  );
}

/** `markdownText` as a sentence of its own, with a capital unless it begins with a name or path; empty where there is none. */
export function markdownSentence(text: string, limit = 300): string {
  const line = plainLine(text, limit).replace(/^[a-z]+(?= )/, sentenceCase);
  return line === '' || /[.!?…:]$/.test(line) ? markdownText(line, limit) : `${markdownText(line, limit)}.`;
}

const sentenceCase = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** The text as inline code. HTML's tag, because a backtick inside a Markdown code span cannot be escaped. */
export function markdownCode(text: string, limit = 200): string {
  return `<code>${markdownText(text, limit)}</code>`;
}

/** Lines as a preformatted block, which Markdown leaves alone. */
export function markdownBlock(lines: readonly string[], limit = 300): string {
  return `<pre>${lines.map((line) => escapeHtml(plainLine(line, limit))).join('\n')}</pre>`;
}

/** One line of a commit's message: GitHub links mentions and issues there as well. */
export function commitText(text: string, limit = 200): string {
  return plainLine(text, limit)
    .replaceAll('@', `@${NOTHING}`)
    .replace(/#(?=\d)/g, `#${NOTHING}`)
    .replace(/\bGH-(?=\d)/gi, (word) => `${word}${NOTHING}`);
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function shorten(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}
