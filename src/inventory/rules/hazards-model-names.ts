import { NAMES_MODEL } from '../beside.ts';
import { enclosingBrackets } from '../brackets.ts';
import { CODE } from '../languages.ts';
import { isCompared } from '../model-role.ts';
import type { HazardRule, RuleMatch } from '../rule.ts';
import { isModelName, MODEL_NAME, pattern } from '../vocabulary.ts';

/** The start of a model's name, as used in checks for a family of models. */
const MODEL_PREFIX =
  /(?:openai\/)?(?:gpt-|gpt_|o[134]\b|chatgpt|text-(?:embedding|davinci|moderation)|dall-e|whisper|davinci)/;

/** What all checks of a model's name have in common. */
const NAME_CHECK = {
  kind: 'prefix_check',
  message:
    'The code branches on the model name. A gateway may use other names (a provider prefix, an alias): decide by configuration, and accept unknown names.',
} as const;

/** What all lists of models have in common. */
const TABLE = {
  kind: 'model_table',
  message:
    'A list of known models: names that a gateway adds or changes are rejected, or have no price, here. Accept unknown names, or keep the list in configuration.',
} as const;

/** A membership test on a list, `["o1", "o3"].includes(model)`, seen from one of its names. */
const ASKED_AFTER =
  /^["'`](?:\s*,\s*["'`][^"'`\n]{1,60}["'`]){0,20}\s*,?\s*[\])}]{1,2}\s*\.\s*(?:includes|include\?|indexOf|contains|has)\(/;
const ASKED_BEFORE = /\bin\s*[[({]\s*(?:["'][^"'\n]{1,60}["']\s*,\s*){0,20}["']$/;
const LOOP = /\bfor\s+[\w, ()]{1,60}\s+in\s*[[({][^\])}]*$/;

/** Whether this name is in a list that is used for a membership test. */
const isOfAskedList = ({ before, after }: RuleMatch): boolean =>
  ASKED_AFTER.test(after) || (ASKED_BEFORE.test(before) && !LOOP.test(before));

/** Whether a match is a branch of a `match`, `when` or `switch`: in braces, but not those of a macro's map. */
function isMatchBranch({ code, match }: RuleMatch): boolean {
  const [innermost] = enclosingBrackets(code, match.index);
  return innermost?.open === '{' && code[innermost.at - 1] !== '!';
}

/** Code that branches on a model's name or has a list of them. */
export const MODEL_NAME_HAZARD_RULES: readonly HazardRule[] = [
  {
    id: 'hazard-model-prefix-check',
    ...NAME_CHECK,
    families: CODE,
    pattern: pattern(
      'i',
    )`(?:\b(?:starts_?with|has_?prefix|start_with\?|starts_with\?|match(?:es|string)?\??|fullmatch|search|str_starts_with|str_contains|preg_match|is_?match|grepl|str_detect|includes|include\?|contains|strpos|indexOf|mustcompile|re\.compile|find(?=\(\s*["']\^))|=~)[\s([]*(?:[\w.$\[\]>-]{1,60},\s*)?(?:[r@]?["'\`]/?|(?<!\w)/)(?:\^|\\A|\((?:\?:)?)*(?<value>${MODEL_PREFIX}[\w.-]{0,30})(?=["'\`(/\\,|)*$.])`,
  },
  {
    id: 'hazard-model-prefix-constant',
    ...NAME_CHECK,
    families: CODE,
    pattern:
      /\b(?:starts_?with|has_?prefix|str_starts_with|start_with\?|contains)\s*\(?[^()\n"']{0,60}\b(?<value>(?:o[134]|gpt|chatgpt)\w{0,30}prefix\w{0,10})\b/i,
  },
  {
    id: 'hazard-model-pattern-shell',
    ...NAME_CHECK,
    families: ['shell'],
    pattern: pattern()`(?<=[\s|(="'^])(?<value>${MODEL_PREFIX}[\w.-]{0,30})(?:\*["']?(?=\s*(?:[|)]|\]\]))|(?<==~\s["']?\^[\w.-]{1,40})(?=.{0,20}\]\]))`,
  },
  {
    id: 'hazard-model-regex-test',
    ...NAME_CHECK,
    families: ['javascript'],
    pattern:
      /\/\^?(?:\((?:\?:)?)?(?<value>(?:gpt-|o\d|o\[\d|chatgpt|dall-e)[\w.[\]-]{0,30})[^/\n]{0,60}\/[a-z]{0,3}\.(?:test|exec)\(/,
  },
  {
    id: 'hazard-model-name-in',
    ...NAME_CHECK,
    families: ['python', 'jvm'],
    pattern: pattern()`["'](?<value>${MODEL_PREFIX}[\w.-]{0,30})["']\s+(?:not\s+|!)?in\s+[\w.[\]"']{0,60}model`,
  },
  {
    id: 'hazard-model-switch',
    ...NAME_CHECK,
    families: CODE,
    pattern: pattern()`(?<=["'\`])(?<value>${MODEL_NAME})(?=["'\`])`,
    accept: (found) =>
      isModelName(found.value, found.code, found.offset) && (isCompared(found) || isOfAskedList(found)),
  },
  {
    id: 'hazard-model-match-arm',
    ...NAME_CHECK,
    families: ['rust', 'jvm', 'dotnet', 'php'],
    pattern: pattern(
      'm',
    )`^[ \t]*(?:["'][^"'\n]{1,60}["']\s*[|,]\s*){0,8}["'](?<value>${MODEL_NAME})["'](?:\s*[|,]\s*["'][^"'\n]{1,60}["']){0,8}\s*(?:if\b[^\n]{1,60})?[=-]>`,
    accept: isMatchBranch,
  },
  {
    id: 'hazard-model-table',
    ...TABLE,
    families: [...CODE, 'config'],
    // Three names close together, as keys or entries, are a table.
    pattern: pattern()`["'\`](?<value>${MODEL_NAME})["'\`][^"'\`;]{0,160}(?:["'\`]\w+["'\`]\s*[:=,][^"'\`;]{0,80}){0,6}["'\`]${MODEL_NAME}["'\`][^"'\`;]{0,160}(?:["'\`]\w+["'\`]\s*[:=,][^"'\`;]{0,80}){0,6}["'\`]${MODEL_NAME}["'\`]`,
    // Not over the edge of a function.
    accept: ({ match }) => !/\b(?:function\b|(?:def|fn|func)\s)/.test(match[0]),
  },
  {
    id: 'hazard-model-words',
    ...TABLE,
    families: [...CODE, 'config', 'shell'],
    // `%w[gpt-4o o3-mini]`, `ALLOWED_MODELS=gpt-4o,o3-mini`, `gpt-4o|o3-mini)`
    pattern: pattern()`(?<![\w.-])(?<value>${MODEL_NAME})(?:[ \t]?[,|;][ \t]?|[ \t]+)${MODEL_NAME}(?:[ \t]?[,|;][ \t]?|[ \t]+)${MODEL_NAME}`,
  },
  {
    id: 'hazard-model-lookup',
    ...TABLE,
    families: CODE,
    // `MODEL_LIMITS[model]`, `prices.get(model_name)`, and the tables of tokenizers: `encoding_for_model(model)`.
    pattern:
      /\b(?<value>(?:get_?)?(?:encod(?:ing|er)|tokenizer|bpe|tiktoken)_?(?:for|from)_?model(?=\(\s*[^"'\s)])|get_(?:chat_)?completion_max_tokens(?=\()|(?<table>\w{0,20}models?(?=(?:\.|->)(?:includes|indexOf|include\?|contains|has|member\?)\()|\w{0,20}(?:limit|pric|cost|token|context|window|encoding|capabilit|fallback)[a-z]{0,5}(?:_?[a-z]{1,12})?)(?=(?:\[|(?:\??\.|->)(?:get|fetch|dig|TryGetValue|GetValueOrDefault|contains(?:_?key)?|includes|indexOf|include\?|has|member\?)\()\s*&?[*$:@]?(?:\w{1,20}(?:\.|->))?(?:\w{1,20}_?)?model(?:_?(?:name|id))?(?:\.(?:id|name|as_str\(\)|lower\(\)))?\s*[\]),](?!\s*=[^=])))/i,
    needs: 'mention',
    accept: ({ match: { groups }, fileHolds }) =>
      !/[a-z]/.test(groups?.table ?? '') || fileHolds(NAMES_MODEL),
  },
  {
    id: 'hazard-model-allow-list',
    ...TABLE,
    families: CODE,
    pattern:
      /(?:(?<=\bin\s+(?:\w{1,40}\.){0,2})(?<list>(?:allowed|supported|valid|known|permitted)_?[a-z]{0,10}_?models?\b)|(?<=\b\w{0,20})(?<value>(?:allowed|supported|valid|known|permitted|whitelist(?:ed)?)_?[a-z]{0,10}_?models?\w{0,10})(?:\(\))?(?:\s*(?:\.|->|::)\s*(?:includes|include\?|contains|has|indexOf|some|any|Any|get|keys|member\?)\b|\[\s*\$?\w*model|,\s*[$&]?[\w.]*model\w*\s*[,)]))/i,
    needs: 'mention',
  },
];
