import { chainedCalls } from '../call-chain.ts';
import { isFallback } from '../fallback.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import { type Rule, rulesFor } from '../rule.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';
import { isOfOpenAi } from './jvm-endpoints.ts';

const ENUMS =
  /(?:ChatModel|ResponsesModel|EmbeddingModel|ImageModel|AudioModel|SpeechModel|ModerationModel|WhisperModel|TtsModel|OpenAi\w*ModelName|OpenAIModels(?:\.\w+)?|Models?|ModelType|ModelEnum)/;

/** What the calls that are chained to a prompt of Spring AI ask for. */
const CHAINED = { stream: 'streaming', entity: 'structured_outputs', tools: 'tools' } as const;

/** Placeholders with a URL, features and model constants in Java, Kotlin, Scala and Groovy. */
export const JVM_REQUEST_RULES = rulesFor({ families: ['jvm'] }, [
  ...Object.entries(CHAINED).map(
    ([name, feature]): Rule => ({
      id: `jvm-chain-${name}`,
      kind: 'feature',
      families: ['jvm'],
      sdk: 'spring-ai',
      pattern: /\.\s*(?<value>prompt)\(/,
      needs: ['spring-ai'],
      value: feature,
      accept: (found) =>
        isOfOpenAi(found) && chainedCalls(found.code, found.offset).some((call) => call.name === name),
    }),
  ),
  {
    id: 'jvm-placeholder-url',
    kind: 'base_url',
    pattern: pattern()`\$\{[\w.-]{2,80}:(?<value>${URL_TEXT})\}`,
    needs: 'mention',
    accept: ({ match, value }) => /open-?ai|gpt|llm|\bai\b|openai\.com/i.test(match[0] + value),
    hardCoded: false,
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
