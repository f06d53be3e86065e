// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import { isFallback } from '../fallback.ts';
import { OTHER_CODE } from '../languages.ts';
import { roleInCode } from '../model-role.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { isModelName, MODEL_NAME, pattern } from '../vocabulary.ts';

/** Languages whose strings have double quotes only; a name in single quotes is part of a sentence. */
const DOUBLE_QUOTES_ONLY = /\.(?:go|java|kts?|scala|rs|cs|fs|vb|swift)$/;

function isModel({ value, code, offset, before, path }: RuleMatch): boolean {
  if (code[offset - 1] === "'" && DOUBLE_QUOTES_ONLY.test(path)) return false;
  if (/^\s*(?:import|#include|using|require)\b/.test(before)) return false;
  return isModelName(value, code, offset);
}

/** Model names as complete strings, in languages without more specific rules. */
export const MODEL_LITERAL_RULES = rulesFor({ families: OTHER_CODE }, [
  {
    id: 'code-model-literal',
    kind: 'model',
    pattern: pattern()`(?<=["'\`])(?<value>${MODEL_NAME})(?=\\?["'\`])`,
    accept: isModel,
    hardCoded: (found) => !isFallback(found),
    role: roleInCode,
    examples: {
      hit: [
        ['const defaultModel = "gpt-4o"', 'gpt-4o'],
        ['model := "openai/gpt-4o-mini"', 'openai/gpt-4o-mini'],
        ['body := `{"model": "o1"}`', 'o1'],
        ['payload := "{\\"model\\":\\"gpt-3.5-turbo\\"}"', 'gpt-3.5-turbo'],
      ],
      trap: [
        'log.Println("gpt-4o is not available")',
        'header := "o1"',
        'image := "all-minilm"',
        'hint := "for example \'gpt-4o\'"',
        'path := "gpt-4o/prompts"',
      ],
    },
  },
  {
    id: 'code-model-prefix',
    kind: 'model',
    // The rule above reports complete names.
    pattern:
      /(?:[sS]tarts?_?[wW]ith\??|[hH]as_?[pP]refix|match\??)\s?[( ]\s?(?:[\w.$]{1,60},\s?)?(?:["']|\/(?:\^|\\A))(?<value>(?:gpt-|chatgpt-|o[134]-|dall-e-|text-embedding-)[\w.-]{0,30})/,
    role: 'prefix_check',
    hardCoded: true,
    examples: {
      file: 'app/models/picture.rb',
      hit: [
        ['if model.start_with?("gpt-image-")', 'gpt-image-'],
        ['if strings.HasPrefix(model, "gpt-") {', 'gpt-'],
        ['model.match?(/\\Agpt-5(?:-|\\z)/)', 'gpt-5'],
      ],
      trap: ['if name.start_with?("gptimage")', 'if path.match?(/\\A\\/v1/)'],
    },
  },
  {
    id: 'code-model-in-placeholder',
    kind: 'model',
    pattern: pattern()`\$\{[\w.-]{2,80}:(?<value>${MODEL_NAME})\}`,
    hardCoded: false,
    role: 'default',
    examples: {
      file: 'src/main/java/AiConfig.java',
      hit: [['@Value("${app.openai.model:gpt-4o-mini}") String model', 'gpt-4o-mini']],
      trap: ['@Value("${app.openai.model}") String model'],
    },
  },
  {
    id: 'code-model-word-list',
    kind: 'model',
    families: ['ruby', 'other'],
    pattern: /%[wWiI][[({](?<value>[^\])}]{2,600})[\])}]/,
    each: MODEL_NAME,
    accept: ({ value, match }) => isModelName(value, match[0], 0),
    hardCoded: true,
    role: 'table',
    examples: {
      file: 'app/models/chat.rb',
      hit: [['ALLOWED = %w[gpt-4o gpt-4].freeze', 'gpt-4']],
      trap: ['FORMATS = %w[mp3 wav o1]'],
    },
  },
]);
