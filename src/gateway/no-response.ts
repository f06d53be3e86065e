/** Why no response came: the layer that failed, and the cause in one sentence. */

import { field, textField } from './json.ts';
import { LAYERS, type Layer, type NoResponse } from './refusal.ts';

interface Cause {
  readonly layer: Layer;
  /** Completes `<host:port> …`. */
  readonly meaning: string;
}

const UNACCEPTED = 'does not accept connections in time; a firewall may be dropping them';
const CLOSED_EARLY = 'closed the connection before the response was complete';

/** Causes by layer, then by the code of the operating system, of Node's TLS or of its HTTP client. */
const CAUSES = {
  dns: {
    ENOTFOUND: 'does not resolve: no name server knows this name; check the spelling',
    LINK_LOCAL:
      'resolves to a link-local or cloud metadata address, so nothing was sent; check the name in the base URL',
    EAI_AGAIN: 'could not be resolved: the name server did not respond; check the network',
  },
  tcp: {
    ECONNREFUSED: 'refuses connections: nothing listens there, or a firewall rejects them; check the port',
    EHOSTUNREACH: 'is unreachable: there is no route to it; check the network and the firewall',
    ENETUNREACH: 'is unreachable: this machine has no route to its network',
    ETIMEDOUT: UNACCEPTED,
    UND_ERR_CONNECT_TIMEOUT: UNACCEPTED,
    BAD_PORT:
      'uses a port that HTTP clients refuse to call, because another protocol owns it; check the port',
  },
  tls: {
    CERT_HAS_EXPIRED: 'has an expired certificate; its operator must renew it',
    CERT_NOT_YET_VALID: 'has a certificate that is not valid yet; check the clock of this machine',
    DEPTH_ZERO_SELF_SIGNED_CERT:
      'has a self-signed certificate; trust it with NODE_EXTRA_CA_CERTS, or use one from a public authority',
    SELF_SIGNED_CERT_IN_CHAIN:
      'has a certificate from a private authority; trust that authority with NODE_EXTRA_CA_CERTS',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      'sends an incomplete certificate chain, or one from a private authority; its operator must send the intermediate certificates',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      'has a certificate from an authority that this machine does not know; trust that authority with NODE_EXTRA_CA_CERTS',
    ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name; check the host in the base URL',
    EPROTO:
      'does not speak TLS on this port; check the port, and whether the base URL should begin with http://',
  },
  http: {
    ECONNRESET: CLOSED_EARLY,
    UND_ERR_SOCKET: CLOSED_EARLY,
    EPIPE: 'closed the connection while the request was being sent',
    INVALID_HEADER:
      'was not called: the key or a configured header contains a character that HTTP headers cannot carry, such as a line break; set it again',
  },
  deadline: {
    UND_ERR_HEADERS_TIMEOUT: 'accepted the request but sent no response in time',
    UND_ERR_BODY_TIMEOUT: 'started a response but did not finish it in time',
  },
} as const satisfies Readonly<Record<Layer, Readonly<Record<string, string>>>>;

const CAUSE_BY_CODE: ReadonlyMap<string, Cause> = new Map(
  LAYERS.flatMap((layer) =>
    Object.entries(CAUSES[layer]).map(([code, meaning]) => [code, { layer, meaning }]),
  ),
);

/** What zlib, Brotli and Zstandard report of data that is not theirs. */
export const DECOMPRESSION_CODE = /^(?:Z_|ERR__ERROR|ERR_BROTLI|ERR_ZSTD|ZSTD_)/;

/** Families of codes whose members all mean the same to a user. */
const FAMILIES: readonly (readonly [code: RegExp, cause: Cause])[] = [
  [/^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_)/, { layer: 'tls', meaning: 'fails the TLS handshake' }],
  [DECOMPRESSION_CODE, { layer: 'http', meaning: 'sent a body that does not decompress' }],
  [/^HPE_/, { layer: 'http', meaning: 'does not speak HTTP on this port, or its response is malformed' }],
];

const OTHER_CAUSE: Cause = { layer: 'http', meaning: 'could not be called' };
const BROKEN_HANDSHAKE: Cause = {
  layer: 'tls',
  meaning: 'closed the connection during the TLS handshake',
};

/** A request that failed with an error of Node's HTTP client. The error's own text is left out: it may quote a header. */
export function noResponse(error: unknown, url: URL, durationMs: number): NoResponse {
  const { code, duringHandshake } = rootOf(error);
  const family = FAMILIES.find(([pattern]) => pattern.test(code));
  const known = CAUSE_BY_CODE.get(code) ?? family?.[1] ?? OTHER_CAUSE;
  const { layer, meaning } = duringHandshake ? BROKEN_HANDSHAKE : known;
  return {
    kind: 'no-response',
    layer,
    code,
    message: `${hostAndPort(url)} ${meaning} (${code}).`,
    durationMs,
  };
}

/** A request whose own deadline passed. `status` is set when the head of a response had arrived. */
export function deadlinePassed(
  url: URL,
  deadlineMs: number,
  durationMs: number,
  status: number | null,
): NoResponse {
  const seen =
    status === null ? 'sent no response' : `started a response with status ${status} but did not finish it`;
  return {
    kind: 'no-response',
    layer: 'deadline',
    code: 'DEADLINE',
    message: `${hostAndPort(url)} ${seen} within ${deadlineMs / 1000} s.`,
    durationMs,
  };
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}

/** fetch wraps the error that has the code: `TypeError → cause → AggregateError → errors[0]`. */
function rootOf(error: unknown): { code: string; duringHandshake: boolean } {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause ?? firstOf(at)) {
    seen.add(at);
    const code = textField(at, 'code');
    if (code) return { code, duringHandshake: code === 'ECONNRESET' && /secure TLS/.test(at.message) };
    // fetch refuses some ports by itself, with an error that has no code.
    if (at.message === 'bad port') return { code: 'BAD_PORT', duringHandshake: false };
  }
  return { code: 'UNKNOWN', duringHandshake: false };
}

function firstOf(error: unknown): unknown {
  const errors = field(error, 'errors');
  return Array.isArray(errors) ? errors[0] : undefined;
}
