/** What a gateway keeps because a request asked for it: `GET /chat/completions/{id}` and `GET /responses/{id}`. */
import type { Gateway, Handler } from './quirk.ts';
import { refuse } from './refusals.ts';
import { type JsonObject, json } from './reply.ts';

const kept = new WeakMap<Gateway, Map<string, JsonObject>>();

export function storedBy(gateway: Gateway): Map<string, JsonObject> {
  const found = kept.get(gateway) ?? new Map<string, JsonObject>();
  kept.set(gateway, found);
  return found;
}

export const oneStored: Handler = (request, gateway) => {
  const id = request.route?.split('/').at(-1) ?? '';
  const found = storedBy(gateway).get(id);
  return found === undefined
    ? refuse(404, { message: `Nothing is stored with id '${id}'.`, param: 'id' })
    : json(found);
};
