/** Settings under a program's own names: its settings objects, its stores, its functions, in files that call the API. */
import { basename } from 'node:path/posix';
import { NAMES_MODEL } from '../beside.ts';
import { enclosingBrackets } from '../brackets.ts';
import { usesOtherProvider } from '../call-options.ts';
import { CODE } from '../languages.ts';
import { NAMED_SETTING, type Rule, type RuleMatch, rulesFor } from '../rule.ts';
import { inAnySpelling, KEY_NAMES, OTHER_PROVIDER, pattern, URL_NAMES } from '../vocabulary.ts';
import { OTHER_SERVICE, wholeName } from './bare-names.ts';
import { speaksOfApi } from './request-context.ts';

/** Names of settings as fields and constants, what may come before them, and a program's only settings before that. */
export const BARE_FIELDS = {
  base_url: inAnySpelling([...URL_NAMES, 'endpoint']),
  api_key: inAnySpelling(KEY_NAMES),
} as const;
const NEUTRAL_FIELD = /(?:(?:custom|default|own|user|open|chat|bot|ai)_?)?/;
/** What takes such a setting: a variable with the name of one. */
const TAKES =
  /(?:key|token|ur[li]|host|base|endpoint)\s*(?::\s*\w+[?!]?\s*)?:?=\s*(?:\w+\s*(?:\?\?|\|\||\?:|or)\s*)?&?$/i;
const SETTINGS_OF_PROGRAM =
  /(?<![\w.>:])(?:self\.|this\.|\$this->|\$)?(?:plugin\.)?(?:m?_|app_?|ai_?|user_?|my_?|chat_?|api_?|plugin_?|global_?)?(?:[cC]onfig|[sS]ettings|[oO]ptions|cfg|conf|prefs|UserDefaults(?:\.standard)?|defaults)(?:(?:Data)?(?:Store|Repository|Repo|Manager|Helper|Service))?(?:\(\))?(?:\??\.|->|::)/;

/** Names of fields with a model's name. */
const MODEL_FIELD = inAnySpelling([
  ...['model', 'model_name', 'model_id', 'chat_model', 'default_model', 'selected_model', 'current_model'],
]);

