import { enclosingBrackets, enclosingCall } from './brackets.ts';
import type { RuleMatch } from './rule.ts';

/**
 * How a named value is written, in any language:
 * `key` (`"stream": true`, `'stream' => true`, `put("stream", true)`, `{"stream", true}`),
 * `entry` (`body["stream"] = true`), `field` (`request.Stream = true`), `argument` (`stream: true`, `stream=True`),
 * `call` (`.stream(true)`, `.withStream(true)`), `alone` (`{ model, stream }`).
 */
export type Form = 'key' | 'entry' | 'field' | 'argument' | 'call' | 'alone';

export interface Setting {
  readonly form: Form;
  /** What joins name and value: `:`, `=`, `=>`, `,` or `(`; `''` for a name alone. */
  readonly join: string;
  /** What an entry, a field or a method belongs to, up to 60 characters of code. */
  readonly owner: string;
  /** The text from the value on, at most 200 characters. */
  readonly value: string;
}

const QUOTED = /^\\?["'`]{1,2}(?<index>\])?\s*(?<join>=>|->|:(?!:)|=(?![=>~])|,|to\b)\s*/;
const NAMED = /^(?<index>\])?\s*(?<join>=>|:(?![:=])|=(?![=>~])|\(|\.[aA]dd(?:Range)?\()\s*/;

/** The setting whose name a match's value is; null if the name is used in another way. */
export function settingAt({ code, match, offset, value }: RuleMatch): Setting | null {
  const end = offset + value.length;
  const before = code.slice(Math.max(0, match.index - 80), match.index);
  const after = code.slice(end, end + 220);
  const quoted = /\\?["'`]$/.test(before) && /^\\?["'`]/.test(after);
  const found = (quoted ? QUOTED : NAMED).exec(after);
  if (found === null && /(?<!:):$/.test(before) && /^\s*,/.test(after) && PUTS.test(before))
    return { form: 'key', join: ',', owner: '', value: after.replace(/^\s*,\s*/, '') };
  if (found === null) {
    const alone = !quoted && /[{,(]\s*$/.test(before) && /^\s*[,})]/.test(after);
    return alone ? { form: 'alone', join: '', owner: '', value: '' } : null;
  }
  const { index, join = '' } = found.groups ?? {};
  const where = quoted || index !== undefined ? keyIn(before, index, join) : namedIn(before, join);
  return where === null
    ? null
    : { ...where, join, value: after.slice(found[0].length, found[0].length + 200) };
}

type Place = Pick<Setting, 'form' | 'owner'> | null;

function keyIn(before: string, index: string | undefined, join: string): Place {
  if (index === undefined) return { form: 'key', owner: '' };
  const owner = /(\S{0,60})\[\s*(?:\\?["'`]|:)$/.exec(before)?.[1];
  return owner === undefined || join !== '=' ? null : { form: 'entry', owner };
}

function namedIn(before: string, join: string): Place {
  if (/(?<!:):$/.test(before)) return join === '=>' ? { form: 'key', owner: '' } : null;
  const owner = /$(?<=([\w$)\]?!]{0,60})\s*(?:\.|->|(?<=\w)\$)\s*)/.exec(before)?.[1];
  if (join === '(') return owner === undefined ? null : { form: 'call', owner };
  if (join.startsWith('.')) return owner === undefined ? null : { form: 'field', owner };
  if (join === '=>' || /[\w$@?-]$/.test(before)) return null;
  if (owner === undefined) return { form: 'argument', owner: '' };
  return join === '=' ? { form: 'field', owner } : null;
}

/** Names of objects that hold a request's body. */
const REQUEST_OBJECT =
  /(?:params|parameters|payload|body|kwargs|request|req|options|opts|data|args|config|input|query|dict(?:ionary)?|json(?:_?obj(?:ect)?)?)$/i;

/** Whether a comma joins name and value: in a call that puts one, or in braces of just the two. */
const isPut = (before: string, value: string): boolean =>
  PUTS.test(before) || (/\{\s*\\?["'`]$/.test(before) && /^(?:\{|[^,"'\n]{1,80}\})/.test(value));

/** Calls in which a comma joins name and value. */
const PUTS = /(?:put|add|set|entry|[pP]air|insert|append|Property|Map\.of|mapOf|with)\w*\([^;\n]{0,150}$/;

/** `name = …` is an argument only in parentheses, and where types are built, in braces. */
const TYPE_BEFORE_BRACE = /(?:\bnew\b[^;{}]*\)|[\w>\])]|=|[,({[%]|\breturn)\s*$/;
const BLOCK_BEFORE_BRACE =
  /(?:=>|->|[;}]|\b(?:else|try|finally|do|then|class\s+\w+|struct\s+\w+))\s*$|(?<!\bnew\b[^;{}]{0,200})\)\s*$/;

/**
 * Whether a setting is passed on: an argument of a call or an initialiser, or an entry or a field of a request's object.
 * Anything else is a variable or a declaration.
 */
export function isPassed({ form, join, owner, value }: Setting, { code, match, path }: RuleMatch): boolean {
  if (form === 'entry' || form === 'field') return REQUEST_OBJECT.test(owner);
  if (form === 'key')
    return join !== ',' || isPut(code.slice(Math.max(0, match.index - 200), match.index), value);
  if (form === 'call' || form === 'alone') return true;
  const python = /\.(?:py|pyi|pyw|ipynb)$/.test(path);
  if (python && join === ':') return false;
  if (enclosingCall(code, match.index) === 'def') return false;
  if (join === ':') return true;
  const [innermost] = enclosingBrackets(code, match.index);
  if (innermost?.open === '(') return true;
  if (innermost?.open !== '{' || python || /\.(?:[cm]?[jt]sx?|vue|svelte|astro|html?)$/.test(path))
    return false;
  const before = code.slice(Math.max(0, innermost.at - 200), innermost.at);
  return TYPE_BEFORE_BRACE.test(before) && !BLOCK_BEFORE_BRACE.test(before);
}
