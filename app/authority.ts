/** What a person may do, as the API says now; never as the comment says. */
import { type Actor, type Authority, ROLES, type Role } from '../src/rollout/actor.ts';
import { orNull } from './http-status.ts';
import { at, type Repository } from './repository.ts';

/**
 * @param required the role or `org/team` that the config asks for; of a team only its members are asked for
 */
export async function authorityOf(
  repository: Repository,
  person: Actor,
  required: string,
): Promise<Authority> {
  if (!required.includes('/')) return { role: await roleOf(repository, person), teams: [] };
  return { role: 'none', teams: (await isMember(repository, person, required)) ? [required] : [] };
}

async function roleOf(repository: Repository, { login }: Actor): Promise<Role> {
  const { repos } = repository.octokit.rest;
  const answer = await orNull(repos.getCollaboratorPermissionLevel({ ...at(repository), username: login }));
  return answer === null ? 'none' : finestRole(answer.data.role_name, answer.data.user?.permissions ?? {});
}

/** A role that an organization made itself is told by the permissions that it holds. */
function finestRole(
  name: string,
  permissions: { readonly [Name in 'admin' | 'maintain' | 'push' | 'triage' | 'pull']?: boolean },
): Role {
  const known = ROLES.find((role) => role === name);
  if (known !== undefined) return known;
  if (permissions.admin) return 'admin';
  if (permissions.maintain) return 'maintain';
  if (permissions.push) return 'write';
  if (permissions.triage) return 'triage';
  return permissions.pull ? 'read' : 'none';
}

/** False also where the App may not see the team: then only the role counts, and the refusal names the team. */
async function isMember(repository: Repository, { login }: Actor, required: string): Promise<boolean> {
  const [org = '', team_slug = ''] = required.split('/');
  const { teams } = repository.octokit.rest;
  const asked = teams.getMembershipForUserInOrg({ org, team_slug, username: login });
  return (await orNull(asked, [403]))?.data.state === 'active';
}

/** What GitHub says in public repositories of people who have nothing to do with them. */
const STRANGERS: readonly string[] = [
  'NONE',
  'FIRST_TIMER',
  'FIRST_TIME_CONTRIBUTOR',
  'CONTRIBUTOR',
  'MANNEQUIN',
];

/** Somebody who is owed a reaction, and no answer. */
export function isStranger({ isPrivate }: Repository, association: string): boolean {
  return !isPrivate && STRANGERS.includes(association);
}
