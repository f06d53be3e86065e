import { statementUpTo } from '../call-chain.ts';
import { languageOf, OTHER_CODE } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
import type { Sdk } from '../sdks.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, inAnySpelling, OTHER_PROVIDER, pattern, squash } from '../vocabulary.ts';
import { CLIENT_METHODS, endpointOfMethod } from './client-methods.ts';

/** The client's resources; a dot in a name is another link of the chain. */
const RESOURCES: Readonly<Record<string, Endpoint>> = {
  'chat.completions': 'chat.completions',
  chat_completions: 'chat.completions',
  chat: 'chat.completions',
  completions: 'completions',
  responses: 'responses',
  conversations: 'conversations',
  embeddings: 'embeddings',
  images: 'images.generations',
  'audio.transcriptions': 'audio.transcriptions',
  'audio.translations': 'audio.translations',
  'audio.transcription': 'audio.transcriptions',
  'audio.translation': 'audio.translations',
  'audio.speech': 'audio.speech',
  audio: 'audio.transcriptions',
  files: 'files',
  uploads: 'uploads',
  batches: 'batches',
  assistants: 'assistants',
  threads: 'threads',
  vector_stores: 'vector_stores',
  containers: 'containers',
  evals: 'evals',
  fine_tuning: 'fine_tuning',
  moderations: 'moderations',
  models: 'models.list',
  videos: 'videos',
  realtime: 'realtime',
};

/** Methods that have an endpoint of their own. */
const OWN_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  edit: 'images.edits',
  editstreamed: 'images.edits',
  createedit: 'images.edits',
  variation: 'images.variations',
  createvariation: 'images.variations',
  newvariation: 'images.variations',
  speech: 'audio.speech',
  speechstreamed: 'audio.speech',
  translate: 'audio.translations',
  translation: 'audio.translations',
};

const BY_NAME = new Map(Object.entries(RESOURCES).map(([name, endpoint]) => [squash(name), endpoint]));

/** What joins the links of a chain: `.`, `().`, `()->`, with the calls that wrap a resource. */
const LINK =
  /(?:\(\))?(?:\s*\.\s*(?:query|headers?|path)\([^\n]{0,80}\)\??|\s*(?:\.|->)\s*(?:withRawResponse|runs|messages|jobs|files|clientSecrets)\(\)|\.(?:Jobs|Runs|Messages|Files|ClientSecrets|jobs))?\s*(?:\.|->)\s*/;
export const PATHS = new RegExp(
  Object.keys(RESOURCES)
    .toSorted((a, b) => b.length - a.length)
    .map((name) =>
      name
        .split('.')
        .map((link) => `(?:${inAnySpelling([link]).source})`)
        .join('(?:\\(\\))?\\s*\\.\\s*'),
    )
    .join('|'),
);
const CALLS =
  /(?:[cC]reate\w*|New(?:Streaming|Variation)?|[sS]tream(?:ed|_raw)?|[gG]enerate\w*|[eE]dit\w*|variation|transcri\w+|translat\w+|speech\w*|[rR]etrieve\w*|Get|[cC]ontent|[lL]ist(?:AutoPaging|Files|Jobs|Runs|Messages|_\w+)?|[uU]pload|[dD]elete|[dD]ownload|[cC]ancel|[sS]earch|[uU]pdate|modify|messages|runs|items|files|session|transcription_session|clientSecrets)/;

/** The endpoint of a call of a resource's method. */
export const endpointOfCall = (name: string, { match }: RuleMatch): Endpoint | null =>
  OWN_ENDPOINTS[squash(match.groups?.method ?? '')] ??
  BY_NAME.get(squash(name.replace(/[()\s]/g, ''))) ??
  null;

/** Relations of a database model and parts of an answer have the same names. */
const ANY_CLIENT = /open_?ai|client|\bai\b|\bapi\b|async|llm/i;
const COMMON =
  /^(?:files|uploads|images|models|videos|threads|batches|audio|chat|completions|responses|embeddings|moderations)$/i;

