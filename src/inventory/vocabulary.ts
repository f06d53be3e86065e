import type { Endpoint } from './site.ts';

/**
 * A pattern composed of text and other patterns: ``pattern('i')`model\s*=\s*"(?<value>${MODEL_NAME})"` ``. The flags of
 * the parts are ignored.
 */
export function pattern(flags = ''): (text: TemplateStringsArray, ...parts: readonly RegExp[]) => RegExp {
  return (text, ...parts) =>
    new RegExp(String.raw(text, ...parts.map((part) => `(?:${part.source})`)), flags);
}

/**
 * The name of a model that the official API serves or served, with an optional provider prefix or fine-tuning suffix.
 * Bare `o1`, `o3`, `o4-mini` are names too, so rules must anchor it, and put it in quotes where they can.
 */
export const MODEL_NAME =
  /(?:openai[/:]|azure\/|ft:)?(?:gpt-(?:3\.5|35|4|4\.1|4\.5|4o|5(?:\.\d+)?|oss|image|audio|realtime)(?:[-.][\w.-]*\w)?(?::[\w:-]+)?|chatgpt-(?:4o|image)-latest|gpt-transcribe|o[134](?:-(?:mini-deep-research|mini|pro|preview|deep-research))?(?:-(?:low|medium|high))?(?:-\d{4}-\d{2}-\d{2})?|codex-mini-latest|computer-use-preview|text-embedding-(?:3-(?:small|large)|ada-002)|text-(?:davinci|curie|babbage|ada)-\d{3}|(?:davinci|babbage)-002|text-moderation-\w+|omni-moderation-[\w-]+|whisper-1|tts-1(?:-hd)?(?:-\d{4})?|dall-e-[23]|sora-\d(?:-pro)?)(?![\w-])/;

/** `o1` and `o3` are ambiguous: they only count near a word for a model or another model's name. */
const SHORT_NAME = /^o[134]$/;
const MODEL_WORD = /model|engine|deployment|\bllm|gpt|\bo[134]-/i;

/** Whether a match of {@link MODEL_NAME} is a model's name, judging by the text around its `offset`. */
export const isModelName = (name: string, code: string, offset: number): boolean =>
  !SHORT_NAME.test(name) || MODEL_WORD.test(code.slice(Math.max(0, offset - 160), offset + 160));

/** A pattern that matches any key of a table, longest first, so a rule finds exactly what its table translates. */
export const anyOf = (table: Readonly<Record<string, unknown>>): RegExp =>
  new RegExp(
    Object.keys(table)
      .sort((a, b) => b.length - a.length)
      .map((name) => name.replaceAll('.', '\\.'))
      .join('|'),
  );

/** A name without case and separators, in which all its spellings are equal: `max_tokens`, `maxTokens`, `MaxTokens`. */
export const squash = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

/** Words that some styles write in capitals: `BaseURL`, `HTTPClient`. */
const ACRONYM = /^(?:api|http|id|uri|url)$/;

/** A pattern that matches names of several words (`max_tokens`) in every spelling: `maxTokens`, `MaxTokens`, `max-tokens`. */
export const inAnySpelling = (names: readonly string[]): RegExp =>
  new RegExp(
    names
      .toSorted((a, b) => b.length - a.length)
      .map((name) => name.split('_').map(anyCase).join('[_-]?'))
      .join('|'),
  );

function anyCase(word: string): string {
  const [first = '', ...rest] = word;
  const either = `[${first}${first.toUpperCase()}]${rest.join('')}`;
  return ACRONYM.test(word) ? `(?:${either}|${word.toUpperCase()})` : either;
}

/** A table from name to value, written by value: `{ embeddings: ['embed', 'embedMany'] }`. */
export const byName = <Value extends string>(
  names: Readonly<Partial<Record<Value, readonly string[]>>>,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    (Object.entries(names) as [Value, readonly string[]][]).flatMap(([value, list]) =>
      list.map((name) => [name, value]),
    ),
  );

/** Names of settings for the base URL and the key, in snake case. */
export const URL_NAMES = ['base_url', 'base_uri', 'api_base', 'api_base_url', 'api_url', 'api_host'] as const;
export const KEY_NAMES = ['api_key', 'access_token', 'auth_token', 'api_token'] as const;

