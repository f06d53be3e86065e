import { variableIn } from '../call-options.ts';
import type { Found, Rule } from '../rule.ts';
import { type ApiFeature, type Endpoint, HIDDEN, IMPLICIT } from '../site.ts';
import { anyOf, pattern, URL_TEXT } from '../vocabulary.ts';

const CLIENTS = ['ruby-openai', 'openai-ruby'] as const;

/** Methods of ruby-openai that take `parameters:`. */
const METHODS: Readonly<Record<string, Endpoint>> = {
  chat: 'chat.completions',
  completions: 'completions',
  embeddings: 'embeddings',
  moderations: 'moderations',
  'responses.create': 'responses',
  'images.generate': 'images.generations',
  'images.edit': 'images.edits',
  'images.variations': 'images.variations',
  'audio.transcribe': 'audio.transcriptions',
  'audio.translate': 'audio.translations',
  'audio.speech': 'audio.speech',
  transcribe: 'audio.transcriptions',
  translate: 'audio.translations',
  'files.upload': 'files',
  'batches.create': 'batches',
  'finetunes.create': 'fine_tuning',
  'assistants.create': 'assistants',
  'threads.create': 'threads',
  'messages.create': 'threads',
  'runs.create': 'threads',
  'vector_stores.create': 'vector_stores',
  'realtime.create': 'realtime',
};

/** Resources of openai-ruby, with the method that makes them a call. */
const RESOURCES: Readonly<Record<string, Endpoint>> = {
  'chat.completions.': 'chat.completions',
  'completions.': 'completions',
  'responses.': 'responses',
  'conversations.': 'conversations',
  'embeddings.': 'embeddings',
  'images.': 'images.generations',
  'audio.transcriptions.': 'audio.transcriptions',
  'audio.translations.': 'audio.translations',
  'audio.speech.': 'audio.speech',
  'files.': 'files',
  'uploads.': 'uploads',
  'batches.': 'batches',
  'beta.assistants.': 'assistants',
  'beta.threads.': 'threads',
  'vector_stores.': 'vector_stores',
  'fine_tuning.jobs.': 'fine_tuning',
  'moderations.': 'moderations',
  'models.': 'models.list',
  'realtime.': 'realtime',
  'videos.': 'videos',
};

/** Parameters of a request, as keys of a hash or as keywords. */
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
  prediction: 'prediction',
  service_tier: 'service_tier',
  previous_response_id: 'previous_response_id',
};

const OTHER_SERVICE = /anthropic|gemini|groq|mistral|cohere|ollama|stripe|slack|redis|faraday/i;

/** What a client is set up with; the arguments or the block of `OpenAI.configure`. */
const hasUrl = (text: string): boolean => /\b(?:uri_base|base_url|azure|api_type)\b|\*\*/.test(text);

