/** Settings as fields of a class: one that is named after the API, or holds the settings of a program that calls it. */
import { enclosingBrackets } from '../brackets.ts';
import { isScript, OTHER_CODE } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
import { inAnySpelling, pattern } from '../vocabulary.ts';
import { OTHER_SERVICE, wholeName } from './bare-names.ts';
import { DECLARED_NAME } from './request-context.ts';

/** Names of fields of a class that is named after the API, and the types that they have there. */
const FIELDS = {
  base_url: inAnySpelling([
    'base_url',
    'base_uri',
    'api_base',
    'api_base_url',
    'api_url',
    'endpoint',
    'host',
    'url',
  ]),
  api_key: inAnySpelling(['api_key', 'access_token', 'auth_token', 'api_token', 'key', 'token', 'secret']),
  model: inAnySpelling(['model', 'model_name', 'model_id', 'chat_model', 'api_model']),
} as const;
/** The API's name, before that of a field. */
const OF_NAME = /(?:\w{0,20}[oO]pen_?[aA][iI]_?)?/;
const TYPE = /(?:String|string|str|SecretStr|SecretString|Uri|URI|URL|Url|Option<\w+>|Optional(?:<\w+>)?)\b/;
/** What a field has, and a variable of a method has not, in most languages. */
const MODIFIER = /\b(?:public|private|protected|internal|static|final|readonly|var|pub)\s/;
const CLASS =
  /\b(?:class|struct|record|object|type)\s+(?<name>\w+)(?<inspected>\s*:\s*(?:MonoBehaviour|ScriptableObject)\b)?/g;

/** Settings of a program as a whole, which may be the API's. */
const OF_PROGRAM =
  /^_?(?:app\w{0,9}|client|api|user|plugin)?(?:Config|Settings|Options|Properties|Open|Chat)/i;
const HOLDS_SETTINGS = /(?:Config(?:uration)?|Settings|Options|Properties)$|^(?:Open_?AI|Chat_?GPT)$/i;

/** Whether a declaration is a field that is named after the API, or one of a class that is. */
function isFieldOfApi(found: RuleMatch, kind: keyof typeof FIELDS): boolean {
  const { code, match, offset, before, fileHolds } = found;
  const classes = [...code.slice(Math.max(0, offset - 2_000), offset).matchAll(CLASS)];
  const { name = '', inspected } = classes.at(-1)?.groups ?? {};
  if (inspected !== undefined && /\bpublic\b|\[SerializeField\]/.test(before))
    return fileHolds(/open_?ai|chat_?gpt/i) && !OTHER_SERVICE.test(before);
  const [innermost] = enclosingBrackets(code, match.index);
  // A parameter counts only in the header of its class, or its constructor.
  if (innermost?.open === '(' && !new RegExp(`\\b${name}\\s*$`).test(code.slice(0, innermost.at).slice(-80)))
    return false;
  const holdsSettings = HOLDS_SETTINGS.test(name);
  if (holdsSettings && OF_PROGRAM.test(name) && fileHolds(DECLARED_NAME)) return true;
  // Requests and answers have a model, too.
  if (kind === 'model' && !holdsSettings) return false;
  if (/open_?ai|chat_?gpt|(?:^|_)llm|LLM|Gpt/i.test(name)) return true;
  return /open_?ai/i.test(wholeName({ before, value: '' })) && MODIFIER.test(before);
}

const declaredRule = (kind: keyof typeof FIELDS): Rule => ({
  id: `accessor-${kind.replaceAll('_', '-')}-declared`,
  kind,
  families: [...OTHER_CODE, 'python'],
  // `String apiKey`, `apiKey: String`, `APIKey string`
  pattern: pattern()`(?:(?<=\b${TYPE}[?>]*[ \t]+${OF_NAME})(?<value>${FIELDS[kind]})\b(?!\s*\()|(?<=\b${OF_NAME})${FIELDS[kind]}(?:\s*:\s*|[ \t]+\*?)${TYPE}(?!\s*\{))`,
  accept: (found) =>
    isFieldOfApi(found, kind) && (!isScript(found.path) || /^(?: {2,4}|\t)\w*$/.test(found.before)),
  value: (_, found) => wholeName(found).replace(/:$/, ''),
  onlyAlone: true,
  hardCoded: false,
  confidence: 'medium',
});

export const DECLARED_FIELD_RULES: readonly Rule[] = (['base_url', 'api_key', 'model'] as const).map(
  declaredRule,
);
