/** Sends requests to a source of measurements: deadline, retries, redaction. It knows no source's format. */
import type { z } from 'zod';
import '../gateway/address-guard.ts';
import { classify } from '../gateway/errors.ts';
import { parseJson } from '../gateway/json.ts';
import { deadlinePassed, noResponse } from '../gateway/no-response.ts';
import { createRedactor } from '../gateway/redact.ts';
import { readRetryAfter } from '../gateway/retry-after.ts';
import { credentialsIn, joinUrl } from '../gateway/url.ts';
import { mayRetry, PATIENCE, type Patience } from './patience.ts';
import type { Read, SourceError } from './source.ts';

export type SourceAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string };

export interface SourceEndpoint {
  /** The base URL that paths are joined to; its own path and query are kept. */
  readonly baseUrl: string;
  readonly auth: SourceAuth;
  /** What sets the base URL, such as the name of a variable, for messages. */
  readonly setting?: string;
  /** Sent with every request; values may be secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where it differs from the default; tests are less patient. */
  readonly patience?: Partial<Patience>;
  /** Called with each query, statement or path before it is sent. */
  readonly onQuery?: (query: string) => void;
}

export interface SourceRequest {
  readonly path: string;
  /** Repeated names are sent repeatedly. */
  readonly query?: readonly (readonly [name: string, value: string | number])[];
  /** Sent as a form by POST; without it, the request is a GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as text by POST. */
  readonly body?: string;
  /** The source's own words in the body of an error, which a retry does not help; null for other bodies. */
  readonly ownError?: (body: string) => string | null;
}

export interface SourceClient {
  /**
   * Sends a request, again where that can help, and parses the JSON of the response. It never throws for anything
   * that a source does.
   * @param expected what the schema describes, for the message
   */
  read<T>(request: SourceRequest, schema: z.ZodType<T>, expected: string): Promise<Read<T>>;
  /** The source returned something unusable; secrets are removed from `found`. */
  unreadable(path: string, found: string, expected: string): SourceError;
}

/**
 * A client for one source.
 *
 * It retries after a timeout, a broken connection, and the statuses 408, 425, 429 and 5xx except 501. It follows
 * `retry-after` (seconds or a date) within its patience. It does not follow redirects, because the credentials are
 * meant only for the configured URL.
 *
 * @param name what people call the source in messages, e.g. `Prometheus`
 * @param signal ends the requests and their retries
 * @throws TypeError if `baseUrl` is not a URL: the caller has checked it
 */
