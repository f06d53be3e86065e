import { MODEL_NAME, OFFICIAL_HOST, pattern } from './vocabulary.ts';

/** How many lines around a name are searched for a word of the API. */
const MAX_LINES = 5;

/** The same for settings: an object, or a list of reads, may be longer. */
const MAX_LINES_OF_SETTINGS = 15;

const OPENAI = /open[-_]?ai(?!\.com\/docs)/i;
const SETS_MODEL = pattern('i')`\b\w{0,30}(?:model|engine)["']?[ \t]*[:=][ \t]*["']?${MODEL_NAME}`;
export const NAMES_MODEL = pattern()`["'\`]${MODEL_NAME}["'\`]`;
const READS_MODEL = /(?:env\w*|ENV|var)\b[^\n]{0,20}?["'.:[](?:LLM_|CHAT_|GPT_|OPENAI_)?MODEL(?:_NAME)?\b/i;
const OFFICIAL_URL = pattern('i')`https?://${OFFICIAL_HOST}`;

/** Names that only need a mention of the API nearby; an app may have its own `BASE_URL` and `API_KEY`. */
const DISTINCTIVE_NAME = /endpoint|api_?base/i;

/**
 * Whether a bare name in a settings file (`base_url`, `API_KEY`) belongs to the API: the same object, table or env
 * file sets a model or the official URL within 15 lines. For distinctive names, a mention of the API is enough. If a
 * neighbouring setting has the API in its own name (`named`), the bare one is for something else.
 */
export function isBesideSettings(code: string, offset: number, name: string, named: RegExp): boolean {
  const { others, own } = siblings(code, offset);
  if (named.test(others)) return false;
  const text = `${others}\n${own}`;
  return (
    SETS_MODEL.test(text) || OFFICIAL_URL.test(text) || (DISTINCTIVE_NAME.test(name) && OPENAI.test(text))
  );
}

/** Whether a bare name that code reads belongs to the API, judging by the lines around it. */
export function isBesideCode(code: string, offset: number, name: string, named: RegExp): boolean {
  if (named.test(around(code, offset, MAX_LINES_OF_SETTINGS, false))) return false;
  const text = around(code, offset, MAX_LINES);
  return (
    OFFICIAL_URL.test(text) ||
    NAMES_MODEL.test(text) ||
    (DISTINCTIVE_NAME.test(name) && OPENAI.test(text)) ||
    READS_MODEL.test(around(code, offset, MAX_LINES_OF_SETTINGS))
  );
}

function around(code: string, offset: number, count: number, withOwn = true): string {
  const { above, own, below } = linesAround(code, offset);
  return [...above.slice(-count), ...(withOwn ? [own] : []), ...below.slice(0, count)].join('\n');
}

/** The line at an offset, and the lines of the same object or table with the same indentation. */
function siblings(code: string, offset: number): { others: string; own: string } {
  const { above, own, below } = linesAround(code, offset);
  const depth = indent(own);
  return { others: [...sameIndent(above.reverse(), depth), ...sameIndent(below, depth)].join('\n'), own };
}

function sameIndent(lines: readonly string[], depth: number): string[] {
  const found: string[] = [];
  for (const line of lines.slice(0, MAX_LINES_OF_SETTINGS)) {
    if (line.trim() === '') continue;
    if (indent(line) < depth || /^\s*\[[\w."]/.test(line)) break;
    if (indent(line) === depth) found.push(line);
  }
  return found;
}

const indent = (line: string): number => line.search(/\S|$/);

/** In characters: more than 15 lines of settings. */
const MAX_TEXT = 2_000;

function linesAround(code: string, offset: number): { above: string[]; own: string; below: string[] } {
  const above = code.slice(Math.max(0, offset - MAX_TEXT), offset).split('\n');
  const [rest = '', ...below] = code.slice(offset, offset + MAX_TEXT).split('\n');
  return { own: (above.pop() ?? '') + rest, above, below };
}
