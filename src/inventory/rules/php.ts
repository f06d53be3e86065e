import { chainedCalls, statementUpTo } from '../call-chain.ts';
import { variableIn } from '../call-options.ts';
import type { Rule } from '../rule.ts';
import { type ApiFeature, type Endpoint, HIDDEN, IMPLICIT } from '../site.ts';
import { anyOf, pattern } from '../vocabulary.ts';

const CLIENTS = ['openai-php', 'openai-laravel'] as const;

/** Resources of the client, up to the method. */
const RESOURCES: Readonly<Record<string, Endpoint>> = {
  chat: 'chat.completions',
  completions: 'completions',
  responses: 'responses',
  conversations: 'conversations',
  embeddings: 'embeddings',
  images: 'images.generations',
  audio: 'audio.transcriptions',
  files: 'files',
  batches: 'batches',
  assistants: 'assistants',
  threads: 'threads',
  vectorStores: 'vector_stores',
  containers: 'containers',
  fineTuning: 'fine_tuning',
  moderations: 'moderations',
  models: 'models.list',
  realtime: 'realtime',
};

const METHODS: Readonly<Record<string, Endpoint>> = {
  edit: 'images.edits',
  editStreamed: 'images.edits',
  variation: 'images.variations',
  speech: 'audio.speech',
  speechStreamed: 'audio.speech',
  translate: 'audio.translations',
};

/** Parameters of a request, as keys of an array. */
const PARAMETERS: Readonly<Record<string, ApiFeature>> = {
  stream: 'streaming',
  stream_options: 'stream_options',
  tools: 'tools',
  functions: 'tools',
  parallel_tool_calls: 'parallel_tool_calls',
  max_completion_tokens: 'max_completion_tokens',
  reasoning_effort: 'reasoning_effort',
  logprobs: 'logprobs',
  top_logprobs: 'logprobs',
  logit_bias: 'logit_bias',
  seed: 'seed',
  service_tier: 'service_tier',
  previous_response_id: 'previous_response_id',
  image_url: 'vision',
  input_image: 'vision',
  input_audio: 'audio_input',
};