/** Whether the match stands in the arguments of a client of the API or in its configuration block. */
function inClient({ code, match }: Found): boolean {
  const before = code.slice(Math.max(0, match.index - 400), match.index);
  const open = /OpenAI(?:::Client\.new\s*\(?|\.configure\s+(?:do|\{)\s*\|)[^)]*$/.test(before);
  return open || /^\s*(?:config|c)\.$/.test(before.split('\n').at(-1) ?? '');
}

/** ruby-openai and openai-ruby. */
export const RUBY_RULES: readonly Rule[] = [
  {
    id: 'ruby-client-implicit',
    kind: 'base_url',
    families: ['ruby'],
    pattern: /\b(?<value>OpenAI::Client\.new)\b(?<args>\()?/,
    needs: CLIENTS,
    value: IMPLICIT,
    accept: ({ inside, match, code, after }) => {
      if (match.groups?.args === undefined && /^\s+\S*(?:uri_base|base_url|\*)/.test(after)) return false;
      return !hasUrl(inside) && !/^\s*\w+\s*$/.test(inside) && !/\.uri_base\s*=/.test(code);
    },
    hardCoded: ({ sdks }) => !sdks.includes('openai-ruby'),
    confidence: 'high',
    note: 'A client without a URL calls the official API (openai-ruby: unless OPENAI_BASE_URL is set).',
    examples: {
      hit: [
        ['client = OpenAI::Client.new', IMPLICIT],
        ['@client ||= OpenAI::Client.new(\n  access_token: token,\n  request_timeout: 240\n)', IMPLICIT],
      ],
      trap: [
        'OpenAI::Client.new(access_token: token, uri_base: base)',
        'OpenAI::Client.new(**options)',
        'OpenAI.configure { |c| c.uri_base = url }\nOpenAI::Client.new',
      ],
    },
  },
  {
    id: 'ruby-base-url-literal',
    kind: 'base_url',
    families: ['ruby'],
    pattern: pattern()`\b(?:uri_base|base_url|api_base)\s*(?::|=)\s*["'](?<value>${URL_TEXT})["']`,
    needs: CLIENTS,
    accept: ({ before }) => !OTHER_SERVICE.test(before),
    hardCoded: true,
    confidence: 'high',
    examples: {
      hit: [
        ['OpenAI::Client.new(uri_base: "https://gateway.example.com/v1")', 'https://gateway.example.com/v1'],
        ['  config.uri_base = "https://oai.hconeai.com/"', 'https://oai.hconeai.com/'],
      ],
      trap: ['groq_base_url = "https://api.groq.com"', 'uri_base: ENV["OPENAI_BASE_URL"]'],
    },
  },
  {
    id: 'ruby-base-url-option',
    kind: 'base_url',
    families: ['ruby'],
    pattern: /\b(?<option>uri_base|base_url)\s*(?::|=)\s*(?!["'=]|nil\b)(?<value>[^\s,)][^,\n)]{0,120})/,
    needs: CLIENTS,
    value: (expression, { match }) => variableIn(expression) ?? match.groups?.option ?? null,
    accept: inClient,
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['OpenAI::Client.new(access_token: key, uri_base: settings.url)', 'uri_base'],
        ['OpenAI.configure do |config|\n  config.uri_base = ENV.fetch("LLM_GATEWAY_URL", nil)\nend', 'LLM_GATEWAY_URL'],
      ],
      trap: ['def initialize(base_url: nil)', 'Faraday.new(url, base_url: host)'],
    },
  },
  {
    id: 'ruby-api-key-option',
    kind: 'api_key',
    families: ['ruby'],
    pattern: /\b(?<option>access_token|api_key)\s*(?::|=)\s*(?!["'=]|nil\b)(?<value>[^\s,)](?:[^,\n]|,\s?:){0,120})/,
    needs: CLIENTS,
    value: (expression, { match }) => variableIn(expression) ?? credentialIn(expression) ?? match.groups?.option ?? null,
    accept: inClient,
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['OpenAI::Client.new(access_token: ENV.fetch("OPENAI_ACCESS_TOKEN"))', 'OPENAI_ACCESS_TOKEN'],
        ['OpenAI::Client.new(api_key: Rails.application.credentials.dig(:openai, :api_key))', 'openai.api_key'],
        ['OpenAI.configure do |config|\n  config.access_token = settings.token\nend', 'access_token'],
      ],
      trap: ['user.access_token = token', 'Stripe.api_key = key'],
    },
  },
  {
    id: 'ruby-credentials',
    kind: 'api_key',
    families: ['ruby'],
    pattern: /\bcredentials(?:\.dig\(|[.[])\s*:?(?<value>open_?ai(?:[^\s)]|,\s){0,60})/,
    needs: 'nothing',
    value: (expression) => (/key|token|secret/.test(expression) ? credentialIn(`credentials.${expression}`) : null),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [['key = Rails.application.credentials.openai[:access_token]', 'openai.access_token']],
      trap: ['id = Rails.application.credentials.openai[:organization_id]'],
    },
  },
  {
    id: 'ruby-api-key-literal',
    kind: 'api_key',
    families: ['ruby'],
    pattern: /\b(?:access_token|api_key)\s*(?::|=)\s*["'](?<value>sk-(?!x|your)[\w-]{16,200})["']/,
    needs: CLIENTS,
    value: HIDDEN,
    hardCoded: true,
    confidence: 'high',
    note: 'A key in the repository is known to everyone who can read it: revoke it.',
    examples: {
      hit: [['OpenAI::Client.new(access_token: "sk-abcdefghijklmnopqrstuvwx")', HIDDEN]],
      trap: ['OpenAI::Client.new(access_token: "sk-xxxxxxxxxxxxxxxxxxxxxxxx")'],
    },
  },
  {
    id: 'ruby-openai-endpoint',
    kind: 'endpoint',
    sdk: 'ruby-openai',
    families: ['ruby'],
    pattern: pattern()`[.&]\s*(?<value>${anyOf(METHODS)})(?:\(\s*|[ \t]+)(?:\w+:\s*[\w.@]+\s*,\s*)?(?:parameters:|\{\s*parameters:|\*\*)`,
    needs: 'nothing',
    value: (method) => METHODS[method] ?? null,
    accept: ({ before }) => !OTHER_SERVICE.test(before),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['response = client.chat(\n  parameters: {\n    model: model,', 'chat.completions'],
        ['client.audio.transcribe(parameters: { file: file })', 'audio.transcriptions'],
        ['client.embeddings(parameters: { input: text })', 'embeddings'],
      ],
      trap: ['room.chat(message: text)', 'i18n.translate(key, default: "")'],
    },
  },
  {
    id: 'ruby-openai-listing',
    kind: 'endpoint',
    sdk: 'ruby-openai',
    families: ['ruby'],
    pattern: /(?:client|openai|@ai)\w*(?:\(\))?\s*\.\s*(?<value>models\.(?:list|retrieve)|files\.(?:list|retrieve|content|delete)|runs\.(?:retrieve|list)|messages\.list|threads\.(?:create|retrieve)|batches\.retrieve)\b/,
    needs: CLIENTS,
    value: (call) => LISTED[call.split('.', 1)[0] ?? ''] ?? null,
    hardCoded: false,
    confidence: 'medium',
    examples: {
      hit: [
        ['names = client.models.list["data"]', 'models.list'],
        ['client.threads.create', 'threads'],
      ],
      trap: ['Car.models.list', 'storage.files.list'],
    },
  },
  {
    id: 'openai-ruby-endpoint',
    kind: 'endpoint',
    sdk: 'openai-ruby',
    families: ['ruby'],
    pattern: pattern()`\.(?<value>${anyOf(RESOURCES)})(?<method>create|stream(?:_raw)?|generate|edit|retrieve|list|delete|content|search|cancel)\b(?!\(?\s*parameters:)`,
    needs: ['openai-ruby'],
    value: (resource, { before, match }) => {
      if (resource === 'completions.' && before.endsWith('chat.')) return null;
      if (resource === 'images.' && match.groups?.method === 'edit') return 'images.edits';
      return RESOURCES[resource] ?? null;
    },
    accept: ({ before }) => !OTHER_SERVICE.test(before),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['client.chat.completions.create(messages: messages, model: model)', 'chat.completions'],
        ['stream = client.responses.stream(input: text)', 'responses'],
        ['client.images.edit(image: file)', 'images.edits'],
      ],
      trap: ['user.images.created_at', 'anthropic.completions.create(prompt: text)'],
    },
  },
  {
    id: 'openai-ruby-stream-call',
    kind: 'feature',
    sdk: 'openai-ruby',
    families: ['ruby'],
    pattern: /\.(?:completions|responses)\.(?<value>stream(?:_raw)?)\b/,
    needs: ['openai-ruby'],
    value: 'streaming',
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [['stream = client.chat.completions.stream_raw(messages: messages)', 'streaming']],
      trap: ['client.chat.completions.create(messages: messages)'],
    },
  },
  {
    id: 'ruby-request-parameter',
    kind: 'feature',
    families: ['ruby'],
    pattern: pattern()`(?<![\w.@])(?:(?<value>${anyOf(PARAMETERS)}):|["'](?<quoted>${anyOf(PARAMETERS)})["']\s*=>|parameters\[:(?<set>${anyOf(PARAMETERS)})\]\s*=)\s+(?!nil\b|false\b|\[\]|\{\}|true\s*do)`,
    needs: CLIENTS,
    value: (_, { match: { groups = {} } }) => PARAMETERS[groups.value ?? groups.quoted ?? groups.set ?? ''] ?? null,
    accept: ({ before, after }) => !/^\s*def\b|turbo_|attr_|validates|\bt\.\w+\s/.test(before) && !/^\s*,|^\s*\)/.test(after),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['client.chat(parameters: { model: m, stream: proc { |chunk| print chunk } })', 'streaming'],
        ['client.chat(parameters: {\n  tools: TOOLS,\n})', 'tools'],
        ['parameters[:tools] = tools', 'tools'],
      ],
      trap: [
        'client.chat(parameters: { stream: false })',
        'client.chat(parameters: { tools: [] })',
        'def call(prompt, seed: nil)',
        'render turbo_stream: [update]',
      ],
    },
  },
  {
    id: 'ruby-response-format',
    kind: 'feature',
    families: ['ruby'],
    pattern: /\b(?:response_format|text):\s*(?:\{\s*(?:format:\s*\{\s*)?(?:type:|["']type["']\s*=>)\s*(?:["':]+)(?<value>json_schema|json_object)|(?<model>[A-Z]\w+(?:::\w+)*)\b)/,
    needs: CLIENTS,
    value: (value) => (value === 'json_object' ? 'json_mode' : 'structured_outputs'),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['response_format: { type: "json_object" }', 'json_mode'],
        ['response_format: {\n  type: "json_schema",\n  json_schema: schema\n}', 'structured_outputs'],
        ['client.chat.completions.create(response_format: Recipe)', 'structured_outputs'],
      ],
      trap: ['response_format: { type: "text" }', 'response_format: params[:format]'],
    },
  },
  {
    id: 'ruby-client-setting',
    kind: 'client_setting',
    families: ['ruby'],
    pattern: /\b(?<value>request_timeout|timeout|max_retries)\s*(?::|=)\s*(?=[\w(@])/,
    needs: CLIENTS,
    value: (option) => (option === 'max_retries' ? 'retries' : 'timeout'),
    accept: inClient,
    hardCoded: ({ after }) => /^\s*[:=]?\s*\d/.test(after),
    confidence: 'high',
    examples: {
      hit: [
        ['OpenAI::Client.new(access_token: key, request_timeout: 240)', 'timeout'],
        ['OpenAI::Client.new(api_key: key, max_retries: 0)', 'retries'],
      ],
      trap: ['sidekiq_options timeout: 30'],
    },
  },
];

const LISTED: Readonly<Record<string, Endpoint>> = {
  models: 'models.list',
  files: 'files',
  runs: 'threads',
  messages: 'threads',
  threads: 'threads',
  batches: 'batches',
};

/** `Rails.application.credentials.dig(:openai, :api_key)` → `openai.api_key`. */
function credentialIn(expression: string): string | null {
  const path = /credentials(?<path>[^\n]{1,80})/.exec(expression)?.groups?.path;
  const names = path?.replace(/\.?(?:dig|fetch|production|development)\b/g, '').match(/[a-z]\w+/g) ?? [];
  return names.length === 0 ? null : names.slice(0, 3).join('.');
}
