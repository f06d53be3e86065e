/** The HTTP server in front of the emulator: who asks, what goes wrong, what clients are told about limits. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Answer, problem } from './answer.ts';
import { type Fault, type Faults, faultAnswer } from './faults.ts';
import type { RequestLog } from './log.ts';
import type { Router } from './router.ts';
import type { Tokens } from './tokens.ts';
import { type Caller, loginOf, type World } from './world.ts';

export interface Front {
  readonly url: string;
  /** What the routes work on; requests before it is there are refused. */
  world: World | null;
  /** Requests that wait for their answer. */
  readonly active: number;
  /** Grows with every request. */
  readonly count: number;
  close(): Promise<void>;
}

export interface FrontParts {
  readonly router: Router;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Milliseconds after which a hanging request is cut. */
  readonly hang: number;
}

/** Requests that an installation may make in an hour. */
const LIMIT = 5_000;

export async function startFront(parts: FrontParts): Promise<Front> {
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  const url = `http://127.0.0.1:${address.port}`;
  let active = 0;
  let count = 0;
  const used = { inHour: 0, until: 0 };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    active += 1;
    count += 1;
    try {
      await respond(request, response);
    } catch (error) {
      send(
        response,
        problem(500, `The emulated GitHub failed: ${error instanceof Error ? error.stack : error}`),
      );
    } finally {
      active -= 1;
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { world } = front;
    if (world === null) return send(response, problem(503, 'The emulated GitHub is starting.'));
    // GitHub Enterprise Server, and clients set up for it, put this before every path.
    const target = new URL((request.url ?? '/').replace(/^\/api\/v3(?=\/)/, ''), url);
    const method = request.method ?? 'GET';
    const text = await textOf(request);
    const caller = parts.tokens.callerOf(request.headers.authorization);
    const fault = parts.faults.take({ method, path: target.pathname });
    const lost = fault === null ? null : await stumble(fault, response);
    if (lost === 'gone') return note(method, target, target.pathname, 0, caller);
    if (lost !== null) {
      note(method, target, target.pathname, lost.status, caller);
      return send(response, lost);
    }
    const { answer, pattern } = await answered(world, {
      method,
      target,
      text,
      caller,
      accept: request.headers.accept,
    });
    const limited = withLimits(answer);
    const final = withEtag(method, request.headers['if-none-match'], limited);
    note(method, target, pattern, final.status, caller);
    if (fault?.when === 'after') {
      const instead = faultAnswer(fault);
      if (instead === null) return cut(response, fault);
      return send(response, instead);
    }
    return send(response, final);
  }

  async function answered(
    world: World,
    asked: {
      method: string;
      target: URL;
      text: string;
      caller: Caller | 'unknown' | null;
      accept: string | undefined;
    },
  ): Promise<{ answer: Answer; pattern: string }> {
    const { caller, method, target, text, accept } = asked;
    const pattern = target.pathname;
    if (caller === 'unknown') return { answer: problem(401, 'Bad credentials'), pattern };
    if (caller === null && !target.pathname.startsWith('/downloads/')) {
      return { answer: problem(401, 'Requires authentication'), pattern };
    }
    const body = parsed(text);
    if (body === undefined) return { answer: problem(400, 'Problems parsing JSON'), pattern };
    const as: Caller = caller ?? { kind: 'person', login: 'nobody' };
    const found = await parts.router.answer(world, {
      caller: as,
      method,
      url: target,
      body: body ?? undefined,
      accept,
    });
    parts.tokens.learn(target.pathname, found.answer);
    return found;
  }

  /** A fault before the request is looked at; null where it comes after. */
  async function stumble(fault: Fault, response: ServerResponse): Promise<Answer | 'gone' | null> {
    if (fault.when === 'after') return null;
    const answer = faultAnswer(fault);
    if (answer !== null) return answer;
    await cut(response, fault);
    return 'gone';
  }

  async function cut(response: ServerResponse, { kind }: Fault): Promise<void> {
    if (kind === 'hang') {
      const timer = setTimeout(() => response.destroy(), parts.hang);
      if (!response.destroyed) await once(response, 'close');
      clearTimeout(timer);
    }
    response.destroy();
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

  function withLimits(answer: Answer): Answer {
    // Clients reckon with the machine's time here.
    const now = Date.now();
    if (now >= used.until) {
      used.inHour = 0;
      used.until = now + 3_600_000;
    }
    used.inHour += answer.status === 304 ? 0 : 1;
    return {
      ...answer,
      headers: {
        'x-ratelimit-limit': String(LIMIT),
        'x-ratelimit-remaining': String(Math.max(0, LIMIT - used.inHour)),
        'x-ratelimit-reset': String(Math.ceil(used.until / 1000)),
        'x-ratelimit-used': String(used.inHour),
        'x-ratelimit-resource': 'core',
        ...answer.headers,
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
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return front;
}

const nameOf = (caller: Caller): string =>
  caller.kind === 'app' ? caller.slug : caller.kind === 'jwt' ? 'jwt' : loginOf(caller);

/** As GitHub: weak, the same for the same body, and 304 without a body where the client knows it. */
function withEtag(method: string, known: string | undefined, answer: Answer): Answer {
  if (method !== 'GET' || answer.status !== 200) return answer;
  const etag = `W/"${createHash('sha256').update(answer.body).digest('hex')}"`;
  const headers = { ...answer.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60' };
  if (known?.split(', ').includes(etag) === true) return { status: 304, headers, body: '' };
  return { ...answer, headers };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'x-github-request-id': 'EMUL:0', ...headers }).end(body);
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
