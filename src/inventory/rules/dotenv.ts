import { rulesFor } from '../rule.ts';
import {
  BASE_URL_VARIABLE,
  MODEL_NAME,
  MODEL_VARIABLE,
  OTHER_PROVIDER,
  pattern,
  URL_TEXT,
} from '../vocabulary.ts';

/** `.env`, `.env.example`, `prod.env`, `env.sample`. */
const FILES = /(?:^|[/.])env(?:\.[\w.-]+)?$|\.envrc$/;

/** Other services with the same kinds of settings. */
const OTHER_SERVICE = pattern(
  'i',
)`${OTHER_PROVIDER}|hf_|deepseek|sentry|supabase|stripe|qdrant|pinecone|langfuse|langsmith`;

/** Assignments in env files. The match's value is the whole assignment, so that it is one site, not two. */
export const DOTENV_RULES = rulesFor({ families: ['config'], files: FILES, hardCoded: false }, [
  {
    id: 'dotenv-base-url',
    kind: 'base_url',
    pattern: pattern(
      'm',
    )`^[ \t]*(?:export[ \t]+)?(?<value>(?:${BASE_URL_VARIABLE}|\w*(?:LLM|AI|GPT|CHAT|EMBED\w*|OPENAI)_?(?:API_?)?(?:BASE_?)?(?:URL|BASE|ENDPOINT|HOST)|AZURE_OPENAI_\w*ENDPOINT)[ \t]*=[ \t]*["']?(?<url>${URL_TEXT})?)`,
    needs: 'mention',
    value: (assignment, { match }) =>
      OTHER_SERVICE.test(assignment) ? null : (match.groups?.url ?? variableOf(assignment)),
  },
  {
    id: 'dotenv-model-variable',
    kind: 'model',
    pattern: pattern(
      'm',
    )`^[ \t]*(?:export[ \t]+)?(?<value>${MODEL_VARIABLE}|OPENAI_API_MODEL|MODEL(?:_NAME)?)(?=[ \t]*=)`,
    needs: 'mention',
    role: 'config',
    accept: ({ after }) => !NAMED.test(after),
  },
]);

/** An assignment of a model's name; another rule reports the model. */
const NAMED = pattern()`=[ \t]*["']?${MODEL_NAME}`;

const variableOf = (assignment: string): string => /\w+/.exec(assignment)?.[0] ?? assignment;
