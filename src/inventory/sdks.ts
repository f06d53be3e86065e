import type { LanguageFamily } from './languages.ts';

/** A client library and how to recognise that a file uses it. */
interface ClientLibrary {
  readonly families: readonly LanguageFamily[];
  /** Applied to the code without comments: an import, a package name, a class that only this library has. */
  readonly pattern: RegExp;
}

/** Client libraries, most specific first: a file's sites get the first one that matches. */
export const SDKS = {
  'go-openai': {
    families: ['go'],
    pattern: /github\.com\/sashabaranov\/go-openai/,
  },
  'openai-go': {
    families: ['go'],
    pattern: /github\.com\/openai\/openai-go/,
  },
  langchaingo: {
    families: ['go'],
    pattern: /github\.com\/tmc\/langchaingo\/llms\/openai/,
  },
  'vercel-ai': {
    families: ['javascript'],
    pattern: /['"]@ai-sdk\/(?:openai|openai-compatible|azure)['"]|from ['"]ai['"]/,
  },
  'langchain-js': {
    families: ['javascript'],
    pattern: /['"](?:@langchain\/openai|langchain\/[\w/-]*openai)['"]/,
  },
  'llamaindex-ts': {
    families: ['javascript'],
    pattern: /['"](?:@llamaindex\/openai|llamaindex)['"]/,
  },
  'chatgpt-npm': {
    families: ['javascript'],
    pattern: /(?:from|require\(|import\()\s*['"]chatgpt['"]/,
  },
  'openai-node': {
    families: ['javascript'],
    pattern:
      /(?:from|require\(|import\()\s*['"](?:npm:|https:\/\/\S*\/)?openai(?:-edge)?(?:@[^'"/]*)?(?:\/[^'"]*)?['"]/,
  },
  litellm: {
    families: ['python'],
    pattern: /^[ \t]*(?:from|import)\s+litellm\b/m,
  },
  'llama-index': {
    families: ['python'],
    pattern: /^[ \t]*(?:from|import)\s+llama_index\b/m,
  },
  'langchain-python': {
    families: ['python'],
    pattern: /^[ \t]*(?:from|import)\s+langchain(?:_openai|_community|\.[\w.]*)?\b/m,
  },
  'openai-python': {
    families: ['python'],
    pattern: /^[ \t]*(?:from\s+openai\b|import\s+(?:[\w.]+\s*,\s*)*openai\b)/m,
  },
  langchain4j: {
    families: ['jvm'],
    pattern: /\bdev\.langchain4j\b/,
  },
  'spring-ai': {
    families: ['jvm'],
    pattern: /\borg\.springframework\.ai\b/,
  },
  'openai-java': {
    families: ['jvm'],
    pattern: /\bcom\.openai\.(?:client|models|core|azure)\b/,
  },
  'openai-kotlin': {
    families: ['jvm'],
    pattern: /\bcom\.aallam\.openai\b/,
  },
  'theokanning-openai': {
    families: ['jvm'],
    pattern: /\bcom\.theokanning\.openai\b/,
  },
  'chatgpt-java': {
    families: ['jvm'],
    pattern: /\bcom\.(?:unfbx|plexpt)\.chatgpt\b/,
  },
  'async-openai': {
    families: ['rust'],
    pattern: /\basync_openai(?:_\w+)?\b/,
  },
  'openai-ruby': {
    families: ['ruby'],
    pattern:
      /\bOpenAI::(?:Client\.new\([^)]*\b(?:api_key|base_url):|Models::|Internal::)|\.chat\.completions\.|\.responses\.(?:create|stream)(?!\(?\s*parameters:)/,
  },
  'ruby-openai': {
    families: ['ruby'],
    pattern:
      /\bOpenAI(?:::Client|\.configure)\b|\brequire ["'](?:ruby\/)?openai["']|\.(?:chat|embeddings)\(\s*parameters:/,
  },
  'openai-laravel': {
    families: ['php'],
    pattern: /\bOpenAI\\Laravel\b/,
  },
  'openai-php': {
    families: ['php'],
    pattern: /\bOpenAI::(?:client|factory)\b|\buse OpenAI\b|\bOpenAI\\/,
  },
  'semantic-kernel': {
    families: ['dotnet'],
    pattern:
      /\bMicrosoft\.SemanticKernel\b|\b(?:OpenAIPromptExecutionSettings|IChatCompletionService|ITextEmbeddingGenerationService)\b|\bKernel\.CreateBuilder\b/,
  },
  'azure-openai': {
    families: ['dotnet'],
    pattern: /\bAzure\.AI\.OpenAI\b|\bAzureOpenAIClient(?:Options)?\b/,
  },
  'openai-dotnet': {
    families: ['dotnet'],
    pattern:
      /\b(?:using|open|Imports)\s+OpenAI(?:_API)?\b|\bOpenAI\.(?:Chat|Responses|Embeddings|Audio|Images)\b|\bOpenAIClient(?:Options)?\b|\bSystemChatMessage\b/,
  },
  'microsoft-extensions-ai': {
    families: ['dotnet'],
    pattern: /\bMicrosoft\.Extensions\.AI\b|\b(?:IChatClient|IEmbeddingGenerator|AIFunctionFactory)\b/,
  },
} as const satisfies Readonly<Record<string, ClientLibrary>>;

export type Sdk = keyof typeof SDKS;

/** The client libraries of a family, most specific first. */
export const sdksFor = (family: LanguageFamily): Sdk[] =>
  (Object.keys(SDKS) as Sdk[]).filter((id) => {
    const { families }: ClientLibrary = SDKS[id];
    return families.includes(family);
  });

/** Code that mentions the API, with any client or none. */
const MENTION =
  /open[-_]?ai|chat[-_]?gpt|\bgpt-(?:3|4|5|image|oss|audio|realtime)|\/chat\/completions|\bchat\.completions\b|\blitellm\b|\bLLM_(?:BASE_URL|API_KEY|MODEL)\b|\.responses\.(?:create|parse)\(|\.embeddings\.create\(|\.images\.generate\(|\.audio\.(?:speech|transcriptions)\.|completion_window|code_interpreter|web_search_preview|vector_store_ids|@ai-sdk\//i;

/** Whether code (without comments) mentions the API at all, as rules with `needs: 'mention'` require. */
export function mentionsApi(code: string, sdks: readonly Sdk[]): boolean {
  return sdks.length > 0 || MENTION.test(code);
}
