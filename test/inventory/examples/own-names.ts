import type { Example } from './example.ts';

/** What small programs call their settings, sections and classes around the API. */
export const OWN_NAME_EXAMPLES: readonly Example[] = [
  {
    file: 'plugin/writer.php',
    finds: 'api_key',
    after: "$url = 'https://api.openai.com/v1/chat/completions';",
    hit: [["$key = get_option('writer_api_key');", 'writer_api_key']],
    trap: ["$key = $request->get_param('writer_api_key');", "$key = get_option('stripe_api_key');"],
  },
  {
    file: 'plugin/shop.php',
    finds: 'api_key',
    after: "$url = 'https://api.openai.com/v1/chat/completions';",
    hit: [],
    trap: ["$key = get_option('shop_api_key');\n$map = get_option('maps_api_key');"],
  },
  {
    file: 'public/page.js',
    finds: 'api_key',
    after: 'const url = base + "/v1/chat/completions"',
    hit: [["const key = localStorage.getItem('api-key')", 'api-key']],
    trap: ["const key = req.get('api-key')"],
  },
  {
    file: 'lib/answers.ex',
    finds: 'base_url',
    as: 'accessor',
    after: 'path = "/v1/chat/completions"',
    hit: [['url = Application.fetch_env!(:shop, :proxy_api_base)', 'proxy_api_base']],
    trap: ['url = Application.fetch_env!(:shop, :crm_url)'],
  },
  {
    file: 'src/Answers.php',
    finds: 'api_key',
    after: 'use App\\OpenAI;',
    hit: [
      ['$this->api = new OpenAI($this->settings->api_key);', 'api_key'],
      ["$this->api = new OpenAI($config['token']);", 'token'],
    ],
    trap: ['$this->api = new Crm($this->settings->api_key);'],
  },
  {
    file: 'nuxt.config.ts',
    finds: 'api_key',
    hit: [
      ["runtimeConfig: { openai: { model: '', key: '' } }", 'key'],
      ["  openai: { apiKey: credentials('writer') }", 'apiKey'],
    ],
    trap: [
      "icons: { openai: { key: 'brand' } }",
      'interface Settings { openai: { apiKey: string } }',
      "mailer: { key: '' }, by: 'openai'",
    ],
  },
  {
    file: 'config/services.php',
    finds: 'api_key',
    hit: [["'openai' => [\n  'timeout' => 30,\n  'key' => env('WRITER_SECRET'),\n],", 'key']],
    trap: ["'openai' => ['label' => 'Key'],\n'crm' => ['key' => env('CRM_SECRET')],"],
  },
  {
    file: 'server/answers.ts',
    finds: 'base_url',
    as: 'implicit',
    after: "import OpenAi from 'openai'",
    hit: [['const client = new OpenAi({ apiKey: key })', '(implicit)']],
    trap: ['const client = new OpenAIClient({ apiKey: key })'],
  },
  {
    file: 'app/answers.py',
    finds: 'base_url',
    after: 'import openai',
    hit: [['base_url = "https://llm.example.com/v1"', 'https://llm.example.com/v1']],
    trap: ['base_url = "https://maps.example.com/geocode/search"'],
  },
  {
    file: 'lib/answers.ex',
    finds: 'endpoint',
    hit: [
      ['openai |> OpenaiEx.Chat.Completions.create!(request, stream: true)', 'chat.completions'],
      ['OpenaiEx.Audio.Transcription.create(openai, request)', 'audio.transcriptions'],
    ],
    trap: ['repo |> Shop.Chat.Completions.create!(request)'],
  },
  {
    file: 'lib/answers.ex',
    finds: 'base_url',
    as: 'implicit',
    hit: [['openai = key() |> OpenaiEx.new()', '(implicit)']],
    trap: [['openai = key() |> OpenaiEx.new() |> OpenaiEx.with_base_url(url)', 'with_base_url']],
  },
  {
    file: 'lib/answers.ex',
    finds: 'feature',
    after: 'alias OpenaiEx.Chat\nmessages = []',
    hit: [['parts = [MsgContent.image_url(picture)]', 'vision']],
    trap: ['Avatar.image_url(user)', 'Client.cancel_chat_stream(pid)'],
  },
  {
    file: 'src/Request.php',
    finds: 'feature',
    after: "$path = '/chat/completions';",
    hit: [['public $stream = true;', 'streaming']],
    trap: ['public $stream = false;'],
  },
  {
    file: 'lua/answers.lua',
    finds: 'feature',
    after: 'local url = "https://api.openai.com/v1/chat/completions"',
    hit: [],
    trap: ['curl.post(url, { body = encode(messages), stream = vim.schedule_wrap(show) })'],
  },
];
