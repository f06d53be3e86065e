// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages

import { inApiCall, mayBeOfApiCall, OPTION_EXPRESSION, optionIn, variableIn } from '../call-options.ts';
import { isFallback } from '../fallback.ts';
import { rulesFor } from '../rule.ts';
import { HIDDEN, IMPLICIT } from '../site.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';

/** Options for the base URL, including Azure's. */
const BASE_URL_OPTION = /(?:baseURL|baseUrl|basePath|azureOpenAIBasePath|azureOpenAIEndpoint|endpoint)/;

/** Constructors and factories of clients that call the official API if they get no URL. */
const CONSTRUCTOR =
  /(?:new\s+(?:\w+\.)?(?:OpenAI(?:Embeddings?)?|Configuration|ChatOpenAI|DallEAPIWrapper|OpenAIWhisperAudio)|(?<![\w.])createOpenAI)/;

const NAMES_A_URL = /\b(?:baseURL|baseUrl|basePath|endpoint|fetch|azure\w+)\b/;

/** Arguments that may contain any option: a spread, or a variable instead of an object. */
const OPAQUE = /\.\.\.|^\s*(?!\{|`|["'])[\w.$!]+(?:\([^()]*\))?(?:\s+as\s+[^,]+)?\s*(?:,|$)/;

/** Clients in JavaScript and TypeScript: where their URL, key, timeout and retries come from. */
export const JAVASCRIPT_CLIENT_RULES = rulesFor({ families: ['javascript'] }, [
  {
    id: 'javascript-base-url-literal',
    kind: 'base_url',
    pattern: pattern()`(?:(?<![\w$.])|(?<=(?:[oO]ptions|[cC]onfig|[pP]arams|openai)\.))["']?${BASE_URL_OPTION}["']?\s*[:=]\s*(?:[^,;\n{}]{1,100}?(?:\|\||\?\?|:)\s*)?["'\`](?<value>${URL_TEXT})["'\`]`,
    needs: 'mention',
    hardCoded: ({ before }) => !/\benv\b|\|\||\?\?/.test(before),
    accept: (found) => (found.sdks.length > 0 ? mayBeOfApiCall(found) : inApiCall(found)),
    examples: {
      hit: [
        ["new OpenAI({ apiKey, baseURL: 'https://openrouter.ai/api/v1' })", 'https://openrouter.ai/api/v1'],
        [
          "createOpenAI({\n  name: 'lab',\n  baseURL: process.env.LAB_URL ?? 'http://localhost:8080/v1',\n})",
          'http://localhost:8080/v1',
        ],
        [
          "import OpenAI from 'openai'\nconfig.baseURL = 'https://llm.acme.dev/v1'",
          'https://llm.acme.dev/v1',
        ],
        [
          "new ChatOpenAI({ configuration: { baseURL: 'https://llm.acme.dev/v1' } })",
          'https://llm.acme.dev/v1',
        ],
      ],
      trap: ["axios.create({ baseURL: 'https://sentry.example.com/v1' })"],
    },
  },
  {
    id: 'javascript-base-url-option',
    kind: 'base_url',
    pattern: pattern()`(?<![\w$.?])["']?(?:${BASE_URL_OPTION}|azureOpenAIApiInstanceName)["']?\s*:\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'mention',
    value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
    accept: inApiCall,
    hardCoded: false,
    examples: {
      hit: [
        ['new OpenAI({ baseURL: process.env.AI_GATEWAY_URL })', 'AI_GATEWAY_URL'],
        ['new OpenAI({\n  baseURL: `${config.host}/v1`,\n  apiKey,\n})', 'baseURL'],
        ['new ChatOpenAI({ model, configuration: { baseURL: config.llm.url } })', 'baseURL'],
        ['new Configuration({ apiKey, basePath: options.url })', 'basePath'],
      ],
      trap: [
        'interface Options { baseURL: string }',
        'new Stripe({ baseURL: process.env.STRIPE_URL })',
        'new OpenAI({ baseURL: undefined })',
      ],
    },
  },
  {
    id: 'javascript-base-url-shorthand',
    kind: 'base_url',
    pattern: /[{,]\s*(?<value>baseURL|basePath)\s*(?=[,}])/,
    needs: 'mention',
    accept: inApiCall,
    hardCoded: false,
    examples: {
      hit: [['const client = new OpenAI({ apiKey, baseURL })', 'baseURL']],
      trap: ['const { baseURL } = options;', 'const http = axios.create({ baseURL })'],
    },
  },
  {
    id: 'javascript-base-url-config',
    kind: 'base_url',
    pattern: pattern()`(?<![\w$.?])["']?(?:baseURL|basePath)["']?\s*[:=]\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'client',
    value: (expression) => variableIn(expression) ?? 'baseURL',
    accept: (found) => mayBeOfApiCall(found) && !/^\w+\s*[;)]/.test(found.value),
    hardCoded: false,
    confidence: 'medium',
    examples: {
      hit: [['const options = {\n  baseURL: env.LLM_HOST,\n};', 'LLM_HOST']],
      trap: ['interface Options { baseURL: string; }', 'axios.create({ baseURL: env.CRM_HOST_URL })'],
    },
  },
  {
    id: 'javascript-base-url-assigned',
    kind: 'base_url',
    pattern: pattern()`(?<=(?:[oO]ptions|[cC]onfig|[pP]arams|openai)\.)(?:baseURL|basePath)\s*=(?!=)\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'client',
    value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
    hardCoded: false,
    examples: {
      hit: [['clientOptions.baseURL = config.baseURL;', 'baseURL']],
      trap: ['if (options.baseURL === other) use()', 'axios.defaults.baseURL = url'],
    },
  },
  {
    id: 'javascript-azure-client',
    kind: 'base_url',
    pattern: pattern()`\bnew\s+\w*OpenAIClient\(\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'mention',
    value: (expression) => variableIn(expression) ?? 'endpoint',
    accept: ({ fileHolds }) => fileHolds(/@azure\/openai/),
    hardCoded: false,
    note: 'azure: the endpoint of an Azure resource.',
    examples: {
      hit: [
        [
          "import { OpenAIClient } from '@azure/openai'\nnew OpenAIClient(process.env.AOAI_URL, credential)",
          'AOAI_URL',
        ],
      ],
      trap: ['new OpenAIClient(options)'],
    },
  },
  {
    id: 'javascript-client-without-url',
    kind: 'base_url',
    pattern: pattern()`(?<value>${CONSTRUCTOR})\s*(?:<[^<>()]{0,80}>)?\(`,
    needs: 'client',
    value: IMPLICIT,
    accept: ({ inside }) => !NAMES_A_URL.test(inside) && !OPAQUE.test(inside),
    hardCoded: false,
    note: 'Calls the official API unless OPENAI_BASE_URL is set.',
    examples: {
      hit: [
        ['const client = new OpenAI({ apiKey: key, httpClient: agent })', IMPLICIT],
        ['export const openai = new OpenAI();', IMPLICIT],
        ['const client = new OpenAI({ apiKey: process.env.OPENAI_API_KEY, timeout: 30_000 });', IMPLICIT],
        ["const llm = new ChatOpenAI({ model: 'gpt-4o' });", IMPLICIT],
      ],
      trap: [
        'const client = new OpenAI({ apiKey, baseURL });',
        'const client = new OpenAI({ ...options });',
        'const client = new OpenAI(clientOptions);',
        'const client = new AzureOpenAI({ apiKey });',
      ],
    },
  },
  {
    id: 'javascript-api-key-option',
    kind: 'api_key',
    pattern: pattern()`(?<![\w$.?])["']?(?:apiKey|openAIApiKey|azureOpenAIApiKey)["']?\s*:\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'mention',
    value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
    accept: inApiCall,
    hardCoded: false,
    examples: {
      hit: [
        ['new OpenAI({ apiKey: process.env.AI_API_KEY })', 'AI_API_KEY'],
        ["new OpenAI({ apiKey: this.config.get<string>('OPENAI_API_KEY') })", 'OPENAI_API_KEY'],
        ['new ChatOpenAI({ openAIApiKey: user.key })', 'openAIApiKey'],
      ],
      trap: ['new Anthropic({ apiKey: process.env.ANTHROPIC_API_KEY })', 'type Options = { apiKey: string }'],
    },
  },
  {
    id: 'javascript-api-key-shorthand',
    kind: 'api_key',
    pattern: /[{,]\s*(?<value>apiKey|openAIApiKey)\s*(?=[,}])/,
    needs: 'mention',
    accept: inApiCall,
    hardCoded: false,
    examples: {
      hit: [['const client = new OpenAI({ apiKey, baseURL })', 'apiKey']],
      trap: ['const { apiKey } = options;', 'new Pinecone({ apiKey })'],
    },
  },
  {
    id: 'javascript-api-key-literal',
    kind: 'api_key',
    pattern: /(?<![\w$.?])["']?(?:apiKey|openAIApiKey)["']?\s*:\s*["'`](?<value>[^"'`\s]{3,200})["'`]/,
    needs: 'mention',
    value: HIDDEN,
    accept: inApiCall,
    hardCoded: (found) => !isFallback(found),
    confidence: 'medium',
    examples: {
      hit: [["new OpenAI({ apiKey: 'sk-abcdefghijklmnopqrstuvwx' })", HIDDEN]],
      trap: ["new Stripe({ apiKey: 'pk-abcdefghijklmnopqrstuvwx' })", "new OpenAI({ apiKey: '' })"],
    },
  },
  {
    id: 'javascript-client-setting',
    kind: 'client_setting',
    pattern:
      /(?<![\w$.?])(?<value>timeout|maxRetries|requestTimeout)(?:\s*:\s*(?!undefined|number|null)|(?=\s*[,}]))/,
    needs: 'mention',
    accept: inApiCall,
    hardCoded: false,
    examples: {
      hit: [
        ['new OpenAI({ apiKey, timeout: 30_000 })', 'timeout'],
        ['new OpenAI({ maxRetries: Number(env.RETRIES) })', 'maxRetries'],
        ['client.chat.completions.create(body, { timeout: 5_000 })', 'timeout'],
      ],
      trap: ['axios.create({ timeout: 30_000 })', 'setTimeout(resolve, timeout)'],
    },
  },
]);
