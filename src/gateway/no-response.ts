/** Why a request died on the way: the layer that failed, and what that means, in one sentence. */

import { field, textField } from './json.ts';
import type { Layer, NoResponse } from './refusal.ts';

interface Cause {
  readonly layer: Layer;
  /** Completes `<host:port> …`. */
  readonly meaning: string;
}

/** Codes of the operating system, of Node's TLS and of its HTTP client. */
const CAUSES: Readonly<Record<string, Cause>> = {
  ENOTFOUND: { layer: 'dns', meaning: 'is not found: no name server knows this name; check its spelling' },
  EAI_AGAIN: {
    layer: 'dns',
    meaning: 'could not be looked up: the name server did not answer; check the network',
  },
  ECONNREFUSED: {
    layer: 'tcp',
    meaning: 'refuses connections: nothing listens there, or a firewall rejects them; check the port',
  },
  EHOSTUNREACH: {
    layer: 'tcp',
    meaning: 'cannot be reached: no route leads there; check the network and the firewall',
  },
  ENETUNREACH: { layer: 'tcp', meaning: 'cannot be reached: this machine has no route to its network' },
  ETIMEDOUT: { layer: 'tcp', meaning: 'does not accept connections in time: a firewall may drop them' },
  BAD_PORT: {
    layer: 'tcp',
    meaning:
      'is at a port that HTTP clients refuse to call, because another protocol owns it; check the port',
  },
  UND_ERR_CONNECT_TIMEOUT: {
    layer: 'tcp',
    meaning: 'does not accept connections in time: a firewall may drop them',
  },
  CERT_HAS_EXPIRED: {
    layer: 'tls',
    meaning: 'shows a certificate that has expired; its operator must renew it',
  },
  CERT_NOT_YET_VALID: {
    layer: 'tls',
    meaning: 'shows a certificate that is not valid yet; check the clock of this machine',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    layer: 'tls',
    meaning:
      'shows a self-signed certificate; trust it by NODE_EXTRA_CA_CERTS, or use one of a public authority',
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    layer: 'tls',
    meaning: 'shows a certificate of a private authority; trust that by NODE_EXTRA_CA_CERTS',
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    layer: 'tls',
    meaning:
      'sends an incomplete certificate chain, or one of a private authority; its operator must send the intermediate certificates',
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    layer: 'tls',
    meaning:
      'shows a certificate of an authority that this machine does not know; trust that by NODE_EXTRA_CA_CERTS',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    layer: 'tls',
    meaning: 'shows a certificate for another name; check the host in the base URL',
  },
  EPROTO: {
    layer: 'tls',
    meaning:
      'does not speak TLS at this port; check the port, or whether the base URL should begin with http://',
  },
  ECONNRESET: { layer: 'http', meaning: 'broke the connection before the answer was complete' },
  EPIPE: { layer: 'http', meaning: 'closed the connection while the request was being sent' },
  UND_ERR_SOCKET: { layer: 'http', meaning: 'broke the connection before the answer was complete' },
  UND_ERR_HEADERS_TIMEOUT: { layer: 'deadline', meaning: 'took the request and sent no answer in time' },
  UND_ERR_BODY_TIMEOUT: { layer: 'deadline', meaning: 'began an answer and did not finish it in time' },
  INVALID_HEADER: {
    layer: 'http',
    meaning:
      'was not called: the key or a configured header holds a character that no HTTP header can carry, such as a line break; set it anew',
  },
};

/** Families of codes, where the single code adds nothing. */
const FAMILIES: readonly { readonly code: RegExp; readonly cause: Cause }[] = [
  {
    code: /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_)/,
    cause: { layer: 'tls', meaning: 'fails the TLS handshake' },
  },
  {
    code: /^Z_|^ERR_BROTLI|^ERR_ZSTD/,
    cause: { layer: 'http', meaning: 'sends a body that does not decompress' },
  },
  {
    code: /^HPE_/,
    cause: { layer: 'http', meaning: 'does not speak HTTP at this port, or answers it malformed' },
  },
];

const OTHERWISE: Cause = { layer: 'http', meaning: 'could not be asked' };

/** A request that died of an error of Node's HTTP client. The error's own text is left out: it may quote a header. */
export function noResponse(error: unknown, url: URL, durationMs: number): NoResponse {
  const { code, duringHandshake } = rootOf(error);
  const known = CAUSES[code] ?? FAMILIES.find((family) => family.code.test(code))?.cause ?? OTHERWISE;
  const cause: Cause = duringHandshake
    ? { layer: 'tls', meaning: 'broke the connection during the TLS handshake' }
    : known;
  return {
    kind: 'no-response',
    layer: cause.layer,
    code,
    message: `${hostAndPort(url)} ${cause.meaning} (${code}).`,
    durationMs,
  };
}

/** A request whose own deadline passed. `status` is set when the head of an answer had arrived. */
export function deadlinePassed(
  url: URL,
  deadlineMs: number,
  durationMs: number,
  status: number | null,
): NoResponse {
  const seen =
    status === null ? 'sent no answer' : `began to answer with status ${status} but did not finish`;
  return {
    kind: 'no-response',
    layer: 'deadline',
    code: 'DEADLINE',
    message: `${hostAndPort(url)} ${seen} within ${deadlineMs / 1000} s.`,
    durationMs,
  };
}

export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}

/** fetch wraps the telling error: `TypeError → cause → AggregateError → errors[0]`. */
function rootOf(error: unknown): { code: string; duringHandshake: boolean } {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause ?? firstOf(at)) {
    seen.add(at);
    const code = textField(at, 'code');
    if (code) return { code, duringHandshake: code === 'ECONNRESET' && /secure TLS/.test(at.message) };
    // The one refusal of fetch itself that has no code.
    if (at.message === 'bad port') return { code: 'BAD_PORT', duringHandshake: false };
  }
  return { code: 'UNKNOWN', duringHandshake: false };
}

function firstOf(error: unknown): unknown {
  const errors = field(error, 'errors');
  return Array.isArray(errors) ? errors[0] : undefined;
}
