import { rulesFor } from '../rule.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';

/** Clients in Java, Kotlin, Scala and Groovy: where their URL, key, timeout and retries come from. */
export const JVM_CLIENT_RULES = rulesFor({ families: ['jvm'] }, [
  {
    id: 'jvm-placeholder-url',
    kind: 'base_url',
    pattern: pattern()`\$\{[\w.-]{2,80}:(?<value>${URL_TEXT})\}`,
    needs: 'mention',
    accept: ({ match, value }) => /open-?ai|gpt|llm|\bai\b|openai\.com/i.test(match[0] + value),
    hardCoded: false,
  },
]);
