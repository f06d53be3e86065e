import { chainedCalls } from '../call-chain.ts';
import { type Rule, rulesFor } from '../rule.ts';
import { isOfOpenAi } from './jvm-endpoints.ts';
import { CALLS_OVER_HTTP } from './request-context.ts';

/** What the calls that are chained to a prompt of Spring AI ask for. */
const CHAINED = { stream: 'streaming', entity: 'structured_outputs', tools: 'tools' } as const;

/** Features and model constants in Java, Kotlin, Scala and Groovy. */
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
    id: 'jvm-streaming-annotation',
    kind: 'feature',
    pattern: /^[ \t]*(?<value>@Streaming)\b/m,
    value: 'streaming',
    accept: ({ fileHolds }) => fileHolds(CALLS_OVER_HTTP),
  },
  {
    id: 'jvm-tool-annotation',
    kind: 'feature',
    pattern: /^[ \t]*(?<value>@Tool)(?=[\s(])/m,
    needs: ['langchain4j', 'spring-ai'],
    value: 'tools',
  },
]);
