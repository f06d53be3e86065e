import { isFallback } from '../fallback.ts';
import { CODE, OTHER_CODE } from '../languages.ts';
import { roleInCode } from '../model-role.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { isModelName, MODEL_NAME, pattern } from '../vocabulary.ts';

/** Languages whose strings have double quotes only; a name in single quotes is part of a sentence. */
const DOUBLE_QUOTES_ONLY = /\.(?:go|java|kts?|scala|rs|cs|fs|vb|swift)$/;

function isModel({ value, code, offset, before, path }: RuleMatch): boolean {
  if (code[offset - 1] === "'" && DOUBLE_QUOTES_ONLY.test(path)) return false;
  // A comment that is left is part of a text.
  if (/^\s*(?:(?:import|#include|using|require)\b|\/\/ )/.test(before)) return false;
  return isModelName(value, code, offset);
}

/** Model names as complete strings, in languages without more specific rules. */
export const MODEL_LITERAL_RULES = rulesFor({ families: OTHER_CODE }, [
  {
    id: 'code-model-literal',
    kind: 'model',
    pattern: pattern()`(?<=["'\`]|\b[dD]efault[=:]["']?)(?<value>${MODEL_NAME})(?=(?:\\r|\\n)*\\?["'\`,])`,
    accept: isModel,
    hardCoded: (found) => !isFallback(found),
    role: roleInCode,
  },
  {
    id: 'code-model-prefix',
    kind: 'model',
    families: [...CODE, 'shell'],
    // The rules for complete names report those.
    pattern:
      /(?:(?:[sS]tarts?_?[wW]ith\??|[hH]as_?[pP]refix|match\??)\s?[( ]\s?(?:[\w.$]{1,60},\s?)?(?:["']|\/(?:\^|\\A))|=~\s?["'/]?(?:\^|\\A))(?<value>(?:ft:)?(?:(?:chat)?gpt(?=["'-])|o[134]-|dall-e-|text-embedding-)[\w.-]{0,30})/,
    role: 'prefix_check',
    hardCoded: true,
  },
  {
    id: 'code-model-in-placeholder',
    kind: 'model',
    pattern: pattern()`\$\{[\w.-]{2,80}:(?<value>${MODEL_NAME})\}`,
    hardCoded: false,
    role: 'default',
  },
  {
    id: 'code-model-word-list',
    kind: 'model',
    families: ['ruby', 'other'],
    pattern: /%[wWiI][[({](?<value>[^\])}]{2,600})[\])}]/,
    each: MODEL_NAME,
    accept: ({ value, match }) => isModelName(value, match[0], 0),
    hardCoded: true,
    role: 'table',
  },
]);
