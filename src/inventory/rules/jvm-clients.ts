import { statementUpTo } from '../call-chain.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { OTHER_PROVIDER, pattern, URL_TEXT } from '../vocabulary.ts';

/** Whether the statement builds or configures a client of the API rather than another HTTP client. */
function _inClientStatement({ code, match, sdks }: RuleMatch): boolean {
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
    id: 'jvm-placeholder-url',
    kind: 'base_url',
    pattern: pattern()`\$\{[\w.-]{2,80}:(?<value>${URL_TEXT})\}`,
    needs: 'mention',
    accept: ({ match, value }) => /open-?ai|gpt|llm|\bai\b|openai\.com/i.test(match[0] + value),
    hardCoded: false,
  },
]);

/** The variable or constant that an expression is, or reads: `System.getenv("NAME")`, `Keys.NAME`. */
const _environmentIn = (expression: string): string | null =>
  /^(?:(?:java\.lang\.)?System\.getenv\(\s*"|(?:\w+\.)*)([A-Z][A-Z\d]*_[A-Z\d_]+)"?\)*\s*(?:[),;?]|$)/.exec(
    expression,
  )?.[1] ?? null;

/** `properties.apiKey()` → `apiKey`. */
const _lastName = (expression: string): string | null =>
  /^[\w.]*?(\w+)(?:\(\))?(?:!!)?\s*(?:[,);]|$)/.exec(expression)?.[1] ?? null;
