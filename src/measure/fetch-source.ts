/** Asks a source of measurements: deadline, retries, redaction. Nothing here knows a source's format. */
import { classify } from '../gateway/errors.ts';
import { parseJson } from '../gateway/json.ts';
import { deadlinePassed, noResponse } from '../gateway/no-response.ts';
import { createRedactor, type Redactor } from '../gateway/redact.ts';
import { joinUrl } from '../gateway/url.ts';
import { PATIENCE, type Patience, pause, pauseAfter, readRetryAfter } from './patience.ts';
import type { SourceError } from './source.ts';

/** How to prove who asks. */
export type SourceAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string };

export interface SourceEndpoint {
  /** The address that paths are joined to; a path and a query of its own are kept. */
  readonly baseUrl: string;
  readonly auth: SourceAuth;
  /** Sent with every request; values may be secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where not the usual ones; tests are less patient. */
  readonly patience?: Partial<Patience>;
}

export interface SourceRequest {
  readonly path: string;
  /** Repeated names are sent repeatedly. */
  readonly query?: readonly (readonly [name: string, value: string | number])[];
  /** Sent as a form by POST; without it the request is a GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** Ends the question and its retries. */
  readonly signal?: AbortSignal | undefined;
}

export type Fetched = { readonly kind: 'answer'; readonly json: unknown } | SourceError;

export interface SourceClient {
  /** One answer, asked for again where that can help. Never throws for what a source does. */
  ask(request: SourceRequest): Promise<Fetched>;
  /** This source answered something that cannot be used; secrets are taken out of `found`. */
  unreadable(path: string, found: string, expected: string): SourceError;
}

/**
 * A client for one source.
 *
 * Asked again: no answer in time, a broken connection, and the statuses 408, 425, 429 and 5xx but 501.
 * `retry-after` (seconds or a date) is kept where it is within the patience. Redirects are not followed, because
 * the credentials go to the configured address alone.
 *
 * @param name what people call the source in messages, e.g. `Prometheus`
 * @throws TypeError when `baseUrl` is no URL: the caller has checked it
 */
export function createSourceClient(name: string, endpoint: SourceEndpoint): SourceClient {
  const { address, auth } = withoutUserInfo(endpoint);
  const about: Address = { name, base: address, auth, headers: endpoint.headers ?? {} };
  const patience = { ...PATIENCE, ...endpoint.patience };
  const redactor = redactorFor(about);
  return {
    async ask(request) {
      for (let attempt = 1; ; attempt++) {
        const seen = await askOnce(about, request, patience);
        if (seen.kind === 'answer') return seen;
        const pauseMs = pauseAfter(attempt, seen, patience);
        if (pauseMs === null || !(await pause(pauseMs, request.signal))) {
          return failure(about, request, seen, attempt, redactor);
        }
      }
    },
    unreadable: (path, found, expected) => ({
      kind: 'error',
      reasonCode: 'unreadable_answer',
      reason: redactor.text(
        `${name} answered ${path} with ${found}; expected ${expected}. Check the address of ${name}.`,
      ),
    }),
  };
}

interface Address {
  readonly name: string;
  readonly base: URL;
  readonly auth: SourceAuth;
  readonly headers: Readonly<Record<string, string>>;
}

/** `https://user:password@host` means basic auth; fetch refuses such an address as it stands. */
function withoutUserInfo({ baseUrl, auth }: SourceEndpoint): { address: URL; auth: SourceAuth } {
  const address = new URL(baseUrl);
  if (address.username === '' && address.password === '') return { address, auth };
  const user = decodeURIComponent(address.username);
  const password = decodeURIComponent(address.password);
  address.username = '';
  address.password = '';
  return { address, auth: auth.kind === 'none' ? { kind: 'basic', user, password } : auth };
}

type ReasonCode =
  | 'unauthorized'
  | 'refused'
  | 'rate_limited'
  | 'server_error'
  | 'no_answer'
  | 'unreadable_answer';

/** One request that came to nothing. */
interface FailedRequest {
  readonly kind: 'failed';
  readonly reasonCode: ReasonCode;
  readonly again: boolean;
  /** null: there was no answer. */
  readonly status: number | null;
  readonly words: string;
  readonly retryAfterMs: number | null;
}

type Reply = { readonly kind: 'answer'; readonly json: unknown } | FailedRequest;

async function askOnce(about: Address, request: SourceRequest, patience: Patience): Promise<Reply> {
  const url = joinUrl(about.base, request.path);
  for (const [name, value] of request.query ?? []) url.searchParams.append(name, String(value));
  const deadline = AbortSignal.timeout(patience.deadlineMs);
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
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
    // A name, a certificate or a forbidden header stays as it is until somebody mends it.
    const again = layer === 'deadline' || layer === 'tcp' || layer === 'http';
    return failed('no_answer', { again, words: message });
  }
}

function requestInit({ auth, headers }: Address, { form }: SourceRequest): RequestInit {
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

/** @returns null for a body beyond the limit */
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
  if (response.ok && json !== undefined) return { kind: 'answer', json };
  const { message } = classify({ status, headers: Object.fromEntries(response.headers), text, json });
  const again = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'));
  return failed(reasonCodeFor(status), { again, status, words: message, retryAfterMs });
}

function reasonCodeFor(status: number): ReasonCode {
  if (status < 400) return 'unreadable_answer';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  return status < 500 ? 'refused' : 'server_error';
}

function tooLong(status: number, { bodyLimitBytes }: Patience): FailedRequest {
  const words = `a body of more than ${bodyLimitBytes / 1024 / 1024} MiB; ask for less, by a shorter window or by labels`;
  return failed('unreadable_answer', { again: false, status, words });
}

function failed(
  reasonCode: ReasonCode,
  seen: Pick<FailedRequest, 'again' | 'words'> & Partial<Pick<FailedRequest, 'status' | 'retryAfterMs'>>,
): FailedRequest {
  return { kind: 'failed', reasonCode, status: null, retryAfterMs: null, ...seen };
}

function failure(
  { name }: Address,
  { path }: SourceRequest,
  { reasonCode, status, words, retryAfterMs }: FailedRequest,
  attempts: number,
  redactor: Redactor,
): SourceError {
  const said = status === null ? 'did not answer' : `answered ${path} with status ${status}`;
  const asked = attempts === 1 ? '' : `, asked ${attempts} times`;
  const sentence = /[.!?…]$/.test(words) ? words : `${words}.`;
  return {
    kind: 'error',
    reasonCode,
    reason: redactor.text(`${name} ${said}${asked}: ${sentence} ${ADVICE[reasonCode]}`),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

const ADVICE: Readonly<Record<ReasonCode, string>> = {
  unauthorized: 'Expected these credentials to be enough: check the token, and what it may read.',
  refused: 'Expected the question to be understood: check the address, names and labels of the source.',
  rate_limited: 'Expected an answer: measure less often, or raise the limit of this token.',
  server_error: 'Expected an answer: ask its operator, or wait.',
  no_answer: 'Expected an answer: check that the source runs and can be reached from here.',
  unreadable_answer: 'Expected JSON: check the address of the source.',
};

function redactorFor({ base, auth, headers }: Address): Redactor {
  return createRedactor([...credentialsOf(auth), ...Object.values(headers), ...base.searchParams.values()]);
}

function credentialsOf(auth: SourceAuth): string[] {
  switch (auth.kind) {
    case 'none':
      return [];
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password, basicCredentials(auth)];
  }
}