/** Other providers with their own keys, models and clients, as spelled in code. */
export const OTHER_PROVIDER =
  /anthropic|claude|gemini|google|vertex|groq|cohere|mistral|ollama|hugging_?face|bedrock|voyage|qianfan|ernie|wenxin|dashscope/i;

/** The official API's hosts, including regional ones. */
export const OFFICIAL_HOST = /(?:(?:us|eu|ae)\.)?api\.openai\.com(?![\w-]|\.\w)/;

/** Any URL, up to a character that ends it in code or configuration. */
export const URL_TEXT = /(?:https?|wss?):\/\/[^\s"'`<>()[\]{}|\\,;]{1,300}/;

/** The first URL in a text, if any. */
export const urlIn = (text: string): string | null => URL_TEXT.exec(text)?.[0] ?? null;

/** Names of variables that hold the base URL. */
export const BASE_URL_VARIABLE =
  /(?:[A-Z][A-Z0-9]*_)*(?:OPEN_?AI|CHAT_?GPT)_(?:(?:API|CHAT|EMBEDDINGS?|COMPLETIONS?|COMPATIBLE|PROXY|GATEWAY|DEFAULT)_){0,2}(?:BASE_URL|BASE_URI|BASE|API_BASE|HOST|(?:ENDPOINT|URL|URI)(?:_(?:CHAT|COMPLETIONS?|EMBEDDINGS?|RESPONSES|IMAGES?|AUDIO|CUSTOM|OVERRIDE)){0,2})|LLM_(?:API_)?BASE(?:_URL)?|\w*__OPENAI__(?:BASE_?URL|ENDPOINT)/;

/** Names of variables that hold the key. */
export const API_KEY_VARIABLE =
  /(?:[A-Z][A-Z0-9]*_)*(?:OPEN_?AI|CHAT_?GPT)_?(?:(?:API|CHAT|EMBEDDINGS?|COMPATIBLE|SERVICE|PROJECT|DEFAULT)_){0,2}(?:API_?KEY|KEY|ACCESS_TOKEN|ACCESS_KEY|API_TOKEN|AUTH_TOKEN|TOKEN|SECRET(?:_KEY)?)|GPT_(?:API_)?(?:KEY|TOKEN)|LLM_API_KEY|\w*__OPENAI__API_?KEY/;

/** The same by kind. */
export const VARIABLES = { base_url: BASE_URL_VARIABLE, api_key: API_KEY_VARIABLE } as const;

/** Names of variables that hold the model's name. */
export const MODEL_VARIABLE =
  /(?:[A-Z][A-Z0-9]*_)*(?:OPEN_?AI|CHAT_?GPT|GPT)_(?:[A-Z]+_)*(?:MODEL|ENGINE|LLM)(?:_NAME|_ID)?|LLM_MODEL(?:_NAME)?|\w*__OPENAI__(?:CHAT_?)?MODEL/;

/** The path of an endpoint at the end of a URL. */
export const ENDPOINT_PATH =
  /\/(?:chat\/completions|responses|conversations|embeddings|completions|images\/(?:generations|edits|variations)|audio\/(?:transcriptions|translations|speech)|videos|files|uploads|batches|assistants|threads|vector_stores|containers|evals|realtime|fine_tuning\/jobs|fine-tunes|moderations|models)\b/;

const ENDPOINT_OF_PATH: Readonly<Record<string, Endpoint>> = {
  'chat/completions': 'chat.completions',
  'fine_tuning/jobs': 'fine_tuning',
  'fine-tunes': 'fine_tuning',
  models: 'models.list',
};

/** The endpoint of a path (`/v1/chat/completions` → `chat.completions`); null for any other path. */
export function endpointOfPath(path: string): Endpoint | null {
  const found = ENDPOINT_PATH.exec(path);
  if (found === null) return null;
  const name = found[0].slice(1);
  return ENDPOINT_OF_PATH[name] ?? (name.replaceAll('/', '.') as Endpoint);
}

/** A URL without its endpoint and query: what a base URL setting would hold. */
export function baseOfUrl(url: string): string {
  const path = url.replace(/[?#].*$/s, '').replace(/\.+$/, '');
  const version = /^(.*?\/v\d+)(?:\/|$)/.exec(path);
  return (version?.[1] ?? path.replace(ENDPOINT_PATH, '')).replace(/[/.]+$/, '');
}
