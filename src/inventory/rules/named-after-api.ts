import { CODE, OTHER_CODE } from '../languages.ts';
import { NAMED_SETTING, type Rule, type RuleMatch } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { pattern } from '../vocabulary.ts';
import { LOCALES, urlOrVariable } from './config-sections.ts';
import { buildsRequests, DECLARED_NAME } from './request-context.ts';

/** `chatbot_open_ai_custom_url`: more words may come before and after. */
const SNAKE_URL =
  /(?:[a-z0-9]{1,30}[_-]){0,6}open[_-]?ai[_-](?:[a-z0-9]{1,30}[_-]){0,6}(?:base|host|(?:ur[li]|endpoint)(?:[_-](?!timeout|type|version|path)[a-z0-9]{1,30}){0,3})/;
/** `openAIBaseUrl`, `baseUrlOpenAI`. */
const CAMEL_URL =
  /open[aA][iI](?:[A-Z][a-z]{1,20}){0,3}(?:Ur[li]|URL|Endpoint|Host)|(?:base|api)U(?:rl|ri|RL|RI)[A-Za-z]{0,20}Open[aA][iI]/;
/** `openAIApiKey`, `myOpenAiToken`. */
const CAMEL_KEY = /(?:[a-z]{1,20})?[oO]pen[aA][iI](?:Api|API|Access|Auth|Secret)?(?:Key|Token|Secret)/;

/** False for help texts and translations, which have prose as the value. */
const isSetting = ({ after, value, path }: RuleMatch): boolean =>
  !LOCALES.test(path) && !/[:=]\s*["']?\S+\s+\S+\s+\S/.test(value + after);

/** False if the string is the name of a property or a variable. */
const isKeyText = ({ match }: RuleMatch): boolean => {
  const text = match.groups?.text ?? '';
  return (
    /your|here|xxx|<|^sk-/i.test(text) ||
    !(/^[A-Z][A-Z0-9_]*$/.test(text) || /^[a-z]+(?:[._-]?[a-zA-Z]+)*$/.test(text))
  );
};

/** Names that contain the API's name, as spelled in code and settings. */
export const NAMED_AFTER_API_RULES: readonly Rule[] = [
  {
    id: 'config-named-base-url',
    kind: 'base_url',
    families: ['config'],
    pattern: pattern(
      'm',
    )`(?:^[ \t]{0,40}(?:-[ \t]+)?["']?|[{,][ \t]{0,20}["'])(?<value>(?:${SNAKE_URL}|${CAMEL_URL})["']?[ \t]*[:=][^\n]{0,300})`,
    accept: isSetting,
    value: (setting) => urlOrVariable(setting) ?? /^[\w-]+/.exec(setting)?.[0] ?? null,
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'code-key-option',
    kind: 'api_key',
    families: CODE,
    // An option on the command line.
    pattern: /["'`]--?(?<value>open-?ai-(?:api-)?(?:key|token|secret))(?![\w-])/i,
    ...NAMED_SETTING,
  },
  {
    id: 'code-named-key-literal',
    kind: 'api_key',
    families: OTHER_CODE,
    pattern: pattern()`(?<![\w.])(?<value>(?:${CAMEL_KEY}|(?<bare>k?[aA]pi_?[kK]ey|API_KEY))(?:\s?:\s?[sS]tring)?\s?=\s?["'](?<text>[\w<>-]{4,200})?["'])`,
    accept: (found) => {
      const { bare, text } = found.match.groups ?? {};
      // Without a text, it is the place for one, unless a key is assigned later.
      if (text === undefined && (found.code.match(/api_?key\b[^\n=]{0,20}=(?!=)/gi) ?? []).length !== 1)
        return false;
      return (
        isKeyText(found) && (bare === undefined || found.fileHolds(DECLARED_NAME) || buildsRequests(found))
      );
    },
    value: (setting, { match }) =>
      match.groups?.text === undefined ? (/^\w+/.exec(setting)?.[0] ?? null) : HIDDEN,
    hardCoded: ({ match }) => match.groups?.text !== undefined,
    onlyAlone: (value) => value !== HIDDEN,
    confidence: 'medium',
    note: 'A key in code can only be changed by editing it. If it is real, everyone with read access can see it.',
  },
];
