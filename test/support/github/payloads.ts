/** The common fields of webhooks, and accounts and workflows as GitHub shows them. */
import type {
  Organization,
  Repository as RepositoryPayload,
  User,
  WebhookEventName,
} from '@octokit/webhooks-types';
import { notFound } from './response.ts';
import type { Repository, Schema, World } from './world.ts';

/** An App's account is created with its first action; until then it looks like this. */
export function botOf(login: string, url: string): User {
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

export async function commonOf(world: World, repository: Repository | null, event: WebhookEventName) {
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

export function workflowOf(world: World, { fullName }: Repository, file: string): Schema<'workflow'> {
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

/** A repository, as only push webhooks show it. */
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
export function accountOf(user: User): User {
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
