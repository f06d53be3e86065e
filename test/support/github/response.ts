/** Responses of the emulated GitHub. */

export interface GithubResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, the bytes of a download, or nothing. */
  readonly body: string | Buffer;
}

const DOCUMENTATION = 'https://docs.github.com/rest';

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): GithubResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export const nothing = (status = 204): GithubResponse => ({ status, headers: {}, body: '' });

export const redirect = (status: 301 | 302 | 307, location: string): GithubResponse => ({
  status,
  headers: { location },
  body: '',
});

/** A refusal in GitHub's words. `more` is added to the message, such as `errors`. */
export function problem(
  status: number,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): GithubResponse {
  return json(
    status,
    { message, documentation_url: DOCUMENTATION, status: String(status), ...more },
    headers,
  );
}

/** Thrown where a route refuses in the middle of its work. */
export class Refusal extends Error {
  readonly response: GithubResponse;
  constructor(response: GithubResponse) {
    super(String(response.body));
    this.response = response;
  }
}

export const refuse = (
  status: number,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): never => {
  throw new Refusal(problem(status, message, more));
};

export const notFound = (): never => refuse(404, 'Not Found');

/** One page of a list by `per_page` and `page`, with the `link` header that clients follow. */
export function pageOf<T>(
  items: readonly T[],
  url: URL,
): { readonly items: readonly T[]; readonly link: string } {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const page = Math.max(1, Number(url.searchParams.get('page') ?? 1));
  const last = Math.max(1, Math.ceil(items.length / size));
  const linkTo = (to: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set('page', String(to));
    return `<${target}>; rel="${rel}"`;
  };
  const links = page < last ? [linkTo(page + 1, 'next'), linkTo(last, 'last')] : [];
  if (page > 1) links.unshift(linkTo(page - 1, 'prev'), linkTo(1, 'first'));
  return { items: items.slice((page - 1) * size, page * size), link: links.join(', ') };
}

/** A list as GitHub pages it; `wrap` for lists inside an object with their `total_count`. */
export function listed(
  items: readonly unknown[],
  url: URL,
  wrap: (page: readonly unknown[]) => unknown = (page) => page,
): GithubResponse {
  const { items: page, link } = pageOf(items, url);
  return json(200, wrap(page), link === '' ? {} : { link });
}
