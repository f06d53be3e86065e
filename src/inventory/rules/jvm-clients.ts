import { chainedCalls, statementUpTo } from '../call-chain.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { IMPLICIT } from '../site.ts';
import { OTHER_PROVIDER, pattern, URL_TEXT } from '../vocabulary.ts';
import { KEY_IN_PLACE, WRITTEN_KEY } from '../written-keys.ts';

const BUILDERS =
  /(?:OpenAIOkHttpClient(?:Async)?|OpenAi(?:Streaming)?(?:Chat|Embedding|Image|Moderation|Language|AudioTranscription|Responses\w*)Model|OpenAi(?:Image|Audio|Moderation|File)?Api)\s*\.\s*builder/;

/** Whether no URL is set in the builder's chain, nor later in the file if the chain is incomplete. */
function staysOfficial({ code, match, offset }: RuleMatch): boolean {
  const names = chainedCalls(code, offset).map(({ name }) => name);
  if (
    names.some((name) => /^(?:baseUrl|openAiApi|openAiClient|client|endpoint|azure\w*|backend)$/.test(name))
  )
    return false;
  return names.at(-1) === 'build' || !/\.baseUrl\(/.test(code.slice(match.index));
}

/** Whether the statement builds or configures a client of the API rather than another HTTP client. */
function inClientStatement({ code, match, sdks }: RuleMatch): boolean {
  const statement = statementUpTo(code, match.index);
  // The older client gets its URL from a Retrofit instance.
  if (/\bRetrofit\b/.test(statement)) return sdks.includes('theokanning-openai');
  if (/\b(?:RestClient|WebClient|RestTemplate|HttpClient|Feign)\b/.test(statement)) return false;
  if (OTHER_PROVIDER.test(statement) || /qdrant|chroma|weaviate/i.test(statement)) return false;
  return /open_?ai/i.test(statement) || /(?:^|\n)\s*\w*[bB]uilder\w*\s*$/.test(statement);
}

/** Whether this is the key of a translated text, which looks like a property. */
const isKeyOfMessage = ({ code, match }: RuleMatch): boolean =>
  /\b(?:message|msg|getMessage|i18n|tr?|translate|localize)\(\s*$/i.test(
    code.slice(Math.max(0, match.index - 30), match.index),
  );

/** Clients in Java, Kotlin, Scala and Groovy: where their URL, key, timeout and retries come from. */
export const JVM_CLIENT_RULES = rulesFor({ families: ['jvm'] }, [
  {
    id: 'jvm-builder-implicit',
    kind: 'base_url',
    pattern: pattern()`\b(?<value>${BUILDERS})\(`,
    needs: 'client',
    value: IMPLICIT,
    accept: staysOfficial,
    hardCoded: ({ code, offset }) => !chainedCalls(code, offset).some(({ name }) => name === 'fromEnv'),
    note: 'A client without a URL calls the official API. With fromEnv(), OPENAI_BASE_URL overrides this.',
  },
  {
    id: 'jvm-client-from-environment',
    kind: 'base_url',
    sdk: 'openai-java',
    pattern: /\bOpenAIOkHttpClient(?:Async)?\s*\.\s*(?<value>fromEnv)\(/,
    needs: ['openai-java'],
    value: IMPLICIT,
    hardCoded: false,
    note: 'The client calls the official API unless OPENAI_BASE_URL is set.',
  },
  {
    id: 'jvm-constructor-implicit',
    kind: 'base_url',
    pattern:
      /\b(?:new\s+(?<value>OpenAi(?:Api|Service|ImageApi|AudioApi))|(?<!class\s{1,4})(?<kotlin>OpenAI|OpenAIConfig))\((?=[^)\s])/,
    needs: 'client',
    value: IMPLICIT,
    accept: ({ inside, sdks, match: { groups } }) =>
      groups?.kotlin === undefined
        ? hasOnlyKey(inside)
        : sdks.includes('openai-kotlin') && !/\bhost\s*=|OpenAIHost|config|OpenAIConfig/.test(inside),
    hardCoded: true,
    note: 'A client without a URL calls the official API.',
  },
  {
    id: 'jvm-base-url-literal',
    kind: 'base_url',
    pattern: pattern()`(?:\.(?:baseUrl|endpoint)\(|OpenAIHost\(\s*(?:baseUrl\s*=)?|new\s+OpenAiApi\(|\bbaseUrl\s*=)\s*"(?<value>${URL_TEXT})"`,
    needs: 'client',
    accept: (found) => !found.match[0].startsWith('.') || inClientStatement(found),
    hardCoded: true,
  },
  {
    id: 'jvm-base-url-option',
    kind: 'base_url',
    pattern:
      /(?:\.(?:baseUrl|endpoint)\(|\bOpenAIHost\(\s*(?:baseUrl\s*=|(?!baseUrl))|new\s+OpenAiApi\((?=[^,)]*(?:url|Url|uri)))(?!\s*["'])\s*(?<value>[^\s)][^\n]{0,120})/,
    needs: 'client',
    value: (expression, { match }) =>
      environmentIn(expression) ?? (/endpoint/.test(match[0]) ? 'endpoint' : 'baseUrl'),
    accept: (found) => !found.match[0].startsWith('.') || inClientStatement(found),
    hardCoded: false,
  },
  {
    id: 'jvm-placeholder-url',
    kind: 'base_url',
    pattern: pattern()`\$\{[\w.-]{2,80}:(?<value>${URL_TEXT})\}`,
    needs: 'mention',
    accept: ({ match, value }) => /open-?ai|gpt|llm|\bai\b|openai\.com/i.test(match[0] + value),
    hardCoded: false,
  },
  {
    id: 'jvm-property-base-url',
    kind: 'base_url',
    pattern:
      /"(?:\$\{)?(?<value>[a-z][\w.-]{0,60}?(?:open-?ai|llm|gpt)(?![\w.-]*(?:azure|ollama))[\w.-]{0,40}?[.-](?:base-?url|base-?uri|api-?url|url|endpoint|host))(?=[:}"])/i,
    accept: (found) => !isKeyOfMessage(found),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'jvm-property-api-key',
    kind: 'api_key',
    pattern:
      /"(?:\$\{)?(?<value>(?:[a-z][\w.-]{0,60}?)?(?:open-?ai|llm|gpt)[\w.-]{0,40}?(?:[.-]|(?<=api))(?:api[.-]?key|key|token|secret[.-]?key|secret))(?=[:}"])/i,
    accept: (found) => !isKeyOfMessage(found),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'jvm-api-key-option',
    kind: 'api_key',
    pattern:
      /(?:\.(?:apiKey|credential)\(|\bwithApiKey\(|new\s+OpenAi(?:Service|Api|ImageApi|AudioApi)\(|\bOpenAI(?:Config)?\((?:[^()]{0,80},)?\s*token\s*=)(?!\s*["'])\s*(?<value>[A-Za-z][^\n]{0,120})/,
    needs: 'client',
    value: (expression, { match }) =>
      /^new\s/.test(match[0]) && /url|api\b/i.test(expression.split(',')[0] ?? '')
        ? null
        : (environmentIn(expression) ?? lastName(expression) ?? 'apiKey'),
    accept: (found) => !found.match[0].startsWith('.') || inClientStatement(found),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'jvm-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`(?:\.apiKey\(|withApiKey\(|new\s+OpenAiService\(|\bOpenAI(?:Config)?\((?:[^()]{0,80},)?\s*token\s*=)\s*"(?<value>${KEY_IN_PLACE})"`,
    needs: 'client',
  },
  {
    id: 'jvm-client-setting',
    kind: 'client_setting',
    pattern: /\.(?<value>timeout|maxRetries|connectTimeout|readTimeout)\(\s*(?=[^)\s])/,
    needs: 'client',
    value: (option) => (option === 'maxRetries' ? 'retries' : 'timeout'),
    accept: inClientStatement,
    hardCoded: ({ inside }) => /\d|DAYS|HOURS|MINUTES|SECONDS/.test(inside),
  },
]);

/** Whether the arguments are just a key and maybe a timeout: no URL, no API object. */
function hasOnlyKey(inside: string): boolean {
  const args = inside.replace(/Duration\.\w+\([^)]*\)|\w*[tT]imeout\w*/g, '').split(',');
  const [first = '', ...others] = args.map((arg) => arg.trim()).filter((arg) => arg !== '');
  return others.length === 0 && !/(?:^|\.)api$|ur[li]\b/i.test(first);
}

/** The variable or constant that an expression is, or reads: `System.getenv("NAME")`, `Keys.NAME`. */
const environmentIn = (expression: string): string | null =>
  /^(?:(?:java\.lang\.)?System\.getenv\(\s*"|(?:\w+\.)*)([A-Z][A-Z\d]*_[A-Z\d_]+)"?\)*\s*(?:[),;?]|$)/.exec(
    expression,
  )?.[1] ?? null;

/** `properties.apiKey()` → `apiKey`. */
const lastName = (expression: string): string | null =>
  /^[\w.]*?(\w+)(?:\(\))?(?:!!)?\s*(?:[,);]|$)/.exec(expression)?.[1] ?? null;