export function createSourceClient(
  name: string,
  endpoint: SourceEndpoint,
  signal?: AbortSignal,
): SourceClient {
  const { setting = `the URL of ${name}` } = endpoint;
  const { base, credentials, secrets } = accessTo(endpoint);
  const headers = { accept: 'application/json', 'user-agent': 'gateway-rollout', ...endpoint.headers };
  const init: RequestInit = { redirect: 'manual', headers: { ...headers, ...credentials } };
  const patience = { ...PATIENCE, ...endpoint.patience };
  const redactor = createRedactor(secrets);
  const unreadable = (path: string, found: string, expected: string): SourceError => ({
    kind: 'error',
    reasonCode: 'unreadable_answer',
    reason: redactor.text(`${name} returned ${found} for ${path}; expected ${expected}. Check ${setting}.`),
  });
  const failure = (
    { reasonCode, status, message, retryAfterMs }: FailedRequest,
    path: string,
    attempts: number,
  ): SourceError => {
    const outcome = status === null ? 'did not respond' : `returned status ${status} for ${path}`;
    const tries = attempts === 1 ? '' : ` (${attempts} attempts)`;
    const sentence = /[.!?…]$/.test(message) ? message : `${message}.`;
    const advice = ADVICE[reasonCode].replace('SETTING', setting);
    const reason = redactor.text(`${name} ${outcome}${tries}: ${sentence} ${advice}`);
    return { kind: 'error', reasonCode, reason, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  };
  return {
    unreadable,
    async read(request, schema, expected) {
      endpoint.onQuery?.(request.form?.query ?? request.body ?? request.path);
      for (let attempt = 1; ; attempt++) {
        const reply = await sendOnce(base, init, request, patience, signal);
        if (reply.kind === 'json') {
          const parsed = schema.safeParse(reply.json);
          if (parsed.success) return { kind: 'read', value: parsed.data };
          const [issue] = parsed.error.issues;
          const where = issue?.path.length ? ` (at ${issue.path.join('.')}: ${issue.message})` : '';
          return unreadable(request.path, `unexpected JSON${where}`, expected);
        }
        if (await mayRetry(attempt, reply, patience, signal)) continue;
        return failure(reply, request.path, attempt);
      }
    },
  };
}

/** `https://user:password@host` means basic auth; fetch refuses such a URL. */
function accessTo({ baseUrl, auth, headers = {} }: SourceEndpoint) {
  const base = new URL(baseUrl);
  const [user, password] = credentialsIn(base);
  base.username = '';
  base.password = '';
  const own =
    auth.kind === 'none' && (user || password) ? ({ kind: 'basic', user, password } as const) : auth;
  const secrets = [...Object.values(headers), ...base.searchParams.values()];
  if (own.kind === 'none') return { base, credentials: {}, secrets };
  if (own.kind === 'bearer') {
    return { base, credentials: { authorization: `Bearer ${own.token}` }, secrets: [own.token, ...secrets] };
  }
  const encoded = Buffer.from(`${own.user}:${own.password}`).toString('base64');
  const credentials = { authorization: `Basic ${encoded}` };
  return { base, credentials, secrets: [own.password ?? '', encoded, ...secrets] };
}

interface FailedRequest {
  readonly kind: 'failed';
  readonly reasonCode: keyof typeof ADVICE;
  readonly again: boolean;
  /** null: there was no response. */
  readonly status: number | null;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

type Reply = { readonly kind: 'json'; readonly json: unknown } | FailedRequest;

async function sendOnce(
  base: URL,
  init: RequestInit,
  { path, query = [], form, body: text, ownError }: SourceRequest,
  { deadlineMs, bodyLimitBytes }: Patience,
  aborted: AbortSignal | undefined,
): Promise<Reply> {
  const url = joinUrl(base, path);
  for (const [name, value] of query) url.searchParams.append(name, String(value));
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = aborted ? AbortSignal.any([deadline, aborted]) : deadline;
  const sent = form ? new URLSearchParams(form) : text;
  const body = sent && { method: 'POST', body: sent };
  const startedAt = performance.now();
  let status: number | null = null;
  try {
    const response = await fetch(url, { ...init, ...body, signal });
    status = response.status;
    const read = await readText(response, bodyLimitBytes);
    if (read !== null) return readReply(response, read, ownError);
    const message = `the response is larger than ${bodyLimitBytes / 1024 / 1024} MiB; request less, by a shorter window or by labels`;
    const reasonCode = 'unreadable_answer';
    return { kind: 'failed', reasonCode, again: false, status, message, retryAfterMs: null };
  } catch (error) {
    const elapsedMs = performance.now() - startedAt;
    const { layer, message } = signal.aborted
      ? deadlinePassed(url, deadlineMs, elapsedMs, status)
      : noResponse(error, url, elapsedMs);
    // A wrong name, certificate or header does not fix itself.
    const again = layer === 'deadline' || layer === 'tcp' || layer === 'http';
    return { kind: 'failed', reasonCode: 'no_answer', again, status: null, message, retryAfterMs: null };
  }
}

/** @returns null for a body that is too long */
async function readText(response: Response, limitBytes: number): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.byteLength;
    if (bytes > limitBytes) return null;
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function readReply(response: Response, text: string, ownError: SourceRequest['ownError']): Reply {
  const { status } = response;
  const json = parseJson(text);
  if (response.ok && json !== undefined) return { kind: 'json', json };
  const own = ownError?.(text) ?? null;
  const headers = Object.fromEntries(response.headers);
  const message = own ?? classify({ status, headers, text, json }).message;
  const passes = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
  const again = passes && own === null;
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'));
  return { kind: 'failed', reasonCode: reasonCodeFor(status), again, status, message, retryAfterMs };
}

function reasonCodeFor(status: number): FailedRequest['reasonCode'] {
  if (status < 400) return 'unreadable_answer';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  return status < 500 ? 'refused' : 'server_error';
}

/** What to do, by the reason code; SETTING stands for what sets the base URL. */
const ADVICE = {
  unauthorized: 'Check the token and its permissions.',
  refused: 'Check SETTING, and the names and labels under measure.',
  rate_limited: 'Measure less often, or raise the rate limit of this token.',
  server_error: 'Wait, or contact its operator.',
  no_answer: 'Check that it is running and reachable from here.',
  unreadable_answer: 'Expected JSON. Check SETTING.',
} as const;
