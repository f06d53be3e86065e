/** Puts the emulated GitHub together: the server in front, the emulator behind it, and the parts in between. */
import type { User } from '@octokit/webhooks-types';
import { createClock } from './clock.ts';
import { createDeliveries } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Front, startFront } from './front.ts';
import { createLag, type Lag } from './lag.ts';
import { createLog, type RequestLog } from './log.ts';
import { accountOf, botOf, commonOf, workflowOf } from './payloads.ts';
import type { Permissions } from './permissions.ts';
import { createRouter } from './router.ts';
import { routes } from './routes/routes.ts';
import { ACTIONS, createTokens, type Tokens } from './tokens.ts';
import type { Association } from './translate.ts';
import { installationOf, OWNER, startUpstream } from './upstream.ts';
import { type GivenRole, loginOf, type Repository, type World } from './world.ts';

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
  readonly lag: Lag;
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
  const lag = createLag(options.now, async ({ path, caller }) => {
    const ask = { caller, method: 'GET', url: new URL(path, front.url), body: undefined, accept: undefined };
    return (await router.respond(world, ask)).response;
  });
  const front = await startFront({ router, tokens, faults, lag, log, hang: options.hang });
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
      if (method !== 'GET') lag.changes();
      return (await router.respond(world, { caller, method, url, body, accept: undefined })).response;
    },
    async announce(repository, event, payload, sender) {
      lag.changes();
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
  return { world, front, tokens, faults, lag, log, webhookSecret };
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

/** The initial commits of a repository were never pushed. */
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
    activities: [],
    runDetails: 'returned',
    listLag: 0,
    allListsLag: false,
    unlisted: new Map(),
    gone: new Map(),
    shown: null,
    pushed: new Set(),
  };
}
