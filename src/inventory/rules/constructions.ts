import { chainedCalls } from '../call-chain.ts';
import type { LanguageFamily } from '../languages.ts';
import { isLocalClass } from '../local-classes.ts';
import type { Matcher, RuleMatch } from '../rule.ts';
import type { Sdk } from '../sdks.ts';
import { pattern } from '../vocabulary.ts';

/** One way of building a client, up to the parenthesis of its arguments. */
export interface Construction {
  readonly name: string;
  /** By default that of the libraries in `needs`. */
  readonly families?: readonly LanguageFamily[];
  readonly needs: Matcher['needs'];
  readonly pattern: RegExp;
  /** What sets the URL, or may do so, among the arguments and the chained calls. */
  readonly url: RegExp;
  /** The same for the key; not given if a client of this kind always gets its key from code. */
  readonly key?: RegExp;
  /** What sets the URL elsewhere in the file, for clients whose configuration is an object. */
  readonly elsewhere?: RegExp;
  /** Whether a match is a construction of this client at all. */
  readonly accept?: (found: RuleMatch) => boolean;
  /** The libraries that it may be of, if the file uses several. */
  readonly sdks?: readonly Sdk[];
  /** For clients that are no {@link Sdk}: the variables that they read. */
  readonly reads?: { readonly url: readonly string[]; readonly key: readonly string[] };
}

const GO_PACKAGE =
  /"github\.com\/(?:sashabaranov\/go-openai|openai\/openai-go(?:\/v\d+)?|PullRequestInc\/go-gpt3|otiai10\/openaigo|tmc\/langchaingo\/llms\/openai|[\w-]+\/(?:go-?)?(?:open-?ai|chat-?gpt|gpt-?3)(?:-?(?:go|golang|client|sdk|api))?(?:\/v\d)?)"/;
const GO_IMPORT = pattern('m')`^[ \t]*(?:import[ \t]+)?${GO_PACKAGE}`;

/** Whether a match in Go starts with the name of an imported client library. */
export function isOfGoClient({ match, fileHolds }: RuleMatch): boolean {
  const [name = ''] = match[0].split('.', 1);
  if (/^(?:openai|openaigo|gpt3|gogpt|chatgpt)$/.test(name) && fileHolds(GO_IMPORT)) return true;
  return fileHolds(new RegExp(`\\b${name}[ \\t]+${GO_PACKAGE.source}`));
}

const IMPORTED_CLIENT =
  /^[ \t]*from\s+openai\s+import\b[^\n]*\bClient\b|^[ \t]*from\s+openai\s+import\b[^\n]*\bAsyncClient\b/m;

