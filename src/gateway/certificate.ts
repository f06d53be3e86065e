/** Reads the certificate of an endpoint without sending it a request. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { withoutBrackets } from './url.ts';

/**
 * How many days an endpoint's certificate, valid or not, has left. Only the TLS handshake takes place: no request, no key.
 *
 * @returns negative when it has expired; null for `http:` addresses, and when the handshake fails or takes too long
 */
export function certificateDaysLeft(url: string, deadlineMs: number): Promise<number | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return Promise.resolve(null);
  const host = withoutBrackets(hostname);
  return new Promise((resolve) => {
    // Verification is off so that an expired certificate can be read too; nothing is sent over this connection.
    const socket = connect({
      host,
      port: Number(port || 443),
      // TLS sends host names only, not IP addresses.
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
    });
    const deadline = setTimeout(() => finish(null), deadlineMs);
    const finish = (daysLeft: number | null) => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(daysLeft);
    };
    socket.once('error', () => finish(null));
    socket.once('secureConnect', () => {
      const daysLeft = (Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / 86_400_000;
      finish(Number.isNaN(daysLeft) ? null : daysLeft);
    });
  });
}
