import { enclosingCall } from '../brackets.ts';
import { CODE, isScript } from '../languages.ts';
import { type Rule, type RuleMatch, rulesFor } from '../rule.ts';
import { OTHER_PROVIDER, pattern } from '../vocabulary.ts';
import { OTHER_SERVICE, wholeName } from './bare-names.ts';
import { DECLARED_FIELD_RULES } from './declared-fields.ts';
import { isOfApi, OTHER_KEY, OWN_SETTING_RULES } from './own-settings.ts';
import { CALLS_OVER_HTTP } from './request-context.ts';

/** The last words of names of URLs and keys: `openai.base-url`, `OpenAI:ApiKey`, `openai_api_key`. */
const LAST_WORDS = {
  base_url:
    /(?:base[._-]?(?:ur[li]|path|address)|api[._-]?(?:base(?:[._-]?ur[li])?|ur[li]|host|endpoint)|\w{0,20}endpoint|ur[li]|host)/,
  api_key:
    /(?:api[._-]?key|access[._-]?(?:token|key)|auth[._-]?token|api[._-]?token|secret(?:[._-]?key)?|key|token)/,
  model: /model(?:[._-]?(?:name|id))?/,
} as const;

/** The same as fields: `OPENAI_KEY`, `openAiApiKey`. */
const FIELD_WORDS = {
  base_url:
    /(?:(?:[bB]ase|BASE|[aA]pi|API)_?){0,2}(?:[uU]r[li]|UR[LI]|[eE]ndpoint|ENDPOINT|[hH]ost|HOST|[bB]ase|BASE)/,
  api_key:
    /(?:(?:[aA]pi|API|[aA]ccess|ACCESS|[aA]uth|AUTH|[sS]ecret|SECRET)_?)?(?:[kK]ey|KEY|[tT]oken|TOKEN|[sS]ecret|SECRET)|[aA]uthorization/,
  model: /(?:[mM]odel|MODEL)(?:_?(?:[nN]ame|NAME|[iI]d|ID))?/,
} as const;

/** Names of settings that don't name the API. */
const BARE_WORDS = {
  base_url: /(?:base|api|server)[._-]?(?:ur[li]|host|base|endpoint|address)/,
  api_key: /(?:open_?)?api[._-]?key|(?:access|auth|api)[._-]?token|secret[._-]?key/,
  model: /(?:(?:chat|selected|default)[._-]?)?model(?:[._-]?(?:name|id))?/,
} as const;

/** What may come before them: `app.chat.model`. */
const NEUTRAL = /(?:(?:open_?ap?i|ai|chat|gpt|llm|api|app|bot)[._-]){0,3}/;

/** The API's name, as names of settings contain it. */
const OF_API = /(?:openai|open_ai|open-ai|chatgpt|chat_gpt|chat-gpt|llm|gpt)/;

