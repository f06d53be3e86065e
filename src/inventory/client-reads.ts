import type { Sdk } from './sdks.ts';

/**
 * A variable that some client library reads for its base URL, key, organization or project: those that `npm run clients`
 * looks for in packages, and two that only other libraries read.
 */
export type ClientVariable = (typeof CLIENT_VARIABLES)[number] | 'OPENAI_HOST' | 'OPENAI_URL';

export const CLIENT_VARIABLES = [
  'OPENAI_BASE_URL',
  'OPENAI_API_BASE',
  'OPENAI_API_KEY',
  'OPENAI_ORG_ID',
  'OPENAI_ORGANIZATION',
  'OPENAI_PROJECT_ID',
] as const;

/** What is special about some versions of a client library. */
interface Peculiarity {
  /** Code that shows that these versions, or a way of building a client that reads variables, are in use. */
  readonly writtenAs?: RegExp;
  /** Read by the official client that these versions build theirs with, not by themselves. */
  readonly indirect?: ClientVariable;
  /** The URL that is called if nothing sets another; by default {@link OFFICIAL_URL}. */
  readonly defaultUrl?: string;
}

/** A client library's versions from one on, and the variables that they read, first come first. */
type Versions = readonly [since: string, reads: readonly ClientVariable[], peculiarity?: Peculiarity];

/**
 * Where the variables were looked up, and the versions, newest first. `npm:` and `pypi:` packages are compared with the
 * table by `.ci/client-reads.ts`; others name the version or commit and the file; null: not looked up.
 */
type Client = readonly [source: string | null, ...versions: readonly [Versions, ...Versions[]]];

const OFFICIAL_URL = 'https://api.openai.com/v1';

const NONE = [] as const;
const KEY = ['OPENAI_API_KEY'] as const;
const URL_AND_KEY = ['OPENAI_BASE_URL', 'OPENAI_API_KEY'] as const;
const LANGCHAIN = ['OPENAI_BASE_URL', 'OPENAI_API_BASE', 'OPENAI_API_KEY', 'OPENAI_ORGANIZATION'] as const;
/** The clients that OpenAI generates from its description of the API. */
const OFFICIAL = ['OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'] as const;

const HOST_ONLY = { defaultUrl: 'https://api.openai.com' };
const NODE_3 = { writtenAs: /\bnew\s+(?:\w+\.)?(?:Configuration|OpenAIApi)\b/ };
const PYTHON_0 = {
  writtenAs: /\bopenai\.(?:ChatCompletion|Completion|Embedding|Image|Moderation|Audio|api_base)\b/,
};

