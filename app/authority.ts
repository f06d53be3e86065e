/** What a person may do: their current role or teams, from the API and never from the comment. */
import { type Actor, type Authority, ROLES, type Role } from '../src/rollout/actor.ts';
import { nullIfMissing } from './http-status.ts';
import { at, type Repository } from './repository.ts';

/** @param required the role or `org/team` that the config requires */
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
  const response = await nullIfMissing(
    repos.getCollaboratorPermissionLevel({ ...at(repository), username: login }),
  );
  return response === null
    ? 'none'
    : nearestRole(response.data.role_name, response.data.user?.permissions ?? {});
}

/** A custom role of an organization counts as the standard role with its permissions. */
function nearestRole(
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

/** Also false where the App may not see the team. */
async function isMember(repository: Repository, { login }: Actor, required: string): Promise<boolean> {
  const [org = '', team_slug = ''] = required.split('/');
  const { teams } = repository.octokit.rest;
  const request = teams.getMembershipForUserInOrg({ org, team_slug, username: login });
  return (await nullIfMissing(request, [403]))?.data.state === 'active';
}

/** Associations of people who do not belong to a public repository. */
const OUTSIDERS = /^(?:NONE|FIRST_TIMER|FIRST_TIME_CONTRIBUTOR|CONTRIBUTOR|MANNEQUIN)$/;

/** An outsider's command gets a reaction, but no reply. */
export function isOutsider({ isPrivate }: Repository, association: string): boolean {
  return !isPrivate && OUTSIDERS.test(association);
}
