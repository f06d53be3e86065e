// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const RUBY_EXAMPLES: readonly Example[] = [
  {
    finds: 'model',
    file: 'app/models/chat.rb',
    hit: [['ALLOWED = %w[gpt-4o gpt-4].freeze', 'gpt-4']],
    trap: ['FORMATS = %w[mp3 wav o1]'],
  },
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [
      ['client = OpenAI::Client.new', '(implicit)'],
      ['@client ||= OpenAI::Client.new(\n  access_token: token,\n  request_timeout: 240\n)', '(implicit)'],
      ['OpenAI.configure do |config|\n  config.access_token = token\nend', '(implicit)'],
    ],
    trap: [
      ['OpenAI::Client.new(access_token: token, uri_base: base)', 'uri_base'],
      'OpenAI::Client.new(**options)',
      ['OpenAI.configure { |c| c.uri_base = url }\nOpenAI::Client.new', 'uri_base'],
      ['OpenAI.configure do |config|\n  config.uri_base = url\nend', 'uri_base'],
    ],
  },
  {
    finds: 'base_url',
    as: 'literal',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [
      ['OpenAI::Client.new(uri_base: "https://gateway.example.com/v1")', 'https://gateway.example.com/v1'],
      ['  config.uri_base = "https://oai.hconeai.com/"', 'https://oai.hconeai.com/'],
    ],
    trap: ['groq_base_url = "https://api.groq.com"', ['uri_base: ENV["OPENAI_BASE_URL"]', 'OPENAI_BASE_URL']],
  },
  {
    finds: 'base_url',
    as: 'option',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [
      ['OpenAI::Client.new(access_token: key, uri_base: settings.url)', 'uri_base'],
      [
        'OpenAI.configure do |config|\n  config.uri_base = ENV.fetch("LLM_GATEWAY_URL", nil)\nend',
        'LLM_GATEWAY_URL',
      ],
    ],
    trap: ['def initialize(base_url: nil)', 'Faraday.new(url, base_url: host)'],
  },
  {
    finds: 'api_key',
    as: 'option',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [
      ['OpenAI::Client.new(access_token: ENV.fetch("OPENAI_ACCESS_TOKEN"))', 'OPENAI_ACCESS_TOKEN'],
      ['OpenAI::Client.new(api_key: Rails.application.credentials.dig(:openai, :api_key))', 'openai.api_key'],
      ['OpenAI.configure do |config|\n  config.access_token = settings.token\nend', 'access_token'],
      ['::OpenAI.configure { |config| config.access_token = settings.token }', 'access_token'],
      ['options = { access_token: settings.token }\nOpenAI::Client.new(options)', 'access_token'],
    ],
    trap: [
      'user.access_token = token',
      'Stripe.api_key = key',
      'options = { access_token: token }\nSlack::Client.new(options)',
    ],
  },
  {
    finds: 'api_key',
    as: 'accessor',
    hit: [['key = Rails.application.credentials.openai[:access_token]', 'openai.access_token']],
    trap: ['id = Rails.application.credentials.openai[:organization_id]'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [['OpenAI::Client.new(access_token: "sk-abcdefghijklmnopqrstuvwx")', '(hidden)']],
    trap: ['OpenAI::Client.new(access_token: "sk-xxxxxxxxxxxxxxxxxxxxxxxx")'],
  },
  {
    finds: 'client_setting',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [
      ['OpenAI::Client.new(access_token: key, request_timeout: 240)', 'timeout'],
      ['OpenAI::Client.new(api_key: key, max_retries: 0)', 'retries'],
    ],
    trap: ['sidekiq_options timeout: 30'],
  },
  {
    finds: 'endpoint',
    hit: [
      ['response = client.chat(\n  parameters: {\n    model: model,', 'chat.completions'],
      ['client.audio.transcribe(parameters: { file: file })', 'audio.transcriptions'],
      ['client.embeddings(parameters: { input: text })', 'embeddings'],
    ],
    trap: ['room.chat(message: text)', 'llm.chat(**options)', 'i18n.translate(key, default: "")'],
  },
  {
    finds: 'endpoint',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [
      ['names = client.models.list["data"]', 'models.list'],
      ['client.threads.create', 'threads'],
      ['client.chat.completions.create(messages: messages, model: model)', 'chat.completions'],
      ['stream = client.responses.stream(input: text)', 'responses'],
      ['client.images.edit(image: file)', 'images.edits'],
    ],
    trap: ['storage.files.list', 'user.images.created_at', 'anthropic.completions.create(prompt: text)'],
  },
  {
    finds: 'feature',
    after: 'rescue OpenAI::Models::ErrorObject',
    hit: [
      ['stream = client.chat.completions.stream_raw(messages: messages)', 'streaming'],
      ['client.chat(parameters: { model: m, stream: proc { |chunk| print chunk } })', 'streaming'],
      ['client.chat(parameters: {\n  tools: TOOLS,\n})', 'tools'],
      ['parameters[:tools] = tools', 'tools'],
      ['response_format: { type: "json_object" }', 'json_mode'],
      ['response_format: {\n  type: "json_schema",\n  json_schema: schema\n}', 'structured_outputs'],
      ['client.chat.completions.create(response_format: Recipe)', 'structured_outputs'],
    ],
    trap: [
      'client.chat.completions.create(messages: messages)',
      'client.chat(parameters: { stream: false })',
      'client.chat(parameters: { tools: [] })',
      'def call(prompt, seed: nil)',
      'render turbo_stream: [update]',
      'response_format: { type: "text" }',
      'response_format: params[:format]',
    ],
  },
];
