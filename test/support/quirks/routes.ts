/** Which handler serves which address. */
import { chatCompletions } from './chat.ts';
import { completions } from './completions.ts';
import { embeddings } from './embeddings.ts';
import { listModels, oneModel } from './models.ts';
import type { Handler } from './quirk.ts';
import { unknownRoute, wrongMethod } from './refusals.ts';
import type { GatewayRequest, Reply } from './reply.ts';
import { RESOURCES } from './resources.ts';
import { responses } from './responses.ts';
import { oneStored } from './stored.ts';

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /models': listModels,
  'POST /chat/completions': chatCompletions,
  'POST /completions': completions,
  'POST /embeddings': embeddings,
  'POST /responses': responses,
  ...RESOURCES,
};

export type Routed =
  | { readonly kind: 'found'; readonly handler: Handler }
  | { readonly kind: 'refused'; readonly reply: Reply };

/** Finds the handler of a request; an unknown address gets 404 and a wrong method 405, as on the official API. */
export function route({ method, path, route: relative }: GatewayRequest): Routed {
  const handler = ROUTES[`${method} ${relative}`];
  if (handler !== undefined) return { kind: 'found', handler };
  if (method === 'GET' && relative !== null && /^\/models\/[^/]+$/.test(relative)) {
    return { kind: 'found', handler: oneModel };
  }
  if (method === 'GET' && relative !== null && /^\/(chat\/completions|responses)\/[^/]+$/.test(relative)) {
    return { kind: 'found', handler: oneStored };
  }
  const others = ['GET', 'POST'].filter((other) => `${other} ${relative}` in ROUTES);
  const reply = others.length > 0 ? wrongMethod(method, path, others.join(', ')) : unknownRoute(method, path);
  return { kind: 'refused', reply };
}