const isPythonClient = (found: RuleMatch): boolean =>
  !isLocalClass(found.value, found) &&
  !/\bclass\s+\w*$|\bdef\s+$|["']\s*$/.test(found.before) &&
  (!found.value.endsWith('Client') || found.value.includes('openai.') || found.fileHolds(IMPORTED_CLIENT));

/** Arguments that pass on an existing client or the credentials of Azure. */
const DOTNET_CLIENT =
  /openAIClient|openAiClient|\bclient\b|AzureKeyCredential|DefaultAzureCredential|DefaultOpenAIClient/i;
const DOTNET_URL =
  /\b(?:\w*[eE]ndpoint\w*|\w*Ur[il]|baseUrl|BaseDomain|[hH]ttpClient|ApiUrlFormat|[\w.]*(?:[oO]ptions|[cC]onfig\w*)(?!\w|\s*[.[])|transport|pipeline)\b|https?:/;

function isDotnetClient({ inside, fileHolds, sdks }: RuleMatch): boolean {
  if (DOTNET_CLIENT.test(inside) || (sdks.includes('azure-openai') && /\bUri\b/.test(inside))) return false;
  if (!DOTNET_URL.test(inside)) return true;
  return (
    /\b\w*[oO]ptions\b/.test(inside) &&
    !/\bEndpoint\b|https?:|\bUri\b/.test(inside) &&
    !fileHolds(/\bEndpoint\s*=|BaseDomain/)
  );
}

const DOTNET_CLASS =
  /(?:OpenAIClient|ChatClient|EmbeddingClient|AudioClient|ImageClient|ModerationClient|AssistantClient|OpenAIResponseClient|ResponsesClient|OpenAIFileClient|VectorStoreClient|BatchClient|FineTuningClient|RealtimeClient|OpenAIModelClient|OpenAIChatCompletionService|OpenAIService|OpenAIAPI)/;

/** A class of the program's own with the name of openai-php's. */
const OWN_PHP_CLASS =
  /^\s*(?:(?:final|abstract)\s+)?class\s+OpenAI\b|^\s*use\s+(?!OpenAI\\)[\w\\]+\\OpenAI;/m;

/** Matches nothing. */
export const NEVER = /(?!)/;

/** The constructions of all client libraries. */
export const CONSTRUCTIONS: readonly Construction[] = [
  {
    name: 'python',
    families: ['python'],
    needs: 'client',
    pattern:
      /(?<![\w.])(?<value>(?:openai\.|lc_openai\.)?(?:(?:Async)?OpenAI|ChatOpenAI|OpenAIEmbeddings?|OpenAIChat(?:CompletionClient)?|Open[aA][iI](?:Chat)?Model|OpenAIMultiModal|OpenAIServerModel|OpenAIChatGenerator|OpenAIGenerator)|(?:openai\.)?(?:Async)?Client)\(/,
    url: /\b\w*(?:base_url|api_base|endpoint|provider)\b|\*\*/,
    key: /\b\w*(?:api_key|token|provider)\b|\*\*/,
    accept: isPythonClient,
  },
  {
    name: 'javascript',
    families: ['javascript'],
    needs: 'client',
    pattern:
      /(?<value>new\s+(?:\w+\.)?(?:OpenAI(?:Embeddings?)?|(?<renamed>Open[aA][iI](?:A[pP][iI]|Client)?)|Configuration|ChatOpenAI|ChatGPTAPI|DallEAPIWrapper|OpenAIWhisperAudio)|(?<![\w.])createOpenAI)\s*(?:<[^<>()]{0,80}>)?\(/,
    url: /\b(?:baseURL|baseUrl|apiBaseUrl|basePath|endpoint|fetch|azure\w+)\b/,
    key: /\b(?:apiKey|openAIApiKey|accessToken|azure\w+)\b/,
    accept: ({ match: { groups }, fileHolds }) =>
      groups?.renamed === undefined ||
      fileHolds(
        new RegExp(`\\b(?:import|const)\\s+${groups.renamed}\\s+(?:from|=\\s*require\\()\\s*['"]openai['"]`),
      ),
  },
  {
    name: 'vercel-ai-provider',
    needs: ['vercel-ai'],
    pattern:
      /import\s*\{[^{}]{0,80}(?<![\w$])(?<value>openai)(?:\s+as\s+\w+)?\s*[,}][^;\n]{0,80}['"]@ai-sdk\/openai['"]/,
    url: NEVER,
    key: NEVER,
    sdks: ['vercel-ai'],
  },
  {
    name: 'go-openai',
    needs: ['go-openai', 'go-gpt3', 'openaigo', 'go-client'],
    pattern: /\b\w+\.(?<value>NewClient|NewOrgClient|DefaultConfig)\(/,
    url: /WithBaseURL/,
    elsewhere: /\.BaseURL\s*=[^=]|\bBaseURL:/,
    accept: isOfGoClient,
  },
  {
    name: 'openai-go',
    needs: ['openai-go', 'langchaingo'],
    pattern: /\b\w+\.(?<value>NewClient|New)\(/,
    url: /WithBaseURL|azure\.With|\w\.\.\.\s*(?:,\s*)?$/,
    key: /WithAPIKey|WithToken|azure\.With|\w\.\.\.\s*(?:,\s*)?$/,
    accept: (found) =>
      isOfGoClient(found) && found.sdks.includes(found.value === 'New' ? 'langchaingo' : 'openai-go'),
    sdks: ['openai-go', 'langchaingo'],
  },
  {
    name: 'jvm-builder',
    families: ['jvm'],
    needs: 'client',
    pattern:
      /\b(?<value>(?:OpenAIOkHttpClient(?:Async)?|SimpleOpenAI|OpenAi(?:Stream)?Client|OpenAi(?:Streaming)?(?:Chat|Embedding|Image|Moderation|Language|AudioTranscription|Responses\w*)Model|OpenAi(?:Image|Audio|Moderation|File)?Api)\s*\.\s*builder|OpenAIOkHttpClient(?:Async)?\s*\.\s*fromEnv|new\s+OpenAIClientBuilder)\(/,
    url: /\.(?:baseUrl|baseUri|urlBase|apiHost|openAiApi|openAiClient|client|endpoint|azure\w*|backend)\(/,
    key: /\.(?:apiKey|openAiApi|openAiClient|client|credential|azure\w*)\(/,
    accept: ({ code, match, offset, value }) =>
      value.endsWith('fromEnv') ||
      /^build(?:Async)?(?:Client)?$/.test(chainedCalls(code, offset).at(-1)?.name ?? '') ||
      !/\.baseUrl\(/.test(code.slice(match.index)),
  },
  {
    name: 'jvm-constructor',
    families: ['jvm'],
    needs: 'client',
    pattern:
      /(?<!class\s{1,4})\b(?<value>new\s+OpenAi(?:Api|Service|ImageApi|AudioApi)|OpenAISyncClient|OpenAI(?:Config)?)\((?=\s*[^)\s])/,
    url: /\bhost\s*=|OpenAIHost|\bconfig\b|OpenAIConfig/,
    accept: ({ inside, sdks, value }) =>
      value.startsWith('new') || sdks.includes('sttp-openai')
        ? hasOnlyKey(inside)
        : sdks.includes('openai-kotlin'),
  },
  {
    name: 'dotnet',
    families: ['dotnet'],
    needs: 'client',
    pattern: new RegExp(
      `\\b(?:new\\s+(?:OpenAI(?:_API)?\\.(?:\\w+\\.)?)?(?<value>${DOTNET_CLASS.source})|${DOTNET_CLASS.source}\\s+\\w+\\s*=\\s*new)\\((?=\\s*[^)\\s])`,
    ),
    url: NEVER,
    accept: isDotnetClient,
    sdks: ['openai-dotnet', 'semantic-kernel', 'azure-openai'],
  },
  {
    name: 'dotnet-registration',
    families: ['dotnet'],
    needs: undefined,
    pattern:
      /\.\s*(?<value>AddOpenAI(?:ChatCompletion|ChatClient|TextGeneration|TextEmbeddingGeneration|EmbeddingGenerator|TextToImage|TextToAudio|AudioToText|Files)|WithOpenAI\w+)\(/,
    url: NEVER,
    // With one argument it is the repository's own method, which may set anything.
    accept: ({ inside }) =>
      inside.includes(',') &&
      !DOTNET_URL.test(inside.replace(/[\w.]*\b(?:[oO]ptions|[cC]onfig\w*|[sS]ettings)\b[.[]/g, '')) &&
      !/[cC]lient/.test(inside),
    sdks: ['semantic-kernel'],
  },
  {
    name: 'ruby',
    families: ['ruby'],
    needs: 'client',
    pattern: /\b(?<value>OpenAI::Client\.new)\b(?:\(|(?!\s+\S*(?:uri_base|base_url|\*)))/,
    url: /\b(?:uri_base|base_url|azure|api_type)\b|\*\*/,
    key: /\b(?:access_token|api_key)\b|\*\*/,
    elsewhere: /\.uri_base\s*=/,
  },
  {
    name: 'ruby-configure',
    needs: ['ruby-openai'],
    pattern: /\b(?<value>OpenAI\.configure)\b/,
    url: NEVER,
    elsewhere: /\buri_base\s*=/,
    sdks: ['ruby-openai'],
  },
  {
    name: 'php',
    needs: ['openai-php'],
    pattern: /\b(?<value>OpenAI::(?:client|factory))\(/,
    url: /\.withBaseUri\(/,
    accept: ({ code, fileHolds, offset, value }) =>
      !fileHolds(OWN_PHP_CLASS) &&
      (value.endsWith('client') ||
        chainedCalls(code, offset).some(({ name }) => name === 'make') ||
        !fileHolds(/->withBaseUri\(/)),
    sdks: ['openai-php'],
  },
  {
    name: 'rust',
    families: ['rust'],
    needs: 'client',
    pattern:
      /(?<![\w:])(?<value>(?:(?:async_openai|openai)::)?(?:(?:config::)?Client|OpenAIClient|OpenAI)(?:::<\w+(?:<\w+>)?>)?::(?:new|default|builder|new_from_env)|OpenAIConfig::(?:new|default))\(\)/,
    url: /\.(?:with_api_base|with_endpoint)\(/,
    key: /\.with_api_key\(/,
    accept: ({ code, fileHolds, value, match }) =>
      value.startsWith('OpenAIConfig')
        ? !/\.with_api_base\(/.test(code.slice(match.index, match.index + 800))
        : !fileHolds(/reqwest::Client(?:;|,)|reqwest::\{[^}]*\bClient\b/),
  },
  {
    name: 'rust-with-key',
    needs: ['openai-api-rs', 'openai-dive', 'chatgpt-rs', 'rust-with-key'],
    pattern:
      /(?<!\w|reqwest::)(?<value>(?:(?:Open_?AI|ChatGPT)(?:Client)?|Client)::new(?:_with_config)?)\((?!\))/i,
    url: /\bapi_url\(/,
    elsewhere: /\bset_base_url\(/,
  },
  {
    name: 'with-key',
    families: ['ruby', 'php', 'other'],
    needs: 'mention',
    pattern:
      /(?<![\w.])(?<value>(?:OpenAI(?:Client|Swift|\.Configuration|ServiceFactory\.service|Swift\.Config\.makeDefaultOpenAI|\.instance\.build)?|ChatGPTAPI|AIProxy\.openAIDirectService)(?=\(\s*(?:apiToken|apiKey|authToken|unprotectedAPIKey|token|key|\w*[kK]ey\b)\b)|OpenaiEx\.new|ChatOpenAI\.new!?|openai\.new|Langchain::LLM::OpenAI\.new|(?:ellmer::)?chat_openai|new OpenA[iI](?:Config)?|Manager::build)\(/,
    url: /\b(?:host|base_?ur[li]|api_?url|endpoint|uri_base|overrideBaseURL|configuration)\s*[:=]|with_base_url/i,
    key: /[kK]ey|credentials/,
    elsewhere: /\bOpenAI\.baseUrl\s*=|->(?:url\s*=|set(?:Base|Custom)URL\()/,
    // A program's own client may have the same name.
    accept: ({ path, sdks }) => sdks.length > 0 || !/\.(?:swift|dart|php|lua)$/.test(path),
  },
  {
    name: 'scala',
    families: ['jvm'],
    needs: 'mention',
    pattern: /(?<![\w.])(?<value>OpenAIServiceFactory(?:\.withStreaming)?)\(/,
    url: /\bcoreUrl\b/,
    key: /\w/,
    reads: { url: [], key: ['OPENAI_SCALA_CLIENT_API_KEY'] },
  },
  {
    name: 'dart-static',
    needs: ['dart-openai'],
    pattern: /(?<![\w.])(?<value>OpenAI\.apiKey)\s*=/,
    url: NEVER,
    elsewhere: /\bOpenAI\.baseUrl\s*=/,
  },
];

/** Whether the arguments are just a key and maybe a timeout: no URL, no API object. */
function hasOnlyKey(inside: string): boolean {
  const args = inside.replace(/Duration\.\w+\([^)]*\)|\w*[tT]imeout\w*/g, '').split(',');
  const [first = '', ...others] = args.map((arg) => arg.trim()).filter((arg) => arg !== '');
  return others.length === 0 && !/(?:^|\.)api$|ur[li]\b/i.test(first);
}