/** openai-php and its Laravel package. */
export const PHP_RULES: readonly Rule[] = [
  {
    id: 'php-client-implicit',
    kind: 'base_url',
    families: ['php'],
    pattern: /\b(?<value>OpenAI::(?:client|factory))\(/,
    needs: CLIENTS,
    value: IMPLICIT,
    accept: ({ code, offset, value }) => {
      const names = chainedCalls(code, offset).map(({ name }) => name);
      if (names.includes('withBaseUri')) return false;
      return value.endsWith('client') || names.includes('make') || !/->withBaseUri\(/.test(code);
    },
    hardCoded: true,
    confidence: 'high',
    note: 'The client calls the official API: this library reads no variable for the URL.',
    examples: {
      hit: [
        ['$client = OpenAI::client($apiKey);', IMPLICIT],
        ['$client = \\OpenAI::factory()\n    ->withApiKey($key)\n    ->withHttpClient($http)\n    ->make();', IMPLICIT],
      ],
      trap: [
        "$client = OpenAI::factory()->withApiKey($key)->withBaseUri('gateway.example.com/v1')->make();",
        '$factory = OpenAI::factory();\nif ($url) {\n  $factory = $factory->withBaseUri($url);\n}',
      ],
    },
  },
  {
    id: 'php-base-url-literal',
    kind: 'base_url',
    families: ['php'],
    // This library takes a URL without a scheme, too.
    pattern: /->withBaseUri\(\s*["'](?<value>[\w.-]+(?::\/\/|\.\w|:\d)[^"'\s]{0,200})["']/,
    needs: CLIENTS,
    hardCoded: true,
    confidence: 'high',
    examples: {
      hit: [["OpenAI::factory()->withBaseUri('gateway.example.com/v1')", 'gateway.example.com/v1']],
      trap: ["Http::withUrl('https://example.com')", '$factory->withBaseUri($url)'],
    },
  },
  {
    id: 'php-base-url-option',
    kind: 'base_url',
    families: ['php'],
    pattern: /->withBaseUri\((?!\s*["'])\s*(?<value>[^\s)][^\n]{0,120})/,
    needs: CLIENTS,
    value: (expression) => variableIn(expression) ?? configIn(expression) ?? 'withBaseUri',
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ["OpenAI::factory()->withBaseUri(config('services.openai.url'))", 'services.openai.url'],
        ["OpenAI::factory()->withBaseUri(getenv('LLM_GATEWAY_URL'))", 'LLM_GATEWAY_URL'],
        ['OpenAI::factory()\n  ->withBaseUri($this->baseUri)', 'withBaseUri'],
      ],
      trap: ['$request->withUri($uri)'],
    },
  },
  {
    id: 'php-config-read',
    kind: 'api_key',
    families: ['php'],
    pattern:
      /\b(?:config|Config::get|get_option|getConfig|settings?)\(\s*["'](?<value>[\w.-]*(?:open_?-?ai|chat_?gpt|\bllm)[\w.-]*?(?:api[._-]?key|[._-]key|[._-]token|secret\w*))["']/i,
    needs: 'nothing',
    hardCoded: false,
    confidence: 'medium',
    examples: {
      hit: [
        ["$key = config('services.openai.key');", 'services.openai.key'],
        ["get_option('myplugin_openai_api_key')", 'myplugin_openai_api_key'],
      ],
      trap: ["config('services.stripe.key')", "config('openai.model')"],
    },
  },
  {
    id: 'php-config-base-url',
    kind: 'base_url',
    families: ['php'],
    pattern:
      /\b(?:config|Config::get|get_option)\(\s*["'](?<value>[\w.-]*(?:open_?-?ai|chat_?gpt|\bllm)[\w.-]*?(?:base[._-]?ur[li]|[._-]ur[li]|[._-]endpoint|[._-]host|api_base))["']/i,
    needs: 'nothing',
    hardCoded: false,
    confidence: 'medium',
    examples: {
      hit: [["$url = config('openai.base_uri');", 'openai.base_uri']],
      trap: ["$url = config('services.sentry.url');"],
    },
  },
  {
    id: 'php-api-key-option',
    kind: 'api_key',
    families: ['php'],
    pattern: /(?:->withApiKey\(|\bOpenAI::client\()(?!\s*["'])\s*(?<value>[^\s)][^\n]{0,120})/,
    needs: CLIENTS,
    value: (expression) => variableIn(expression) ?? configIn(expression) ?? /\$(?:this->)?(\w+)/.exec(expression)?.[1] ?? 'withApiKey',
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ["OpenAI::client(getenv('OPENAI_API_KEY'))", 'OPENAI_API_KEY'],
        ['OpenAI::factory()->withApiKey($this->apiKey)', 'apiKey'],
        ["OpenAI::client(config('ai.keys.openai'))", 'ai.keys.openai'],
      ],
      trap: ['$stripe->withKey($key)'],
    },
  },
  {
    id: 'php-api-key-literal',
    kind: 'api_key',
    families: ['php'],
    pattern: /(?:->withApiKey\(|\bOpenAI::client\()\s*["'](?<value>sk-(?!x|your)[\w-]{16,200})["']/,
    needs: CLIENTS,
    value: HIDDEN,
    hardCoded: true,
    confidence: 'high',
    note: 'A key in the repository is known to everyone who can read it: revoke it.',
    examples: {
      hit: [["OpenAI::client('sk-abcdefghijklmnopqrstuvwx')", HIDDEN]],
      trap: ["OpenAI::client('sk-xxxxxxxxxxxxxxxxxxxxxxxx')", "OpenAI::client('YOUR_API_KEY')"],
    },
  },
  {
    id: 'php-endpoint',
    kind: 'endpoint',
    families: ['php'],
    pattern:
      /(?:->|::)\s*(?<value>chat|completions|responses|embeddings|moderations)\(\)\s*->\s*(?:create\w*|stream\w*|retrieve\w*)\(/,
    needs: 'nothing',
    value: (resource) => RESOURCES[resource] ?? null,
    accept: ({ code, match }) => !/anthropic|gemini|mistral|ollama/i.test(statementUpTo(code, match.index)),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['$response = OpenAI::chat()->create([', 'chat.completions'],
        ['$stream = $this->client->chat()->createStreamed([', 'chat.completions'],
      ],
      trap: ['$this->chat()->send($message)', '$mistral->chat()->create(['],
    },
  },
  {
    id: 'php-other-endpoint',
    kind: 'endpoint',
    families: ['php'],
    pattern: pattern()`(?:->|::)\s*(?<value>${anyOf(RESOURCES)})\(\)\s*->\s*(?:(?:runs|messages|jobs|files)\(\)\s*->\s*)?(?<method>create\w*|stream\w*|retrieve\w*|list\w*|upload|edit\w*|variation|transcribe\w*|speech\w*|translate|delete|download|cancel|search|modify)\(`,
    needs: CLIENTS,
    value: (resource, { match }) => METHODS[match.groups?.method ?? ''] ?? RESOURCES[resource] ?? null,
    // Relations of a model (`$user->files()->create()`) are called the same.
    accept: ({ code, match }) => /OpenAI|client|\bai\b/i.test(statementUpTo(code, match.index).slice(-120)),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['$client->audio()->speech([', 'audio.speech'],
        ['OpenAI::images()->create([', 'images.generations'],
      ],
      trap: ['$user->files()->create(['],
    },
  },
  {
    id: 'php-streamed-call',
    kind: 'feature',
    families: ['php'],
    pattern: /->\s*(?<value>createStreamed|speechStreamed|transcribeStreamed|editStreamed)\(/,
    needs: 'nothing',
    value: 'streaming',
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [['$client->chat()->createStreamed([', 'streaming']],
      trap: ['$client->chat()->create(['],
    },
  },
  {
    id: 'php-request-parameter',
    kind: 'feature',
    families: ['php'],
    pattern: pattern()`(?:["'](?<value>${anyOf(PARAMETERS)})["']\s*=>|\[["'](?<set>${anyOf(PARAMETERS)})["']\]\s*=(?![=>]))(?!\s*(?:null\b|false\b|\[\s*\]|array\(\s*\))|\s*["']?(?:nullable|required|sometimes|string|array|boolean|integer)\b)`,
    needs: 'evidence',
    value: (_, { match: { groups = {} } }) => PARAMETERS[groups.value ?? groups.set ?? ''] ?? null,
    accept: ({ value, sdks, code }) =>
      sdks.length > 0 || (value !== 'stream' && value !== 'seed') || /chat\/completions|\/v1\/responses|api\.openai\.com/.test(code),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ["$client->chat()->create(['model' => $model, 'tools' => $tools]);", 'tools'],
        ["['type' => 'image_url', 'image_url' => ['url' => $url]]", 'vision'],
        ["$payload['tools'] = $tools;", 'tools'],
      ],
      trap: [
        "['model' => $model, 'tools' => []]",
        "new Client(['stream' => false])",
        "$request->validate(['tools' => 'nullable|array'])",
      ],
    },
  },
  {
    id: 'php-response-format',
    kind: 'feature',
    families: ['php'],
    pattern: /["'](?:response_format|format)["']\s*\]?\s*=>?\s*(?:\[|array\()\s*["']type["']\s*=>\s*["'](?<value>json_schema|json_object)["']/,
    needs: 'evidence',
    value: (type) => (type === 'json_schema' ? 'structured_outputs' : 'json_mode'),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ["'response_format' => ['type' => 'json_object'],", 'json_mode'],
        ["'response_format' => [\n  'type' => 'json_schema',", 'structured_outputs'],
      ],
      trap: ["'response_format' => ['type' => 'text'],"],
    },
  },
  {
    id: 'php-client-timeout',
    kind: 'client_setting',
    families: ['php'],
    pattern: /->withHttpClient\((?<value>[^;]{0,200}?["']timeout["']\s*=>)/,
    needs: CLIENTS,
    value: 'timeout',
    hardCoded: true,
    confidence: 'high',
    examples: {
      hit: [["OpenAI::factory()->withHttpClient(new Client(['timeout' => 30]))->make();", 'timeout']],
      trap: ['OpenAI::factory()->withHttpClient($http)->make();'],
    },
  },
  {
    id: 'php-laravel-timeout',
    kind: 'client_setting',
    families: ['php'],
    files: /(?:^|\/)config\/openai\.php$/,
    pattern: /["'](?<value>request_timeout)["']\s*=>/,
    needs: 'nothing',
    value: 'timeout',
    hardCoded: false,
    confidence: 'high',
    examples: {
      file: 'config/openai.php',
      hit: [["'request_timeout' => env('OPENAI_REQUEST_TIMEOUT', 30),", 'timeout']],
      trap: ["'timeout_message' => 'Too slow',"],
    },
  },
];

/** `config('services.openai.key')` → `services.openai.key`. */
const configIn = (expression: string): string | null =>
  /\b(?:config|get_option|Config::get|env)\(\s*["']([\w.-]+)["']/.exec(expression)?.[1] ?? null;