function isOfClient(found: RuleMatch): boolean {
  const { code, match, value, after, sdks, path } = found;
  const statement = statementUpTo(code, match.index).slice(-160);
  if (OTHER_PROVIDER.test(statement) || /^\s*\(?\s*parameters:/.test(after.replace(/^.*?\w+(?=\(|\s)/, '')))
    return false;
  if (!sdks.some((sdk) => BUILT_ALIKE.test(sdk)))
    return languageOf(path).family === 'php' ? PHP_CALL.test(match[0]) : /open_?ai/i.test(statement);
  return !COMMON.test(value) || ANY_CLIENT.test(statement + match[0]);
}

/** In PHP, resources are methods. */
const PHP_CALL =
  /(?:chat|completions|responses|embeddings|moderations)\(\)\s*->\s*(?:create|stream|retrieve)/i;
const BUILT_ALIKE = /^(?:openai-(?:go|java|ruby|php|laravel|dive)|async-openai)$/;

/** Methods of clients that have no resources, named after the endpoint alone. */
const NAMED_METHODS = byName<Endpoint>({
  'chat.completions': [
    ...['chat', 'chats', 'chat_completion', 'chat_completions', 'start_chat', 'start_streamed_chat'],
    ...['chat_completion_request', 'streaming_chat_completion_request', 'on_chat_completion'],
    ...['map_stream_to_accumulator', 'send_message', 'send_chat', 'generate_text', 'stream_text'],
    ...['generate_object', 'generate_chat', 'generate_stream_of_text', 'generate_chat_stream'],
  ],
  completions: [
    ...['completion', 'completions', 'completion_with_engine'],
    ...['send_completion', 'on_completion', 'on_complete_text'],
  ],
  embeddings: ['embedding', 'embeddings', 'send_embeddings', 'embed_text'],
  'images.generations': [
    ...['image', 'images', 'images_generations', 'image_url', 'image_json', 'image_generation'],
    ...['send_images', 'generate_image'],
  ],
  'images.edits': ['image_edit', 'image_edits'],
  'images.variations': ['image_variations'],
  'audio.transcriptions': ['transcribe', 'transcription', 'audio_transcription', 'audio_transcriptions'],
  'audio.translations': ['translation', 'audio_translation', 'audio_translations'],
  'audio.speech': ['speech', 'audio_speech', 'audio_create_speech'],
  'models.list': ['model', 'models'],
  moderations: ['moderation', 'moderations', 'send_moderations'],
});
/** Short ones, in libraries for several services. */
const SHORT_METHODS = byName<Endpoint>({
  'chat.completions': ['ask', 'complete', 'text', 'structured'],
  embeddings: ['embed'],
  'images.generations': ['paint'],
  'audio.speech': ['speak', 'tts'],
  moderations: ['moderate'],
});
const BY_METHOD = new Map(
  Object.entries({ ...NAMED_METHODS, ...SHORT_METHODS }).map(([name, endpoint]) => [squash(name), endpoint]),
);
const ALL = [...Object.keys(NAMED_METHODS), ...Object.keys(CLIENT_METHODS)];
const METHODS = inAnySpelling(ALL);
/** Without those that a program's own class is likely to have. */
const NAMES = pattern()`${inAnySpelling(ALL.filter((name) => !/^(?:send|on)_/.test(name)))}(?:_?[sS]tream(?:ed|ing)?)?`;

const endpointOfName = (name: string): Endpoint | null =>
  BY_METHOD.get(squash(name)) ?? BY_METHOD.get(squash(name).replace(/stream$/, '')) ?? endpointOfMethod(name);

const METHODS_ALONE: readonly Sdk[] = [
  ...(['go-gpt3', 'openaigo', 'openai-kotlin', 'theokanning-openai', 'chatgpt-java', 'sttp-openai'] as const),
  ...(['azure-openai-java', 'openai-api-rs', 'chatgpt-rs', 'rust-with-key', 'go-client'] as const),
  ...(['openaiswift', 'chatgptswift', 'chat-gpt-sdk', 'openai-dart', 'openai-scala-client'] as const),
];
const METHODS_SHORT: readonly Sdk[] = [
  ...(['ruby-llm', 'langchainrb', 'omniai', 'orhanerday-openai', 'llphant', 'prism', 'lua-openai'] as const),
];

/** Calls of the official clients and those that are built like them, in every language but JavaScript and Python. */
export const RESOURCE_CALL_RULES: readonly Rule[] = [
  {
    id: 'resource-call',
    kind: 'endpoint',
    families: OTHER_CODE,
    pattern: pattern()`(?:\.|->|::)\s*(?<value>${PATHS})${LINK}(?<method>${CALLS})(?=!?\s*\(|\s+\w)`,
    value: endpointOfCall,
    accept: isOfClient,
  },
  {
    id: 'resource-call-named',
    kind: 'endpoint',
    families: ['php', 'other', 'jvm'],
    pattern: pattern()`(?:\b(?:[oO]pen_?[aA][iI]|[cC]hat_?(?:GPT|[gG]pt)|Instructor|ReqLLM)(?:_?(?:[cC]lient|[aA]pi|[sS]tream|[uU]tils?|[hH]elper|[mM]anager)|\.instance)?\s*(?:\.|->|::)\s*|(?<bare>(?<![\w.>:]|func(?:tion)? )(?=create_?[cC]hat)))(?<value>${NAMES})(?:\.(?:create|edit|generate|list|variation)\w{0,10})?\(`,
    needs: 'mention',
    value: endpointOfName,
  },
  {
    id: 'client-method',
    kind: 'endpoint',
    families: ['go', 'jvm', 'rust', 'ruby', 'php', 'other'],
    pattern: pattern()`\b(?!this\.)(?:\w*(?:[sS]ervice|[cC]lient|AI|Ai(?![a-z])|openai|_ai|[aA]pi|[gG][pP][tT]|LLM|llm|[cC]hat|[cC]onversation|Prism)|ai(?![a-z]))\w*(?:\(\))?[!?]*\s*(?:\.|->|::?)\s*(?<value>${METHODS}|${anyOf(SHORT_METHODS)})(?<streamed>_?(?:[aA]s[A-Z]\w{3,6})?(?:[sS]tream(?:ing|ed)?|SSE)(?:With\w+)?)?(?=\(|[ \t]+["'\w])`,
    needs: [...METHODS_ALONE, ...METHODS_SHORT],
    value: endpointOfName,
    accept: ({ value, sdks }) => !(value in SHORT_METHODS) || sdks.some((sdk) => METHODS_SHORT.includes(sdk)),
  },
  {
    id: 'resource-call-swift',
    kind: 'endpoint',
    families: ['other'],
    files: /\.swift$/,
    pattern: pattern()`(?:\.(?<value>${NAMES})\(\s*(?:query|body|parameters):|(?:[oO]pen_?A[iI]|[cC]lient)\w*[!?]?\.(?<listed>models)\(\))`,
    needs: 'mention',
    value: (_, { match: { groups } }) => endpointOfName(groups?.value ?? groups?.listed ?? ''),
  },
];
