import { CODE } from '../languages.ts';
import { NAMED_SETTING, type Rule, type RuleMatch } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { pattern, urlIn } from '../vocabulary.ts';
import { KEY_TEXT } from '../written-keys.ts';

/** Names of settings in a section named after the service, in every spelling. */
const NAMES = {
  base_url:
    /(?:api|chat|completions?|embeddings?|llm)?[_-]?(?:base[_-]?ur[li]|base[_-]?path|api[_-]?base|api[_-]?ur[li]|endpoint|ur[li]|host|base[_-]?address|api[_-]?host)/,
  api_key: /(?:api[_-]?key|access[_-]?token|auth[_-]?token|secret[_-]?key|key|token|api[_-]?token)/,
  client_setting:
    /(?:(?:request|read|connect|network|http)[_-]?)?(?:time[_-]?out(?:[_-]?\w{1,12})?|(?:max[_-]?)?retries)/,
} as const;

type Kind = keyof typeof NAMES;

/** A section named after the service, up to its end, and how a setting in it is written. */
interface Shape {
  readonly id: string;
  readonly section: RegExp;
  readonly setting: (name: RegExp, value: RegExp) => RegExp;
}

const SHAPES: readonly Shape[] = [
  {
    id: 'block',
    // YAML: everything indented deeper.
    section:
      /^(?<indent>[ \t]*)(?:- )?["']?[\w.-]*(?:open-?_?ai|chat-?_?gpt)[\w.-]*["']?:[ \t]*\n(?<value>(?:\k<indent>[ \t]+[^\n]*\n?|[ \t]*\n){1,80})/im,
    setting: (name, value) =>
      pattern('im')`^[ \t]*(?:- )?["']?(?<value>${name}["']?:[ \t]*(?!["']?[\w-]+:\s)${value}[^\n]{0,300})`,
  },
  {
    id: 'object',
    section:
      /"[\w.:-]*(?:open_?-?ai|chat_?-?gpt)[\w.:-]*"\s*:\s*\{(?<value>(?:[^{}]|\{[^{}]{0,1500}\}){1,3000})/i,
    setting: (name, value) => pattern('i')`(?<value>"${name}"\s*:\s*${value}"?[^"\n,}]{0,300})`,
  },
  {
    id: 'table',
    section: /^\[[\w."'-]*(?:open_?-?ai|chat_?-?gpt)[\w."'-]*\][ \t]*\n(?<value>(?:(?!\[)[^\n]*\n?){1,80})/im,
    setting: (name, value) => pattern('im')`^[ \t]*(?<value>${name}\s*=\s*${value}[^\n]{0,300})`,
  },
  {
    id: 'map',
    // Terraform: `openai = { … }`, `openai { … }`.
    section: /\bopen_?-?ai\w*"?\s*=?\s*\{(?<value>[^{}]{1,2000})/i,
    setting: (name, value) => pattern('im')`^[ \t]*(?<value>${name}\s*=\s*${value}[^\n]{0,300})`,
  },
];

/** What a setting's value must look like; a URL's name alone says too little. */
const VALUES = {
  base_url: /["']?(?:https?:(?!\/\/git)|\$|\{\{)/,
  api_key: /(?=\S|$)/,
  client_setting: /["']?[\d$]/,
} as const;

const variableOf = (text: string): string | null =>
  /\$\{\{\s*(?:secrets|vars|env)\.(\w+)|\$\{?([A-Z][A-Z\d_]*)|\bvar\.(\w+)/
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined) ?? null;

/** The URL in a setting's value, or the variable that it refers to. */
export const urlOrVariable = (text: string): string | null => urlIn(text) ?? variableOf(text);

const WRITTEN = pattern()`^["']?${KEY_TEXT}`;

/** How to report a key in a setting: by its variable, as hidden, or by the setting's name. */
export function keySetting(value: string): string {
  const [, name = '', setting = ''] = /^["']?([\w.-]+)["']?\s*[:=]\s*(.*)$/s.exec(value) ?? [];
  return variableOf(setting) ?? (WRITTEN.test(setting) ? HIDDEN : name);
}

/** How to report a limit in a setting. */
const limitOf = (setting: string): string => (/^[^:=]*retries/i.test(setting) ? 'retries' : 'timeout');

const REPORTED = { base_url: urlOrVariable, api_key: keySetting, client_setting: limitOf } as const;

/** Whether a setting's value is a key, written out. */
const isHidden = ({ value }: RuleMatch): boolean => keySetting(value) === HIDDEN;

/** Files of translations. */
export const LOCALES = /(?:^|\/)(?:locales?|i18n|lang|translations?)\//;

/** A section in code: `'openai' => ['key' => env('AI_KEY')]`, `openai: { apiKey: '' }`. */
const CODE_SECTION_RULE: Rule = {
  id: 'code-section-api-key',
  kind: 'api_key',
  families: CODE,
  pattern:
    /(?<![\w.$])["']?open_?-?ai["']?\s*(?::|=>?)\s*(?:array\(|%?\{|\[)(?<value>(?:[^{}[\]]|\[[^[\]\n]{0,80}\]|\{[^{}\n]{0,80}\}){1,600})/i,
  each: /["']?\b(?<value>(?:api_?key|access_?token|(?<bare>key|token|secret))["']?\s*(?::|=>?)(?=\s*(?:(?=["']{2})|.{0,20}(?:env|config|credential|secret|settings)))[^\n,}]{0,200})/i,
  value: keySetting,
  accept: ({ path }) => !LOCALES.test(path),
  ...NAMED_SETTING,
};

function sectionRule({ id, section, setting }: Shape, kind: Kind): Rule {
  return {
    id: `config-${id}-${kind.replaceAll('_', '-')}`,
    kind,
    families: ['config'],
    pattern: section,
    each: setting(NAMES[kind], VALUES[kind]),
    value: REPORTED[kind],
    hardCoded: kind === 'api_key' ? isHidden : false,
  };
}

/** `spring.ai.openai.base-url = …` → `spring.ai.openai.base-url`. */
const nameOf = (setting: string): string | null => /^[\w.-]+/.exec(setting)?.[0] ?? null;

/** A dotted name: the section is a part of it. */
function dottedRule(kind: Kind): Rule {
  return {
    id: `config-dotted-${kind.replaceAll('_', '-')}`,
    kind,
    families: ['config'],
    pattern: pattern(
      'im',
    )`^[ \t]*(?<value>(?:[\w-]+\.){0,6}[\w-]*(?:open-?_?ai|gpt)[\w-]*(?:\.[\w-]+){0,3}\.${NAMES[kind]}\s*[:=][^\n]{0,300})`,
    value:
      kind === 'base_url'
        ? (setting) =>
            /^[\w.-]+\s*[:=]\s*\//.test(setting) ? null : (urlOrVariable(setting) ?? nameOf(setting))
        : REPORTED[kind],
    hardCoded: kind === 'api_key' ? isHidden : false,
  };
}

/** Settings in a section named after the service: a YAML block, an object, a table, a dotted key. */
export const CONFIG_SECTION_RULES: readonly Rule[] = [
  dottedRule('base_url'),
  dottedRule('api_key'),
  dottedRule('client_setting'),
  CODE_SECTION_RULE,
  ...SHAPES.flatMap((shape) =>
    (['base_url', 'api_key', 'client_setting'] as const).map((kind) => sectionRule(shape, kind)),
  ),
];
