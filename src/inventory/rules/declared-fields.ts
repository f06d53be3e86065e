/** Settings as fields of a class: one that is named after the API, or holds the settings of a program that calls it. */
import { NAMES_MODEL } from '../beside.ts';
import { enclosingBrackets } from '../brackets.ts';
import { isScript, OTHER_CODE } from '../languages.ts';
import { NAMED_SETTING, type Rule, type RuleMatch } from '../rule.ts';
import { inAnySpelling, pattern } from '../vocabulary.ts';
import { OTHER_SERVICE, wholeName } from './bare-names.ts';
import { limitOf } from './named-limits.ts';
import { BARE_FIELDS } from './own-settings.ts';
import { DECLARED_NAME } from './request-context.ts';

/** Names of fields of a class that is named after the API, and the types that they have there. */
const FIELDS = {
  base_url: pattern()`${BARE_FIELDS.base_url}|[hH]ost|[uU]rl|HOST|URL`,
  api_key: pattern()`${BARE_FIELDS.api_key}|${inAnySpelling(['private_key', 'secret_key', 'key', 'token', 'secret', 'authorization'])}`,
  model: inAnySpelling(['model', 'model_name', 'model_id', 'chat_model', 'api_model', 'default_model']),
  client_setting:
    /(?:\w{1,12}_?)??(?<!command|process|shell)[tT]ime_?[oO]ut(?:_?[a-zA-Z]{1,12})?|max_?[rR]etries/,
} as const;
/** The API's name, before that of a field. */
const OF_NAME = /(?:\w{0,20}(?:[oO]pen_?[aA][iI]|[gG][pP][tT])_?)?/;
const NUMBER =
  /(?:[iI]nt(?:eger)?|Integer|[lL]ong|[uif]\d\d|[dD]ouble|float|Duration|TimeSpan|TimeInterval)\b/;
const TEXT =
  /(?:String|string|str|Secret\w*|Masked\w*|Sensitive\w*|Redacted\w*|Password|Uri|URI|URL|Url|Option<\w+>|Optional(?:<\w+>)?)\b/;
/** What a field has, and a variable of a method has not, in most languages. */
const MODIFIER = /\b(?:public|private|protected|internal|static|final|readonly|var|pub)\s/;
const CLASS =
  /\b(?:class|struct|record|object|type)\s+(?<name>\w+)(?<inspected>\s*:\s*(?:MonoBehaviour|ScriptableObject)\b)?/g;
/** The same up to the brace that it opens. */
const HEADER = pattern()`${CLASS}[^{};]*$`;

/** Settings of a program as a whole, which may be the API's. */
const OF_PROGRAM =
  /^_?(?:app\w{0,9}|client|api|user|plugin|ai|llm)?_?(?:Config|Settings|Options|Properties|Prefs|Preferences|Open|Chat)/i;
const HOLDS_SETTINGS =
  /(?:Config(?:uration)?|Settings|Options|Properties|Prefs|Preferences)(?:_t)?$|^(?:Open_?AI|Chat_?GPT)$/i;

/** Whether a declaration is a field that is named after the API, or one of a class that is. */
function isFieldOfApi(found: RuleMatch, kind: keyof typeof FIELDS): boolean {
  const { code, match, offset, before, fileHolds } = found;
  // In Dart, named parameters have braces of their own.
  const brackets = [...enclosingBrackets(code, match.index)].filter(
    ({ open, at }) => open !== '{' || !code.slice(0, at).trimEnd().endsWith('('),
  );
  const [innermost] = brackets;
  const headers = brackets.map(({ open, at }) =>
    open === '{' ? HEADER.exec(code.slice(0, at).slice(-300)) : null,
  );
  // In braces of its own, a variable is a method's.
  if (innermost?.open === '{' && headers[0] === null) return false;
  const classes = [...code.slice(0, offset).slice(-2_000).matchAll(CLASS)];
  const { name = '', inspected } =
    (headers.find((header) => header !== null) ?? classes.at(-1))?.groups ?? {};
  if (inspected !== undefined && /\bpublic\b|\[SerializeField\]/.test(before))
    return fileHolds(/open_?ai|chat_?gpt/i) && !OTHER_SERVICE.test(before);
  // A parameter counts only in the header of its class, or its constructor.
  if (innermost?.open === '(' && !new RegExp(`\\b${name}\\s*$`).test(code.slice(0, innermost.at).slice(-80)))
    return false;
  const holdsSettings = HOLDS_SETTINGS.test(name);
  // A program's own URL may be anything's.
  if (holdsSettings && OF_PROGRAM.test(name) && !/(?:^|\W)(?:url|host)\b/i.test(found.value))
    if (fileHolds(DECLARED_NAME) || fileHolds(NAMES_MODEL)) return true;
  // Requests and answers have a model, too.
  if (kind === 'model' && !holdsSettings) return false;
  if (/open_?ai|chat_?gpt|(?:^|_)llm|LLM|Gpt/i.test(name)) return true;
  return /open_?ai/i.test(wholeName({ before, value: '' })) && MODIFIER.test(before);
}

const declaredRule = (kind: keyof typeof FIELDS, type = TEXT): Rule => ({
  id: `accessor-${kind.replaceAll('_', '-')}-declared`,
  kind,
  families: [...OTHER_CODE, 'python'],
  // `String apiKey`, `apiKey: String`, `APIKey string`
  pattern: pattern()`(?:(?<=\b${type}[?>]*[ \t]+${OF_NAME})(?<value>${FIELDS[kind]})\b(?!\s*\()|(?<=\b${OF_NAME})${FIELDS[kind]}(?:\s*:\s*|[ \t]+\*?)${type}(?!\s*\{))`,
  accept: (found) =>
    isFieldOfApi(found, kind) && (!isScript(found.path) || /^(?: {2,4}|\t)\w*$/.test(found.before)),
  value: (_, found) =>
    kind === 'client_setting' ? limitOf(found.match[0]) : wholeName(found).replace(/:$/, ''),
  ...NAMED_SETTING,
});

export const DECLARED_FIELD_RULES: readonly Rule[] = [
  ...(['base_url', 'api_key', 'model'] as const).map((kind) => declaredRule(kind)),
  declaredRule('client_setting', NUMBER),
];
