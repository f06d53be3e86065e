import { chainedCalls, statementUpTo } from '../call-chain.ts';
import { isFallback } from '../fallback.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import { rulesFor } from '../rule.ts';
import type { ApiFeature } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';
import { isOfOpenAi } from './jvm-endpoints.ts';

/** Methods of request builders. */
const BUILDER_METHODS = byName<ApiFeature>({
  tools: [
    'addTool',
    'addFunctionTool',
    'tools',
    'defaultTools',
    'toolCallbacks',
    'defaultToolCallbacks',
    'toolSpecifications',
    'functions',
  ],
  parallel_tool_calls: ['parallelToolCalls'],
  stream_options: ['streamOptions', 'streamUsage'],
  max_completion_tokens: ['maxCompletionTokens'],
  reasoning_effort: ['reasoningEffort'],
  logprobs: ['logprobs', 'topLogprobs'],
  logit_bias: ['logitBias'],
  seed: ['seed'],
  service_tier: ['serviceTier'],
  store: ['store'],
  previous_response_id: ['previousResponseId'],
  prompt_cache_key: ['promptCacheKey'],
  background: ['background'],
  structured_outputs: ['strictJsonSchema'],
  streaming: ['createStreaming', 'generateStreaming', 'streamChatCompletion', 'streamCompletion'],
});

const TYPES = byName<ApiFeature>({
  streaming: [
    'OpenAiStreamingChatModel.builder',
    'AzureOpenAiStreamingChatModel.builder',
    'OpenAiStreamingLanguageModel.builder',
  ],
  vision: [
    'ChatCompletionContentPartImage.builder',
    'ChatCompletionContentPart.ofImageUrl',
    'ImageContent.from',
    'ResponseInputImage.builder',
  ],
  file_input: ['ResponseInputFile.builder'],
  structured_outputs: ['ResponseFormatJsonSchema.builder', 'Type.JSON_SCHEMA', 'RESPONSE_FORMAT_JSON_SCHEMA'],
  json_mode: [
    'ResponseFormatJsonObject.builder',
    'ResponseFormatType.JSON',
    'Type.JSON_OBJECT',
    'ChatResponseFormat.JsonObject',
  ],
  web_search: ['WebSearchTool.builder'],
  file_search: ['FileSearchTool.builder'],
});

const ENUMS =
  /(?:ChatModel|ResponsesModel|EmbeddingModel|ImageModel|AudioModel|SpeechModel|ModerationModel|WhisperModel|TtsModel|OpenAi\w*ModelName|OpenAIModels(?:\.\w+)?|Models?|ModelType|ModelEnum)/;

/** Features and model constants in Java, Kotlin, Scala and Groovy. */
export const JVM_REQUEST_RULES = rulesFor({ families: ['jvm'] }, [
  {
    id: 'jvm-request-option',
    kind: 'feature',
    pattern: pattern()`\.\s*(?<value>${anyOf(BUILDER_METHODS)})\((?!\s*(?:\)|null\b|false\b|List\.of\(\)|emptyList\(\)|Collections\.emptyList))`,
    needs: 'client',
    value: (method) => BUILDER_METHODS[method] ?? null,
    accept: ({ code, match, value }) =>
      !/^(?:store|seed|tools|functions|background)$/.test(value) ||
      /open_?ai|chat|params|options|builder|prompt|assistant|AiServices|request/i.test(
        statementUpTo(code, match.index),
      ),
  },
  {
    id: 'jvm-response-format',
    kind: 'feature',
    pattern:
      /\.\s*(?<value>responseFormat|text)\(\s*(?<format>"json_schema"|"json_object"|\w+\.class|\w+::class|ResponseFormat\.JSON|\w*JsonSchema\w*|\w*JsonObject\w*)/,
    needs: 'client',
    value: (_, { match: { groups } }) =>
      /object|ResponseFormat\.JSON$/i.test(groups?.format ?? '') ? 'json_mode' : 'structured_outputs',
  },
  {
    id: 'jvm-request-type',
    kind: 'feature',
    pattern: pattern()`\b(?<value>${anyOf(TYPES)})\b`,
    needs: 'client',
    value: (type) => TYPES[type] ?? null,
    accept: ({ before }) => !/^\s*import\b/.test(before),
  },
  {
    id: 'jvm-streaming-chain',
    kind: 'feature',
    sdk: 'spring-ai',
    pattern: /\.\s*(?<value>prompt)\(/,
    needs: ['spring-ai'],
    value: 'streaming',
    accept: (found) =>
      isOfOpenAi(found) && chainedCalls(found.code, found.offset).some(({ name }) => name === 'stream'),
  },
  {
    id: 'jvm-tool-annotation',
    kind: 'feature',
    pattern: /^[ \t]*(?<value>@Tool)(?=[\s(])/m,
    needs: ['langchain4j', 'spring-ai'],
    value: 'tools',
  },
  {
    id: 'jvm-model-constant',
    kind: 'model',
    pattern: pattern()`\b${ENUMS}\.(?<value>[A-Z]\w{1,40})\b`,
    needs: 'client',
    value: modelOfConstant,
    accept: ({ before }) => !/^\s*import\b/.test(before),
    hardCoded: (found) => !isFallback(found),
    role: roleInCode,
  },
  {
    id: 'jvm-model-static-import',
    kind: 'model',
    pattern:
      /(?<![\w.])(?<value>(?:GPT|O[134]|TEXT_EMBEDDING|TEXT_MODERATION|OMNI|DALL_E|WHISPER|TTS)_\w{1,40})\b(?!\s*\()/,
    needs: ['langchain4j', 'openai-java', 'spring-ai'],
    value: modelOfConstant,
    accept: ({ fileHolds, value }) => fileHolds(new RegExp(`import static [\\w.]+\\.(?:${value}|\\*)`)),
    hardCoded: (found) => !isFallback(found),
    role: roleInCode,
  },
]);
