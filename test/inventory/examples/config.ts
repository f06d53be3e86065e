// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const CONFIG_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'environment',
    file: '.env.example',
    after: 'uses_openai ;',
    hit: [
      ['OPENAI_BASE_URL=https://api.openai.com/v1', 'https://api.openai.com/v1'],
      ['OPENAI_API_BASE=', 'OPENAI_API_BASE'],
      ['LLM_API_URL="http://localhost:8080/v1"', 'http://localhost:8080/v1'],
    ],
    trap: ['SENTRY_BASE_URL=https://sentry.example.com', 'DATABASE_URL=postgres://localhost/app'],
  },
  {
    finds: 'base_url',
    as: 'literal',
    file: '.env.example',
    hit: [['API_BASE=https://api.openai.com/v1', 'https://api.openai.com/v1']],
    trap: ['API_BASE=https://desk.example.com/v1'],
  },
  {
    finds: 'api_key',
    as: 'environment',
    file: '.env.example',
    hit: [
      ['OPENAI_API_KEY=', 'OPENAI_API_KEY'],
      ['export AZURE_OPENAI_API_KEY=sk-xxx', 'AZURE_OPENAI_API_KEY'],
      ['BASE_URL=https://api.openai.com/v1\nAPI_KEY=', 'API_KEY'],
    ],
    trap: ['STRIPE_API_KEY=', '# OPENAI_API_KEY=', 'BASE_URL=https://desk.example.com\nAPI_KEY='],
  },
  {
    finds: 'api_key',
    as: 'literal',
    file: '.env.example',
    hit: [['OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx', '(hidden)']],
    trap: [
      ['OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx', 'OPENAI_API_KEY'],
      ['OPENAI_API_KEY=sk-...', 'OPENAI_API_KEY'],
    ],
  },
  {
    finds: 'model',
    file: '.env.example',
    hit: [
      ['OPENAI_MODEL=gpt-4.1', 'gpt-4.1'],
      ['EMBEDDINGS="text-embedding-3-small" # or large', 'text-embedding-3-small'],
      ['OPENAI_API_MODEL=', 'OPENAI_API_MODEL'],
      ['ALLOWED_MODELS=gpt-4o,gpt-4o-mini', 'gpt-4o-mini'],
    ],
    trap: [
      'NOTE=gpt-4.1 is slower',
      ['OPENAI_MODEL=', 'OPENAI_MODEL'],
      ['OPENAI_MODEL=gpt-4o', 'gpt-4o'],
      'WHISPER_DIR=/tmp',
      'ALLOWED_TOOLS=search,mail',
    ],
  },
  {
    finds: 'client_setting',
    file: '.env.example',
    hit: [
      ['OPENAI_TIMEOUT_MS=30000', 'timeout'],
      ['LLM_MAX_RETRIES=3', 'retries'],
    ],
    trap: ['HTTP_TIMEOUT=30'],
  },
  {
    finds: 'base_url',
    as: 'section',
    file: 'src/main/resources/application.properties',
    hit: [
      ['spring.ai.openai.base-url=https://gateway.example.com', 'https://gateway.example.com'],
      ['langchain4j.open-ai.chat-model.base-url=${LLM_URL}', 'LLM_URL'],
    ],
    trap: ['spring.datasource.url=jdbc:postgresql://db/app', 'spring.ai.openai.chat.options.model=m'],
  },
  {
    finds: 'api_key',
    as: 'section',
    file: 'src/main/resources/application.properties',
    hit: [
      ['spring.ai.openai.api-key=${SPRING_AI_KEY}', 'SPRING_AI_KEY'],
      ['openai.api.key=', 'openai.api.key'],
      ['openai.api.key=sk-abcdefghijklmnopqrstuvwx', '(hidden)'],
    ],
    trap: ['spring.security.key=abc', 'spring.ai.openai.chat.options.max-tokens=100'],
  },
  {
    finds: 'base_url',
    as: 'section',
    hit: [
      [
        'spring:\n  ai:\n    openai:\n      base-url: https://gateway.example.com\n',
        'https://gateway.example.com',
      ],
      ['openai:\n  baseUrl: ${OPENAI_GATEWAY}\n', 'OPENAI_GATEWAY'],
      ['OPENAI_BASE_URL: "https://gateway.example.com/v1"', 'https://gateway.example.com/v1'],
      ['      - OPENAI_API_BASE=${OPENAI_API_BASE:-https://api.openai.com/v1}', 'https://api.openai.com/v1'],
      ['- name: OPENAI_BASE_URL\n  value: http://litellm:4000/v1', 'http://litellm:4000/v1'],
      ['chatUrl: https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1'],
      [
        "settings:\n  chatbot_open_ai_custom_url_high_trust:\n    default: ''\n",
        'chatbot_open_ai_custom_url_high_trust',
      ],
      ['"openAIBaseUrl": "http://litellm:4000"', 'http://litellm:4000'],
    ],
    trap: [
      'database:\n  url: https://db.example.com\n',
      'openai:\n  model: m\nsentry:\n  url: https://s.example.com\n',
      'SENTRY_BASE_URL: https://sentry.example.com/v1',
      ['OPENAI_BASE_URL: ""', 'OPENAI_BASE_URL'],
      'docs: https://platform.openai.com/docs',
      'open_ai_custom_url: "The address that requests are sent to"',
      'openai_url_timeout: 30',
      'opensearch_url: https://search.example.com',
    ],
  },
  {
    finds: 'api_key',
    as: 'section',
    hit: [
      ['spring:\n  ai:\n    openai:\n      api-key: ${AI_KEY}\n', 'AI_KEY'],
      ['openai:\n  api_key: ""\n', 'api_key'],
      ['OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx', '(hidden)'],
    ],
    trap: [
      'stripe:\n  api_key: ${STRIPE_KEY}\n',
      ['OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx', 'OPENAI_API_KEY'],
      ['OPENAI_API_KEY=sk-your-key-goes-here-please', 'OPENAI_API_KEY'],
    ],
  },
  {
    finds: 'base_url',
    as: 'section',
    file: 'appsettings.json',
    hit: [
      [
        '{ "OpenAI": { "Endpoint": "https://api.example.com/v1", "ApiKey": "" } }',
        'https://api.example.com/v1',
      ],
    ],
    trap: ['{ "Sentry": { "Endpoint": "https://sentry.example.com" } }'],
  },
  {
    finds: 'api_key',
    as: 'section',
    file: 'appsettings.json',
    hit: [
      ['{ "AzureOpenAI": { "Endpoint": "", "ApiKey": "" } }', 'ApiKey'],
      ['{ "OpenAI": { "Key": "sk-abcdefghijklmnopqrstuvwx" } }', '(hidden)'],
    ],
    trap: ['{ "Stripe": { "ApiKey": "" } }'],
  },
  {
    finds: 'base_url',
    as: 'section',
    file: 'settings.toml',
    hit: [['[llm.openai]\nbase_url = "https://gateway.example.com/v1"', 'https://gateway.example.com/v1']],
    trap: ['[sentry]\nurl = "https://sentry.example.com"'],
  },
  {
    finds: 'api_key',
    as: 'section',
    file: 'settings.toml',
    hit: [['[openai]\napi_key = "${AI_KEY}"', 'AI_KEY']],
    trap: ['[stripe]\napi_key = "x"'],
  },
  {
    finds: 'api_key',
    as: 'section',
    file: 'main.tf',
    hit: [
      ['variable "openai_api_key" {\n  sensitive = true\n}', 'openai_api_key'],
      ['  key = var.openai_api_key', 'openai_api_key'],
    ],
    trap: ['variable "stripe_api_key" {}', 'description = "openai_api_key of the team"'],
  },
  {
    finds: 'api_key',
    as: 'section',
    file: '.github/workflows/review.yml',
    hit: [['apikey: ${{ secrets.OPENAI_API_KEY }}', 'OPENAI_API_KEY']],
    trap: ['token: ${{ secrets.GITHUB_TOKEN }}'],
  },
  {
    finds: 'base_url',
    as: 'section',
    file: '.github/workflows/review.yml',
    hit: [['endpoint: ${{ vars.OPENAI_BASE_URL }}', 'OPENAI_BASE_URL']],
    trap: ['endpoint: ${{ vars.SENTRY_URL }}'],
  },
  {
    finds: 'base_url',
    as: 'section',
    file: 'appsettings.json',
    after: 'uses_openai ;',
    hit: [['"openai": "Endpoint=https://acme.openai.azure.com/;Key=",', 'https://acme.openai.azure.com/']],
    trap: ['"bus": "Endpoint=sb://acme.servicebus.windows.net/"'],
  },
  {
    finds: 'model',
    hit: [
      ['model: gpt-4o-mini', 'gpt-4o-mini'],
      ['OPENAI_MODEL: ${OPENAI_MODEL:-gpt-4o}', 'gpt-4o'],
      ['models:\n  - gpt-4.1\n  - "o3-mini"', 'o3-mini'],
      ['      gpt-4o:\n        fallback: gpt-4', 'gpt-4'],
    ],
    trap: ['description: gpt-4o', 'image: acme/gpt-4o:latest', 'zone: o1', 'title: Ask gpt-4o'],
  },
  {
    finds: 'client_setting',
    hit: [
      ['OPENAI_TIMEOUT: 30', 'timeout'],
      ['OPENAI_MAX_RETRIES=3', 'retries'],
      ['langchain4j.open-ai.chat-model.timeout=60s', 'timeout'],
    ],
    trap: ['REDIS_TIMEOUT: 30'],
  },
  {
    finds: 'base_url',
    as: 'section',
    after: 'uses_openai ;',
    hit: [
      ['model: gpt-4o\nbase_url: ""\n', 'base_url'],
      ['environment:\n  BASE_URL: ""\n  MODEL: "gpt-4o"\n', 'BASE_URL'],
      ['VITE_CUSTOM_API_ENDPOINT=\nVITE_OPENAI_API_KEY=\n', 'VITE_CUSTOM_API_ENDPOINT'],
      ['llm:\n  model: gpt-4o\n  apiBase: http://litellm:4000\n', 'http://litellm:4000'],
    ],
    trap: [
      'BASE_URL=https://app.example.com\nOPENAI_API_KEY=\n',
      ['OPENAI_BASE_URL=\nOPENAI_MODEL=gpt-4o\nAPI_URL=https://app.example.com\n', 'OPENAI_BASE_URL'],
      'sentry:\n  base_url: https://s.example.com\nllm:\n  model: gpt-4o\n',
      'STRIPE_API_BASE=https://stripe.example.com\nMODEL=gpt-4o\n',
    ],
  },
  {
    finds: 'api_key',
    as: 'section',
    after: 'uses_openai ;',
    hit: [
      ['api_key: "xxxxxxxx"\nmodel: gpt-4o\n', 'api_key'],
      ['{\n  "apiKey": "",\n  "model": "gpt-4o"\n}\n', 'apiKey'],
      ['environment:\n  APIKEY: xxxxxx\n  MODEL: "gpt-4o"\n', 'APIKEY'],
    ],
    trap: [
      'firebase:\n  api_key: AIza\nllm:\n  model: gpt-4o\n',
      '[firebase]\napi_key = "AIza"\n[llm]\nmodel = "gpt-4o"\n',
      ['API_KEY=\nOPENAI_API_KEY=\nMODEL=gpt-4o\n', 'OPENAI_API_KEY'],
      ['model: gpt-4o\napi_key: os.environ/OPENAI_API_KEY\n', 'OPENAI_API_KEY'],
    ],
  },
  {
    finds: 'api_key',
    as: 'section',
    file: 'infra/main.tf',
    hit: [['openai = {\n  api_key = var.ai_key\n}', 'ai_key']],
    trap: ['crm = {\n  api_key = var.crm_key\n}'],
  },
  {
    finds: 'client_setting',
    file: 'infra/main.tf',
    hit: [['openai {\n  timeout = 30\n}', 'timeout']],
    trap: ['crm {\n  timeout = 30\n}'],
  },
];
