/** Sends requests to a source of measurements: deadline, retries, redaction. It knows no source's format. */
import type { z } from 'zod';
import '../gateway/address-guard.ts';
import { classify } from '../gateway/errors.ts';
import { parseJson } from '../gateway/json.ts';
import { deadlinePassed, noResponse } from '../gateway/no-response.ts';
import { createRedactor, type Redactor } from '../gateway/redact.ts';
import { joinUrl } from '../gateway/url.ts';
import { interruptiblePause, PATIENCE, type Patience, pauseAfter, readRetryAfter } from './patience.ts';
import type { Read, SourceError } from './source.ts';

/** The credentials of a source. */
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
}

export interface SourceRequest {
  readonly path: string;
  /** Repeated names are sent repeatedly. */
  readonly query?: readonly (readonly [name: string, value: string | number])[];
  /** Sent as a form by POST; without it, the request is a GET. */
  readonly form?: Readonly<Record<string, string>>;
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
  const { baseUrl, setting = `the URL of ${name}`, headers = {} } = endpoint;
  const { base, auth } = withoutUserInfo(baseUrl, endpoint.auth);
  const about: ResolvedEndpoint = { name, setting, base, auth, headers };
  const patience = { ...PATIENCE, ...endpoint.patience };
  const secrets = [...credentialsOf(auth), ...Object.values(headers), ...base.searchParams.values()];
  const redactor = createRedactor(secrets);
  const unreadable = (path: string, found: string, expected: string): SourceError => ({
    kind: 'error',
    reasonCode: 'unreadable_answer',
    reason: redactor.text(`${name} returned ${found} for ${path}; expected ${expected}. Check ${setting}.`),
  });
  return {
    unreadable,
    async read(request, schema, expected) {
      for (let attempt = 1; ; attempt++) {
        const reply = await sendOnce(about, request, patience, signal);
        if (reply.kind === 'json') {
          const parsed = schema.safeParse(reply.json);
          if (parsed.success) return { kind: 'read', value: parsed.data };
          const [issue] = parsed.error.issues;
          const where = issue?.path.length ? ` (at ${issue.path.join('.')}: ${issue.message})` : '';
          return unreadable(request.path, `unexpected JSON${where}`, expected);
        }
        const pauseMs = pauseAfter(attempt, reply, patience);
        if (pauseMs === null || !(await interruptiblePause(pauseMs, signal))) {
          return failure(about, request, reply, attempt, redactor);
        }
      }
    },
  };
}

interface ResolvedEndpoint {
  readonly name: string;
  readonly setting: string;
  readonly base: URL;
  readonly auth: SourceAuth;
  readonly headers: Readonly<Record<string, string>>;
}

/** `https://user:password@host` means basic auth; fetch refuses such a URL. */
function withoutUserInfo(baseUrl: string, auth: SourceAuth): { base: URL; auth: SourceAuth } {
  const base = new URL(baseUrl);
  if (base.username === '' && base.password === '') return { base, auth };
  const user = decodeURIComponent(base.username);
  const password = decodeURIComponent(base.password);
  base.username = '';
  base.password = '';
  return { base, auth: auth.kind === 'none' ? { kind: 'basic', user, password } : auth };
}

type ReasonCode =
  | 'unauthorized'
  | 'refused'
  | 'rate_limited'
  | 'server_error'
  | 'no_answer'
  | 'unreadable_answer';