/** What a program keeps settings in, up to the constant that names one: `prefs.getString(API_KEY, "")`. */
const IN_STORE =
  /(?:pref(?:erence)?s?|defaults(?:\.standard)?|storage|store|key_?chain\w{0,12}|settings|editor|edit\(\)|(?<!\w)box|safe|vault|secrets?|prop(?:ertie)?s)(?:\(\))?[!?]*(?:(?:(?:\.|->|::)\w+(?:<\w+>)?){1,2}\s*\(\s*(?:[\w.()]+[!?]?\s*,\s*)??(?:\w+:\s*)?|\[)(?:\w+\.){0,2}/;

/** Where a function is declared, or another thing's settings are read. */
const NOT_CALLED =
  /\b(?:fun|func|fn|function|def|void|static|private|public|async|[A-Z]\w*[?>]*)\s+$|\n[ \t]*(?!return|await|else)[\w<>*&:]+[ \t]+[*&]?\w+::$|\b(?!app|ai|api|chat|gpt|open_?[aA][iI]|llm|user|bot|plugin|config)[a-z]+_?(?:[cC]onfig\w*|[sS]ettings|[pP]roperties|[oO]ptions)(?:\(\))?(?:\.|->)$/;

export const isOfApi = (found: RuleMatch): boolean =>
  !usesOtherProvider(found) &&
  !OTHER_PROVIDER.test(basename(found.path)) &&
  (found.sdks.length > 0 || speaksOfApi(found) || found.fileHolds(NAMES_MODEL));

/** Other services, whose keys the same files may hold. */
export const OTHER_KEY =
  /stripe|twilio|sendgrid|mail|weather|maps?_|news|search|git|slack|telegram|discord|car_/i;

const isOwn = (found: RuleMatch): boolean =>
  !OTHER_SERVICE.test(found.line) && !OTHER_KEY.test(wholeName(found)) && isOfApi(found);
const before = ({ code, match }: RuleMatch): string => code.slice(Math.max(0, match.index - 80), match.index);

/** What an object of all settings is assigned to. */
const OF_SETTINGS =
  /\b\w*(?:settings|config|preferences)(?:_?defaults?)?(?:\s*:\s*[\w<>., ]{1,60})?\s*=\s*(?:Object\.freeze\()?$/i;

const rulesOfKind = (kind: keyof typeof BARE_FIELDS): readonly Rule[] =>
  rulesFor({ families: CODE, needs: 'mention', ...NAMED_SETTING }, [
    {
      id: `accessor-${kind.replaceAll('_', '-')}-bare-field`,
      kind,
      // `let key = settings.api_key`, `settings.apiKey = text`
      pattern: pattern()`${SETTINGS_OF_PROGRAM}(?<value>${NEUTRAL_FIELD}(?:${BARE_FIELDS[kind]}))(?!\w)(?!\s*[([])`,
      accept: (found) => (/^\s*=(?!=)/.test(found.after) || TAKES.test(before(found))) && isOwn(found),
    },
    {
      id: `accessor-${kind.replaceAll('_', '-')}-stored`,
      kind,
      pattern: pattern(
        'i',
      )`${IN_STORE}(?<value>(?!message|error)\w{0,20}?(?:${BARE_FIELDS[kind]})(?:_?key|_?name)?)(?![\w("']|\s*\+)`,
      accept: isOwn,
    },
    {
      id: `accessor-${kind.replaceAll('_', '-')}-default`,
      kind,
      families: ['javascript'],
      // `const DEFAULT_SETTINGS = { apiKey: '' }`
      pattern: pattern()`(?<![\w.$-])(?<value>${BARE_FIELDS[kind]})(?=["']?\s*:\s*["'\`])`,
      accept: (found) => {
        const [innermost] = enclosingBrackets(found.code, found.match.index);
        return (
          innermost?.open === '{' &&
          OF_SETTINGS.test(found.code.slice(0, innermost.at).slice(-120)) &&
          isOwn(found)
        );
      },
    },
  ]);

export const OWN_SETTING_RULES: readonly Rule[] = [
  ...rulesOfKind('base_url'),
  ...rulesOfKind('api_key'),
  ...rulesFor({ families: CODE, needs: 'mention', ...NAMED_SETTING }, [
    {
      id: 'accessor-model-member',
      kind: 'model',
      // `Model: cfg.Model`
      pattern: pattern()`\b\w{0,12}(?:[mM]odel|MODEL)["']?\s*(?:[:=(,]|=>|->)\s*[&*]?(?:self\.|this\.|\$)?_?(?:[cC]onfig\w{0,12}|cfg|conf|[sS]ettings|[pP]refs)(?:\.[gG]et|\.[cC]urrent)?(?:\(\))?(?:\??\.|->|::)(?:\w*(?:[oO]pen_?[aA][iI]|[gG][pP][tT]|[lL][lL][mM]|[cC]hat|ai)\w*(?:\??\.|->|::))?(?<value>${MODEL_FIELD})(?![\w(])`,
      accept: isOwn,
      role: 'config',
    },
    {
      id: 'accessor-api-key-read',
      kind: 'api_key',
      // From a file, a store, or who starts the program.
      pattern:
        /(?<!\w)(?<value>(?:m?_|open_?[aA][iI]_?|[gG]pt_?|my_?|stored_?|saved_?)?(?:[aA]pi_?[kK]ey|API_KEY)(?:Stored|Saved)?)\s*(?::\s*\w+[?!]?\s*)?:?=\s*[^=\n;"'`]{0,60}?(?:\b[rR]ead|\bf?open\(|\bload|\bFile|contentsOf|getpass|\b[pP]rompt|\binput|[sS]canner|stdin|[pP]ref(?:s|erences)\b|[kK]ey_?[cC]hain|UserDefaults|[sS]torage\b)/,
      accept: isOwn,
    },
    {
      id: 'accessor-api-key-called',
      kind: 'api_key',
      // `storeApiKey(text)`, `getStoredApiKey()`
      pattern:
        /(?<![\w$])(?:[a-z]{1,12}_)?(?:store|save|set|update|get|load|fetch|retrieve|read)_?(?:[A-Z]\w{0,16}?|[a-z]{1,9}_)??(?<value>A?[aA]pi_?[kK]ey)\((?=\s*[\w)"'$&*@])/,
      accept: (found) => !NOT_CALLED.test(before(found)) && isOwn(found),
      value: (_, found) => wholeName(found).replace(/^.*[.:]/, ''),
    },
    {
      id: 'accessor-key-store',
      kind: 'api_key',
      // Where the systems that programs run on keep keys.
      pattern:
        /(?<value>\bPasswordSafe(?=[.:])|\bSecItem(?:CopyMatching|Add|Update)(?=\()|\bkey(?:ring|tar)\.[gs]et_?[pP]assword(?=\())/,
      accept: (found) => !OTHER_KEY.test(basename(found.path)) && isOwn(found),
    },
  ]),
];
