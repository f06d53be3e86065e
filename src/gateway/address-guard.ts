/**
 * Loaded for its effect: no connection to a name that resolves to a link-local or metadata address. Over TLS none is
 * needed, since such an address has no certificate for the name.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { isLinkLocalHost } from '../config/hosts.ts';

subscribe('net.client.socket', (message) => {
  const { socket } = message as { readonly socket: Socket };
  socket.on('lookup', (_error, address) => {
    if (!isLinkLocalHost(address ?? '')) return;
    socket.destroy(Object.assign(new Error('The address is link-local.'), { code: 'LINK_LOCAL' }));
  });
});
