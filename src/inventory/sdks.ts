import type { Family } from './languages.ts';

/** A client library and what shows that a file uses it. */
interface SdkEvidence {
  readonly families: readonly Family[];
  /** Tried on the code without comments: an import, a package name, a class that only this library has. */
  readonly evidence: RegExp;
  /** Code that shows the evidence; the examples of rules are tested in a file that begins with it. */
  readonly sample: string;
}

/** Client libraries, the most telling first: a file's sites carry the first one that it shows. */
export const SDKS = {
  'go-openai': {
    families: ['go'],
    evidence: /github\.com\/sashabaranov\/go-openai/,
    sample: 'import openai "github.com/sashabaranov/go-openai"',
  },
  'openai-go': {
    families: ['go'],
    evidence: /github\.com\/openai\/openai-go/,
    sample: 'import "github.com/openai/openai-go/v3"',
  },
  langchaingo: {
    families: ['go'],
    evidence: /github\.com\/tmc\/langchaingo\/llms\/openai/,
    sample: 'import "github.com/tmc/langchaingo/llms/openai"',
  },
  'vercel-ai': {
    families: ['javascript'],
    evidence: /['"]@ai-sdk\/(?:openai|openai-compatible|azure)['"]|from ['"]ai['"]/,
    sample: "import { createOpenAI } from '@ai-sdk/openai'",
  },
  'langchain-js': {
    families: ['javascript'],
    evidence: /['"](?:@langchain\/openai|langchain\/[\w/-]*openai)['"]/,
    sample: "import { ChatOpenAI } from '@langchain/openai'",
  },
  'llamaindex-ts': {
    families: ['javascript'],
    evidence: /['"](?:@llamaindex\/openai|llamaindex)['"]/,
    sample: "import { OpenAI } from 'llamaindex'",
  },
  'openai-node': {
    families: ['javascript'],
    evidence:
      /(?:from|require\(|import\()\s*['"](?:npm:|https:\/\/\S*\/)?openai(?:-edge)?(?:@[^'"/]*)?(?:\/[^'"]*)?['"]/,
    sample: "import OpenAI from 'openai'",
  },
  litellm: {
    families: ['python'],
    evidence: /^[ \t]*(?:from|import)\s+litellm\b/m,
    sample: 'import litellm',
  },
  'llama-index': {
    families: ['python'],
    evidence: /^[ \t]*(?:from|import)\s+llama_index\b/m,
    sample: 'from llama_index.llms.openai import OpenAI',
  },
  'langchain-python': {
    families: ['python'],
    evidence: /^[ \t]*(?:from|import)\s+langchain(?:_openai|_community|\.[\w.]*)?\b/m,
    sample: 'from langchain_openai import ChatOpenAI',
  },
  'openai-python': {
    families: ['python'],
    evidence: /^[ \t]*(?:from\s+openai\b|import\s+(?:[\w.]+\s*,\s*)*openai\b)/m,
    sample: 'from openai import OpenAI',
  },
  langchain4j: {
    families: ['jvm'],
    evidence: /\bdev\.langchain4j\b/,
    sample: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
  },
  'spring-ai': {
    families: ['jvm'],
    evidence: /\borg\.springframework\.ai\b/,
    sample: 'import org.springframework.ai.openai.OpenAiChatModel;',
  },
  'openai-java': {
    families: ['jvm'],
    evidence: /\bcom\.openai\.(?:client|models|core|azure)\b/,
    sample: 'import com.openai.client.OpenAIClient;',
  },
  'openai-kotlin': {
    families: ['jvm'],
    evidence: /\bcom\.aallam\.openai\b/,
    sample: 'import com.aallam.openai.client.OpenAI',
  },
  'theokanning-openai': {
    families: ['jvm'],
    evidence: /\bcom\.theokanning\.openai\b/,
    sample: 'import com.theokanning.openai.service.OpenAiService;',
  },
  'async-openai': {
    families: ['rust'],
    evidence: /\basync_openai(?:_\w+)?\b/,
    sample: 'use async_openai::Client;',
  },
  'openai-ruby': {
    families: ['ruby'],
    evidence:
      /\bOpenAI::(?:Client\.new\([^)]*\b(?:api_key|base_url):|Models::|Internal::)|\.chat\.completions\.|\.responses\.(?:create|stream)(?!\(?\s*parameters:)/,
    sample: 'rescue OpenAI::Models::ErrorObject',
  },
  'ruby-openai': {
    families: ['ruby'],
    evidence:
      /\bOpenAI(?:::Client|\.configure)\b|\brequire ["'](?:ruby\/)?openai["']|\.(?:chat|embeddings)\(\s*parameters:/,
    sample: 'require "openai"',
  },
  'openai-laravel': {
    families: ['php'],
    evidence: /\bOpenAI\\Laravel\b/,
    sample: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
  },
  'openai-php': {
    families: ['php'],
    evidence: /\bOpenAI::(?:client|factory)\b|\buse OpenAI\b|\bOpenAI\\/,
    sample: 'use OpenAI\\Client;',
  },
  'semantic-kernel': {
    families: ['dotnet'],
    evidence:
      /\bMicrosoft\.SemanticKernel\b|\b(?:OpenAIPromptExecutionSettings|IChatCompletionService|ITextEmbeddingGenerationService)\b|\bKernel\.CreateBuilder\b/,
    sample: 'using Microsoft.SemanticKernel;',
  },
  'azure-openai': {
    families: ['dotnet'],
    evidence: /\bAzure\.AI\.OpenAI\b|\bAzureOpenAIClient(?:Options)?\b/,
    sample: 'using Azure.AI.OpenAI;',
  },
  'openai-dotnet': {
    families: ['dotnet'],
    evidence:
      /\b(?:using|open|Imports)\s+OpenAI\b|\bOpenAI\.(?:Chat|Responses|Embeddings|Audio|Images)\b|\bOpenAIClient(?:Options)?\b|\bSystemChatMessage\b/,
    sample: 'using OpenAI.Chat;',
  },
  'microsoft-extensions-ai': {
    families: ['dotnet'],
    evidence: /\bMicrosoft\.Extensions\.AI\b|\b(?:IChatClient|IEmbeddingGenerator|AIFunctionFactory)\b/,
    sample: 'using Microsoft.Extensions.AI;',
  },
} as const satisfies Readonly<Record<string, SdkEvidence>>;

export type Sdk = keyof typeof SDKS;

/** The client libraries that a file of this family shows, most telling first. */
export function sdksIn(code: string, family: Family): Sdk[] {
  return (Object.keys(SDKS) as Sdk[]).filter((id) => {
    const { families, evidence }: SdkEvidence = SDKS[id];
    return families.includes(family) && evidence.test(code);
  });
}

/** What shows that a file speaks of the API, whatever client it uses. */
const EVIDENCE =
  /open[-_]?ai|\bgpt-(?:3|4|5|image|oss|audio|realtime)|\/chat\/completions|\bchat\.completions\b|\blitellm\b|\bLLM_(?:BASE_URL|API_KEY|MODEL)\b|\.responses\.(?:create|parse)\(|\.embeddings\.create\(|\.images\.generate\(|\.audio\.(?:speech|transcriptions)\.|completion_window|code_interpreter|web_search_preview|vector_store_ids|@ai-sdk\//i;

/** Code (without comments) that speaks of the API at all: what rules with `needs: 'evidence'` ask for. */
export function hasEvidence(code: string, sdks: readonly Sdk[]): boolean {
  return sdks.length > 0 || EVIDENCE.test(code);
}
