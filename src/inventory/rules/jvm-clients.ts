import { statementUpTo } from '../call-chain.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { OTHER_PROVIDER, pattern, URL_TEXT } from '../vocabulary.ts';
import { KEY_IN_PLACE, WRITTEN_KEY } from '../written-keys.ts';

/** Whether the statement builds or configures a client of the API rather than another HTTP client. */
function inClientStatement({ code, match, sdks }: RuleMatch): boolean {
  const statement = statementUpTo(code, match.index);
  // The older client gets its URL from a Retrofit instance.
  if (/\bRetrofit\b/.test(statement)) return sdks.includes('theokanning-openai');
  if (/\b(?:RestClient|WebClient|RestTemplate|HttpClient|Feign)\b/.test(statement)) return false;
  if (OTHER_PROVIDER.test(statement) || /qdrant|chroma|weaviate/i.test(statement)) return false;
  return /open_?ai/i.test(statement) || /(?:^|\n)\s*\w*[bB]uilder\w*\s*$/.test(statement);
}

/** Clients in Java, Kotlin, Scala and Groovy: where their URL, key, timeout and retries come from. */
export const JVM_CLIENT_RULES = rulesFor({ families: ['jvm'] }, [
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

/** The variable or constant that an expression is, or reads: `System.getenv("NAME")`, `Keys.NAME`. */
const environmentIn = (expression: string): string | null =>
  /^(?:(?:java\.lang\.)?System\.getenv\(\s*"|(?:\w+\.)*)([A-Z][A-Z\d]*_[A-Z\d_]+)"?\)*\s*(?:[),;?]|$)/.exec(
    expression,
  )?.[1] ?? null;

/** `properties.apiKey()` → `apiKey`. */
const lastName = (expression: string): string | null =>
  /^[\w.]*?(\w+)(?:\(\))?(?:!!)?\s*(?:[,);]|$)/.exec(expression)?.[1] ?? null;