/** Calls that read or write settings; an index of a map needs no name. */
const READ_CALL =
  /(?:get|set|put|bind|has|exists|read|write|save|store|fetch|retrieve|load|config|settings?|options?|env|pref\w*|secret|value|property|string|param\w*|credential\w*|dig)\w*[!?]?(?:<[^<>()\n]{0,40}>)?\(\s*(?:\[\s*(?:["']\w{1,30}["'],\s*){0,5})?(?:(?:forKey|forInfoDictionaryKey|key|name|value)\s*[:=]\s*|(?:[&:\w.]+|["'][\w.-]{1,40}["'])\s*,\s*)?:?\\?["'`]?(?:\$\{)?$|[\w)\]]\[\s*:?["'`]$|\b(?:forKey:|buildConfigField\s+"String",)\s*["']$|\brename = "$|`(?:\w+:"[^"`]*"\s)*(?!usage|help|desc|doc|example|title)\w+:"$/i;

/** Objects that hold settings, by their names. */
const SETTINGS_OBJECT =
  /(?:\b(?:BuildConfig|(?<=getString\()R\.string|[cC]onfig\w*|[oO]ptions|[sS]ecrets|[pP]rop(?:ertie)?s|[pP]references|[pP]refs|[cC]redentials|[eE]nv(?:ironment)?|[uU]ser|[aA]ccount|[pP]rofile|cfg|conf)|[sS]ettings?|[uU]ser_?[dD]ata|[kK]eys?|[cC]onstants|[dD]efaults)(?:\(\))?(?:\??\.|->|::)(?:\w{1,30}(?:\(\))?(?:\??\.|->|::)){0,2}/;

/** A section of settings, and what leads to one of its own. */
const SECTION = /[oO]pen_?[aA][iI]/;
const INTO =
  /\s*(?:(?:\??\.|->|::|\|>\s*\w+\.)\s*(?:(?:[gG]et|fetch|dig)\w*(?:<\w+>)?[!?]?\(\s*)?|\??\[\s*|(?<=,)\s*)[:"'`]?(?:get_?)?/;

/** Settings of the API's own: `openAiConfig`, `openai_settings`. */
const OBJECT_OF_API =
  /\w{0,20}[oO]pen_?[aA][iI]_?(?:[cC]onfig\w{0,12}|[sS]ettings?|[oO]pt(?:ion)?s|[sS]ection|[pP]rop(?:ertie)?s|[cC]fg|[cC]onf|[cC]redentials)(?:\(\))?(?:\??\.(?:[cC]urrent)?[vV]alue)?/;

/** What reads a setting from a program's only settings, up to its name. */
const READ_OF_PROGRAM =
  /(?:(?<!\w)(?:m?_|app_?|user_?|my|global_?|chat_?|gpt_?|ai_?|bot_?|shared_?)?(?:config\w{0,12}|conf|cfg|settings?|options?|opts|pref(?:erence)?s|defaults(?:\.standard)?|prop(?:ertie)?s|env(?:ironment)?|secrets?|key_?chain\w{0,12}|(?:local|secure)?_?storage|viper|ini|section(?=[.[])|sp_?utils|mmkv)(?:\(\))?[!?]*(?:(?:\.|->|::)\w+(?:(?:::)?<[^<>()\n]{0,40}>)?(?:\(\))?){0,2}\s*[([]{1,2}\s*(?:[\w.]+[!?]?\s*,\s*)?(?:\w+:\s*)?|(?<![\w.>:])(?:self\.|this\.|\$this->)?\w*(?:get|fetch)_?(?:config|setting|env|secret|pref|option|prop|str|value|param)\w*!?\(\s*(?::?\w+\s*,\s*)?|\bApplication\.fetch_env!?\(:\w+,\s*|\bforInfoDictionaryKey:\s*|@AppStorage\(|PreferencesKey\()["'`:]$|@Value\("\$\{$/i;

/** The same for names that other services don't have. */
const READ_OF_ANY = /\w+(?:\.get\w*\(|\[)["'`]$/;

const KEY_OF_ANY = /\w+[_-]?api[_-]?key(?=["'])/gi;

/** Whether a setting with the program's own name is of the API: the file calls that, and reads no other key. */
const isOnlyService = ({ code, fileHolds, sdks, value }: RuleMatch): boolean =>
  sdks.length === 0 &&
  fileHolds(CALLS_OVER_HTTP) &&
  !OTHER_KEY.test(value) &&
  value !== value.toUpperCase() &&
  new Set(code.match(KEY_OF_ANY)).size < 2;

/** Whether a string is the key of a translated text, or an element of a page, which look like a setting. */
const isText = (before: string): boolean =>
  /\b(?:message|msg|getMessage|i18n|tr?|translate|localize|getElementById|querySelector|getByLabel\w*|label)\(\s*["'`#]*[\w.]*$/i.test(
    before,
  );

/** Whether a short name of the API is a word of its own: in `llm_url`, but not in `allmouths.url`. */
const isSeparate = (value: string): boolean =>
  /open[_-]?ai|chat[_-]?gpt|(?:^|[^a-z])(?:llm|gpt)/i.test(value);

function rulesOfKind(kind: keyof typeof LAST_WORDS): readonly Rule[] {
  const last = LAST_WORDS[kind];
  // Other rules find the variables of models.
  const isSetting = (name: string) =>
    !OTHER_PROVIDER.test(name) &&
    !/bot_?token$|ajax_?url$|proxy.?host$/i.test(name) &&
    (kind !== 'model' || name !== name.toUpperCase());
  const shared = { kind, role: 'config', hardCoded: false, confidence: 'medium' } as const;
  return rulesFor({ families: CODE }, [
    {
      id: `accessor-${kind.replaceAll('_', '-')}-named`,
      pattern: pattern(
        'i',
      )`(?<=["'\`{:][\w./-]{0,30})(?<value>${OF_API}(?!\w{0,20}ollama)[\w.:/-]{0,40}?${last}(?:[._-](?:override|default|setting|value))?)(?=\\?["'\`}:)\],]|(?:,\w{1,12}){1,2}")`,
      value: (_, found) => wholeName(found),
      accept: (found) => {
        const name = wholeName(found);
        const before = found.before.slice(0, found.before.length + found.value.length - name.length);
        return (
          (READ_CALL.test(before) ||
            (/^\s*["']$/.test(before) &&
              /[sg]et|option|config/i.test(enclosingCall(found.code, found.offset))) ||
            (found.path.endsWith('.java') && /^(?!.*Mapping\().*"\$\{$/.test(before))) &&
          isSetting(name) &&
          isSeparate(name) &&
          !isText(before)
        );
      },
      onlyAlone: kind === 'model' ? true : () => false,
      ...shared,
    },
    {
      id: `accessor-${kind.replaceAll('_', '-')}-field`,
      pattern: pattern()`${SETTINGS_OBJECT}(?<value>\w{0,20}(?:[oO]pen_?[aA][iI]|OPEN_?AI|[gG][pP][tT]|[lL][lL][mM])_?(?:[a-zA-Z]{0,20}_?){0,2}?${FIELD_WORDS[kind]})(?!\w)`,
      // No key under which a program stores something else, and no import.
      accept: ({ value, before }) =>
        isSetting(value) &&
        !/(?:completed|pending|skipped|enabled|cache|storage|preference|defaults|status)_?key$/i.test(
          value,
        ) &&
        !/^\s*(?:pub\s+)?(?:use|using|import|from)\s/.test(before),
      onlyAlone: true,
      ...shared,
    },
    {
      id: `accessor-${kind.replaceAll('_', '-')}-nested`,
      // `config.openai.api_key`, `GetSection("OpenAI")["ApiKey"]`, `credentials.dig(:openai, :api_key)`
      pattern: pattern()`(?:(?<![\w.])${OBJECT_OF_API}|(?<=${SETTINGS_OBJECT}(?:get_?)?)${SECTION}(?:\(\))?|(?<=["'\`:](?:\w{1,20}[.:]){0,2})${SECTION}["'\`]?(?:\s*,\s*\{\s*\})?\s*[\])]{1,2}|(?<=\bdig\(\s*:)${SECTION},)${INTO}(?<value>${FIELD_WORDS[kind]})(?!\w)(?!\s*=(?!=))`,
      value: (name) => `openai.${name}`,
      accept: ({ before }) => !isText(before),
      ...shared,
    },
    {
      id: `accessor-${kind.replaceAll('_', '-')}-bare`,
      // `config.getString("api_key")` in a file that calls the API.
      pattern: pattern(
        'i',
      )`(?<=["'\`{:])(?<value>${NEUTRAL}(?<prefix>(?:[a-z]{1,30}[._-]){1,4})??${BARE_WORDS[kind]})(?=["'\`}:)])`,
      needs: 'mention',
      accept: (found) => {
        const read =
          READ_OF_PROGRAM.exec(found.before) ??
          (/api_?base/i.test(found.value) ? READ_OF_ANY.exec(found.before) : null);
        // In a script's call, the argument is the site.
        return (
          read !== null &&
          (!isScript(found.path) || enclosingCall(found.code, found.offset - read[0].length) === '') &&
          !OTHER_SERVICE.test(found.line) &&
          (found.match.groups?.prefix === undefined ? isOfApi(found) : isOnlyService(found))
        );
      },
      onlyAlone: true,
      ...shared,
    },
  ]);
}

/** Secrets that scripts read from a store. */
const SECRET_STORE =
  /(?:\bpass show|get-parameter|get-secret-value|secrets versions access|\bop read|\bvault (?:kv )?(?:get|read)|keyring get|find-generic-password|\bbw get|keyvault secret show)\b[^\n|]{0,120}?[\s"'/=]/;

/** Settings behind a program's own accessors: configuration objects, properties, preferences, secret stores. */
export const ACCESSOR_RULES: readonly Rule[] = [
  ...(['base_url', 'api_key', 'model'] as const).flatMap(rulesOfKind),
  ...DECLARED_FIELD_RULES,
  ...OWN_SETTING_RULES,
  {
    id: 'accessor-secret-store',
    kind: 'api_key',
    families: ['shell'],
    pattern: pattern(
      'i',
    )`${SECRET_STORE}(?<value>[\w/.-]{0,60}open_?-?ai[\w/.-]{0,60}?(?:key|token|secret)\w{0,20})`,
    hardCoded: false,
    confidence: 'medium',
  },
];
