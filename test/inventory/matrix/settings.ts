// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are settings in other formats
import type { Cell, Column, Row } from './rows.ts';

const DATA = 'settings are data, and make no calls';

type CodeRow =
  | 'implicit URL'
  | 'implicit key'
  | 'literal'
  | 'option'
  | 'own accessor'
  | 'bare name'
  | 'model setting'
  | 'own function'
  | 'endpoint behind a constant'
  | 'streaming by named argument'
  | 'tools'
  | 'structured outputs'
  | 'other abilities'
  | 'prefix check';

/** A column of a settings format: the rows that are about code have no cell. */
function settings(file: string, cells: Readonly<Record<Exclude<Row, CodeRow>, Cell>>): Column {
  const reasons: Readonly<Record<CodeRow, string>> = {
    'implicit URL': DATA,
    'implicit key': DATA,
    literal: 'a URL in settings is configuration, not hard-coded',
    option: 'see “configuration section”',
    'own accessor': 'see “configuration section”',
    'bare name': 'see “configuration section”',
    'model setting': 'see “configuration section”',
    'own function': DATA,
    'endpoint behind a constant': DATA,
    'streaming by named argument': DATA,
    tools: DATA,
    'structured outputs': DATA,
    'other abilities': DATA,
    'prefix check': DATA,
  };
  return { file, in: '', cells: { ...reasons, ...cells } };
}

const NO_DEFAULTS = 'the format has no reads with a default';
const NO_SECTIONS = 'the format has no sections';
const NO_LISTS = 'the format has no lists';
const NO_HEADERS = 'headers are set by code';

