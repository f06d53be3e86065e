/** Puts the emulated GitHub together: the server in front, the emulator behind, and what stands between them. */
import type {
  Organization,
  Repository as RepositoryPayload,
  User,
  WebhookEventName,
} from '@octokit/webhooks-types';
import { notFound } from './answer.ts';
import { createClock } from './clock.ts';
import { createDeliveries } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Front, startFront } from './front.ts';
import { createLog, type RequestLog } from './log.ts';
import type { Permissions } from './permissions.ts';
import { createRouter } from './router.ts';
import { routes } from './routes/routes.ts';
import { ACTIONS, createTokens, type Tokens } from './tokens.ts';
import type { Association } from './translate.ts';
import { installationOf, OWNER, startUpstream } from './upstream.ts';
import { type GivenRole, loginOf, type Repository, type Schema, type World } from './world.ts';

export interface WorldOptions {
  /** `owner/name`; the first is the one that scenarios speak of. */
  readonly repos: readonly string[];
  readonly private: boolean;
  /** Role by login. */
  readonly users: Readonly<Record<string, GivenRole>>;
  /** Members by `org/slug`. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  readonly permissions: Permissions;
  readonly events: readonly string[] | null;
  readonly now: () => number;
  readonly hang: number;
}

export interface Parts {
  readonly world: World;
  readonly front: Front;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly webhookSecret: string;
}

const APP = { id: 4_711, slug: 'gateway-rollout' };

export async function startWorld(options: WorldOptions): Promise<Parts> {
  const clock = createClock(options.now);
  const app = {
    ...APP,
    installation: installationOf(APP.id),
    permissions: options.permissions,
    events: options.events,
    installed: true,
  };
  const webhookSecret = 'a secret of the emulated GitHub';
  const deliveries = createDeliveries({ id: app.id, secret: webhookSecret });
  const tokens = createTokens(app);
  const faults = createFaults();
  const log = createLog();
  const router = createRouter(routes);
  const front = await startFront({ router, tokens, faults, log, hang: options.hang });
  const roles = new Map<string, GivenRole>([[OWNER, 'admin'], ...Object.entries(options.users)]);
  const teams = new Map(Object.entries(options.teams).map(([team, members]) => [team, new Set(members)]));
  const upstream = await startUpstream({
    url: front.url,
    repos: options.repos.map((name) => ({ name, private: options.private })),
    people: Object.keys(options.users),
    apps: [APP, ACTIONS].map((each) => ({ ...each, events: [] })),
    clock,
    associationOf: (login) => associationOf(login, roles, teams),
  });
  const accounts = new Map<string, User>();
  let lastId = 1_000;

  const world: World = {
    url: front.url,
    clock,
    upstream,
    deliveries,
    repositories: new Map(
      options.repos.map((name) => [name.toLowerCase(), emptyRepository(name, options.private)]),
    ),
    roles,
    teams,
    app,
    nextId() {
      lastId += 1;
      return lastId;
    },
    userOf: (caller) => world.user(loginOf(caller)),
    async user(login) {
      const known = accounts.get(login);
      if (known !== undefined) return known;
      const user =
        (await upstream.read<User>(`/users/${encodeURIComponent(login)}`)) ?? botOf(login, front.url);
      accounts.set(login, user);
      return user;
    },
    workflow(repository, file) {
      const known = repository.workflows.get(file);
      if (known !== undefined) return known;
      const made = workflowOf(world, repository, file);
      repository.workflows.set(file, made);
      return made;
    },
    async act(caller, method, path, body) {
      const url = new URL(path, front.url);
      return (await router.answer(world, { caller, method, url, body, accept: undefined })).answer;
    },
    async announce(repository, event, payload, sender) {
      if (!app.installed && !event.startsWith('installation')) return;
      if (app.events !== null && !app.events.includes(event) && !event.startsWith('installation')) return;
      deliveries.send(event, {
        ...(await commonOf(world, repository, event)),
        ...payload,
        sender: accountOf(sender),
      });
    },
  };
  front.world = world;
  await noteFirstCommits(world);
  return { world, front, tokens, faults, log, webhookSecret };
}

/** Members of a team are members of its organization; others with a role were invited one by one. */
function associationOf(
  login: string,
  roles: ReadonlyMap<string, GivenRole>,
  teams: ReadonlyMap<string, ReadonlySet<string>>,
): Association {
  if (login === OWNER || [...teams.values()].some((members) => members.has(login))) return 'MEMBER';
  return (roles.get(login) ?? 'none') === 'none' ? 'NONE' : 'COLLABORATOR';
}

/** An App's account comes to be with its first act; until then it looks like this. */
function botOf(login: string, url: string): User {
  if (!login.endsWith('[bot]')) return notFound();
  const address = `${url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id: 41_898_282,
    node_id: 'BOT_1',
    avatar_url: '',
    gravatar_id: '',
    url: address,
    html_url: `${url}/apps/${login.replace('[bot]', '')}`,
    followers_url: `${address}/followers`,
    following_url: `${address}/following{/other_user}`,
    gists_url: `${address}/gists{/gist_id}`,
    starred_url: `${address}/starred{/owner}{/repo}`,
    subscriptions_url: `${address}/subscriptions`,
    organizations_url: `${address}/orgs`,
    repos_url: `${address}/repos`,
    events_url: `${address}/events{/privacy}`,
    received_events_url: `${address}/received_events`,
    type: 'Bot',
    site_admin: false,
  };
}

async function commonOf(world: World, repository: Repository | null, event: WebhookEventName) {
  const installation = { id: world.app.installation, node_id: `INSTALLATION_${world.app.installation}` };
  if (repository === null) return { installation };
  repository.shown ??= await world.upstream.read<RepositoryPayload>(`/repos/${repository.fullName}`);
  const { shown } = repository;
  if (shown === null) return { installation };
  const { login, id, node_id, avatar_url } = shown.owner;
  const base = `${world.url}/orgs/${login}`;
  const organization: Organization = {
    login,
    id,
    node_id,
    avatar_url,
    url: base,
    repos_url: `${base}/repos`,
    events_url: `${base}/events`,
    hooks_url: `${base}/hooks`,
    issues_url: `${base}/issues`,
    members_url: `${base}/members{/member}`,
    public_members_url: `${base}/public_members{/member}`,
    description: null,
  };
  return { repository: event === 'push' ? asPushed(shown) : shown, organization, installation };
}

function workflowOf(world: World, { fullName }: Repository, file: string): Schema<'workflow'> {
  const id = world.nextId();
  const created = world.clock.stamp();
  return {
    id,
    node_id: `W_${id}`,
    name: file.replace(/\.ya?ml$/, ''),
    path: `.github/workflows/${file}`,
    state: 'active',
    created_at: created,
    updated_at: created,
    url: `${world.url}/repos/${fullName}/actions/workflows/${id}`,
    html_url: `${world.url}/${fullName}/blob/main/.github/workflows/${file}`,
    badge_url: `${world.url}/${fullName}/workflows/${file}/badge.svg`,
  };
}

/** In webhooks of pushes, and there alone, a repository looks like this. */
function asPushed(repository: RepositoryPayload): RepositoryPayload {
  const seconds = (moment: string | number | null): number => Math.floor(Date.parse(String(moment)) / 1000);
  return {
    ...repository,
    created_at: seconds(repository.created_at),
    pushed_at: seconds(repository.pushed_at),
    stargazers: repository.stargazers_count,
    master_branch: repository.default_branch,
    owner: { ...repository.owner, name: repository.owner.login, email: 'owner@example.com' },
  };
}

/** An account without what only its own page shows. */
function accountOf(user: User): User {
  const { login, id, node_id, avatar_url, gravatar_id, url, html_url, followers_url, following_url } = user;
  const { gists_url, starred_url, subscriptions_url, organizations_url, repos_url, events_url } = user;
  const { received_events_url, type, site_admin } = user;
  return {
    login,
    id,
    node_id,
    avatar_url,
    gravatar_id,
    url,
    html_url,
    followers_url,
    following_url,
    gists_url,
    starred_url,
    subscriptions_url,
    organizations_url,
    repos_url,
    events_url,
    received_events_url,
    type,
    site_admin,
  };
}

/** What stands in a repository from the beginning was never pushed. */
async function noteFirstCommits(world: World): Promise<void> {
  for (const { fullName, pushed } of world.repositories.values()) {
    const commits = await world.upstream.read<{ sha: string }[]>(`/repos/${fullName}/commits`);
    for (const { sha } of commits ?? []) pushed.add(sha);
  }
}

function emptyRepository(fullName: string, isPrivate: boolean): Repository {
  return {
    fullName,
    isPrivate,
    reactions: new Map(),
    variables: new Map(),
    environments: new Map(),
    deployments: new Map(),
    dispatches: [],
    statuses: new Map(),
    runs: [],
    workflows: new Map(),
    checkApps: new Map(),
    rules: [],
    gone: new Map(),
    shown: null,
    pushed: new Set(),
  };
}
