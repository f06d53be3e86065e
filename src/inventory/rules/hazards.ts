// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { HazardRule } from '../hazards.ts';
import { CODE } from '../languages.ts';
import { MODEL_NAME, pattern } from '../vocabulary.ts';
import { COMPILED_HAZARD_RULES } from './hazards-compiled.ts';

/** The start of a model's name, as checks for a family of models write it. */
const MODEL_PREFIX = /(?:openai\/)?(?:gpt-|gpt_|o[134]\b|chatgpt|text-|dall-e|whisper|davinci)/;

const DEFAULT_LIMITS =
  'The client keeps its own limits: 10 minutes for each try, and 2 retries, which multiply with those of a gateway. Set its timeout and its retries.';

/** What breaks after the switch, however right the configuration is. */
export const HAZARD_RULES: readonly HazardRule[] = [
  {
    id: 'hazard-model-prefix-check',
    kind: 'prefix_check',
    families: CODE,
    pattern: pattern(
      'i',
    )`\b(?:starts_?with|has_?prefix|start_with\?|match\?|str_starts_with|includes|contains|strpos)\s*\(?\s*(?:[\w.$\[\]]{1,60},\s*)?(?:["'\`]|/\\A|/\^)(?<value>${MODEL_PREFIX}[\w.-]{0,30})(?=["'\`(/\\])`,
    needs: 'nothing',
    message:
      'The model name decides here what is sent. A gateway may name models otherwise (with a provider, or an alias): decide by configuration.',
    examples: {
      hit: [
        ['if (model.startsWith("o1")) role = "developer"', 'o1'],
        ['if strings.HasPrefix(model, "gpt-4") {', 'gpt-4'],
        ["if name.startswith('gpt-4o'):", 'gpt-4o'],
        ['if model.start_with?("gpt-")', 'gpt-'],
        ['model.match?(/\\Agpt-5(?:-|\\z)/)', 'gpt-5'],
        ["if (str_starts_with($model, 'gpt-5'))", 'gpt-5'],
      ],
      trap: ['if (path.startsWith("/v1")) serve()', 'if (name.startsWith("o10")) pick()'],
    },
  },
  {
    id: 'hazard-model-name-in',
    kind: 'prefix_check',
    families: ['python'],
    pattern: pattern()`["'](?<value>${MODEL_PREFIX}[\w.-]{0,30})["']\s+(?:not\s+)?in\s+\w{0,30}model`,
    needs: 'nothing',
    message:
      'Part of the model name decides here what is sent. A gateway may name models otherwise: decide by configuration.',
    examples: {
      hit: [['if "gpt-4" in model_name:', 'gpt-4']],
      trap: ['if "gpt-4" in README:'],
    },
  },
  {
    id: 'hazard-model-table',
    kind: 'model_table',
    families: [...CODE, 'config'],
    // Three names as keys or entries, one after the other with little between them, are a table.
    pattern: pattern()`["'\`](?<value>${MODEL_NAME})["'\`][^"'\`;]{0,160}(?:["'\`]\w+["'\`]\s*[:=,][^"'\`;]{0,80}){0,6}["'\`]${MODEL_NAME}["'\`][^"'\`;]{0,160}(?:["'\`]\w+["'\`]\s*[:=,][^"'\`;]{0,80}){0,6}["'\`]${MODEL_NAME}["'\`]`,
    needs: 'nothing',
    message:
      'A list of known models: names that a gateway adds or changes are refused or unpriced here. Let unknown names pass, or keep the list in configuration.',
    examples: {
      hit: [
        ['PRICES = {"gpt-4o": 2.5, "gpt-4o-mini": 0.15, "o3-mini": 1.1}', 'gpt-4o'],
        ["const ALLOWED = ['gpt-4o', 'gpt-4.1', 'gpt-5']", 'gpt-4o'],
        [
          'LIMITS = {"gpt-4": {"context": 8192}, "gpt-4o": {"context": 128000}, "gpt-5": {"context": 400000}}',
          'gpt-4',
        ],
      ],
      trap: ['pick(fast ? "gpt-4o-mini" : "gpt-4o")', 'model: "gpt-4o"'],
    },
  },
  {
    id: 'hazard-official-url-check',
    kind: 'official_url_check',
    families: CODE,
    pattern:
      /(?:[!=]==?\s*|\b(?:includes|contains|starts_?with|ends_?with|has_?prefix|indexOf|match|strpos)\s*\(\s*(?:[\w.$]{1,60},\s*)?)["'`](?<value>(?:https:\/\/)?api\.openai\.com[^"'`\n]{0,60})["'`]|["'](?:https:\/\/)?api\.openai\.com[^"'\n]{0,60}["']\s+(?:not\s+)?in\s/i,
    needs: 'nothing',
    message:
      'Compares with the official URL, which is another one after the switch: decide by configuration.',
    examples: {
      hit: [
        ['if (baseURL === "https://api.openai.com/v1") useBeta()', 'https://api.openai.com/v1'],
        ['if (url.includes("api.openai.com")) headers.beta = true', 'api.openai.com'],
      ],
      trap: ['const baseURL = "https://api.openai.com/v1"', 'fetch("https://api.openai.com/v1/models")'],
    },
  },
  {
    id: 'hazard-appended-version',
    kind: 'appended_version',
    families: CODE,
    pattern:
      /(?:base_?ur[li]|api_?base|endpoint|host|api_?url)\w*(?:\(\))?(?:\s*\.\s*(?:rstrip|trimEnd|TrimEnd|replace)\([^()\n]{0,40}\))?\}?\s*(?:\+|\.|<<)?\s*["'`]?(?<value>\/v1)(?:\/|["'`])|\b(?:join|joinpath|path_join|urljoin|JoinPath)\(\s*\w*(?:base_?ur[li]|api_?base|endpoint|host)\w*\s*,\s*["'`]\/?v1/i,
    needs: 'evidence',
    message:
      'Appends /v1 to a base URL that is configured. A base URL that ends in /v1, as gateways document it, then reads /v1/v1.',
    examples: {
      hit: [
        ['const url = `${baseUrl}/v1/chat/completions`', '/v1'],
        ['url = base_url + "/v1/chat/completions"', '/v1'],
        ['url = f"{OPENAI_API_BASE}/v1/embeddings"', '/v1'],
      ],
      trap: ['const url = `${baseUrl}/chat/completions`', 'const baseUrl = "https://llm.example.com/v1"'],
    },
  },
  {
    id: 'hazard-server-side-id',
    kind: 'server_side_id',
    families: [...CODE, 'shell', 'config'],
    pattern:
      /["'`=:\s](?<value>asst_[A-Za-z0-9]{20,}|thread_[A-Za-z0-9]{20,}|vs_[A-Za-z0-9]{20,}|file-[A-Za-z0-9]{20,}|ft:(?:gpt|davinci|babbage)[\w.-]*:[\w.-]*:[\w.-]*(?::\w*)?|ftjob-[A-Za-z0-9]{16,}|batch_[A-Za-z0-9]{20,})\b/,
    needs: 'nothing',
    message:
      'An id of something that is kept on the official server. A gateway does not have it: create it there again, or leave this call with the official API.',
    examples: {
      hit: [
        ['assistant_id = "asst_abcdefghijklmnopqrstuvwx"', 'asst_abcdefghijklmnopqrstuvwx'],
        ['model: "ft:gpt-4o-mini-2024-07-18:acme::abc123"', 'ft:gpt-4o-mini-2024-07-18:acme::abc123'],
      ],
      trap: ['const name = "file-upload-button"', 'id = "asst_123"'],
    },
  },
  {
    id: 'hazard-previous-response-id',
    kind: 'server_side_id',
    families: CODE,
    pattern: /\b(?<value>previous_response_id|previousResponseId|PreviousResponseID?)\b/,
    needs: 'evidence',
    message:
      'Continues a response that is kept on the server that gave it. Conversations begun before the switch cannot be continued after it, nor can those that a split sends to both sides.',
    examples: {
      hit: [['client.responses.create(model=m, previous_response_id=last.id)', 'previous_response_id']],
      trap: ['client.responses.create(model=m, input=history)'],
    },
  },
  {
    id: 'hazard-stored-dimension',
    kind: 'stored_dimension',
    families: [...CODE, 'config'],
    pattern:
      /(?:\bvector\s*\(\s*|\bhalfvec\s*\(\s*|\b(?:dimensions?|dims?|vector_?size|embedding_?(?:dim|dims|dimensions?|size)|EMBEDDING_DIM\w*)["']?\s*[:=]\s*)(?<value>1536|3072)\b/i,
    needs: 'evidence',
    message:
      'Vectors of this dimension are stored. An embedding model of another dimension, or another model of the same one, needs them computed anew.',
    examples: {
      hit: [
        ['embedding = Column(Vector(1536))', '1536'],
        ['const index = { dimension: 3072, metric: "cosine" }', '3072'],
      ],
      trap: ['const width = 1536', 'timeout: 3072'],
    },
  },
  {
    id: 'hazard-billing-api',
    kind: 'billing_api',
    families: [...CODE, 'shell'],
    pattern: /(?<value>\/(?:v1\/)?dashboard\/billing\/\w+|\/v1\/organization\/(?:costs|usage)\b)/,
    needs: 'nothing',
    message:
      'Asks the official account for balance or usage, which says nothing of a gateway: ask the gateway for its own.',
    examples: {
      hit: [['fetch(`${base}/v1/dashboard/billing/subscription`)', '/v1/dashboard/billing/subscription']],
      trap: ['router.push("/dashboard/settings")'],
    },
  },
  {
    id: 'hazard-default-limits-node',
    kind: 'default_client_limits',
    families: ['javascript'],
    pattern: /\bnew\s+(?<value>OpenAI|AzureOpenAI)\s*\(/,
    needs: ['openai-node'],
    accept: ({ inside, code }) =>
      !/\b(?:timeout|maxRetries)\b|\.\.\./.test(inside) && !/\bmaxRetries\b/.test(code),
    message: DEFAULT_LIMITS,
    examples: {
      hit: [['const client = new OpenAI({ apiKey })', 'OpenAI']],
      trap: [
        'const client = new OpenAI({ apiKey, timeout: 30_000, maxRetries: 1 })',
        'const client = new OpenAI({ ...options })',
      ],
    },
  },
  {
    id: 'hazard-default-limits-python',
    kind: 'default_client_limits',
    families: ['python'],
    pattern: /(?<![\w.])(?:openai\.)?(?<value>(?:Async)?(?:Azure)?OpenAI)\s*\(/,
    needs: ['openai-python'],
    accept: ({ inside, code }) =>
      !/\b(?:timeout|max_retries)\b|\*\*/.test(inside) && !/\bmax_retries\b/.test(code),
    message: DEFAULT_LIMITS,
    examples: {
      hit: [['client = OpenAI(api_key=key)', 'OpenAI']],
      trap: [
        'client = OpenAI(api_key=key, timeout=30, max_retries=1)',
        'client = OpenAI(**options)',
        'class OpenAIClient(Base):',
      ],
    },
  },
  ...COMPILED_HAZARD_RULES,
];
