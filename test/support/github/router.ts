/** The routes in front of the emulator, and how a request finds its route. */
import type { z } from 'zod';
import { missingPermission } from './permissions.ts';
import { withReactions } from './reactions.ts';
import { type GithubResponse, json, notFound, problem, Refusal, refuse } from './response.ts';
import type { Actor } from './upstream.ts';
import type { Caller, Repository, World } from './world.ts';

export interface Call {
  readonly world: World;
  readonly method: string;
  readonly url: URL;
  readonly caller: Caller;
  readonly body: unknown;
  readonly accept: string | undefined;
  /** From the route's pattern, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Behind `/repos/{owner}/{repo}`; asking for it elsewhere is a mistake of the route. */
  readonly repository: Repository;
  /** Asks the emulator the same. */
  forward(): Promise<GithubResponse>;
}

export type Handler = (call: Call) => GithubResponse | Promise<GithubResponse>;

export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handle: Handler;
}

export interface Ask {
  readonly caller: Caller;
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly accept: string | undefined;
}

/** A segment `:name` takes one segment of a path, `*name` all that follow. */
export const route = (method: string, pattern: string, handle: Handler): Route => ({
  method,
  pattern,
  handle,
});
export const repositoryRoute = (method: string, pattern: string, handle: Handler): Route =>
  route(method, `/repos/:owner/:repo${pattern}`, handle);

export interface Router {
  /** @returns the response, and the pattern of the route for the log */
  respond(world: World, ask: Ask): Promise<{ readonly response: GithubResponse; readonly pattern: string }>;
}

export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((each) => ({ ...each, regex: regexOf(each.pattern) }));

  async function respondTo(world: World, ask: Ask, pathname: string): Promise<GithubResponse> {
    const repository = repositoryOf(world, pathname);
    if (repository !== null) assertPermitted(world, ask, repository, pathname);
    for (const { method, regex, handle } of compiled) {
      const match = method === ask.method ? regex.exec(pathname) : null;
      if (match === null) continue;
      return handle(callOf(world, ask, repository, decoded(match.groups ?? {})));
    }
    return forward(world, ask);
  }

  return {
    async respond(world, ask) {
      const pathname = ask.url.pathname;
      const found = compiled.find(({ method, regex }) => method === ask.method && regex.test(pathname));
      const pattern = found?.pattern ?? generalized(pathname);
      try {
        const response = await respondTo(world, ask, pathname);
        return { response: withReactions(world, pathname, response), pattern };
      } catch (error) {
        if (error instanceof Refusal) return { response: error.response, pattern };
        throw error;
      }
    },
  };
}

function callOf(world: World, ask: Ask, repository: Repository | null, params: Record<string, string>): Call {
  return {
    world,
    ...ask,
    params,
    get repository() {
      return repository ?? notFound();
    },
    forward: () => forward(world, ask),
  };
}

async function forward(world: World, { caller, method, url, body, accept }: Ask): Promise<GithubResponse> {
  const response = await world.upstream.ask({
    method,
    path: `${url.pathname}${url.search}`,
    actor: actorOf(caller, url.pathname),
    body,
    accept,
  });
  if (response.status === 403 && caller.kind === 'app')
    return problem(403, 'Resource not accessible by integration');
  return response;
}

/** The server in front checks a person's git permissions, because the emulator does not know all roles. */
function actorOf(caller: Caller, pathname: string): Actor | { kind: 'bearer'; token: string } {
  if (caller.kind === 'jwt') return { kind: 'bearer', token: caller.token };
  if (caller.kind === 'app') return { kind: 'app', slug: caller.slug };
  return /\/(issues|pulls)(\/|$)/.test(pathname)
    ? { kind: 'person', login: caller.login }
    : { kind: 'owner' };
}

function repositoryOf(world: World, pathname: string): Repository | null {
  const match = /^\/repos\/([^/]+\/[^/]+)/.exec(pathname);
  if (match === null) return null;
  return world.repositories.get((match[1] ?? '').toLowerCase()) ?? notFound();
}

function assertPermitted(world: World, ask: Ask, repository: Repository, pathname: string): void {
  const { caller, method } = ask;
  if (caller.kind !== 'app') return;
  if (!world.app.installed && caller.slug === world.app.slug) notFound();
  const path = decodeURIComponent(pathname.replace(/^\/repos\/[^/]+\/[^/]+/, ''));
  const missing = missingPermission(caller.permissions, { method, path, isPrivate: repository.isPrivate });
  if (missing === null) return;
  const accepted = missing.replace(': ', '=');
  throw new Refusal(
    problem(403, 'Resource not accessible by integration', {}, { 'x-accepted-github-permissions': accepted }),
  );
}

/** The body of a request, or GitHub's refusal of what it cannot read. */
export function bodyOf<T>(call: Call, schema: z.ZodType<T>): T {
  const read = schema.safeParse(call.body ?? {});
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  return refuse(422, `Invalid request.\n\n${issue?.path.join('/')}: ${issue?.message}.`);
}

/** The JSON of a response of the emulator. The type is the one that GitHub publishes for the route. */
export function read<T>(response: GithubResponse): T {
  const value: T = JSON.parse(String(response.body));
  return value;
}

/** The same response with another body. */
export const replaced = (response: GithubResponse, value: unknown): GithubResponse =>
  json(response.status, value, response.headers);

function regexOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.]/g, '\\.')
    .replace(/:(\w+)/g, '(?<$1>[^/]+)')
    .replace(/\*(\w+)/g, '(?<$1>.+)');
  return new RegExp(`^${source}$`);
}

const decoded = (groups: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));

/** For the log, where the emulator has the route: names and numbers of one repository look alike. */
function generalized(pathname: string): string {
  return pathname
    .replace(/^\/repos\/[^/]+\/[^/]+/, '/repos/:owner/:repo')
    .replace(/\/contents\/.+$/, '/contents/*path')
    .replace(/\/git\/(ref|refs|trees|commits|blobs)\/.+$/, '/git/$1/:name')
    .replace(/\/[0-9a-f]{40}(?=\/|$)/g, '/:sha')
    .replace(/\/\d+(?=\/|$)/g, '/:number');
}
