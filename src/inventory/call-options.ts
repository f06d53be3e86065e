import { enclosingBrackets, enclosingCall } from './brackets.ts';
import type { RuleMatch } from './rule.ts';

/**
 * An option's value when it is not a plain string: an expression up to the comma, the fallback, or the end of the
 * line.
 */
export const OPTION_EXPRESSION =
  /(?!["'\s]|(?:None|null|undefined|str|string|Optional|Any|SecretStr|false|False|z\.)\b)(?:(?!\s(?:or|if)\s)[^\n,|?;]){1,120}/;

/** The variable that an expression reads (`process.env.NAME`, `os.getenv("NAME")`, `settings.NAME`), if any. */
export const variableIn = (expression: string): string | null =>
  /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/.exec(expression.replace(/\b\w*(?:DEPLOYMENT|VERSION)\w*/g, ''))?.[0] ??
  /[[(]\s*["'](?<setting>[\w.:/-]{0,40}open_?-?ai[\w.:/-]{0,40})["']\s*[\])]/i.exec(expression)?.groups
    ?.setting ??
  null;

/** The option's own name, reported when its expression names no variable. */
export const optionIn = (match: string): string => /\w+/.exec(match)?.[0] ?? match;

/** Calls that build a client or call the API: anything with `openai` in its name, and other known ones. */
const API_CALL =
  /open_?ai|chat_?gpt|azure_?chat|litellm|(?:^|\.)(?:Configuration|with_?options|init_?chat_?model|LLM|LM|OpenAiModel|(?:generate|stream)(?:Text|Object)|(?:Realtime)?Agent|embedMany|acompletion|completion|aembedding|ChatLiteLLM)$|(?:completions|responses|embeddings|images|generations|transcriptions|speech|moderations|realtime)\.(?:with_raw_response\.|with_streaming_response\.)?(?:create|parse|stream|generate|edit|connect|runTools|run_tools)$/i;

/** Calls to other services that have options with the same names. */
const OTHER_CALL =
  /anthropic|claude|gemini|google|mistral|cohere|groq|ollama|bedrock|pinecone|qdrant|weaviate|supabase|redis|sentry|langfuse|axios|requests?\.|session\.|httpx|aiohttp|fetch$|createClient|serper|tavily|elevenlabs|deepgram/i;

/** Imports of other providers' clients; some have the same interface as OpenAI's. */
const OTHER_CLIENT =
  /(?:^[ \t]*from\s+|^[ \t]*import\s+|(?:from|require\()\s*['"])(?:groq|groq-sdk|cerebras|@cerebras|together|together-ai|mistralai|@mistralai|zhipuai|dashscope|cohere|anthropic|@anthropic-ai|volcenginesdk\w*|qianfan|huggingface_hub)\b/m;

/** Files named after another provider. */
const OTHER_FILE =
  /(?:^|\/)[^/]*(?:anthropic|claude|gemini|cohere|bedrock|vertex_?ai|ollama|hugging_?face|mistral|groq|ernie|wenxin)[^/]*\.\w+$/i;

/** Whether a file uses another provider's client and none of this API's, so its calls don't count. */
export const usesOtherProvider = ({
  sdks,
  fileHolds,
  path,
}: Pick<RuleMatch, 'sdks' | 'fileHolds' | 'path'>): boolean =>
  sdks.length === 0 && (OTHER_FILE.test(path) || fileHolds(OTHER_CLIENT));

/** What an object is assigned to, with its type: `clientOptions: OpenAI.ClientOptions`, or its key in another object. */
function assignedTo(code: string, offset: number): string {
  for (const { open, at } of enclosingBrackets(code, offset)) {
    if (open !== '{') return '';
    const before = code.slice(Math.max(0, at - 120), at);
    const name = /$(?<=(?:(?<name>[\w$]+(?:\s*:\s*[\w$.<>[\]]+)?)\s*=|(?<key>[\w$]+)["']?\s*:)\s*)/.exec(
      before,
    )?.groups;
    if (name?.name !== undefined) return name.name;
    if (name?.key !== undefined && CLIENT_OPTIONS.test(name.key)) return name.key;
  }
  return '';
}

const CLIENT_OPTIONS = /openai(?!Api)|llm_?(?:config|options|params|kwargs)|ClientOptions/i;

/** Whether a dictionary's or an object's entries are given to a call by a client: `create(**extra)`, `create({ ...extra })`. */
export const isSpread = ({ code, match, sdks, fileHolds }: RuleMatch): boolean => {
  const name = sdks.length > 0 ? /^[\w$]+/.exec(assignedTo(code, match.index))?.[0] : undefined;
  return name !== undefined && fileHolds(new RegExp(`(?:\\*\\*|\\.\\.\\.)${name.replaceAll('$', '\\$')}\\b`));
};

/** Whether a client is built from a variable soon: `options = { … }; OpenAI::Client.new(options)`. */
function isPassedToClient(code: string, offset: number, name: string): boolean {
  const built = /open_?ai[\w.:]*\(\s*(?:\*{1,2}|\.\.\.)?(?<name>\w+)\s*\)/i.exec(
    code.slice(offset, offset + 2_000),
  );
  return built?.groups?.name === /^[\w$]+/.exec(name)?.[0];
}

/** Whether a match is in the arguments of a call that builds a client or calls the API. */
export const inApiCall = (found: RuleMatch): boolean => {
  if (usesOtherProvider(found)) return false;
  const { code, match, fileHolds } = found;
  const call = enclosingCall(code, match.index);
  if (call === '') {
    const name = assignedTo(code, match.index);
    return CLIENT_OPTIONS.test(name) || (name !== '' && isPassedToClient(code, match.index, name));
  }
  if (/^\w+$/.test(call) && fileHolds(new RegExp(`\\bfrom\\s+openai\\s+import\\b[^\\n]*\\b${call}\\b`)))
    return true;
  return API_CALL.test(call) && !/(?:^|\.)(?:\w*(?:anthropic|ollama|groq|google)\w*)$/i.test(call);
};

/** The same, or an object or parameter list that may end up in such a call: anything but calls to other services. */
export const mayBeOfApiCall = ({ code, match }: RuleMatch): boolean => {
  const call = enclosingCall(code, match.index);
  return API_CALL.test(call) || !OTHER_CALL.test(call);
};
