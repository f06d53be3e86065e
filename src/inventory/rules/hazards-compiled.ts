import { chainedCalls } from '../call-chain.ts';
import type { HazardRule } from '../hazards.ts';
import { OTHER_CODE } from '../languages.ts';
import { MODEL_NAME, pattern } from '../vocabulary.ts';

const SET_THEM = 'which multiply with those of a gateway. Set its timeout and its retries.';

/** What breaks after the switch in compiled languages, in Ruby, PHP and in their frameworks' settings. */
export const COMPILED_HAZARD_RULES: readonly HazardRule[] = [
  {
    id: 'hazard-model-switch',
    kind: 'prefix_check',
    families: OTHER_CODE,
    pattern: pattern()`(?:\b(?:case|when)\s+(?:["'][^"'\n]{1,60}["']\s*,\s*){0,8}|[!=]==?\s*|\b(?:equals(?:IgnoreCase)?|EqualFold|Equals)\(\s*(?:\w+,\s*)?)["'](?<value>${MODEL_NAME})["'](?!\s*;)`,
    needs: 'nothing',
    // `case Small = 'gpt-4o'` declares a member of an enumeration.
    accept: ({ before }) => !/\bcase\s+\w+\s*=\s*["']?$/.test(before),
    message:
      'The model name decides here what is done. A gateway may name models otherwise (with a provider, or an alias): decide by configuration, and let unknown names pass.',
    examples: {
      hit: [
        ['case "gpt-4o", "gpt-4o-mini":', 'gpt-4o-mini'],
        ['if model == "gpt-4" {', 'gpt-4'],
        ['if (model.equals("o1")) {', 'o1'],
      ],
      trap: ["case Small = 'gpt-4o';", 'model := "gpt-4o"', 'case "gpt":'],
    },
  },
  {
    id: 'hazard-model-match-arm',
    kind: 'prefix_check',
    families: ['rust'],
    pattern: pattern(
      'm',
    )`^\s*(?:"[^"\n]{1,60}"\s*\|\s*){0,8}"(?<value>${MODEL_NAME})"(?:\s*\|\s*"[^"\n]{1,60}"){0,8}\s*(?:if\b[^\n]{1,60})?=>`,
    needs: 'nothing',
    message:
      'The model name decides here what is done. A gateway may name models otherwise (with a provider, or an alias): decide by configuration, and let unknown names pass.',
    examples: {
      hit: [['    "gpt-4o" | "gpt-4o-mini" => 128_000,', 'gpt-4o-mini']],
      trap: ['    let model = "gpt-4o";', '    "model": "gpt-4o",'],
    },
  },
  {
    id: 'hazard-spring-appended-version',
    kind: 'appended_version',
    families: ['config'],
    pattern:
      /spring\.ai\.openai(?:\.\w+)?\.base-url\s*=\s*(?<dotted>[^\s#]{1,200}\/v1)\/?\s*$|^[ \t]*openai:[ \t]*\n(?:[ \t][^\n]*\n){0,12}?[ \t]+base-url:[ \t]*["']?(?<value>[^\s"'#]{1,200}\/v1)\/?["']?\s*$/m,
    needs: 'nothing',
    accept: ({ match, code }) => match.groups?.dotted !== undefined || /^\s*ai:/m.test(code),
    message:
      'Before 2.0, Spring AI appends /v1 to this URL itself, so that it asks for /v1/v1. Leave /v1 out here, or set the completions-path.',
    examples: {
      file: 'src/main/resources/application.yml',
      hit: [
        [
          'spring:\n  ai:\n    openai:\n      base-url: https://gateway.example.com/v1\n',
          'https://gateway.example.com/v1',
        ],
      ],
      trap: [
        'spring:\n  ai:\n    openai:\n      base-url: https://gateway.example.com\n',
        // Deep indents, which a pattern may divide among its parts in very many ways.
        `openai:\n${`${' '.repeat(16)}option: value\n`.repeat(14)}`,
      ],
    },
  },
  {
    id: 'hazard-default-limits-go',
    kind: 'default_client_limits',
    families: ['go'],
    pattern: /\bopenai\.(?<value>NewClient)\(/,
    needs: ['openai-go'],
    accept: ({ inside, code }) =>
      !/\.\.\.\s*$/.test(inside) && !/WithMaxRetries|WithRequestTimeout/.test(code),
    message: `The client keeps its own limits: no timeout, and 2 retries, ${SET_THEM}`,
    examples: {
      hit: [['client := openai.NewClient()', 'NewClient']],
      trap: ['client := openai.NewClient(option.WithMaxRetries(1))', 'client := openai.NewClient(opts...)'],
    },
  },
  {
    id: 'hazard-no-limits-go',
    kind: 'default_client_limits',
    families: ['go'],
    pattern: /\b\w+\.(?<value>NewClient|DefaultConfig)\(/,
    needs: ['go-openai'],
    accept: ({ code, match }) =>
      /^(?:openai|\w*gpt\w*|goopenai)\./i.test(match[0]) && !/\.HTTPClient\s*=|HTTPClient:/.test(code),
    message:
      'This client has no timeout and never tries again: a gateway that stalls holds the request for ever. Give it an HTTP client with a timeout, or a context with a deadline.',
    examples: {
      hit: [['client := openai.NewClient(token)', 'NewClient']],
      trap: [
        'cfg := openai.DefaultConfig(token)\ncfg.HTTPClient = client',
        'rdb := redis.NewClient(options)',
      ],
    },
  },
  {
    id: 'hazard-default-limits-java',
    kind: 'default_client_limits',
    families: ['jvm'],
    pattern: /\b(?<value>OpenAIOkHttpClient(?:Async)?)\s*\.\s*(?:builder|fromEnv)\(/,
    needs: ['openai-java'],
    accept: ({ code, offset }) =>
      !chainedCalls(code, offset).some(({ name }) => name === 'timeout' || name === 'maxRetries') &&
      !/\.maxRetries\(/.test(code),
    message: `The client keeps its own limits: 10 minutes for each try, and 2 retries, ${SET_THEM}`,
    examples: {
      hit: [['OpenAIClient client = OpenAIOkHttpClient.fromEnv();', 'OpenAIOkHttpClient']],
      trap: ['OpenAIOkHttpClient.builder().apiKey(key).timeout(limit).build()'],
    },
  },
  {
    id: 'hazard-default-limits-ruby',
    kind: 'default_client_limits',
    families: ['ruby'],
    pattern: /\b(?<value>OpenAI::Client\.new)\(/,
    needs: ['openai-ruby'],
    accept: ({ inside }) => !/\b(?:timeout|max_retries):|\*\*/.test(inside),
    message: `The client keeps its own limits: 10 minutes for each try, and 2 retries, ${SET_THEM}`,
    examples: {
      hit: [['client = OpenAI::Client.new(api_key: key)', 'OpenAI::Client.new']],
      trap: ['client = OpenAI::Client.new(api_key: key, max_retries: 1)'],
    },
  },
  {
    id: 'hazard-default-limits-dotnet',
    kind: 'default_client_limits',
    families: ['dotnet'],
    pattern: /\bnew\s+(?<value>OpenAIClient|AzureOpenAIClient|ChatClient)\(/,
    needs: ['openai-dotnet', 'azure-openai'],
    accept: ({ inside, code }) =>
      inside.trim() !== '' &&
      !/[oO]ptions/.test(inside) &&
      !/NetworkTimeout|RetryPolicy|MaxRetries/.test(code),
    message: `The client keeps its own limits: 100 seconds for each try, and 3 retries, ${SET_THEM}`,
    examples: {
      hit: [['var client = new ChatClient(model, key);', 'ChatClient']],
      trap: ['var client = new ChatClient(model, credential, options);'],
    },
  },
];
