import { rulesFor } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import {
  API_KEY_VARIABLE,
  BASE_URL_VARIABLE,
  MODEL_NAME,
  MODEL_VARIABLE,
  OFFICIAL_HOST,
  OTHER_PROVIDER,
  pattern,
  URL_TEXT,
} from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';

/** `.env`, `.env.example`, `prod.env`, `env.sample`. */
const FILES = /(?:^|[/.])env(?:\.[\w.-]+)?$|\.envrc$/;

const EXAMPLE_FILE = '.env.example';

/** Other services with the same kinds of settings. */
const OTHER_SERVICE = pattern(
  'i',
)`${OTHER_PROVIDER}|hf_|deepseek|sentry|supabase|stripe|qdrant|pinecone|langfuse|langsmith`;

/** Assignments in env files. The match's value is the whole assignment, so that it is one site, not two. */
export const DOTENV_RULES = rulesFor({ families: ['config'], files: FILES }, [
  {
    id: 'dotenv-base-url',
    kind: 'base_url',
    pattern: pattern(
      'm',
    )`^[ \t]*(?:export[ \t]+)?(?<value>(?:${BASE_URL_VARIABLE}|\w*(?:LLM|AI|GPT|CHAT|EMBED\w*|OPENAI)_?(?:API_?)?(?:BASE_?)?(?:URL|BASE|ENDPOINT|HOST)|AZURE_OPENAI_\w*ENDPOINT)[ \t]*=[ \t]*["']?(?<url>${URL_TEXT})?)`,
    needs: 'mention',
    value: (assignment, { match }) =>
      OTHER_SERVICE.test(assignment) ? null : (match.groups?.url ?? variableOf(assignment)),
    hardCoded: false,
    examples: {
      file: EXAMPLE_FILE,
      hit: [
        ['OPENAI_BASE_URL=https://api.openai.com/v1', 'https://api.openai.com/v1'],
        ['OPENAI_API_BASE=', 'OPENAI_API_BASE'],
        ['LLM_API_URL="http://localhost:8080/v1"', 'http://localhost:8080/v1'],
      ],
      trap: ['SENTRY_BASE_URL=https://sentry.example.com', 'DATABASE_URL=postgres://localhost/app'],
    },
  },
  {
    id: 'dotenv-official-url',
    kind: 'base_url',
    pattern: pattern(
      'm',
    )`^[ \t]*(?:export[ \t]+)?\w+[ \t]*=[ \t]*["']?(?<value>(?:https?|wss?)://${OFFICIAL_HOST}[^\s"']{0,200})`,
    hardCoded: false,
    examples: {
      file: EXAMPLE_FILE,
      hit: [['API_BASE=https://api.openai.com/v1', 'https://api.openai.com/v1']],
      trap: ['API_BASE=https://desk.example.com/v1'],
    },
  },
  {
    id: 'dotenv-api-key',
    kind: 'api_key',
    pattern: pattern('m')`^[ \t]*(?:export[ \t]+)?(?<value>${API_KEY_VARIABLE})(?=[ \t]*=)`,
    hardCoded: false,
    examples: {
      file: EXAMPLE_FILE,
      hit: [
        ['OPENAI_API_KEY=', 'OPENAI_API_KEY'],
        ['export AZURE_OPENAI_API_KEY=sk-xxx', 'AZURE_OPENAI_API_KEY'],
      ],
      trap: ['STRIPE_API_KEY=', '# OPENAI_API_KEY='],
    },
  },
  {
    id: 'dotenv-api-key-beside-url',
    kind: 'api_key',
    pattern: /^[ \t]*(?:export[ \t]+)?(?<value>(?:API|AI|GPT|EMBEDDING|CHAT)_(?:API_)?KEY)(?=[ \t]*=)/m,
    accept: ({ fileHolds }) => fileHolds(/=\s*["']?https:\/\/api\.openai\.com|=\s*["']?(?:openai|gpt-\d)/i),
    hardCoded: false,
    confidence: 'medium',
    examples: {
      file: EXAMPLE_FILE,
      hit: [['BASE_URL=https://api.openai.com/v1\nAPI_KEY=', 'API_KEY']],
      trap: ['BASE_URL=https://desk.example.com\nAPI_KEY='],
    },
  },
  {
    id: 'dotenv-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern('m')`^[ \t]*(?:export[ \t]+)?(?<value>${API_KEY_VARIABLE}[ \t]*=[ \t]*["']?${KEY_TEXT})`,
    examples: {
      file: EXAMPLE_FILE,
      hit: [['OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx', HIDDEN]],
      trap: ['OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx', 'OPENAI_API_KEY=sk-...'],
    },
  },
  {
    id: 'dotenv-model',
    kind: 'model',
    pattern: pattern(
      'm',
    )`^[ \t]*(?:export[ \t]+)?\w+[ \t]*=[ \t]*["']?(?<value>${MODEL_NAME})["']?[ \t]*(?:#.*)?$`,
    role: 'config',
    hardCoded: false,
    examples: {
      file: EXAMPLE_FILE,
      hit: [
        ['OPENAI_MODEL=gpt-4.1', 'gpt-4.1'],
        ['EMBEDDINGS="text-embedding-3-small" # or large', 'text-embedding-3-small'],
      ],
      trap: ['NOTE=gpt-4.1 is slower', 'OPENAI_MODEL='],
    },
  },
  {
    id: 'dotenv-model-variable',
    kind: 'model',
    pattern: pattern('m')`^[ \t]*(?:export[ \t]+)?(?<value>${MODEL_VARIABLE}|OPENAI_API_MODEL)(?=[ \t]*=)`,
    role: 'config',
    accept: ({ after }) => !NAMED.test(after),
    hardCoded: false,
    examples: {
      file: EXAMPLE_FILE,
      hit: [['OPENAI_API_MODEL=', 'OPENAI_API_MODEL']],
      trap: ['OPENAI_MODEL=gpt-4o', 'WHISPER_DIR=/tmp'],
    },
  },
  {
    id: 'dotenv-model-list',
    kind: 'model',
    pattern: pattern(
      'm',
    )`^[ \t]*(?:export[ \t]+)?\w*MODELS?\w*[ \t]*=[ \t]*["']?(?<value>[\w./:+=@-]{2,60}(?:,[ ]?[\w./:+=@-]{2,60}){1,40})["']?[ \t]*$`,
    each: MODEL_NAME,
    role: 'config',
    hardCoded: false,
    examples: {
      file: EXAMPLE_FILE,
      hit: [['ALLOWED_MODELS=gpt-4o,gpt-4o-mini', 'gpt-4o-mini']],
      trap: ['ALLOWED_TOOLS=search,mail'],
    },
  },
  {
    id: 'dotenv-client-setting',
    kind: 'client_setting',
    pattern: /^[ \t]*(?:export[ \t]+)?(?<value>\w*(?:OPENAI|LLM)_\w*(?:TIMEOUT|RETRIES)\w*)(?=[ \t]*=)/m,
    hardCoded: false,
    examples: {
      file: EXAMPLE_FILE,
      hit: [['OPENAI_TIMEOUT_MS=30000', 'OPENAI_TIMEOUT_MS']],
      trap: ['HTTP_TIMEOUT=30'],
    },
  },
]);

/** An assignment of a model's name; another rule reports the model. */
const NAMED = pattern()`=[ \t]*["']?${MODEL_NAME}`;

const variableOf = (assignment: string): string => /\w+/.exec(assignment)?.[0] ?? assignment;
