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
    )`\b(?:starts_?with|has_?prefix|start_with\?|match\??|str_starts_with|str_contains|includes|include\?|contains|strpos|indexOf)\s*\(?\s*(?:[\w.$\[\]]{1,60},\s*)?(?:r?["'\`]|/\\A|/)\^?(?<value>${MODEL_PREFIX}[\w.-]{0,30})(?=["'\`(/\\])`,
    examples: {
      hit: [
        ['if (model.startsWith("o1")) role = "developer"', 'o1'],
        ['if (model.match(/^gpt-5/)) effort = "low"', 'gpt-5'],
        ['if strings.HasPrefix(model, "gpt-4") {', 'gpt-4'],
        ["if name.startswith('gpt-4o'):", 'gpt-4o'],
        ['if re.match(r"gpt-4", name):', 'gpt-4'],
        ['if model.start_with?("gpt-")', 'gpt-'],
        ['model.match?(/\\Agpt-5(?:-|\\z)/)', 'gpt-5'],
        ["if (str_starts_with($model, 'gpt-5'))", 'gpt-5'],
      ],
      trap: [
        'if (path.startsWith("/v1")) serve()',
        'if (name.startsWith("o10")) pick()',
        'if (className.startsWith("text-")) paint()',
      ],
    },
  },
  {
    id: 'hazard-model-regex-test',
    ...NAME_CHECK,
    families: ['javascript'],
    pattern:
      /\/\^?(?:\((?:\?:)?)?(?<value>(?:gpt-|o\d|o\[\d|chatgpt|dall-e)[\w.[\]-]{0,30})[^/\n]{0,60}\/[a-z]{0,3}\.(?:test|exec)\(/,
    examples: {
      hit: [
        ['if (/^gpt-5/.test(model)) effort = "low"', 'gpt-5'],
        ['const thinks = /^(?:o1|o3)/.test(model)', 'o1'],
        ['const thinks = /^o[134]/.test(model)', 'o[134]'],
      ],
      trap: ['if (/^ok/.test(answer)) go()', "fetch('/gpt-5/').test(url)"],
    },
  },
  {
    id: 'hazard-model-name-in',
    ...NAME_CHECK,
    families: ['python', 'jvm'],
    pattern: pattern()`["'](?<value>${MODEL_PREFIX}[\w.-]{0,30})["']\s+(?:not\s+|!)?in\s+[\w.[\]"']{0,60}model`,
    examples: {
      file: 'app/sample.py',
      hit: [
        ['if "gpt-4" in model_name:', 'gpt-4'],
        ['if "gpt-4" not in self.config.model.lower():', 'gpt-4'],
      ],
      trap: ['if "gpt-4" in README:'],
    },
  },
  {
    id: 'hazard-model-switch',
    ...NAME_CHECK,
    families: CODE,
    pattern: pattern()`(?<=["'\`])(?<value>${MODEL_NAME})(?=["'\`])`,
    accept: (found) =>
      isModelName(found.value, found.code, found.offset) && (isCompared(found) || isOfAskedList(found)),
    examples: {
      hit: [
        ["if (model === 'gpt-4') limit = 8192", 'gpt-4'],
        ["if ('gpt-4o' !== answer.model) warn()", 'gpt-4o'],
        ["switch (model) {\n  case 'gpt-4':\n  case 'o1':\n}", 'o1'],
        ["const thinks = ['o1', 'o3-mini'].includes(model)", 'o3-mini'],
        ["const thinks = new Set(['o1', 'o3-mini']).has(model)", 'o3-mini'],
        ['if model == "gpt-4":', 'gpt-4'],
        ['if model in ("gpt-4", "gpt-4o"):', 'gpt-4o'],
        ['match model:\n    case "gpt-4" | "gpt-4o":', 'gpt-4o'],
        ['case "gpt-4o", "gpt-4o-mini":', 'gpt-4o-mini'],
        ['if model == "gpt-4" {', 'gpt-4'],
        ['return model == "gpt-4";', 'gpt-4'],
        ['if (model.equals("o1")) {', 'o1'],
      ],
      trap: [
        "const prices = { 'gpt-4': 30, 'gpt-4o': 2.5 }",
        "const price = prices['gpt-4'] === 0 ? free : paid",
        "ask({ model: fast === true ? 'gpt-4o-mini' : 'gpt-4o' })",
        "const draw = (model = 'gpt-4') => ask(model)",
        "const pick = () => 'gpt-4'",
        "<Badge active={zone === 'o1'} />",
        'for model in ["gpt-4", "gpt-4o"]:',
        'rows = [cost(m) for m in ("gpt-4", "gpt-4o")]',
        'def ask(prompt, model="gpt-4"):',
        "case Small = 'gpt-4o';",
        'model := "gpt-4o"',
        'case "gpt":',
      ],
    },
  },
  {
    id: 'hazard-model-match-arm',
    ...NAME_CHECK,
    families: ['rust', 'jvm', 'dotnet', 'php'],
    pattern: pattern(
      'm',
    )`^[ \t]*(?:["'][^"'\n]{1,60}["']\s*[|,]\s*){0,8}["'](?<value>${MODEL_NAME})["'](?:\s*[|,]\s*["'][^"'\n]{1,60}["']){0,8}\s*(?:if\b[^\n]{1,60})?[=-]>`,
    accept: isMatchBranch,
    examples: {
      hit: [
        ['match model {\n    "gpt-4o" | "gpt-4o-mini" => 128_000,', 'gpt-4o-mini'],
        ['when (model) {\n  "gpt-4", "gpt-4o" -> 8_192', 'gpt-4o'],
        ["$limit = match ($model) {\n  'gpt-4' => 8192,", 'gpt-4'],
      ],
      trap: [
        'let model = "gpt-4o";',
        'json!({\n    "model": "gpt-4o",',
        'let prices = hashmap!{\n    "gpt-4o" => 2.5,',
        "$prices = [\n    'gpt-4' => 30,",
      ],
    },
  },
  {
    id: 'hazard-model-table',
    kind: 'model_table',
    families: [...CODE, 'config'],
    // Three names close together, as keys or entries, are a table.
    pattern: pattern()`["'\`](?<value>${MODEL_NAME})["'\`][^"'\`;]{0,160}(?:["'\`]\w+["'\`]\s*[:=,][^"'\`;]{0,80}){0,6}["'\`]${MODEL_NAME}["'\`][^"'\`;]{0,160}(?:["'\`]\w+["'\`]\s*[:=,][^"'\`;]{0,80}){0,6}["'\`]${MODEL_NAME}["'\`]`,
    message:
      'A list of known models: names that a gateway adds or changes are rejected, or have no price, here. Accept unknown names, or keep the list in configuration.',
    examples: {
      hit: [
        ['PRICES = {"gpt-4o": 2.5, "gpt-4o-mini": 0.15, "o3-mini": 1.1}', 'gpt-4o'],
        ["const ALLOWED = ['gpt-4o', 'gpt-4.1', 'gpt-5']", 'gpt-4o'],
        [
          'LIMITS = {"gpt-4": {"context": 8192}, "gpt-4o": {"context": 128000}, "gpt-5": {"context": 400000}}',
          'gpt-4',
        ],
      ],
      trap: ['pick(fast ? "gpt-4o-mini" : "gpt-4o")', 'model: "gpt-4o"'],
    },
  },
];
