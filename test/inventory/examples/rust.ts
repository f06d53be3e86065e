// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const RUST_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'use async_openai::Client;',
    hit: [
      ['let client = Client::new();', '(implicit)'],
      ['let config = OpenAIConfig::new().with_api_key(key);', '(implicit)'],
    ],
    trap: [
      [
        'let config = OpenAIConfig::new()\n    .with_api_key(key)\n    .with_api_base(base);',
        'with_api_base',
      ],
      'let http = reqwest::Client::new();',
    ],
  },
  {
    finds: 'base_url',
    as: 'literal',
    after: 'use async_openai::Client;',
    hit: [['config.with_api_base("http://localhost:11434/v1")', 'http://localhost:11434/v1']],
    trap: [['config.with_api_base(base)', 'with_api_base'], 'config.with_proxy("http://localhost:8080")'],
  },
  {
    finds: 'base_url',
    as: 'option',
    after: 'use async_openai::Client;',
    hit: [
      ['config = config.with_api_base(&settings.base_url);', 'with_api_base'],
      ['config.with_api_base(env::var("LLM_GATEWAY_URL")?)', 'LLM_GATEWAY_URL'],
    ],
    trap: ['fn with_api_base(base: &str) {'],
  },
  {
    finds: 'api_key',
    as: 'option',
    after: 'use async_openai::Client;',
    hit: [
      ['OpenAIConfig::new().with_api_key(settings.api_key.clone())', 'api_key'],
      ['OpenAIConfig::new().with_api_key(env::var("ACME_OPENAI_KEY")?)', 'ACME_OPENAI_KEY'],
    ],
    trap: ['OpenAIConfig::new().with_api_key("ollama")'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    after: 'use async_openai::Client;',
    hit: [['config.with_api_key("sk-abcdefghijklmnopqrstuvwx")', '(hidden)']],
    trap: ['config.with_api_key("unused")'],
  },
  {
    finds: 'endpoint',
    after: 'use async_openai::Client;',
    hit: [
      ['let response = client.chat().create(request).await?;', 'chat.completions'],
      [
        'let stream = self.client\n    .chat()\n    .create_stream(request)\n    .await?;',
        'chat.completions',
      ],
      ['client.audio().speech(request).await?', 'audio.speech'],
      ['client.images().generate(request).await?', 'images.generations'],
    ],
    trap: ['let n = response.embeddings().len();', 'self.chat().await?'],
  },
  {
    finds: 'feature',
    after: 'use async_openai::Client;',
    hit: [
      ['client.chat().create_stream(request).await?', 'streaming'],
      ['CreateChatCompletionRequestArgs::default()\n    .tools(tools)', 'tools'],
      ['CreateChatCompletionRequest { model, tools: Some(tools), ..Default::default() }', 'tools'],
      ['CreateChatCompletionRequestArgs::default().max_completion_tokens(512u32)', 'max_completion_tokens'],
      ['.response_format(ResponseFormat::JsonSchema { json_schema })', 'structured_outputs'],
    ],
    trap: [
      'fn create_stream(name: &str) {',
      'CreateChatCompletionRequestArgs::default().stream(false)',
      'CreateChatCompletionRequest { tools: None }',
      'cache.store(item)',
      'use types::ResponseFormat::JsonSchema;',
      '.response_format(ResponseFormat::Text)',
    ],
  },
  {
    finds: 'client_setting',
    after: 'use async_openai::Client;',
    hit: [
      ['Client::with_config(config).with_backoff(backoff)', 'retries'],
      ['Client::new().with_http_client(reqwest::Client::builder().timeout(t).build()?)', 'timeout'],
    ],
    trap: ['Client::new().with_http_client(http)'],
  },
  {
    finds: 'endpoint',
    after: 'let url = "https://api.openai.com/v1/chat/completions";',
    hit: [['let url = format!("{}/batches", self.base_url);', 'batches']],
    trap: ['let path = format!("{}/files", folder);'],
  },
];
