import { isFallback } from '../fallback.ts';
import { CODE } from '../languages.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import type { Matcher, Rule } from '../rule.ts';
import { pattern } from '../vocabulary.ts';

const ENUMS =
  /(?:ChatModel|ChatCompletionModel|ResponsesModel|EmbeddingModel|ImageModel|AudioModel|SpeechModel|ModerationModel|WhisperModel|TtsModel|OpenAi\w*ModelName|OpenAIModels(?:\.\w+)?|Models?|ModelType|ModelEnum)/;

/** How a constant of a client library that stands for a model is written. */
const WRITTEN: readonly Matcher[] = [
  {
    id: 'go-model-constant',
    families: ['go'],
    pattern:
      /\b[a-z]\w*\.(?<value>(?:ChatModel|(?:Create)?ImageModel|EmbeddingModel|AudioModel|SpeechModel|TTSModel|Moderation(?:Model)?)?(?:GPT|Chatgpt|O[134](?![a-z]{3})|Whisper1|DallE|TTS1|1|Ada|Small|Large|Text|Omni|Codex)\w{0,40})\b(?!\()/,
    needs: 'client',
  },
  {
    id: 'jvm-model-constant',
    families: ['jvm'],
    pattern: pattern()`\b${ENUMS}\.(?<value>[A-Z]\w{1,40})\b`,
    needs: 'client',
    accept: ({ before }) => !/^\s*import\b/.test(before),
  },
  {
    id: 'jvm-model-static-import',
    families: ['jvm'],
    pattern:
      /(?<![\w.])(?<value>(?:GPT|O[134]|TEXT_EMBEDDING|TEXT_MODERATION|OMNI|DALL_E|WHISPER|TTS)_\w{1,40})\b(?!\s*\()/,
    needs: ['langchain4j', 'openai-java', 'spring-ai'],
    accept: ({ fileHolds, value }) => fileHolds(new RegExp(`import static [\\w.]+\\.(?:${value}|\\*)`)),
  },
  {
    id: 'rust-model-constant',
    families: ['rust'],
    pattern:
      /(?<![\w:."])(?:\w*(?:Engine|Model|common)::)?(?<value>(?:GPT|Gpt|O[134](?=[_A-Z])|TEXT_|WHISPER_|DALL_E)\w{1,40})\b(?!\s*[(:])/,
    needs: 'client',
    accept: ({ before }) => !/^\s*(?:pub\s+)?use\b/.test(before),
  },
  {
    id: 'dart-model-class',
    families: ['other'],
    pattern: /(?<![\w.])(?<value>Gpt\w{1,30}?(?=ChatModel\()|kTranslateModelV[23]\b)/,
    needs: ['chat-gpt-sdk'],
  },
  {
    id: 'own-model-constant',
    families: CODE,
    // A program's own: `Model.GPT_4O`, `domain.Gpt4oMini`, `var model: Model = GPT_4`.
    pattern:
      /(?:(?<![\w.])(?:\w{1,40}(?:\.|::|->)){1,3}|\b\w{0,20}[mM]odel(?:\s*:\s*\w{1,20})?\s*=\s*)(?<value>(?:GPT|Gpt|DALL_?E|Dall_?E|TEXT_EMBEDDING|TextEmbedding)\w{1,40})\b(?!\s*[("'`:])/,
    accept: ({ value, before }) =>
      modelOfConstant(value) !== null && !/^\s*(?:pub\s+)?(?:import|use|using|from)\b/.test(before),
  },
  {
    id: 'dotnet-model-constant',
    families: ['dotnet'],
    pattern:
      /\b(?:Models|Model|OpenAIModels|OpenAiModels)\.(?<value>(?:Gpt|GPT|ChatGPT|Chat_?Gpt|O[134]|Dall_?e|DallE|Text|Whisper|WhisperV1|Tts|AdaText|TextEmbedding)\w{0,40})\b/,
  },
  {
    id: 'swift-model-constant',
    families: ['other'],
    files: /\.swift$/,
    // `Model.gpt4_o`, and where the type is known, `.gpt4_o`.
    pattern:
      /(?<![\w)\]}?!"'])(?:\w{0,20}Model)?\.(?<value>(?:gpt|chatgpt|o[134](?=[_A-Z])|text|dall|whisper|tts)\w{0,40})\b(?!\s*\()/,
    needs: 'mention',
  },
];

/** What follows a constant that only chooses a text: `case .gpt4: "gpt-4-turbo"`, `GPT_4 -> "gpt-4-turbo"`. */
const NAMES_ARM = /^\s*(?::|->|=>)\s*(?:return\s+)?"/;

/** Models by the constants of client libraries. */
export const LIBRARY_MODEL_RULES: readonly Rule[] = WRITTEN.map((matcher) => ({
  ...matcher,
  accept: (found) =>
    !NAMES_ARM.test(found.code.slice(found.offset + found.value.length, found.offset + 120)) &&
    (matcher.accept?.(found) ?? true),
  kind: 'model',
  ...(matcher.id === 'own-model-constant' && { onlyAlone: true }),
  value: modelOfConstant,
  hardCoded: (found) => !isFallback(found),
  role: roleInCode,
}));
