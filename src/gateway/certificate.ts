/** The certificate that an endpoint shows, looked at without asking it anything. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { withoutBrackets } from './url.ts';

export interface CertificateSeen {
  /** Days until it expires; negative when it has. */
  readonly daysLeft: number;
  readonly subject: string;
  readonly issuer: string;
}

/**
 * The certificate that an endpoint shows, valid or not. Only the handshake takes place: no request, no key.
 *
 * @returns null for `http:` addresses, and when no handshake came about in time
 */
export function peekCertificate(url: string, deadlineMs: number): Promise<CertificateSeen | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return Promise.resolve(null);
  const host = withoutBrackets(hostname);
  return new Promise((resolve) => {
    // Verification is off because an expired certificate is to be seen as well; nothing is sent over this connection.
    const socket = connect({
      host,
      port: Number(port || 443),
      ...serverName(host),
      rejectUnauthorized: false,
    });
    const deadline = setTimeout(() => finish(null), deadlineMs);
    const finish = (seen: CertificateSeen | null) => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(seen);
    };
    socket.once('error', () => finish(null));
    socket.once('secureConnect', () => {
      const { valid_to: validTo, subject, issuer } = socket.getPeerCertificate();
      const daysLeft = (Date.parse(validTo) - Date.now()) / 86_400_000;
      finish(Number.isNaN(daysLeft) ? null : { daysLeft, subject: nameIn(subject), issuer: nameIn(issuer) });
    });
  });
}

/** Addresses have no server name: TLS sends names only. */
function serverName(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

function nameIn(
  name: { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined,
): string {
  return [name?.CN ?? name?.O ?? ''].flat().join(', ');
}
