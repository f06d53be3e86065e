import { rulesFor } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { pattern, urlIn } from '../vocabulary.ts';
import { KEY_TEXT } from '../written-keys.ts';

/** Names of settings that hold a base URL, in every spelling. */
const URL_SETTING =
  /(?:api|chat|completions?|embeddings?|llm)?[_-]?(?:base[_-]?ur[li]|base[_-]?path|api[_-]?base|api[_-]?ur[li]|endpoint|ur[li]|host|base[_-]?address|api[_-]?host)/;
/** The same for settings that hold a key. */
const KEY_SETTING = /(?:api[_-]?key|access[_-]?token|auth[_-]?token|secret[_-]?key|key|token|api[_-]?token)/;

/** A YAML block below a key that names the service: everything indented deeper. */
const YAML_BLOCK =
  /^(?<indent>[ \t]*)(?:- )?["']?[\w.-]*(?:open-?_?ai)[\w.-]*["']?:[ \t]*\n(?<value>(?:\k<indent>[ \t]+[^\n]*\n?|[ \t]*\n){1,80})/im;
const JSON_OBJECT = /"[\w.:-]*open_?-?ai[\w.:-]*"\s*:\s*\{(?<value>(?:[^{}]|\{[^{}]{0,1500}\}){1,3000})/i;
const TOML_TABLE = /^\[[\w."'-]*open_?-?ai[\w."'-]*\][ \t]*\n(?<value>(?:(?!\[)[^\n]*\n?){1,80})/im;

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

/** Settings in a section named after the service: a YAML block, an object, a table, a dotted key. */
export const CONFIG_SECTION_RULES = rulesFor({ families: ['config'] }, [
  {
    id: 'config-dotted-base-url',
    kind: 'base_url',
    pattern: pattern(
      'im',
    )`^[ \t]*(?<value>(?:[\w-]+\.){0,6}[\w-]*(?:open-?_?ai)(?:\.[\w-]+){0,3}\.${URL_SETTING}\s*[:=][^\n]{0,300})`,
    value: (setting) => urlOrVariable(setting) ?? nameOf(setting),
    hardCoded: false,
  },
  {
    id: 'config-dotted-api-key',
    kind: 'api_key',
    pattern: pattern(
      'im',
    )`^[ \t]*(?<value>(?:[\w-]+\.){0,6}[\w-]*(?:open-?_?ai|gpt)(?:\.[\w-]+){0,3}\.${KEY_SETTING}\s*[:=][^\n]{0,300})`,
    value: keySetting,
    hardCoded: ({ value }) => keySetting(value) === HIDDEN,
  },
  {
    id: 'config-section-base-url',
    kind: 'base_url',
    pattern: YAML_BLOCK,
    each: pattern(
      'im',
    )`^[ \t]*(?:- )?["']?(?<value>${URL_SETTING}["']?:[ \t]*["']?(?:https?:|\$|\{\{)[^\n]{1,300})`,
    value: urlOrVariable,
    hardCoded: false,
  },
  {
    id: 'config-section-api-key',
    kind: 'api_key',
    pattern: YAML_BLOCK,
    each: pattern(
      'im',
    )`^[ \t]*(?:- )?["']?(?<value>${KEY_SETTING}["']?:[ \t]*(?!["']?[\w-]+:\s)[^\n]{0,300})`,
    value: keySetting,
    hardCoded: ({ value }) => keySetting(value) === HIDDEN,
  },
  {
    id: 'config-object-base-url',
    kind: 'base_url',
    pattern: JSON_OBJECT,
    each: pattern('i')`(?<value>"${URL_SETTING}"\s*:\s*"(?:https?:|\$)[^"\n]{1,300})`,
    value: urlOrVariable,
    hardCoded: false,
  },
  {
    id: 'config-object-api-key',
    kind: 'api_key',
    pattern: JSON_OBJECT,
    each: pattern('i')`(?<value>"${KEY_SETTING}"\s*:\s*"[^"\n]{0,300}")`,
    value: keySetting,
    hardCoded: ({ value }) => keySetting(value) === HIDDEN,
  },
  {
    id: 'config-table-base-url',
    kind: 'base_url',
    pattern: TOML_TABLE,
    each: pattern('im')`^[ \t]*(?<value>${URL_SETTING}\s*=\s*["']?(?:https?:|\$)[^"'\n]{1,300})`,
    value: urlOrVariable,
    hardCoded: false,
  },
  {
    id: 'config-table-api-key',
    kind: 'api_key',
    pattern: TOML_TABLE,
    each: pattern('im')`^[ \t]*(?<value>${KEY_SETTING}\s*=[^\n]{0,300})`,
    value: keySetting,
    hardCoded: ({ value }) => keySetting(value) === HIDDEN,
  },
]);

/** `spring.ai.openai.base-url = …` → `spring.ai.openai.base-url`. */
const nameOf = (setting: string): string | null => /^[\w.-]+/.exec(setting)?.[0] ?? null;
