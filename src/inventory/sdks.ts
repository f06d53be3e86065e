import type { LanguageFamily } from './languages.ts';

/**
 * Client libraries by family, most specific first (a file's sites get the first one), and the code that shows that a file
 * uses one: an import, a package name, a class that only this library has. Applied to code without comments.
 */
const LIBRARIES = {
  go: {
    'go-openai': /github\.com\/sashabaranov\/go-(?:openai|gpt3)/,
    'openai-go': /github\.com\/openai\/openai-go/,
    'go-gpt3': /github\.com\/PullRequestInc\/go-gpt3/,
    openaigo: /github\.com\/otiai10\/openaigo/,
    'go-client':
      /github\.com\/(?!sashabaranov|openai\/|PullReq|otiai10)[\w-]+\/(?:go-?)?(?:open-?ai|chat-?gpt|gpt-?3)(?:-?(?:go|golang|client|sdk|api))?(?:\/v\d)?"/,
    langchaingo: /github\.com\/tmc\/langchaingo\/llms\/openai/,
  },
  javascript: {
    'vercel-ai': /['"]@ai-sdk\/(?:openai|openai-compatible|azure)['"]|from ['"]ai['"]/,
    'langchain-js': /['"](?:@langchain\/openai|langchain\/[\w/-]*openai)['"]/,
    'llamaindex-ts': /['"](?:@llamaindex\/openai|llamaindex)['"]/,
    'chatgpt-npm': /(?:from|require\(|import\()\s*['"]chatgpt['"]/,
    'openai-node':
      /(?:from|require\(|import\()\s*['"](?:npm:|https:\/\/\S*\/)?openai(?:-edge)?(?:@[^'"/]*)?(?:\/[^'"]*)?['"]/,
  },
  python: {
    litellm: /^[ \t]*(?:from|import)\s+litellm\b/m,
    'llama-index': /^[ \t]*(?:from|import)\s+llama_index\b/m,
    'langchain-python': /^[ \t]*(?:from|import)\s+langchain(?:_openai|_community|\.[\w.]*)?\b/m,
    'openai-python':
      /^[ \t]*(?:from\s+(?:(?:langfuse|agno|phi|pydantic_ai|autogen_ext)\.[\w.]*)?openai\b|import\s+(?:[\w.]+\s*,\s*)*openai\b)/m,
  },
  jvm: {
    langchain4j: /\bdev\.langchain4j\b/,
    'spring-ai': /\borg\.springframework\.ai\b/,
    'openai-java': /\bcom\.openai\.(?:client|models|core|azure)\b/,
    'openai-kotlin': /\bcom\.aallam\.openai\b/,
    'simple-openai': /\bio\.github\.sashirestela\.openai\b/,
    'sttp-openai': /\bsttp\.openai\b/,
    'openai-scala-client': /\bio\.cequence\.openaiscala\b/,
    'azure-openai-java': /\bcom\.azure\.ai\.openai\b/,
    'theokanning-openai': /\bcom\.theokanning\.openai\b/,
    'chatgpt-java': /\bcom\.(?:unfbx|plexpt)\.chatgpt\b/,
  },
  rust: {
    'async-openai': /\basync_openai(?:_\w+)?\b/,
    'openai-api-rs': /\bopenai_api_rs\b/,
    'openai-dive': /\bopenai_dive\b/,
    'chatgpt-rs': /\buse chatgpt::/,
    'rust-with-key': /\b(?:openai_(?:chatgpt_api|api|rust|client)|chat_?gpt_(?:lib_rs|client))::/,
  },
  ruby: {
    'ruby-llm': /\bRubyLLM\b/,
    langchainrb: /\bLangchain::LLM::/,
    omniai: /\bOmniAI\b/,
    'openai-ruby':
      /\bOpenAI::(?:Client\.new\([^)]*\b(?:api_key|base_url):|Models::|Internal::)|\.chat\.completions\.|\.responses\.(?:create|stream)(?!\(?\s*parameters:)/,
    'ruby-openai':
      /\bOpenAI(?:::Client|\.configure)\b|\brequire ["'](?:ruby\/)?openai["']|\.(?:chat|embeddings)\(\s*parameters:/,
  },
  php: {
    'orhanerday-openai': /\bOrhanerday\\OpenAi\b/,
    'tectalic-openai': /\bTectalic\\OpenAi\b/,
    llphant: /\bLLPhant\\/,
    prism: /\bPrism\\/,
    'openai-laravel': /\bOpenAI\\Laravel\b/,
    'openai-php': /\bOpenAI::(?:client|factory)\b|\buse OpenAI\b|\bOpenAI\\/,
  },
  dotnet: {
    'semantic-kernel':
      /\bMicrosoft\.SemanticKernel\b|\b(?:OpenAIPromptExecutionSettings|IChatCompletionService|ITextEmbeddingGenerationService)\b|\bKernel\.CreateBuilder\b/,
    'azure-openai': /\bAzure\.AI\.OpenAI\b|\bAzureOpenAIClient(?:Options)?\b/,
    'openai-dotnet':
      /\b(?:using|open|Imports)\s+OpenAI(?:_API)?\b|\bOpenAI\.(?:Chat|Responses|Embeddings|Audio|Images)\b|\bOpenAI_API\.|\bOpenAIClient(?:Options)?\b|\bSystemChatMessage\b/,
    'microsoft-extensions-ai':
      /\bMicrosoft\.Extensions\.AI\b|\b(?:IChatClient|IEmbeddingGenerator|AIFunctionFactory)\b/,
  },
  other: {
    'macpaw-openai': /^[ \t]*import OpenAI\b/m,
    swiftopenai: /\bimport SwiftOpenAI\b/,
    openaiswift: /\bimport OpenAISwift\b/,
    chatgptswift: /\bimport ChatGPTSwift\b/,
    aiproxy: /\bimport AIProxy\b/,
    'dart-openai': /\bpackage:dart_openai\//,
    'openai-dart': /\bpackage:openai_dart\//,
    'chat-gpt-sdk': /\bpackage:chat_gpt_sdk\//,
    'openai-ex': /\bOpenaiEx\b/,
    'langchain-elixir': /\bLangChain\.ChatModels\b/,
    ellmer: /\bellmer\b|\bchat_openai\b/,
    'lua-openai': /\brequire\(?\s*["']openai["']/,
  },
} as const satisfies Partial<Record<LanguageFamily, Readonly<Record<string, RegExp>>>>;

type Libraries = typeof LIBRARIES;
export type Sdk = { [Family in keyof Libraries]: keyof Libraries[Family] }[keyof Libraries];

/** The client libraries of a family, most specific first. */
export const librariesOf = (family: LanguageFamily): { readonly id: Sdk; readonly pattern: RegExp }[] =>
  Object.entries(LIBRARIES[family as keyof Libraries] ?? {}).map(([id, pattern]) => ({
    id: id as Sdk,
    pattern,
  }));

/** The family of a client library's language. */
export const familyOf = (sdk: Sdk): LanguageFamily =>
  (Object.keys(LIBRARIES) as (keyof Libraries)[]).find((family) => sdk in LIBRARIES[family]) ?? 'other';

/** Code that mentions the API, with any client or none. */
export const MENTION =
  /open[-_]?ai|chat[-_]?gpt|\bgpt-(?:3|4|5|image|oss|audio|realtime)|\/chat\/completions|\bchat\.completions\b|\blitellm\b|\bLLM_(?:BASE_URL|API_KEY|MODEL)\b|\.responses\.(?:create|parse)\(|\.embeddings\.create\(|\.images\.generate\(|\.audio\.(?:speech|transcriptions)\.|completion_window|code_interpreter|web_search_preview|vector_store_ids|@ai-sdk\//i;

/** Whether code (without comments) mentions the API at all, as rules with `needs: 'mention'` require. */
export function mentionsApi(code: string, sdks: readonly Sdk[]): boolean {
  return sdks.length > 0 || MENTION.test(code);
}