/** Settings, by format. */
export const SETTINGS_COLUMNS: Readonly<Record<string, Column>> = {
  dotenv: settings('.env.example', {
    environment: ['OPENAI_API_KEY=', 'STRIPE_API_KEY='],
    'default of a read': [
      'OPENAI_BASE_URL=${GATEWAY:-https://api.openai.com/v1}',
      'CRM_URL=${GATEWAY:-https://crm.example.com/v1}',
    ],
    'configuration section': NO_SECTIONS,
    'Authorization header': NO_HEADERS,
    timeout: ['OPENAI_TIMEOUT=30', 'CRM_TIMEOUT=30'],
    retries: ['OPENAI_MAX_RETRIES=2', 'CRM_MAX_RETRIES=2'],
    'allow-list': ['ALLOWED_MODELS=gpt-4o,gpt-4.1,o3-mini', 'ALLOWED_TOOLS=search,mail,print'],
  }),
  YAML: settings('config/app.yaml', {
    environment: ['key: ${OPENAI_API_KEY}', 'key: ${STRIPE_API_KEY}'],
    'default of a read': [
      'url: ${OPENAI_BASE_URL:https://api.openai.com/v1}',
      'url: ${CRM_URL:https://crm.example.com/v1}',
    ],
    'configuration section': [
      'openai:\n  base_url: https://llm.example.com/v1\n',
      'crm:\n  base_url: https://crm.example.com/v1\n',
    ],
    'Authorization header': [
      'openai:\n  headers:\n    Authorization: Bearer ${TOKEN}\n',
      'crm:\n  headers:\n    Authorization: Bearer ${TOKEN}\n',
    ],
    timeout: ['openai:\n  timeout: 30\n', 'crm:\n  timeout: 30\n'],
    retries: ['openai:\n  max_retries: 2\n', 'crm:\n  max_retries: 2\n'],
    'allow-list': ['models: ["gpt-4o", "gpt-4.1", "o3-mini"]', 'tools: ["search", "mail", "print"]'],
  }),
  TOML: settings('config/app.toml', {
    environment: ['[llm]\nkey = "${OPENAI_API_KEY}"', '[crm]\nkey = "${STRIPE_API_KEY}"'],
    'default of a read': NO_DEFAULTS,
    'configuration section': [
      '[openai]\nbase_url = "https://llm.example.com/v1"',
      '[crm]\nbase_url = "https://crm.example.com/v1"',
    ],
    'Authorization header': NO_HEADERS,
    timeout: ['[openai]\ntimeout = 30', '[crm]\ntimeout = 30'],
    retries: ['[openai]\nmax_retries = 2', '[crm]\nmax_retries = 2'],
    'allow-list': ['models = ["gpt-4o", "gpt-4.1", "o3-mini"]', 'tools = ["search", "mail", "print"]'],
  }),
  JSON: settings('config/app.json', {
    environment: ['{ "key": "${OPENAI_API_KEY}" }', '{ "key": "${STRIPE_API_KEY}" }'],
    'default of a read': NO_DEFAULTS,
    'configuration section': [
      '{ "OpenAI": { "BaseUrl": "https://llm.example.com/v1" } }',
      '{ "Crm": { "BaseUrl": "https://crm.example.com/v1" } }',
    ],
    'Authorization header': NO_HEADERS,
    timeout: ['{ "OpenAI": { "Timeout": 30 } }', '{ "Crm": { "Timeout": 30 } }'],
    retries: ['{ "OpenAI": { "MaxRetries": 2 } }', '{ "Crm": { "MaxRetries": 2 } }'],
    'allow-list': [
      '{ "models": ["gpt-4o", "gpt-4.1", "o3-mini"] }',
      '{ "tools": ["search", "mail", "print"] }',
    ],
  }),
  properties: settings('src/main/resources/application.properties', {
    environment: ['llm.key=${OPENAI_API_KEY}', 'crm.key=${STRIPE_API_KEY}'],
    'default of a read': [
      'llm.url=${OPENAI_BASE_URL:https://api.openai.com/v1}',
      'crm.url=${CRM_URL:https://crm.example.com/v1}',
    ],
    'configuration section': [
      'spring.ai.openai.base-url=https://llm.example.com',
      'crm.base-url=https://crm.example.com',
    ],
    'Authorization header': NO_HEADERS,
    timeout: ['langchain4j.open-ai.chat-model.timeout=60s', 'crm.timeout=60s'],
    retries: ['langchain4j.open-ai.chat-model.max-retries=2', 'crm.max-retries=2'],
    'allow-list': ['app.models=gpt-4o,gpt-4.1,o3-mini', 'app.tools=search,mail,print'],
  }),
  Terraform: settings('infra/main.tf', {
    environment: ['environment = { OPENAI_API_KEY = var.key }', 'environment = { STRIPE_API_KEY = var.key }'],
    'default of a read': [
      'variable "openai_base_url" {\n  default = "https://api.openai.com/v1"\n}',
      'variable "crm_url" {\n  default = "https://crm.example.com/v1"\n}',
    ],
    'configuration section': [
      'locals {\n  openai = {\n    base_url = "https://llm.example.com/v1"\n  }\n}',
      'locals {\n  crm = {\n    base_url = "https://crm.example.com/v1"\n  }\n}',
    ],
    'Authorization header': NO_HEADERS,
    timeout: ['environment = { OPENAI_TIMEOUT = 30 }', 'environment = { CRM_TIMEOUT = 30 }'],
    retries: ['environment = { OPENAI_MAX_RETRIES = 2 }', 'environment = { CRM_MAX_RETRIES = 2 }'],
    'allow-list': ['models = ["gpt-4o", "gpt-4.1", "o3-mini"]', 'tools = ["search", "mail", "print"]'],
  }),
  Dockerfile: settings('Dockerfile', {
    environment: ['ENV OPENAI_API_KEY=""', 'ENV STRIPE_API_KEY=""'],
    'default of a read': [
      'ENV OPENAI_BASE_URL=https://api.openai.com/v1',
      'ENV CRM_URL=https://crm.example.com/v1',
    ],
    'configuration section': NO_SECTIONS,
    'Authorization header': NO_HEADERS,
    timeout: ['ENV OPENAI_TIMEOUT=30', 'ENV CRM_TIMEOUT=30'],
    retries: ['ENV OPENAI_MAX_RETRIES=2', 'ENV CRM_MAX_RETRIES=2'],
    'allow-list': NO_LISTS,
  }),
  compose: settings('compose.yaml', {
    environment: [
      'services:\n  app:\n    environment:\n      - OPENAI_API_KEY\n',
      'services:\n  app:\n    environment:\n      - STRIPE_API_KEY\n',
    ],
    'default of a read': [
      'environment:\n  - OPENAI_BASE_URL=${OPENAI_BASE_URL:-https://api.openai.com/v1}\n',
      'environment:\n  - CRM_URL=${CRM_URL:-https://crm.example.com/v1}\n',
    ],
    'configuration section': [
      'environment:\n  OPENAI_BASE_URL: http://litellm:4000/v1\n',
      'environment:\n  CRM_URL: http://crm:4000/v1\n',
    ],
    'Authorization header': NO_HEADERS,
    timeout: ['environment:\n  OPENAI_TIMEOUT: 30\n', 'environment:\n  CRM_TIMEOUT: 30\n'],
    retries: ['environment:\n  OPENAI_MAX_RETRIES: 2\n', 'environment:\n  CRM_MAX_RETRIES: 2\n'],
    'allow-list': [
      'environment:\n  ALLOWED_MODELS: gpt-4o,gpt-4.1,o3-mini\n',
      'environment:\n  ALLOWED_TOOLS: search,mail,print\n',
    ],
  }),
  Helm: settings('chart/templates/deployment.yaml', {
    environment: [
      'env:\n  - name: OPENAI_API_KEY\n    valueFrom: {}\n',
      'env:\n  - name: STRIPE_API_KEY\n    valueFrom: {}\n',
    ],
    'default of a read': [
      'env:\n  - name: OPENAI_BASE_URL\n    value: {{ .Values.openai.url | default "https://api.openai.com/v1" }}\n',
      'env:\n  - name: CRM_URL\n    value: {{ .Values.crm.url | default "https://crm.example.com/v1" }}\n',
    ],
    'configuration section': [
      'env:\n  - name: OPENAI_BASE_URL\n    value: http://litellm:4000/v1\n',
      'env:\n  - name: CRM_URL\n    value: http://crm:4000/v1\n',
    ],
    'Authorization header': NO_HEADERS,
    timeout: [
      'env:\n  - name: OPENAI_TIMEOUT\n    value: "30"\n',
      'env:\n  - name: CRM_TIMEOUT\n    value: "30"\n',
    ],
    retries: [
      'env:\n  - name: OPENAI_MAX_RETRIES\n    value: "2"\n',
      'env:\n  - name: CRM_MAX_RETRIES\n    value: "2"\n',
    ],
    'allow-list': [
      'models:\n  - "gpt-4o"\n  - "gpt-4.1"\n  - "o3-mini"\n',
      'tools:\n  - "search"\n  - "mail"\n  - "print"\n',
    ],
  }),
  CI: settings('.github/workflows/review.yml', {
    environment: [
      'env:\n  KEY: ${{ secrets.OPENAI_API_KEY }}\n',
      'env:\n  KEY: ${{ secrets.STRIPE_API_KEY }}\n',
    ],
    'default of a read': [
      "env:\n  OPENAI_BASE_URL: ${{ vars.GATEWAY || 'https://api.openai.com/v1' }}\n",
      "env:\n  CRM_URL: ${{ vars.GATEWAY || 'https://crm.example.com/v1' }}\n",
    ],
    'configuration section': [
      'env:\n  OPENAI_BASE_URL: ${{ vars.OPENAI_BASE_URL }}\n',
      'env:\n  CRM_URL: ${{ vars.CRM_URL }}\n',
    ],
    'Authorization header': [
      'run: |\n  curl -H "Authorization: Bearer $TOKEN" https://api.openai.com/v1/models\n',
      'run: |\n  curl -H "Authorization: Bearer $TOKEN" https://api.github.com/user\n',
    ],
    timeout: ['env:\n  OPENAI_TIMEOUT: 30\n', 'env:\n  CRM_TIMEOUT: 30\n'],
    retries: ['env:\n  OPENAI_MAX_RETRIES: 2\n', 'env:\n  CRM_MAX_RETRIES: 2\n'],
    'allow-list': [
      'env:\n  ALLOWED_MODELS: gpt-4o,gpt-4.1,o3-mini\n',
      'env:\n  ALLOWED_TOOLS: search,mail,print\n',
    ],
  }),
};
