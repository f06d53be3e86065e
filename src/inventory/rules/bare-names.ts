import { isBesideCode, isBesideSettings } from '../beside.ts';
import { CODE } from '../languages.ts';
import { NAMED_SETTING, type Rule, type RuleMatch } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { OTHER_PROVIDER, pattern, VARIABLES } from '../vocabulary.ts';
import { keySetting, urlOrVariable } from './config-sections.ts';

/** Prefixes that don't name a service, so the name after them is still bare. */
const NEUTRAL =
  /(?:(?:VITE|NEXT_PUBLIC|REACT_APP|NUXT|PUBLIC|EXPO_PUBLIC|CUSTOM|DEFAULT|PROXY|LLM|AI|CHAT|GPT|MODEL)_){0,4}/;
/** A prefix of the program's own, in place of a neutral one. */
const OWN_PREFIX = /[A-Z][A-Z\d]{1,15}_/;
export const OTHER_SERVICE = pattern(
  'i',
)`${OTHER_PROVIDER}|azure|deep_?(?:seek|gram|l)|xai|grok|router|together|perplex|stability|replicate|eleven|fireworks|moonshot|kimi|qwen|glm|nvidia|jina|aws|cloudinary`;
const BASE_URL = /BASE_?UR[LI]|API_?(?:BASE(?:_?UR[LI])?|URL|ENDPOINT|HOST)/;
const API_KEY = /API_?KEY|(?<=(?:AI|CHAT|GPT|LLM|MODEL)_)(?:KEY|TOKEN|SECRET)/;
const BARE = { base_url: BASE_URL, api_key: API_KEY } as const;

const IS_BARE = pattern()`^${NEUTRAL}(?:${BASE_URL}|${API_KEY})$`;

/** The same names as spelled in settings files. */
const BASE_URL_SETTING = /(?:base|api)[_-]?[uU][rR][lLiI]|api[_-]?(?:[bB]ase|[eE]ndpoint|[hH]ost)|endpoint/;
const API_KEY_SETTING = /api[_-]?[kK]ey/;

/** What comes before a setting's name: the start of its line, or of a one-line object. */
const STARTS = /^[ \t]{0,40}(?:-[ \t]+)?(?:export[ \t]+)?["']?|[{,][ \t]{0,20}["']/;

/** The start of an expression that reads a variable, up to its name, in any language. */
export const READ =
  /(?:[gG]et_?[eE]nv|LookupEnv|GetEnvironmentVariable|environ\.get|env\.get|env::var|env!|env|ENV\.fetch)\(\s*["'`]|(?:environ|ENV|env)\[\s*["'`]|\benv\??\./;

/** Whether the program reads its model under the same prefix: `SHOP_MODEL` beside `SHOP_API_KEY`. */
const isBesideModel = ({ code, offset, value }: RuleMatch): boolean =>
  !OTHER_SERVICE.test(value) &&
  /^[A-Z]/.test(value) &&
  code.slice(Math.max(0, offset - 400), offset + 400).includes(`${value.split('_', 1)[0]}_MODEL`);

const beside =
  (kind: keyof typeof BARE) =>
  (found: RuleMatch): boolean => {
    const { code, offset, value } = found;
    return (
      (IS_BARE.test(value) && isBesideCode(code, offset, value, VARIABLES[kind])) || isBesideModel(found)
    );
  };

const besideSettings =
  (kind: keyof typeof BARE) =>
  (found: RuleMatch): boolean => {
    const { code, offset, value, after } = found;
    const name = nameOf(value) ?? '';
    if (VARIABLES[kind].test(after)) return false;
    const isBare = IS_BARE.test(name) || name !== name.toUpperCase();
    return (isBare && isBesideSettings(code, offset, name, VARIABLES[kind])) || isBesideModel(found);
  };

const nameOf = (setting: string): string | null => /^[\w-]+/.exec(setting)?.[0] ?? null;

/** Names that don't name a service, such as `BASE_URL` or `apiKey`: they count near a model or the official URL. */
export const BARE_NAME_RULES: readonly Rule[] = [
  {
    id: 'config-bare-base-url',
    kind: 'base_url',
    families: ['config'],
    pattern: pattern(
      'm',
    )`${STARTS}(?<value>(?:(?:${NEUTRAL}|${OWN_PREFIX})${BASE_URL}|${BASE_URL_SETTING})["']?[ \t]*[:=][^\n,}]{0,300})`,
    needs: 'mention',
    accept: besideSettings('base_url'),
    // Another rule reports official URLs.
    value: (setting) =>
      setting.includes('api.openai.com') ? null : (urlOrVariable(setting) ?? nameOf(setting)),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'config-bare-api-key',
    kind: 'api_key',
    families: ['config'],
    pattern: pattern(
      'm',
    )`${STARTS}(?<value>(?:${NEUTRAL}|${OWN_PREFIX})${API_KEY}|${API_KEY_SETTING})(?=["']?[ \t]*[:=])`,
    needs: 'mention',
    accept: besideSettings('api_key'),
    value: (name, { after }) => keySetting(name + after),
    hardCoded: ({ value, after }) => keySetting(value + after) === HIDDEN,
    confidence: 'medium',
  },
  {
    id: 'config-bare-limit',
    kind: 'client_setting',
    families: ['config'],
    pattern: pattern(
      'im',
    )`${STARTS}(?<value>(?:request[_-]?)?time_?-?out(?:[_-]?(?:ms|s|secs?|seconds))?|(?:max[_-]?)?retries)(?=["']?[ \t]*[:=][ \t]*["']?[\d$])`,
    needs: 'mention',
    accept: ({ code, offset }) => isBesideSettings(code, offset, '', /(?!)/),
    value: (name) => (/retries/i.test(name) ? 'retries' : 'timeout'),
    hardCoded: false,
    confidence: 'medium',
  },
  ...(['base_url', 'api_key'] as const).map(
    (kind): Rule => ({
      id: `code-bare-${kind.replaceAll('_', '-')}`,
      kind,
      families: CODE,
      pattern: pattern(
        'm',
      )`(?:${READ}|^[ \t]+(?=[A-Z_\d]+:[ \t]*\w))(?<value>(?:${NEUTRAL}|${OWN_PREFIX})(?:${BARE[kind]}))(?!\w)`,
      needs: 'mention',
      accept: beside(kind),
      ...NAMED_SETTING,
    }),
  ),
];

/** The whole name of a setting, of which a match is the end. */
export const wholeName = ({ before, value }: Pick<RuleMatch, 'before' | 'value'>): string =>
  (/[\w.:/-]*$/.exec(before)?.[0] ?? '').replace(/^:/, '') + (/^[\w.:/-]+/.exec(value)?.[0] ?? '');