/** What each client library reads by itself; one that isn't listed, nothing that is known of. */
export const CLIENT_READS: Readonly<Partial<Record<Sdk, Client>>> = {
  'go-openai': ['github.com/sashabaranov/go-openai@1.43.0 config.go', ['1.0.0', NONE]],
  'openai-go': ['github.com/openai/openai-go@1.12.0 client.go', ['1.12.0', OFFICIAL]],
  'go-gpt3': ['github.com/PullRequestInc/go-gpt3@019b4b4 gpt3.go', ['1.0.0', NONE]],
  openaigo: ['github.com/otiai10/openaigo@024a065 client.go', ['1.0.0', NONE]],
  langchaingo: ['github.com/tmc/langchaingo@0.1.14 llms/openai/llm.go', ['0.1.14', LANGCHAIN]],
  'vercel-ai': ['npm:@ai-sdk/openai', ['2.0.42', URL_AND_KEY], ['0.0.70', KEY]],
  'langchain-js': [
    'npm:@langchain/openai',
    ['1.5.6', LANGCHAIN],
    ['0.0.34', [...URL_AND_KEY, 'OPENAI_ORGANIZATION'], { indirect: 'OPENAI_BASE_URL' }],
  ],
  'chatgpt-java': [null, ['1.0.0', NONE, HOST_ONLY]],
  'llamaindex-ts': ['npm:@llamaindex/openai', ['0.4.23', URL_AND_KEY]],
  'openai-node': [
    'npm:openai',
    ['4.36.0', OFFICIAL],
    ['4.21.0', [...URL_AND_KEY, 'OPENAI_ORG_ID']],
    ['4.0.0', [...KEY, 'OPENAI_ORG_ID']],
    ['3.0.0', NONE, NODE_3],
  ],
  litellm: [
    'pypi:litellm',
    ['1.110.2', [...LANGCHAIN, 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID']],
    ['1.54.1', [...LANGCHAIN, 'OPENAI_ORG_ID']],
  ],
  'llama-index': ['pypi:llama-index-llms-openai', ['0.8.3', ['OPENAI_API_BASE', ...KEY]]],
  'langchain-python': [
    'pypi:langchain-openai',
    ['1.7.4', ['OPENAI_API_BASE', 'OPENAI_ORG_ID', ...LANGCHAIN]],
  ],
  'openai-python': [
    'pypi:openai',
    ['1.20.0', OFFICIAL],
    ['1.3.0', [...URL_AND_KEY, 'OPENAI_ORG_ID']],
    ['1.0.0', [...KEY, 'OPENAI_ORG_ID']],
    ['0.27.0', ['OPENAI_API_BASE', ...KEY, 'OPENAI_ORGANIZATION'], PYTHON_0],
  ],
  langchain4j: ['dev.langchain4j:langchain4j-open-ai@1.19.0 OpenAiChatModel.java', ['1.0.0', NONE]],
  'spring-ai': ['org.springframework.ai:spring-ai-openai@1.0.0 OpenAiApi.java', ['1.0.0', NONE, HOST_ONLY]],
  'openai-java': [
    'com.openai:openai-java-core@4.8.0 ClientOptions.kt',
    ['4.8.0', NONE],
    ['4.8.0', OFFICIAL, { writtenAs: /\bfromEnv\b/ }],
  ],
  'simple-openai': ['sashirestela/simple-openai@021bd6b SimpleOpenAI.java', ['1.0.0', NONE, HOST_ONLY]],
  'sttp-openai': ['softwaremill/sttp-openai@02173e1 OpenAI.scala', ['0.1.0', NONE]],
  'azure-openai-java': ['Azure/azure-sdk-for-java@12d7649 OpenAIClientBuilder.java', ['1.0.0', NONE]],
  'theokanning-openai': [null, ['0.10.0', NONE, HOST_ONLY]],
  'async-openai': ['async-openai@0.43.0 src/config.rs', ['0.31.0', OFFICIAL], ['0.20.0', KEY]],
  'openai-api-rs': ['dongri/openai-api-rs@01484ba src/v1/api.rs', ['5.0.0', ['OPENAI_API_BASE']]],
  'openai-dive': [
    'tjardoo/openai-client@05ed79e src/v1/api.rs',
    ['0.7.0', NONE],
    ['0.7.0', KEY, { writtenAs: /\bnew_from_env\b/ }],
  ],
  'chatgpt-rs': ['Maxuss/chatgpt_rs@06f6e4f src/config.rs', ['1.0.0', NONE]],
  'openai-ruby': ['openai/openai-ruby@04e4f86 lib/openai/client.rb', ['0.1.0', OFFICIAL]],
  'ruby-openai': ['alexrudall/ruby-openai@0fb58e5 lib/openai.rb', ['3.0.0', NONE, HOST_ONLY]],
  'ruby-llm': ['crmne/ruby_llm@fb5a49b lib/ruby_llm/providers/openai.rb', ['1.0.0', NONE]],
  langchainrb: [
    'patterns-ai-core/langchainrb@a944fb5 lib/langchain/llm/openai.rb',
    ['0.1.0', NONE, HOST_ONLY],
  ],
  omniai: [
    'ksylvest/omniai-openai@2e2e121 lib/omniai/openai/config.rb',
    ['1.0.0', ['OPENAI_HOST', ...KEY], HOST_ONLY],
  ],
  'orhanerday-openai': ['orhanerday/open-ai@4ba9c70 src/Url.php', ['1.0.0', NONE, HOST_ONLY]],
  'tectalic-openai': ['tectalichq/public-openai-client-php@c8d986d src/Manager.php', ['1.0.0', NONE]],
  llphant: ['theodo-group/LLPhant@963cd0a src/Chat/OpenAIChat.php', ['0.1.0', URL_AND_KEY]],
  prism: ['prism-php/prism@5d6cc65 config/prism.php', ['0.1.0', ['OPENAI_URL', ...KEY]]],
  'openai-laravel': [
    'openai-php/laravel@16eee63 config/openai.php',
    ['0.11.0', [...URL_AND_KEY, 'OPENAI_ORGANIZATION']],
  ],
  'openai-php': ['openai-php/client@0aeac98 src/Factory.php', ['0.1.0', NONE]],
  'semantic-kernel': ['microsoft/semantic-kernel@b39d95a dotnet/src', ['1.0.0', NONE]],
  'openai-dotnet': ['openai/openai-dotnet@0128c43 src/Custom/OpenAIClient.cs', ['2.0.0', NONE]],
  'macpaw-openai': ['MacPaw/OpenAI@0177ba7 OpenAI.swift', ['0.2.0', NONE]],
  openaiswift: ['adamrushy/OpenAISwift@019ccc4 OpenAISwift.swift', ['1.0.0', NONE, HOST_ONLY]],
  chatgptswift: ['alfianlosari/ChatGPTSwift@01a4736 ChatGPTAPI.swift', ['1.0.0', NONE]],
  'dart-openai': ['anasfik/openai@060c46e lib/src/instance/openai.dart', ['1.0.0', NONE]],
  'openai-ex': ['restlessronin/openai_ex@3ece85f lib/openai_ex.ex', ['0.1.0', NONE]],
  'langchain-elixir': ['brainlid/langchain@7613993 lib/chat_models/chat_open_ai.ex', ['0.1.0', NONE]],
  ellmer: [
    'tidyverse/ellmer@57e3d72 R/provider-openai.R and NEWS.md',
    ['0.4.0', KEY],
    ['0.3.1', URL_AND_KEY],
  ],
  'lua-openai': ['leafo/lua-openai@7e492d7 openai/init.lua', ['1.0.0', NONE]],
};

const NOT_LOOKED_UP: Client = [null, ['0', NONE]];

/** What the client of one file reads from the environment if its code sets nothing. */
export interface ClientReads {
  /** The first version that reads these. */
  readonly since: string;
  /** Variables for the base URL, first come first; empty if only code can set it. */
  readonly url: readonly ClientVariable[];
  /** The same for the key. */
  readonly key: readonly ClientVariable[];
  /** What is called if nothing sets a URL. */
  readonly defaultUrl: string;
}

/**
 * What a file's client reads, judging by its code. Of versions that are written alike, the newest one counts.
 * @param holds whether the file's code matches a pattern
 */
export function clientReads(sdk: Sdk, holds: (pattern: RegExp) => boolean): ClientReads {
  const [, newest, ...older] = CLIENT_READS[sdk] ?? NOT_LOOKED_UP;
  const shown = older.find(([, , special]) => special?.writtenAs !== undefined && holds(special.writtenAs));
  const [since, variables, special] = shown ?? newest;
  return {
    since,
    url: variables.filter((name) => /(?:URL|BASE|HOST)$/.test(name)),
    key: variables.filter((name) => name.endsWith('KEY')),
    defaultUrl: special?.defaultUrl ?? OFFICIAL_URL,
  };
}
