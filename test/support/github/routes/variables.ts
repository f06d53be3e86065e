/** Actions variables, of the repository and of an environment. */
import { z } from 'zod';
import { json, listed, notFound, nothing, refuse } from '../response.ts';
import { bodyOf, type Call, type Route, repositoryRoute } from '../router.ts';
import type { Schema, Variable } from '../world.ts';

const nameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .transform((name) => name.toUpperCase());
const createSchema = z.object({ name: nameSchema, value: z.string().max(48 * 1024) });
const updateSchema = z.object({
  name: nameSchema.optional(),
  value: z
    .string()
    .max(48 * 1024)
    .optional(),
});

export const variableRoutes: readonly Route[] = [
  ...routesOn('/actions/variables', ({ repository }) => repository.variables),
  ...routesOn(
    '/environments/:environment/variables',
    ({ repository, params }) =>
      repository.environments.get(params.environment ?? '')?.variables ?? notFound(),
  ),
];

function routesOn(path: string, variablesOf: (call: Call) => Map<string, Variable>): Route[] {
  const find = (call: Call): Variable =>
    variablesOf(call).get((call.params.name ?? '').toUpperCase()) ?? notFound();

  return [
    repositoryRoute('GET', path, (call) => {
      const all = [...variablesOf(call).values()];
      return listed(all.map(shown), call.url, (variables) => ({ total_count: all.length, variables }));
    }),
    repositoryRoute('POST', path, (call) => {
      const { name, value } = bodyOf(call, createSchema);
      const variables = variablesOf(call);
      if (variables.has(name)) refuse(409, 'Already exists - Variable already exists');
      const now = call.world.clock.stamp();
      variables.set(name, { name, value, createdAt: now, updatedAt: now });
      return json(201, {});
    }),
    repositoryRoute('GET', `${path}/:name`, (call) => json(200, shown(find(call)))),
    repositoryRoute('PATCH', `${path}/:name`, (call) => {
      const before = find(call);
      const { name = before.name, value = before.value } = bodyOf(call, updateSchema);
      variablesOf(call).delete(before.name);
      variablesOf(call).set(name, { ...before, name, value, updatedAt: call.world.clock.stamp() });
      return nothing();
    }),
    repositoryRoute('DELETE', `${path}/:name`, (call) => {
      variablesOf(call).delete(find(call).name);
      return nothing();
    }),
  ];
}

const shown = ({ name, value, createdAt, updatedAt }: Variable) =>
  ({ name, value, created_at: createdAt, updated_at: updatedAt }) satisfies Schema<'actions-variable'>;
