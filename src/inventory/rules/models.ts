import { enclosingBrackets, enclosingCall } from '../brackets.ts';
import { inApiCall, OPTION_EXPRESSION, variableIn } from '../call-options.ts';
import { isFallback } from '../fallback.ts';
import { CODE, JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { isLocalClass } from '../local-classes.ts';
import { isCompared } from '../model-role.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import type { ModelRole } from '../site.ts';
import { MODEL_NAME, MODEL_VARIABLE, pattern } from '../vocabulary.ts';
import { OTHER_SERVICE, READ } from './bare-names.ts';

/** Options for the model, in both languages' clients. */
const MODEL_OPTION =
  /(?:model|modelName|model_name|modelId|model_id|deployment|deployment_name|azure_deployment|engine|azureOpenAIApiDeploymentName|embedding_model|embed_model|judge_model|llm_model)/;

/** The default of a parameter, a field, a setting or a command-line option. */
const DEFAULT_BEFORE =
  /(?:default\w*["']?\s*[:=(,]\s*|\b(?:Argument|Option|Field|Query|Form|Body|useState(?:<[^<>]*>)?)\(\s*|:\s*[\w[\]., |"']{1,60}=\s*(?:Field\(\s*)?(?:default\s*=\s*)?\(?\s*)$/i;

/** Entries of a table, a type, or a list of choices. */
const ENTRY_BEFORE = /(?:\|\s*|<option\b[^<>]{0,80}value=\{?|\b(?:id|value|key|slug)["']?\s*:\s*)$/;

/** What a quoted model name is used for, judging by the code around it. */
function roleOf(found: RuleMatch): ModelRole {
  const { code, match } = found;
  const before = code.slice(Math.max(0, match.index - 120), match.index);
  const after = code.slice(match.index + match[0].length, match.index + match[0].length + 40);
  if (isCompared(found) || /^\s+(?:not\s+)?in\b/.test(after)) return 'prefix_check';
  if (isFallback(found) || DEFAULT_BEFORE.test(before)) return 'default';
  if (isEntry(found, before, after)) return 'table';
  return enclosingCall(code, match.index) === 'def' ? 'default' : 'use';
}

function isEntry({ code, match }: RuleMatch, before: string, after: string): boolean {
  if (ENTRY_BEFORE.test(before) || /^\s*\|(?!\|)/.test(after) || isOneOfMany(code, match.index, before))
    return true;
  if (/^\s*:/.test(after) && !/\?\s*$/.test(before)) return true;
  if (/["'`]\s*,\s*$/.test(before) && /^\s*[,\]]/.test(after) && enclosingCall(code, match.index) === '')
    return true;
  const [innermost] = enclosingBrackets(code, match.index);
  if (innermost === undefined || !/[[,({]\s*$/.test(before)) return false;
  return innermost.open === '[' || isSetOrTuple(code, innermost.at, match.index);
}

/** Whether several records have a model under the same key. */
function isOneOfMany(code: string, at: number, before: string): boolean {
  const key = /[\w$]+["']?\s*:\s*$/.exec(before)?.[0];
  if (key === undefined) return false;
  const around = code.slice(Math.max(0, at - 800), at + 800);
  const parts = around.split(key).slice(1);
  return parts.filter((part) => NAME_FIRST.test(part)).length > 2;
}

const NAME_FIRST = pattern()`^["'\`]${MODEL_NAME}["'\`]`;

/** `{"gpt-4o", "gpt-4"}` and `("gpt-4o", 2.5)`, but not a call's arguments. */
const isSetOrTuple = (code: string, open: number, at: number): boolean =>
  !/[\w$)\]]\s*$/.test(code.slice(Math.max(0, open - 40), open)) && !/[:=]/.test(code.slice(open, at));

/** A name quoted within a longer string (`"Example: 'gpt-4'."`), unless that string is JSON. */
function isInSentence({ before, match }: RuleMatch): boolean {
  const text = before.slice(0, -1);
  const outer = match.groups?.quote === '"' ? "'" : '"';
  return text.split(outer).length % 2 === 0 && /[\w.,:] $/.test(text) && !/model["'\\]*\s*:\s*$/.test(text);
}

/** Ambiguous names (`o1`) only count near a word for models. */
function isModel(found: RuleMatch): boolean {
  const { value, code, match, line } = found;
  if (isInSentence(found)) return false;
  if (!/^(?:openai[:/])?o\d/.test(value)) return true;
  const around = code.slice(Math.max(0, match.index - 300), match.index + 300);
  return (
    /model|engine|llm/i.test(line) || /["'`](?:openai[:/])?gpt-|["'`]o\d-(?:mini|preview|pro)/.test(around)
  );
}

const CREATES = /\.(?:create|parse|stream|acreate)$/;
const READ_SETTING = { role: 'config', hardCoded: false, confidence: 'medium' } as const;

/** Model names in JavaScript, TypeScript and Python, and their configuration. */
export const MODEL_RULES = rulesFor({ families: JAVASCRIPT_AND_PYTHON }, [
  {
    id: 'model-name-quoted',
    kind: 'model',
    pattern: pattern()`(?<quote>["'\`])(?<value>${MODEL_NAME})\k<quote>`,
    role: roleOf,
    accept: isModel,
    hardCoded: (found) => !isFallback(found),
  },
  {
    id: 'model-names-listed',
    kind: 'model',
    pattern: pattern()`["'](?<value>${MODEL_NAME}(?:\s*[,;]\s*[\w.:/@-]{2,60}){1,30})["']`,
    each: MODEL_NAME,
    role: (found) => (isFallback(found) ? 'default' : 'table'),
    hardCoded: (found) => !isFallback(found),
    confidence: 'medium',
  },
  {
    id: 'model-in-element',
    kind: 'model',
    families: ['javascript'],
    pattern: pattern()`<(?:option|button|li)\b(?![^<>]*\bvalue=)[^<>]{0,120}>\s*(?<value>${MODEL_NAME})\s*<`,
    role: 'table',
    hardCoded: true,
  },
  {
    id: 'model-in-query',
    kind: 'model',
    families: CODE,
    pattern: pattern()`(?:[?&]model=|/engines/)(?<value>${MODEL_NAME})`,
    hardCoded: true,
  },
  {
    id: 'model-of-provider',
    kind: 'model',
    families: ['javascript'],
    sdk: 'vercel-ai',
    pattern: /(?<![\w$])(?:openai|azure)(?:\.\w{2,20})?\(\s*["'`](?<value>[\w./:@-]{2,80})["'`]/,
    needs: ['vercel-ai'],
    role: roleOf,
    hardCoded: true,
  },
  {
    id: 'model-option-literal',
    kind: 'model',
    pattern: pattern()`(?<![\w$.?-])["']?${MODEL_OPTION}["']?\s*[:=]\s*f?["'\`](?<value>[\w./@:-]{2,80})["'\`]`,
    needs: 'mention',
    accept: (found) => {
      const call = enclosingCall(found.code, found.match.index);
      return inApiCall(found) && (found.sdks.length > 0 || CREATES.test(call)) && !isLocalClass(call, found);
    },
    hardCoded: true,
  },
  {
    id: 'model-option-variable',
    kind: 'model',
    pattern: pattern()`(?<![\w$.?-])["']?${MODEL_OPTION}["']?\s*[:=]\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'mention',
    value: (expression) => modelVariable(expression),
    accept: inApiCall,
    ...READ_SETTING,
  },
  {
    id: 'model-variable-place',
    kind: 'model',
    pattern: pattern('m')`^[ \t]*(?:readonly[ \t]+)?["']?(?<value>${MODEL_VARIABLE})["']?\??\s*:(?!:)`,
    needs: 'mention',
    ...READ_SETTING,
  },
  {
    id: 'model-variable-read',
    kind: 'model',
    families: CODE,
    pattern: pattern()`(?:${READ}|\b(?:get(?:OrThrow)?(?:<\w+>)?|config|env\.str)\(\s*["'])(?<value>(?:[A-Z][A-Z0-9_]*_)?MODEL(?:_NAME|_ID)?|OPENAI_(?:[A-Z]+_)*LLM(?:_EMBED\w*)?)\b`,
    needs: 'mention',
    accept: ({ value, fileHolds }) =>
      !OTHER_SERVICE.test(value) &&
      !/^(?:HF|CAN|ALLOW|ENABLE|USE|HAS|IS|SHOW)_/.test(value) &&
      (/OPENAI|GPT|LLM|CHAT|EMBED/.test(value) || fileHolds(/openai/i)),
    ...READ_SETTING,
  },
]);

/** Only environment variables and settings are configuration; other names belong to the program. */
function modelVariable(expression: string): string | null {
  const variable = variableIn(expression);
  return variable !== null && /\benv\b|environ|getenv|settings|config/i.test(expression) ? variable : null;
}
