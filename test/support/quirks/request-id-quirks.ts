/** Where gateways put the request ID, and where they do not. */
import type { QuirkHooks } from './quirk.ts';
import { reword } from './refusals.ts';
import { isRefusal, type Reply } from './reply.ts';

export const requestIdQuirks = {
  'no-request-id': {
    does: 'sends no request ID',
    reply: (reply) => withoutId(reply).reply,
  },
  'no-request-id-on-errors': {
    does: 'sends no request ID with refusals',
    reply: (reply) => (isRefusal(reply) ? withoutId(reply).reply : reply),
  },
  'same-request-id': {
    does: 'sends the same request ID every time',
    reply: (reply) => {
      const { reply: bare } = withoutId(reply);
      return bare.kind === 'silence'
        ? bare
        : { ...bare, headers: { ...bare.headers, 'x-request-id': 'req_always_the_same' } };
    },
  },
  'oneapi-request-id': {
    does: 'sends the request ID only in x-oneapi-request-id',
    reply: (reply) => {
      const { reply: bare, id } = withoutId(reply);
      return bare.kind === 'silence'
        ? bare
        : { ...bare, headers: { ...bare.headers, 'x-oneapi-request-id': id } };
    },
  },
  'request-id-only-in-message': {
    does: 'sends a request ID only with refusals, in the message',
    reply: (reply) => {
      const { reply: bare, id } = withoutId(reply);
      return reword(bare, (message) => `${message} (request id: ${id})`);
    },
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

function withoutId(reply: Reply): { readonly reply: Reply; readonly id: string } {
  if (reply.kind === 'silence') return { reply, id: '' };
  const { 'x-request-id': id = '', ...headers } = reply.headers;
  return { reply: { ...reply, headers }, id };
}
