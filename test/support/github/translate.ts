/** Translates the emulator's JSON to GitHub's: the scenario's time, the public address, and keys that it leaves out. */
import type { Clock } from './clock.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

export interface Translation {
  readonly clock: Clock;
  /** The emulator's own address, and the public one. */
  readonly from: string;
  readonly to: string;
  /** What an account has to do with the repository; to the emulator everybody is a member of the organization. */
  associationOf(login: string): Association;
}

export type Association = 'MEMBER' | 'COLLABORATOR' | 'NONE';

export function translate(text: string, translation: Translation): string {
  const value: Json = JSON.parse(text);
  return JSON.stringify(translated(value, '', translation));
}

const IS_MOMENT = /(^|_)at$|^date$|^timestamp$/;

function translated(value: Json, key: string, translation: Translation): Json {
  if (typeof value === 'string') {
    // Tokens are issued and expire in the machine's time: clients keep them by that.
    if (IS_MOMENT.test(key) && key !== 'expires_at') return translation.clock.inScenario(value);
    return value.includes(translation.from) ? value.replaceAll(translation.from, translation.to) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => translated(item, '', translation));
  const entries = Object.entries(value).map(([name, inner]) => [name, translated(inner, name, translation)]);
  const object: JsonObject = Object.fromEntries(entries);
  return { ...object, ...leftOut(object), ...association(object, translation) };
}

function association(
  { author_association: present, user }: JsonObject,
  { associationOf }: Translation,
): JsonObject {
  if (present === undefined || user === undefined || user === null || typeof user !== 'object') return {};
  const login = 'login' in user ? user.login : null;
  return typeof login === 'string' ? { author_association: associationOf(login) } : {};
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function leftOut(object: JsonObject): JsonObject {
  if (object.type === 'Organization' && typeof object.login === 'string') return ofOrganization(object);
  if ('full_name' in object && 'default_branch' in object) {
    return { web_commit_signoff_required: false, custom_properties: {} };
  }
  if ('timeline_url' in object) return { draft: false };
  return {};
}

/** As the owner of something, an organization looks like a user. */
function ofOrganization({ login, url }: JsonObject): JsonObject {
  const user = String(url).replace('/orgs/', '/users/');
  return {
    gravatar_id: '',
    url: user,
    html_url: user.replace('/users/', '/'),
    followers_url: `${user}/followers`,
    following_url: `${user}/following{/other_user}`,
    gists_url: `${user}/gists{/gist_id}`,
    starred_url: `${user}/starred{/owner}{/repo}`,
    subscriptions_url: `${user}/subscriptions`,
    organizations_url: `${user}/orgs`,
    repos_url: `${user}/repos`,
    events_url: `${user}/events{/privacy}`,
    received_events_url: `${user}/received_events`,
    login: login ?? '',
  };
}
