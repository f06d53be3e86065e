/** Addresses beside and below a base URL such as `https://gateway.example/v1`. */

/** `https://host/v1/?a=b` and `/models` make `https://host/v1/models?a=b`. */
export function joinUrl(base: URL, path: string): URL {
  const [pathname = '', query] = path.split('?', 2);
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${pathname.replace(/^\/+/, '')}`;
  if (query !== undefined) url.search = [base.search.slice(1), query].filter(Boolean).join('&');
  return url;
}

/** A platform's address outside its API: `https://host/v1` and `/api/status` make `https://host/api/status`. */
export function besideApi(baseUrl: string, path: string): string {
  const base = new URL(baseUrl);
  base.pathname = base.pathname.replace(/\/v1\/*$/, '');
  base.search = '';
  return joinUrl(base, path).href;
}

/** Where the official key belongs. */
export const OPENAI_ORIGIN = 'https://api.openai.com';

/**
 * Scheme, host and port of an http(s) URL in one form: lower case, punycode, without a default port and without a
 * trailing dot of the host. Null for any other text.
 */
export function originOf(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return `${url.protocol}//${url.host.replace(/\.(?=:\d|$)/, '')}`;
}

/** `[::1]` of a URL is the address `::1`. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/**
 * Whether a request's path stays where it says, for every server: no `.` or `..`, no backslash and no control character,
 * however often they are encoded. Servers differ in how often they decode, and some ignore what follows `..;`.
 * @param target path and query, as they are sent
 */
export function staysInPlace(target: string): boolean {
  let path = target.replace(/\?.*$/s, '');
  try {
    while (path.includes('%')) path = decodeURIComponent(path);
  } catch {
    return false;
  }
  const segments = path.normalize('NFKC').split('/');
  return !segments.some((segment) => /[\\\p{Cc}]|^\s*\.{1,2}\s*(?:[;?#]|$)/u.test(segment));
}

/** The user and the password that a URL holds; a `%` that begins no escape stands for itself. */
export function credentialsIn({ username, password }: URL): readonly [user: string, password: string] {
  return [decoded(username), decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
