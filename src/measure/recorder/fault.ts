/** Faults that the recorder injects into selected requests, to show how a program handles them. */
import { parseDuration } from '../../config/durations-and-shares.ts';
import { classify } from '../../gateway/errors.ts';
import { openai } from '../../gateway/profiles/openai.ts';
import type { Profile, RefusalExample } from '../../gateway/profiles/profile.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';

/** What is done to a request. */
export type FaultAction =
  /** It is refused with the platform's own response, and never reaches the endpoint. */
  | {
      readonly kind: 'refuse';
      readonly refusal: 'balance' | 'key-disabled' | number;
      readonly retryAfter: string | null;
    }
  /** It is held back before it is forwarded; if the client disconnects meanwhile, it cost nothing. */
  | { readonly kind: 'stall'; readonly ms: number }
  /** It is forwarded at once, but its response is held back. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection to the client breaks in the middle of the response, which the endpoint serves to its end. */
  | { readonly kind: 'cut' };

export interface Fault {
  /** As it was written, e.g. `429:retry-after=1@5`. */
  readonly spec: string;
  readonly action: FaultAction;
  /** The first and last request that is hit, counted from 1, retries included. */
  readonly from: number;
  readonly to: number;
}

export type ParsedFaults =
  | { readonly ok: true; readonly faults: readonly Fault[] }
  /** One or two sentences for each invalid spec. */
  | { readonly ok: false; readonly messages: readonly string[] };

const EXPECTED =
  'Expected a fault such as 503@2 (any status from 400 to 599), 429:retry-after=1@5, stall:30s@7, slow:2s, cut@9, balance@11 or key-disabled@13; @2-4 hits three requests, and a fault without @ hits every request.';

/**
 * Reads faults from the command line: several specs, or several in one, separated by commas. If two faults hit the same
 * request, the first one applies.
 */
export function parseFaults(specs: readonly string[]): ParsedFaults {
  const written = specs.flatMap((spec) => spec.split(',')).map((spec) => spec.trim());
  const read = written.map((spec) => ({ spec, fault: parseFault(spec) }));
  const messages = read.flatMap(({ spec, fault }) =>
    fault === null ? [`"${spec}" is not a valid fault. ${EXPECTED}`] : [],
  );
  if (messages.length > 0) return { ok: false, messages };
  return { ok: true, faults: read.flatMap(({ fault }) => fault ?? []) };
}

/** The fault that hits the request with this number, counted from 1. */
export function faultAt(faults: readonly Fault[], request: number): Fault | null {
  return faults.find(({ from, to }) => from <= request && request <= to) ?? null;
}

/**
 * The response of a refusal, as the platform sends it; as the official API sends it if the platform's is unknown or does
 * not fit.
 * @param requestId sent in the platform's header for request IDs
 */
export function refusalOfFault(
  { refusal, retryAfter }: Extract<FaultAction, { kind: 'refuse' }>,
  profile: Profile | null,
  requestId: string,
) {
  const { status, headers, body } = exampleOf(refusal, profile);
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...headers,
      ...(retryAfter !== null && { 'retry-after': retryAfter }),
      [profile?.requestIdHeaders[0] ?? 'x-request-id']: requestId,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

const REFUSALS = {
  // A platform without a refusal for the account's balance may have one for the key's.
  balance: ['insufficient_balance', 'key_quota'],
  // Some refuse a disabled key like a wrong one.
  'key-disabled': ['disabled_key', 'invalid_key'],
} as const satisfies Readonly<Record<string, readonly ErrorClass[]>>;

function exampleOf(refusal: 'balance' | 'key-disabled' | number, profile: Profile | null): RefusalExample {
  const examples = [...(profile?.refusals ?? [])];
  if (typeof refusal !== 'number') {
    const classes = REFUSALS[refusal];
    const find = (all: readonly RefusalExample[]) =>
      classes.map((wanted) => all.find((each) => each.class === wanted)).find((each) => each !== undefined);
    return find(examples) ?? find(openai.refusals) ?? plainRefusal(refusal === 'balance' ? 429 : 401);
  }
  const plain = plainRefusal(refusal);
  const fits = (each: RefusalExample): boolean => each.status === refusal && each.class === plain.class;
  return examples.find(fits) ?? openai.refusals.find(fits) ?? plain;
}

function plainRefusal(status: number): RefusalExample {
  const type = status === 429 ? 'requests' : status >= 500 ? 'server_error' : 'invalid_request_error';
  const body = { error: { message: `Refused with status ${status}.`, type, param: null, code: null } };
  const found = classify({ status, headers: {}, text: '', json: body });
  return { status, body, class: found.class };
}

function parseFault(spec: string): Fault | null {
  const match = /^([a-z0-9-]+)(?::([a-z0-9=.-]+))?(?:@(\d{1,9})(?:-(\d{1,9}))?)?$/.exec(spec);
  if (match === null) return null;
  const [, kind = '', argument, first, last] = match;
  const action = parseAction(kind, argument);
  const from = first === undefined ? 1 : Number(first);
  const to = first === undefined ? Number.POSITIVE_INFINITY : Number(last ?? first);
  return action === null || from < 1 || to < from ? null : { spec, action, from, to };
}

function parseAction(kind: string, argument: string | undefined): FaultAction | null {
  if (kind === 'stall' || kind === 'slow') {
    const time = parseDuration(argument ?? '');
    return time.ok && time.value > 0 && time.value <= MAX_WAIT_MS ? { kind, ms: time.value } : null;
  }
  if (kind === 'cut') return argument === undefined ? { kind } : null;
  const retryAfter = /^retry-after=(\d{1,5}(?:\.\d{1,3})?)$/.exec(argument ?? '')?.[1] ?? null;
  if (argument !== undefined && retryAfter === null) return null;
  if (kind === 'balance' || kind === 'key-disabled') return { kind: 'refuse', refusal: kind, retryAfter };
  return /^[45]\d\d$/.test(kind) ? { kind: 'refuse', refusal: Number(kind), retryAfter } : null;
}

/** A day; a timer of Node cannot wait longer than 24.8 days. */
const MAX_WAIT_MS = 86_400_000;
