import { statementUpTo } from '../call-chain.ts';
import { variableIn } from '../call-options.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { IMPLICIT } from '../site.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';

/** Clients of the OpenAI library. */
const CLIENT =
  /(?:OpenAIClient|ChatClient|EmbeddingClient|AudioClient|ImageClient|ModerationClient|AssistantClient|OpenAIResponseClient|ResponsesClient|OpenAIFileClient|VectorStoreClient|BatchClient|FineTuningClient|RealtimeClient|OpenAIModelClient|OpenAIChatCompletionService|OpenAIService|OpenAIAPI)/;

/** Methods of Semantic Kernel that register an OpenAI service. */
const REGISTRATION =
  /(?:AddOpenAI(?:ChatCompletion|ChatClient|TextGeneration|TextEmbeddingGeneration|EmbeddingGenerator|TextToImage|TextToAudio|AudioToText|Files)|WithOpenAI\w+)/;

/** Arguments that set an endpoint, or may do so. */
const NAMES_A_URL =
  /\b(?:\w*[eE]ndpoint\w*|\w*Ur[il]|baseUrl|BaseDomain|[hH]ttpClient|ApiUrlFormat|[\w.]*(?:[oO]ptions|[cC]onfig\w*)(?!\w|\s*[.[])|transport|pipeline)\b|https?:/;

/** Whether no endpoint is set: neither in the arguments nor, if options are passed, anywhere in the file. */
function staysOfficial({ inside, fileHolds }: RuleMatch): boolean {
  if (
    /openAIClient|openAiClient|\bclient\b|AzureKeyCredential|DefaultAzureCredential|DefaultOpenAIClient/i.test(
      inside,
    )
  )
    return false;
  if (!NAMES_A_URL.test(inside)) return true;
  return (
    /\b[oO]ptions\b/.test(inside) &&
    !/\bEndpoint\b|https?:|\bUri\b/.test(inside) &&
    !fileHolds(/\bEndpoint\s*=|BaseDomain/)
  );
}

/** Clients in .NET: where their URL, key, timeout and retries come from. */
export const DOTNET_CLIENT_RULES = rulesFor({ families: ['dotnet'] }, [
  {
    id: 'dotnet-client-implicit',
    kind: 'base_url',
    pattern: pattern()`\bnew\s+(?:OpenAI\.(?:\w+\.)?)?(?<value>${CLIENT})\((?=\s*[^)\s])`,
    needs: 'client',
    value: IMPLICIT,
    accept: (found) =>
      staysOfficial(found) && !(found.sdks.includes('azure-openai') && /\bUri\b/.test(found.inside)),
    hardCoded: true,
    note: 'A client without an Endpoint calls the official API.',
  },
  {
    id: 'dotnet-target-typed-client-implicit',
    kind: 'base_url',
    pattern: pattern()`\b(?<value>${CLIENT})\s+\w+\s*=\s*new\((?=\s*[^)\s])`,
    needs: 'client',
    value: IMPLICIT,
    accept: staysOfficial,
    hardCoded: true,
    note: 'A client without an Endpoint calls the official API.',
  },
  {
    id: 'dotnet-registration-implicit',
    kind: 'base_url',
    sdk: 'semantic-kernel',
    pattern: pattern()`\.\s*(?<value>${REGISTRATION})\(`,
    value: IMPLICIT,
    // With one argument it is the repository's own method, which may set anything.
    accept: (found) =>
      found.inside.includes(',') &&
      !NAMES_A_URL.test(found.inside.replace(/[\w.]*\b(?:[oO]ptions|[cC]onfig\w*|[sS]ettings)\b[.[]/g, '')) &&
      !/[cC]lient/.test(found.inside),
    hardCoded: true,
    note: 'Without an endpoint or an HttpClient, the service calls the official API.',
  },
  {
    id: 'dotnet-endpoint-literal',
    kind: 'base_url',
    pattern: pattern()`\b(?:Endpoint|endpoint|BaseDomain|ApiUrlFormat)\s*[=:]\s*(?:new\s*(?:Uri)?\(\s*)?\$?@?"(?<value>${URL_TEXT})"|(?<=new\s+(?:OpenAIClient|AzureOpenAIClient)\(\s*new\s*(?:Uri)?\(\s*)"(?<client>${URL_TEXT})"`,
    needs: 'client',
    accept: (found) =>
      /open_?ai|azure|chat|llm|gpt/i.test(statementUpTo(found.code, found.match.index) + found.match[0]),
    value: (_, { match: { groups = {} } }) => groups.value ?? groups.client ?? null,
    hardCoded: true,
  },
  {
    id: 'dotnet-endpoint-option',
    kind: 'base_url',
    pattern:
      /(?:\bOpenAIClientOptions\b[^;]{0,200}?\bEndpoint\s*=|\b[oO]ptions\.Endpoint\s*=|\.(?:AddOpenAI|AddAzureOpenAI)\w+\([^;]{0,300}?\bendpoint:|new\s+(?:AzureOpenAIClient|OpenAIClient)\(\s*(?=new\s+(?:System\.)?Uri|new\(\s*\w*(?:ndpoint|[uU]r[li])|[\w.]*[eE]ndpoint))(?!\s*(?:new\s*(?:Uri)?\(\s*)?\$?@?")\s*(?:new\s*(?:System\.)?(?:Uri)?\(\s*)?(?<value>[^\s);][^\n]{0,120})/,
    needs: 'client',
    value: (expression) => variableIn(expression) ?? settingIn(expression) ?? 'Endpoint',
    hardCoded: false,
  },
  {
    id: 'dotnet-configuration-url',
    kind: 'base_url',
    pattern:
      /\[\s*"(?<value>[\w:.-]{0,60}(?:Open_?AI|LLM|Gpt)[\w.-]{0,40}(?::|__|_)(?:\w*Endpoint|Base_?Ur[li]|Ur[li]|ApiBase|Host|BaseAddress))"\s*\]|(?:GetValue(?:<string\??>)?|GetSection|GetRequired\w+)\(\s*"(?<read>[\w:.-]{0,60}(?:Open_?AI|LLM|Gpt)[\w.-]{0,40}(?::|__|_)(?:\w*Endpoint|Base_?Ur[li]|Ur[li]|ApiBase|Host))"/i,
    value: (_, { match: { groups = {} } }) => groups.value ?? groups.read ?? null,
    hardCoded: false,
  },
  {
    id: 'dotnet-configuration-key',
    kind: 'api_key',
    pattern:
      /(?:\[\s*|(?:GetValue(?:<string\??>)?|GetSection|GetRequired\w+)\(\s*)"(?<value>[\w:.-]{0,60}(?:Open_?AI|LLM|Gpt)[\w.-]{0,40}(?:(?::|__|_)\w*|(?<=AI|Api))Key)"/i,
    hardCoded: false,
  },
  {
    id: 'dotnet-connection-string',
    kind: 'base_url',
    pattern:
      /\b(?:GetConnectionString|AddConnectionString|AddOpenAIClient|AddAzureOpenAIClient|AddAzureOpenAI|AddOpenAI)\(\s*"(?<value>\w*(?:openai|\bai|chat|llm|gpt)\w*)"/i,
    accept: ({ match, value }) =>
      /OpenAI/i.test(match[0]) && (/^(?:Get|Add)Connection/.test(match[0]) ? /openai/i.test(value) : true),
    hardCoded: false,
    confidence: 'medium',
    note: 'A connection string: Endpoint=…;Key=….',
  },
  {
    id: 'dotnet-api-key-option',
    kind: 'api_key',
    pattern:
      /(?:\bnew\s+(?:ApiKeyCredential|AzureKeyCredential|OpenAIAPI|APIAuthentication|OpenAIAuthentication)\(|\.AddOpenAI\w+\([^;]{0,200}?\bapiKey:|\bnew\s+(?:ChatClient|EmbeddingClient|AudioClient|ImageClient)\([^;]{0,120}?\bapiKey:)(?!\s*\$?@?")\s*(?<value>[A-Za-z_][^\n;]{0,120})/,
    needs: 'client',
    value: (expression) => variableIn(expression) ?? settingIn(expression) ?? lastName(expression),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'dotnet-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`(?:ApiKeyCredential\(|apiKey:|OpenAIClient\(|OpenAIAPI\()\s*"(?<value>${KEY_TEXT})"`,
    needs: 'client',
  },
  {
    id: 'dotnet-client-setting',
    kind: 'client_setting',
    pattern: /\b(?<value>NetworkTimeout|RetryPolicy|MaxRetries)\s*=\s*(?=[^=\s])/,
    needs: 'client',
    value: (option) => (option === 'NetworkTimeout' ? 'timeout' : 'retries'),
    hardCoded: ({ after }) => /\d/.test(after),
  },
]);

/** `config["OpenAI:Endpoint"]`, `GetValue<string>("OpenAI:Endpoint")` → `OpenAI:Endpoint`. */
const settingIn = (expression: string): string | null =>
  /[[(]\s*"([\w:.-]*[:_][\w:.-]*)"\s*[\])]/.exec(expression)?.[1] ?? null;

/** `settings.ApiKey!` → `ApiKey`. */
const lastName = (expression: string): string | null =>
  /^[\w.?!]*?(\w+)[?!]*\s*(?:[),;]|$)/.exec(expression)?.[1] ?? null;
