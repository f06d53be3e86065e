/** The SDK's request: whether it can be split, and what it becomes at the gateway. */

export interface Gateway {
  /** With `/v1`, as the SDK takes it. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Added to each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Name in your code → name at the gateway, where they differ. */
  readonly models?: Readonly<Record<string, string>>;
}

export type SdkRequest = ReturnType<typeof readRequest>;

const ENDPOINT = /\/(chat\/completions|completions|embeddings|moderations|responses)$/;
/** They mean something to the official API alone, or belong to another body. */
const NOT_FORWARDED = /^(api-key|content-length|cookie|host|openai-(organization|project))$/;

/** @returns what `fetch` takes, without our own headers, and what decides about a split */
export function readRequest(address: string | URL, given: RequestInit) {
  const url = new URL(address);
  const headers = new Headers(given.headers);
  const [unit, task] = ['x-rollout-unit', 'x-rollout-task'].map((name) => {
    const value = headers.get(name);
    headers.delete(name);
    return value || undefined;
  });
  const json = typeof given.body === 'string' ? jsonObject(given.body) : null;
  const body = json ?? {};
  const [endpoint = ''] = ENDPOINT.exec(url.pathname) ?? [];
  const stores = endpoint === '/responses' ? body.store !== false : body.store === true;
  const tools: unknown[] = [body.tools ?? []].flat();
  return {
    url,
    init: { ...given, headers },
    body,
    unit,
    task,
    endpoint,
    model: String(body.model ?? '').slice(0, 1_000),
    streams: body.stream === true,
    /** How often the SDK has tried before. */
    retry: Number(headers.get('x-stainless-retry-count')) || 0,
    /** Both arms can answer it: it is not about files, for instance. */
    canSplit: endpoint !== '' && json !== null,
    /** It stores something or refers to what is stored: only one arm has that. */
    isStateful: stores || Boolean(body.background || body.conversation || body.previous_response_id),
    /** The provider calls no tools. */
    onlyAnswers:
      !body.web_search_options && tools.every((tool) => /^(function|custom)$/.test(Object(tool).type)),
  };
}

/** Whether requests can be sent to it: a key with a line break is none, for instance. */
export function isUsable({ baseUrl, apiKey, headers }: Gateway): boolean {
  try {
    return Boolean(new URL(baseUrl) && new Headers({ ...headers, authorization: apiKey }) && apiKey);
  } catch {
    return false;
  }
}

/** What sends it to the gateway: without the official key. */
export function atGateway({ url, init, body, endpoint, model }: SdkRequest, gateway: Gateway) {
  const headers = new Headers([...init.headers].filter(([name]) => !NOT_FORWARDED.test(name)));
  headers.set('authorization', `Bearer ${gateway.apiKey}`);
  for (const [name, value] of Object.entries(gateway.headers ?? {})) headers.set(name, value);
  const alias = new Map(Object.entries(gateway.models ?? {})).get(model);
  const renamed = alias === undefined ? {} : { body: JSON.stringify({ ...body, model: alias }) };
  const address = new URL(gateway.baseUrl.replace(/\/+$/, '') + endpoint + url.search);
  return { url: address, init: { ...init, headers, ...renamed } };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const json = JSON.parse(text);
    return Object(json) === json ? json : null;
  } catch {
    return null;
  }
}