interface FailedRequest {
  readonly kind: 'failed';
  readonly reasonCode: ReasonCode;
  readonly again: boolean;
  /** null: there was no response. */
  readonly status: number | null;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

type Reply = { readonly kind: 'json'; readonly json: unknown } | FailedRequest;

async function sendOnce(
  about: ResolvedEndpoint,
  request: SourceRequest,
  patience: Patience,
  aborted: AbortSignal | undefined,
): Promise<Reply> {
  const url = joinUrl(about.base, request.path);
  for (const [name, value] of request.query ?? []) url.searchParams.append(name, String(value));
  const deadline = AbortSignal.timeout(patience.deadlineMs);
  const signal = aborted ? AbortSignal.any([deadline, aborted]) : deadline;
  const startedAt = performance.now();
  let status: number | null = null;
  try {
    const response = await fetch(url, { ...requestInit(about, request), signal });
    status = response.status;
    const text = await readText(response, patience.bodyLimitBytes);
    return text === null ? tooLong(status, patience) : readReply(response, text);
  } catch (error) {
    const elapsedMs = performance.now() - startedAt;
    const { layer, message } = signal.aborted
      ? deadlinePassed(url, patience.deadlineMs, elapsedMs, status)
      : noResponse(error, url, elapsedMs);
    // A wrong name, certificate or header does not fix itself.
    const again = layer === 'deadline' || layer === 'tcp' || layer === 'http';
    return failed('no_answer', { again, message });
  }
}

function requestInit({ auth, headers }: ResolvedEndpoint, { form }: SourceRequest): RequestInit {
  return {
    method: form === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      'user-agent': 'gateway-rollout',
      ...headers,
      ...(auth.kind === 'none' ? {} : { authorization: authorization(auth) }),
    },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  };
}

function authorization(auth: Exclude<SourceAuth, { kind: 'none' }>): string {
  return auth.kind === 'bearer' ? `Bearer ${auth.token}` : `Basic ${basicCredentials(auth)}`;
}

function basicCredentials({ user, password }: { user: string; password: string }): string {
  return Buffer.from(`${user}:${password}`).toString('base64');
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

function readReply(response: Response, text: string): Reply {
  const { status } = response;
  const json = parseJson(text);
  if (response.ok && json !== undefined) return { kind: 'json', json };
  const { message } = classify({ status, headers: Object.fromEntries(response.headers), text, json });
  const again = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'));
  return failed(reasonCodeFor(status), { again, status, message, retryAfterMs });
}

function reasonCodeFor(status: number): ReasonCode {
  if (status < 400) return 'unreadable_answer';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  return status < 500 ? 'refused' : 'server_error';
}

function tooLong(status: number, { bodyLimitBytes }: Patience): FailedRequest {
  const limit = `${bodyLimitBytes / 1024 / 1024} MiB`;
  const message = `the response is larger than ${limit}; request less, by a shorter window or by labels`;
  return failed('unreadable_answer', { again: false, status, message });
}

function failed(
  reasonCode: ReasonCode,
  about: Pick<FailedRequest, 'again' | 'message'> & Partial<Pick<FailedRequest, 'status' | 'retryAfterMs'>>,
): FailedRequest {
  return { kind: 'failed', reasonCode, status: null, retryAfterMs: null, ...about };
}

function failure(
  { name, setting }: ResolvedEndpoint,
  { path }: SourceRequest,
  { reasonCode, status, message, retryAfterMs }: FailedRequest,
  attempts: number,
  redactor: Redactor,
): SourceError {
  const outcome = status === null ? 'did not respond' : `returned status ${status} for ${path}`;
  const tries = attempts === 1 ? '' : ` (${attempts} attempts)`;
  const sentence = /[.!?…]$/.test(message) ? message : `${message}.`;
  const advice = ADVICE[reasonCode](setting);
  return {
    kind: 'error',
    reasonCode,
    reason: redactor.text(`${name} ${outcome}${tries}: ${sentence} ${advice}`),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

const ADVICE: Readonly<Record<ReasonCode, (setting: string) => string>> = {
  unauthorized: () => 'Check the token and its permissions.',
  refused: (setting) => `Check ${setting}, and the names and labels under measure.`,
  rate_limited: () => 'Measure less often, or raise the rate limit of this token.',
  server_error: () => 'Wait, or contact its operator.',
  no_answer: () => 'Check that it is running and reachable from here.',
  unreadable_answer: (setting) => `Expected JSON. Check ${setting}.`,
};

function credentialsOf(auth: SourceAuth): string[] {
  if (auth.kind === 'bearer') return [auth.token];
  return auth.kind === 'basic' ? [auth.password, basicCredentials(auth)] : [];
}
