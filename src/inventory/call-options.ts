import { enclosingBrackets, enclosingCall } from './brackets.ts';
import type { Found } from './rule.ts';

/**
 * What an option is set to, when that is no plain string: an expression up to the comma, the fallback, or the end of
 * its line.
 */
export const OPTION_EXPRESSION =
  /(?!["'\s]|(?:None|null|undefined|str|string|Optional|Any|SecretStr|false|False|z\.)\b)(?:(?!\s(?:or|if)\s)[^\n,|?;]){1,120}/;

/** The variable that an expression reads (`process.env.NAME`, `os.getenv("NAME")`, `settings.NAME`), if it names one. */
export const variableIn = (expression: string): string | null =>
  /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/.exec(expression.replace(/\b\w*(?:DEPLOYMENT|VERSION)\w*/g, ''))?.[0] ??
  null;

/** The option's own name: what is reported where its expression names no variable. */
export const optionIn = (match: string): string => /\w+/.exec(match)?.[0] ?? match;

/** Calls that build a client of the API, or speak to it: whatever has `openai` in its name, and the known others. */
const API_CALL =
  /openai|open_ai|azure_?chat|litellm|(?:^|\.)(?:Configuration|with_?options|init_?chat_?model|LLM|LM|OpenAiModel|(?:generate|stream)(?:Text|Object)|(?:Realtime)?Agent|embedMany|acompletion|completion|aembedding|ChatLiteLLM)$|(?:completions|responses|embeddings|images|generations|transcriptions|speech|moderations|realtime)\.(?:with_raw_response\.|with_streaming_response\.)?(?:create|parse|stream|generate|edit|connect|runTools|run_tools)$/i;

/** Calls into other services, which have options of the same names. */
const OTHER_CALL =
  /anthropic|claude|gemini|google|mistral|cohere|groq|ollama|bedrock|pinecone|qdrant|weaviate|supabase|redis|sentry|langfuse|axios|requests?\.|session\.|httpx|aiohttp|fetch$|createClient|serper|tavily|elevenlabs|deepgram/i;

/** Imports of other providers' clients, some of which are built just like OpenAI's. */
const OTHER_CLIENT =
  /(?:^[ \t]*from\s+|^[ \t]*import\s+|(?:from|require\()\s*['"])(?:groq|groq-sdk|cerebras|@cerebras|together|together-ai|mistralai|@mistralai|zhipuai|dashscope|cohere|anthropic|@anthropic-ai|volcenginesdk\w*|qianfan|huggingface_hub)\b/m;

/** Whether a file has the client of another provider and none of this API's: its calls are not for us. */
export const isOfOtherClient = ({ sdks, fileHolds }: Pick<Found, 'sdks' | 'fileHolds'>): boolean =>
  sdks.length === 0 && fileHolds(OTHER_CLIENT);

/** What an object is assigned to, with its type: `clientOptions: OpenAI.ClientOptions`; `''` where to nothing. */
function assignedTo(code: string, offset: number): string {
  for (const { open, at } of enclosingBrackets(code, offset)) {
    if (open !== '{') return '';
    const name = /(?<name>[\w$]+(?:\s*:\s*[\w$.<>[\]]+)?)\s*=\s*$/.exec(
      code.slice(Math.max(0, at - 120), at),
    );
    if (name !== null) return name.groups?.name ?? '';
  }
  return '';
}

const CLIENT_OPTIONS = /openai(?!Api)|llm_?(?:config|options|params|kwargs)|ClientOptions/i;

/** Whether a match stands in the arguments of a call that builds a client of the API or speaks to it. */
export const inApiCall = (found: Found): boolean => {
  if (isOfOtherClient(found)) return false;
  const { code, match } = found;
  const call = enclosingCall(code, match.index);
  if (call === '') return CLIENT_OPTIONS.test(assignedTo(code, match.index));
  return API_CALL.test(call) && !/(?:^|\.)(?:\w*(?:anthropic|ollama|groq|google)\w*)$/i.test(call);
};

/** The same, or an object or a parameter list that may be handed to one: everything but the calls of other services. */
export const mayBeOfApiCall = ({ code, match }: Found): boolean => {
  const call = enclosingCall(code, match.index);
  return API_CALL.test(call) || !OTHER_CALL.test(call);
};

/** Objects that hold what is sent, by their names. */
const REQUEST_OBJECT =
  /(?:params|payload|body|kwargs|request|req|options|opts|data|args|config|input)(?:\.model_kwargs)?$/i;

/**
 * Whether the way in which a parameter is set is one of the language's: `name: value` in an object, `"name": value`
 * in a dict, `name=value` among arguments, or an entry or attribute of a request object. Anything else is a variable.
 */
export function isSet({ code, match, path }: Found): boolean {
  const [, quote, operator] = SETTING.exec(match[0]) ?? [];
  const owner = code.slice(Math.max(0, match.index - 40), match.index);
  if (match[0].startsWith('[')) return operator === '=' && REQUEST_OBJECT.test(owner);
  if (owner.endsWith('.')) return operator === '=' && REQUEST_OBJECT.test(owner.slice(0, -1));
  if (operator === ':') return quote !== '' || !/\.(?:py|pyi|pyw|ipynb)$/.test(path);
  const [innermost] = enclosingBrackets(code, match.index);
  return innermost?.open === '(' && enclosingCall(code, match.index) !== 'def';
}

const SETTING = /^\[?(["']?)\w+["']?\]?\s*([:=])/;
