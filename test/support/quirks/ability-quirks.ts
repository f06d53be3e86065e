/** Gateways that drop a parameter, or a part of a request, and answer 200. */
import type { QuirkHooks } from './quirk.ts';
import { refuse } from './refusals.ts';
import type { GatewayRequest, JsonObject, Reply } from './reply.ts';

/** Leaves a parameter out of every request. */
const drops = (parameter: string) => ({
  does: `drops ${parameter} in silence`,
  request: (request: GatewayRequest): GatewayRequest => {
    const { [parameter]: _, ...body } = request.body;
    return { ...request, body };
  },
});

/** Leaves the parts of one type out of every message. */
const dropsParts = (type: string) => ({
  does: `drops the parts ${type} of messages in silence`,
  request: (request: GatewayRequest): GatewayRequest => {
    const messages = Array.isArray(request.body.messages) ? request.body.messages : [];
    const kept = messages.map((message: JsonObject) =>
      Array.isArray(message.content)
        ? { ...message, content: message.content.filter((part) => part.type !== type) }
        : message,
    );
    return messages.length === 0 ? request : { ...request, body: { ...request.body, messages: kept } };
  },
});

export const abilityQuirks = {
  'json-mode-dropped': {
    does: 'drops the response format json_object, but not a schema',
    request: (request) =>
      JSON.stringify(request.body.response_format)?.includes('json_object')
        ? drops('response_format').request(request)
        : request,
  },
  'pool-drops-format': {
    does: 'sends 27 % of its requests to an upstream that drops the response format',
    request: (request, { random }) => (random() < 0.27 ? drops('response_format').request(request) : request),
  },
  'pictures-dropped': dropsParts('image_url'),
  'audio-input-dropped': dropsParts('input_audio'),
  'files-dropped': dropsParts('file'),
  'audio-output-dropped': drops('modalities'),
  'reasoning-effort-dropped': drops('reasoning_effort'),
  'logprobs-dropped': drops('logprobs'),
  'top-logprobs-dropped': drops('top_logprobs'),
  'logit-bias-dropped': drops('logit_bias'),
  'seed-refused': refuses('seed'),
  'seed-refused-by-one': {
    does: 'refuses seed for gpt-4o-mini alone: 400',
    request: (request) => (request.body.model === 'gpt-4o-mini' ? refuses('seed').request(request) : request),
  },
  'prompt-cache-key-refused': refuses('prompt_cache_key'),
  'n-dropped': drops('n'),
  'prediction-dropped': drops('prediction'),
  'service-tier-dropped': {
    does: 'drops service_tier from requests and from answers',
    completion: ({ service_tier: _, ...completion }) => ({ ...completion, service_tier: undefined }),
  },
  'store-dropped': {
    does: 'stores no chat completion, although it is asked to',
    request: (request) => (request.route === '/chat/completions' ? drops('store').request(request) : request),
  },
  'abilities-refused': {
    does: 'refuses every parameter beyond a plain chat, and every part of a message that is not text: 400',
    request: (request) => {
      const refused = Object.keys(request.body).find((name) => BEYOND_CHAT.has(name));
      const isText = !/"type":"(?:image_url|input_|file)/.test(JSON.stringify(request.body));
      return refused === undefined && isText
        ? request
        : refuse(400, { message: `Unsupported: ${refused ?? 'content'}` });
    },
  },
  'background-dropped': drops('background'),
  'hosted-tools-dropped': {
    does: 'drops the tools of /responses that are not functions',
    request: (request) => {
      const tools = Array.isArray(request.body.tools) ? request.body.tools : [];
      const kept = tools.filter(({ type }) => type === 'function');
      return request.route === '/responses'
        ? { ...request, body: { ...request.body, tools: kept } }
        : request;
    },
  },
  'hosted-tools-refused': {
    does: 'knows no tools of /responses that are not functions: 400',
    request: (request) => {
      const tool = Array.isArray(request.body.tools) ? request.body.tools[0] : undefined;
      return request.route !== '/responses' || tool === undefined || tool.type === 'function'
        ? request
        : refuse(400, { message: `Unsupported tool type: ${tool.type}`, param: 'tools' });
    },
  },
  'responses-forgotten': drops('previous_response_id'),
  'encrypted-reasoning-refused': {
    does: 'sends each turn to another account, which cannot read the reasoning of the first: 400',
    request: (request) =>
      JSON.stringify(request.body.input)?.includes('output_text') && Array.isArray(request.body.input)
        ? refuse(400, {
            message: 'The encrypted content could not be verified.',
            code: 'invalid_encrypted_content',
          })
        : request,
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

const BEYOND_CHAT: ReadonlySet<string> = new Set([
  ...[
    'modalities',
    'audio',
    'reasoning_effort',
    'reasoning',
    'logprobs',
    'top_logprobs',
    'logit_bias',
    'seed',
  ],
  ...['prompt_cache_key', 'n', 'prediction', 'service_tier', 'background', 'previous_response_id', 'include'],
]);

function refuses(parameter: string) {
  return {
    does: `refuses ${parameter}: 400`,
    request: (request: GatewayRequest): GatewayRequest | Reply =>
      parameter in request.body
        ? refuse(400, { message: `Unrecognized request argument supplied: ${parameter}` })
        : request,
  };
}
