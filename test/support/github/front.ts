/** The HTTP server in front of the emulator: callers, injected faults, and rate limit headers. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Faults, faultResponse } from './faults.ts';
import type { Lag } from './lag.ts';
import type { RequestLog } from './log.ts';
import { type GithubResponse, problem } from './response.ts';
import type { Router } from './router.ts';
import type { Tokens } from './tokens.ts';
import { type Caller, loginOf, type World } from './world.ts';

export interface Front {
  readonly url: string;
  /** What the routes work on; requests before it is there are refused. */
  world: World | null;
  /** Requests that wait for their response. */
  readonly active: number;
  /** Grows with every request. */
  readonly count: number;
  /** The same without a socket, for clients in this process that make many requests. */
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

export interface FrontParts {
  readonly router: Router;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly lag: Lag;
  readonly log: RequestLog;
  /** Milliseconds after which a hanging request is cut. */
  readonly hang: number;
}

/** A request, however it came. */
interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly text: string;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  /** The ETags that the client knows. */
  readonly known: string | undefined;
}

/** What a client reads, or why it reads nothing. */
type Outcome = GithubResponse | 'hang' | 'reset';

/** Statuses of responses without a body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Requests that an installation may make in an hour. */
const LIMIT = 5_000;

export async function startFront(parts: FrontParts): Promise<Front> {
  const server = createServer((request, outgoing) => void serve(request, outgoing));
  // A busy machine may keep a client from using its connection for longer than the usual 5 s.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  const url = `http://127.0.0.1:${address.port}`;
  let active = 0;
  let count = 0;
  const used = { inHour: 0, until: 0 };

  async function serve(request: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { authorization, accept, 'if-none-match': known } = request.headers;
    const response = await counted(async () => {
      const text = await textOf(request);
      return respond({
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        text,
        authorization,
        accept,
        known,
      });
    });
    if (response !== 'hang' && response !== 'reset') return send(outgoing, response);
    if (response === 'hang') {
      const timer = setTimeout(() => outgoing.destroy(), parts.hang);
      if (!outgoing.destroyed) await once(outgoing, 'close');
      clearTimeout(timer);
    }
    outgoing.destroy();
  }

  async function fetchHere(input: Request | URL | string, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
    const response = await counted(async () =>
      respond({
        method: request.method,
        path: `${pathname}${search}`,
        text: await request.text(),
        authorization: header('authorization'),
        accept: header('accept'),
        known: header('if-none-match'),
      }),
    );
    if (response === 'hang') await sleep(parts.hang);
    if (response === 'hang' || response === 'reset') throw new TypeError('fetch failed');
    const { status, headers, body } = response;
    if (status === 302 && headers.location !== undefined) return fetchHere(headers.location);
    const content = BODILESS.has(status) ? null : new Uint8Array(Buffer.from(body));
    const outgoing = new Response(content, { status, headers });
    // Only a real fetch can say where a response is from, and clients look there for the next page.
    return Object.defineProperty(outgoing, 'url', { value: request.url });
  }

  async function counted(work: () => Promise<Outcome>): Promise<Outcome> {
    active += 1;
    count += 1;
    try {
      return await work();
    } catch (error) {
      return problem(500, `The emulated GitHub failed: ${error instanceof Error ? error.stack : error}`);
    } finally {
      active -= 1;
    }
  }

  async function respond({ method, path, text, authorization, accept, known }: Asked): Promise<Outcome> {
    const { world } = front;
    if (world === null) return problem(503, 'The emulated GitHub is starting.');
    // GitHub Enterprise Server, and clients set up for it, put this before every path.
    const target = new URL(path.replace(/^\/api\/v3(?=\/)/, ''), url);
    const caller = parts.tokens.callerOf(authorization);
    const fault = parts.faults.take({ method, path: target.pathname });
    const instead =
      fault === null ? null : (faultResponse(fault) ?? (fault.kind === 'hang' ? 'hang' : 'reset'));
    if (instead !== null && fault?.when !== 'after') {
      note(method, target, target.pathname, typeof instead === 'string' ? 0 : instead.status, caller);
      return instead;
    }
    const { response, pattern } = await routed(world, { method, target, text, caller, accept });
    const reader = readerOf(method, caller);
    const answer = lagged({ path, isConditional: known !== undefined }, reader, response);
    const final = withEtag(method, known, withLimits(answer));
    note(method, target, pattern, final.status, caller);
    return instead ?? final;
  }

  function lagged(
    read: { readonly path: string; readonly isConditional: boolean },
    caller: Caller | null,
    newest: GithubResponse,
  ): GithubResponse {
    return caller === null ? newest : parts.lag.answer({ ...read, caller }, newest);
  }

  async function routed(
    world: World,
    asked: {
      method: string;
      target: URL;
      text: string;
      caller: Caller | 'unknown' | null;
      accept: string | undefined;
    },
  ): Promise<{ response: GithubResponse; pattern: string }> {
    const { caller, method, target, text, accept } = asked;
    const pattern = target.pathname;
    if (caller === 'unknown') return { response: problem(401, 'Bad credentials'), pattern };
    if (caller === null && !target.pathname.startsWith('/downloads/')) {
      return { response: problem(401, 'Requires authentication'), pattern };
    }
    const body = parsed(text);
    if (body === undefined) return { response: problem(400, 'Problems parsing JSON'), pattern };
    if (method !== 'GET') parts.lag.changes();
    const as: Caller = caller ?? { kind: 'person', login: 'nobody' };
    const found = await parts.router.respond(world, {
      caller: as,
      method,
      url: target,
      body: body ?? undefined,
      accept,
    });
    parts.tokens.learn(target.pathname, found.response);
    return found;
  }

  function note(
    method: string,
    target: URL,
    route: string,
    status: number,
    caller: Caller | 'unknown' | null,
  ): void {
    // Archives and artifacts lie on other servers than the API, and count against no limit.
    if (target.pathname.startsWith('/downloads/')) return;
    const by = caller === null || caller === 'unknown' ? null : nameOf(caller);
    parts.log.add({ method, route, path: `${target.pathname}${target.search}`, status, by });
  }

  function withLimits(response: GithubResponse): GithubResponse {
    // Clients reckon with the machine's time here.
    const now = Date.now();
    if (now >= used.until) {
      used.inHour = 0;
      used.until = now + 3_600_000;
    }
    used.inHour += response.status === 304 ? 0 : 1;
    return {
      ...response,
      headers: {
        date: new Date(front.world?.clock.now() ?? now).toUTCString(),
        'x-ratelimit-limit': String(LIMIT),
        'x-ratelimit-remaining': String(Math.max(0, LIMIT - used.inHour)),
        'x-ratelimit-reset': String(Math.ceil(used.until / 1000)),
        'x-ratelimit-used': String(used.inHour),
        'x-ratelimit-resource': 'core',
        ...response.headers,
      },
    };
  }

  const front: Front = {
    url,
    world: null,
    get active() {
      return active;
    },
    get count() {
      return count;
    },
    fetch: fetchHere,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return front;
}

/** The App, where it reads. */
const readerOf = (method: string, caller: Caller | 'unknown' | null): Caller | null =>
  method === 'GET' && typeof caller === 'object' && caller?.kind === 'app' ? caller : null;

const nameOf = (caller: Caller): string =>
  caller.kind === 'app' ? caller.slug : caller.kind === 'jwt' ? 'jwt' : loginOf(caller);

/** As GitHub: weak, the same for the same body, and 304 without a body where the client knows it. */
function withEtag(method: string, known: string | undefined, response: GithubResponse): GithubResponse {
  if (method !== 'GET' || response.status !== 200) return response;
  const etag = `W/"${createHash('sha256').update(response.body).digest('hex')}"`;
  const headers = { ...response.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60' };
  if (known?.split(', ').includes(etag) === true) return { status: 304, headers, body: '' };
  return { ...response, headers };
}

function send(outgoing: ServerResponse, { status, headers, body }: GithubResponse): void {
  outgoing.writeHead(status, { 'x-github-request-id': 'EMUL:0', ...headers }).end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** Null for no body, undefined for one that is not JSON. */
function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
