// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const PHP_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
    hit: [
      ['$client = OpenAI::client($apiKey);', '(implicit)'],
      [
        '$client = \\OpenAI::factory()\n    ->withApiKey($key)\n    ->withHttpClient($http)\n    ->make();',
        '(implicit)',
      ],
    ],
    trap: [
      [
        "$client = OpenAI::factory()->withApiKey($key)->withBaseUri('gateway.example.com/v1')->make();",
        'gateway.example.com/v1',
      ],
      [
        '$factory = OpenAI::factory();\nif ($url) {\n  $factory = $factory->withBaseUri($url);\n}',
        'withBaseUri',
      ],
    ],
  },
  {
    finds: 'base_url',
    as: 'literal',
    after: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
    hit: [["OpenAI::factory()->withBaseUri('gateway.example.com/v1')", 'gateway.example.com/v1']],
    trap: ["Http::withUrl('https://example.com')", ['$factory->withBaseUri($url)', 'withBaseUri']],
  },
  {
    finds: 'base_url',
    as: 'option',
    after: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
    hit: [
      ["OpenAI::factory()->withBaseUri(config('services.openai.url'))", 'services.openai.url'],
      ["OpenAI::factory()->withBaseUri(getenv('LLM_GATEWAY_URL'))", 'LLM_GATEWAY_URL'],
      ['OpenAI::factory()\n  ->withBaseUri($this->baseUri)', 'withBaseUri'],
    ],
    trap: ['$request->withUri($uri)'],
  },
  {
    finds: 'api_key',
    as: 'accessor',
    hit: [
      ["$key = config('services.openai.key');", 'services.openai.key'],
      ["get_option('myplugin_openai_api_key')", 'myplugin_openai_api_key'],
    ],
    trap: ["config('services.stripe.key')", "config('openai.model')"],
  },
  {
    finds: 'base_url',
    as: 'accessor',
    hit: [["$url = config('openai.base_uri');", 'openai.base_uri']],
    trap: ["$url = config('services.sentry.url');"],
  },
  {
    finds: 'api_key',
    as: 'option',
    after: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
    hit: [
      ["OpenAI::client(getenv('OPENAI_API_KEY'))", 'OPENAI_API_KEY'],
      ['OpenAI::factory()->withApiKey($this->apiKey)', 'apiKey'],
      ["OpenAI::client(config('ai.keys.openai'))", 'ai.keys.openai'],
    ],
    trap: ['$stripe->withKey($key)'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    after: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
    hit: [["OpenAI::client('sk-abcdefghijklmnopqrstuvwx')", '(hidden)']],
    trap: ["OpenAI::client('sk-xxxxxxxxxxxxxxxxxxxxxxxx')", "OpenAI::client('YOUR_API_KEY')"],
  },
  {
    finds: 'client_setting',
    after: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
    hit: [["OpenAI::factory()->withHttpClient(new Client(['timeout' => 30]))->make();", 'timeout']],
    trap: ['OpenAI::factory()->withHttpClient($http)->make();'],
  },
  {
    finds: 'client_setting',
    file: 'config/openai.php',
    hit: [["'request_timeout' => env('OPENAI_REQUEST_TIMEOUT', 30),", 'timeout']],
    trap: ["'timeout_message' => 'Too slow',"],
  },
  {
    finds: 'endpoint',
    hit: [
      ['$response = OpenAI::chat()->create([', 'chat.completions'],
      ['$stream = $this->client->chat()->createStreamed([', 'chat.completions'],
    ],
    trap: ['$this->chat()->send($message)', '$mistral->chat()->create(['],
  },
  {
    finds: 'endpoint',
    after: 'use OpenAI\\Laravel\\Facades\\OpenAI;',
    hit: [
      ['$client->audio()->speech([', 'audio.speech'],
      ['OpenAI::images()->create([', 'images.generations'],
    ],
    trap: ['$user->files()->create(['],
  },
  {
    finds: 'feature',
    hit: [['$client->chat()->createStreamed([', 'streaming']],
    trap: ['$client->chat()->create(['],
  },
  {
    finds: 'feature',
    after: 'uses_openai ;',
    hit: [
      ["$client->chat()->create(['model' => $model, 'tools' => $tools]);", 'tools'],
      ["$payload['tools'] = $tools;", 'tools'],
    ],
    trap: [
      "['model' => $model, 'tools' => []]",
      "new Client(['stream' => false])",
      "$request->validate(['tools' => 'nullable|array'])",
    ],
  },
  {
    finds: 'endpoint',
    after: "$base = 'https://api.openai.com/v1';",
    hit: [["$this->request($user, 'moderations', $params)", 'moderations']],
    trap: ["$this->cache($user, 'moderations', $params)"],
  },
];
