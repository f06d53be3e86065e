/** Who may do what: roles in a repository, members of teams. */
import { json, listed, notFound } from '../response.ts';
import { type Route, repositoryRoute, route } from '../router.ts';
import { type GivenRole, ROLES, type Role, type Schema } from '../world.ts';

export const peopleRoutes: readonly Route[] = [
  repositoryRoute('GET', '/collaborators/:login/permission', async ({ world, repository, params }) => {
    const user = await world.user(params.login ?? '');
    const given: GivenRole = world.roles.get(user.login) ?? 'none';
    const base = typeof given === 'string' ? given : given.base;
    // Everybody can read a public repository.
    const role = base === 'none' && !repository.isPrivate ? 'read' : base;
    const name = typeof given === 'string' ? (role === 'none' ? '' : role) : given.name;
    return json(200, {
      permission: LEGACY[role],
      role_name: name,
      user: {
        ...user,
        name: null,
        email: null,
        gravatar_id: '',
        permissions: permissionsOf(role),
        role_name: name,
      },
    } satisfies Schema<'repository-collaborator-permission'>);
  }),
  route('GET', '/orgs/:org/teams/:slug/memberships/:login', ({ world, params }) => {
    const team = `${params.org}/${params.slug}`;
    if (world.teams.get(team)?.has(params.login ?? '') !== true) notFound();
    return json(200, {
      url: `${world.url}/orgs/${params.org}/teams/${params.slug}/memberships/${params.login}`,
      role: 'member',
      state: 'active',
    } satisfies Schema<'team-membership'>);
  }),
  route('GET', '/orgs/:org/teams/:slug/members', async ({ world, params, url }) => {
    const members = world.teams.get(`${params.org}/${params.slug}`) ?? notFound();
    return listed(await Promise.all([...members].map((login) => world.user(login))), url);
  }),
];

/** The four levels that the API had before there were finer roles. */
const LEGACY: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

function permissionsOf(role: Role) {
  const atLeast = (wanted: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(wanted);
  return {
    pull: atLeast('read'),
    triage: atLeast('triage'),
    push: atLeast('write'),
    maintain: atLeast('maintain'),
    admin: atLeast('admin'),
  };
}
