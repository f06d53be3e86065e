import type { Found } from './rule.ts';
import type { ModelRole } from './site.ts';

/** What stands before a literal that is used when a variable, a setting or a caller gives nothing. */
const OTHERWISE =
  /(?:\|\||\?\?=?|\?:|\bor\b|\.presence\s*\|\|)\s*\(?\\?["'`:]?$|(?:unwrap_or(?:_else)?|or_else|orElse(?:Get)?|getOrElse|getOrDefault|firstNonEmpty|coalesce)\([^;{}\n]{0,80}$/i;

/** Calls that take a name and what to use when it is not set. */
const READ_WITH_DEFAULT =
  /(?:get_?env\w*|lookup_?env\w*|env_?or\w*|\benv|\benv\.\w+|fetch|config|\bget|GetValue(?:<\w+\??>)?|get_?string|getProperty|(?:get_)?(?:option|setting)\w*|setdefault|StringVarP?|flag\.String|Flags\(\)\.\w+)\(\s*(?:[&\w.]+\s*,\s*)?["'`:][^"'`\n]{0,80}["'`]?\s*,\s*(?:(?:["'][a-z]?["']|default:)\s*,?\s*)?\\?["'`]?$/i;

/** `if model == "" {` and its like, with the literal on the next line. */
const WHEN_UNSET =
  /\bif\b[^\n]{0,120}(?:==\s*(?:""|''|nil|null|0\b)|is_?(?:empty|none|blank|null)|IsNullOr\w+|\b(?:blank|nil|empty)\b|len\([^)\n]*\)\s*(?:==|<)|=== null)[^\n]{0,40}\n\s*(?:return\s+)?[^\n]{0,80}$/i;

const COMPARED =
  /(?:start_?s?_?with\??|has_?prefix|contains?\w*|include\?|str_starts_with|str_contains|strpos|equals(?:IgnoreCase)?|EqualFold|in_array|indexOf|matches\w*|is_match)\s*[( ][^;{}\n]{0,80}$|[!=]==?\s*\\?["'`]$|=~\s*\S?$|\b(?:case|when)\s+(?:["'][^"'\n]{0,60}["']\s*,\s*){0,10}\\?["'`]$/i;

/** The name is the key of a map, or one entry of a list: `"gpt-4": 8192`, `'gpt-4' => …`, `"gpt-4" to 8192`. */
const KEY_BEHIND =
  /^\\?["'`](?:\.to_string\(\)|\.to_owned\(\)|\.into\(\)|\.freeze)?\s*(?:\]?\s*(?::(?!:)|=>|\bto\b|->)|,\s*[\d.]+\s*[),\]}])/;
const ALONE_BEHIND = /^\\?["'`](?:\.to_string\(\)|\.to_owned\(\)|\.into\(\)|\.freeze)?\s*[,\]})]*\s*$/;
const NEIGHBOUR =
  /["'`](?:gpt-|chatgpt-|o[134]\b|o[134]-|text-embedding|claude-|gemini-|dall-e)[\w.:-]*["'`]/;

/** The part of the statement that stands before the literal, over at most three lines. */
function statementBefore({ code, offset }: Found): string {
  const before = code.slice(Math.max(0, offset - 240), offset);
  return before
    .split('\n')
    .slice(-3)
    .join('\n')
    .replace(/^[\s\S]*[;{}]\s*\n/, '');
}

/** Whether a literal is only used when the environment, a configuration or a caller gives nothing. */
export function isFallback(found: Found): boolean {
  const before = statementBefore(found);
  if (OTHERWISE.test(before) || READ_WITH_DEFAULT.test(before)) return true;
  return WHEN_UNSET.test(found.code.slice(Math.max(0, found.offset - 300), found.offset));
}

/** What a model's name in quotes is there for, by the code around it. */
export function roleInCode(found: Found): ModelRole {
  const { before, after } = found;
  if (COMPARED.test(before) || /^["'`]\s*[!=]==?[^>]/.test(after)) return 'prefix_check';
  if (KEY_BEHIND.test(after)) return 'table';
  if (isFallback(found) || /default|fallback/i.test(before)) return 'default';
  const aloneOnLine = /^\s*[[({]*\s*\\?["'`:]$/.test(before) && ALONE_BEHIND.test(after);
  if (NEIGHBOUR.test(before) || NEIGHBOUR.test(after.slice(1))) return 'table';
  return aloneOnLine && betweenNames(found) ? 'table' : 'use';
}

/** A name alone on its line with another name on the line above or below. */
function betweenNames({ code, offset }: Found): boolean {
  return (
    NEIGHBOUR.test(
      code
        .slice(Math.max(0, offset - 80), offset - 1)
        .split('\n')
        .slice(-2, -1)
        .join(''),
    ) || NEIGHBOUR.test(code.slice(offset, offset + 120).split('\n')[1] ?? '')
  );
}
