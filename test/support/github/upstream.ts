/** The emulator behind the emulated GitHub: users, issues, comments, git, pull requests and checks are its own. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createEmulator } from 'emulate';
import type { Clock } from './clock.ts';
import { connect } from './exchange.ts';
import type { GithubResponse } from './response.ts';
import { type Association, type Translation, translate } from './translate.ts';

/** As whom the emulator is asked. `owner` may do everything. */
export type Actor =
  | { readonly kind: 'owner' }
  | { readonly kind: 'person'; readonly login: string }
  | { readonly kind: 'app'; readonly slug: string };

export interface Upstream {
  /** A request of a client, passed on. */
  ask(request: UpstreamRequest): Promise<GithubResponse>;
  /**
   * What the emulator holds, or null where it answers 404. The type is the one that GitHub publishes for the path:
   * a claim that test/support/github.test.ts checks against GitHub's examples.
   */
  read<T>(path: string): Promise<T | null>;
  close(): Promise<void>;
}

export interface UpstreamRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly actor: Actor | { readonly kind: 'bearer'; readonly token: string };
  readonly body?: unknown;
  readonly accept?: string | undefined;
}

export interface UpstreamOptions {
  /** Takes the place of the emulator's own address wherever it gives one out. */
  readonly url: string;
  /** `owner/name`, with their content. */
  readonly repos: readonly { readonly name: string; readonly private: boolean }[];
  readonly people: readonly string[];
  readonly apps: readonly {
    readonly id: number;
    readonly slug: string;
    readonly events: readonly string[];
  }[];
  readonly clock: Clock;
  associationOf(login: string): Association;
}

export const OWNER = 'octo-admin';

/** One pair for the whole process: making one takes longer than starting the emulator. */
let keyPair: string | null = null;
export function privateKey(): string {
  keyPair ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
  return keyPair;
}

/** The emulator refuses a token after 5,000 requests; a new one is taken before. */
const REQUESTS_PER_TOKEN = 4_500;
const TOKENS_OF_OWNER = 50;

/** All permissions of the emulator; the server in front checks what an App may do. */
const ALL_PERMISSIONS = {
  actions: 'write',
  administration: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
  workflows: 'write',
};

export async function startUpstream(options: UpstreamOptions): Promise<Upstream> {
  await options.clock.mark();
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: { tokens: tokensOf(options), github: seedOf(options) },
  });
  const connection = connect(emulator.url.replace('localhost', '127.0.0.1'));
  const { clock, associationOf } = options;
  const translation = { clock, from: emulator.url, to: options.url, associationOf };
  const used = { owner: 0 };
  const appTokens = new Map<string, { token: string; used: number }>();

  async function tokenOf(actor: Actor): Promise<string> {
    if (actor.kind === 'person') return personToken(actor.login);
    if (actor.kind === 'owner') {
      used.owner += 1;
      return ownerToken(Math.floor(used.owner / REQUESTS_PER_TOKEN) % TOKENS_OF_OWNER);
    }
    let known = appTokens.get(actor.slug);
    if (known === undefined || known.used >= REQUESTS_PER_TOKEN) {
      known = { token: await mint(actor.slug), used: 0 };
      appTokens.set(actor.slug, known);
    }
    known.used += 1;
    return known.token;
  }

  async function mint(slug: string): Promise<string> {
    const app = options.apps.find((each) => each.slug === slug);
    if (app === undefined) throw new Error(`no App ${slug} was seeded`);
    const path = `/app/installations/${installationOf(app.id)}/access_tokens`;
    const response = await connection.send('POST', path, { authorization: `Bearer ${signedJwt(app.id)}` });
    const { token }: { token: string } = JSON.parse(String(response.body));
    return token;
  }

  async function ask({ method, path, actor, body, accept }: UpstreamRequest): Promise<GithubResponse> {
    if (method !== 'GET') await options.clock.mark();
    const token = actor.kind === 'bearer' ? actor.token : await tokenOf(actor);
    const headers = { authorization: `Bearer ${token}`, ...(accept === undefined ? {} : { accept }) };
    return translatedResponse(await connection.send(method, path, headers, body), translation);
  }

  return {
    ask,
    async read<T>(path: string) {
      const response = await ask({ method: 'GET', path, actor: { kind: 'owner' } });
      if (response.status === 404) return null;
      if (response.status >= 300) throw new Error(`GET ${path}: ${response.status} ${response.body}`);
      const value: T = JSON.parse(String(response.body));
      return value;
    },
    close() {
      connection.close();
      return emulator.close();
    },
  };
}

function translatedResponse(
  { status, headers, body }: GithubResponse,
  translation: Translation,
): GithubResponse {
  const { location, link } = headers;
  const address = (text: string): string => text.replaceAll(translation.from, translation.to);
  return {
    status,
    headers: {
      ...headers,
      ...(location === undefined ? {} : { location: address(location) }),
      ...(link === undefined ? {} : { link: address(link) }),
    },
    body: headers['content-type']?.includes('json') === true ? translate(String(body), translation) : body,
  };
}

const personToken = (login: string): string => `person-${login}`;
const ownerToken = (index: number): string => `owner-${index}`;
export const installationOf = (appId: number): number => appId * 100;

function tokensOf({ people }: UpstreamOptions): Record<string, { login: string }> {
  const owners = Array.from({ length: TOKENS_OF_OWNER }, (_, index) => [ownerToken(index), { login: OWNER }]);
  return Object.fromEntries([...owners, ...people.map((login) => [personToken(login), { login }])]);
}

function seedOf({ repos, people, apps }: UpstreamOptions): Record<string, unknown> {
  const owners = [...new Set(repos.map(({ name }) => name.split('/')[0] ?? ''))];
  return {
    users: [OWNER, ...people].map((login) => ({ login, email: `${login}@example.com` })),
    // Everybody is a member: the server in front checks roles.
    orgs: owners.map((login) => ({
      login,
      members: [{ login: OWNER, role: 'admin' }, ...people.map((each) => ({ login: each }))],
    })),
    repos: repos.map(({ name, private: hidden }) => {
      const [owner, repo] = name.split('/');
      return { owner, name: repo, private: hidden };
    }),
    apps: apps.map(({ id, slug, events }) => ({
      app_id: id,
      slug,
      name: slug,
      private_key: privateKey(),
      permissions: ALL_PERMISSIONS,
      events,
      installations: owners.slice(0, 1).map((account) => ({ installation_id: installationOf(id), account })),
    })),
  };
}

/** RFC 7519, signed as GitHub wants it. */
function signedJwt(appId: number): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 30, exp: now + 300, iss: appId })}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey()).toString('base64url')}`;
}
