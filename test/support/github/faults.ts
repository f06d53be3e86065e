/** What goes wrong between the App and GitHub, on order or by chance. */
import { type GithubResponse, json, problem } from './response.ts';

export type FaultKind =
  /** 502, as when GitHub is in trouble. */
  | 'bad_gateway'
  /** 404, as for a comment that somebody deletes in this moment. */
  | 'not_found'
  /** 403, as for a comment on a locked issue. */
  | 'forbidden'
  | 'secondary_rate_limit'
  | 'rate_limit'
  /** No response until the client gives up, or until `hang` milliseconds have passed. */
  | 'hang'
  /** The connection is cut. */
  | 'reset'
  | 'expired_token';

export interface Fault {
  readonly kind: FaultKind;
  /** `after`: GitHub does what was asked, and the response is lost. Default `before`. */
  readonly when?: 'before' | 'after';
  /** Which requests; default all. */
  readonly method?: string;
  readonly path?: RegExp;
  /** How many of them; default one. */
  readonly times?: number;
  /** Seconds that `retry-after` names; default 1. */
  readonly retryAfter?: number;
}

export interface Faults {
  add(fault: Fault): void;
  /** Asked where no ordered fault fits. */
  byChance: (request: { readonly method: string; readonly path: string }) => Fault | null;
  /** The fault that this request meets, taken from the orders. */
  take(request: { readonly method: string; readonly path: string }): Fault | null;
}

export function createFaults(): Faults {
  const orders: { readonly fault: Fault; left: number }[] = [];
  const faults: Faults = {
    add(fault) {
      orders.push({ fault, left: fault.times ?? 1 });
    },
    byChance: () => null,
    take(request) {
      const found = orders.find(({ fault, left }) => left > 0 && fits(fault, request));
      if (found === undefined) return faults.byChance(request);
      found.left -= 1;
      return found.fault;
    },
  };
  return faults;
}

const fits = (
  { method, path }: Fault,
  request: { readonly method: string; readonly path: string },
): boolean =>
  (method === undefined || method === request.method) && (path === undefined || path.test(request.path));

/** What a client reads, or null where it reads nothing (`hang`, `reset`). */
export function faultResponse({ kind, retryAfter = 1 }: Fault): GithubResponse | null {
  switch (kind) {
    case 'bad_gateway':
      return json(502, { message: 'Server Error' });
    case 'not_found':
      return problem(404, 'Not Found');
    case 'forbidden':
      return problem(403, 'Resource not accessible by integration');
    case 'expired_token':
      return problem(401, 'Bad credentials');
    case 'secondary_rate_limit':
      return problem(
        403,
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        {
          documentation_url:
            'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
        },
        { 'retry-after': String(retryAfter) },
      );
    case 'rate_limit':
      return problem(
        403,
        'API rate limit exceeded for installation.',
        {},
        {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + retryAfter),
        },
      );
    case 'hang':
    case 'reset':
      return null;
  }
}
