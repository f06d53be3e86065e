/** Recognises web pages where JSON was expected. */

/** Whether a body is an HTML page, whatever its content type says. */
export function isHtml(text: string): boolean {
  return /^[\s\uFEFF]*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i.test(
    text.slice(0, 2000),
  );
}

/** Titles are near the beginning; the rest is not searched, which keeps hostile pages cheap. */
const PAGE_HEAD = 16 * 1024;

/** A page as one phrase: `an HTML page titled “…”`, or its first words where it has no title. */
export function describePage(html: string): string {
  const head = html.slice(0, PAGE_HEAD);
  const title = plain(/<title[^>]*>([\s\S]*?)<\/title>/i.exec(head)?.[1] ?? '');
  if (title) return `an HTML page titled “${title}”`;
  const heading = plain(/<h1[^>]*>([\s\S]*?)<\/h1>/i.exec(head)?.[1] ?? '');
  const text = heading || plain(head.replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')).slice(0, 100);
  return text ? `an HTML page that says “${text}”` : 'an HTML page';
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

/** How to recognise the challenge pages of each vendor. */
const CHALLENGES: readonly {
  readonly by: string;
  readonly body?: RegExp;
  readonly header?: readonly [string, RegExp];
}[] = [
  { by: 'Cloudflare', header: ['cf-mitigated', /challenge/i] },
  {
    by: 'Cloudflare',
    body: /challenge-platform|_cf_chl|cf-chl-|<title>Just a moment\.\.\.|Attention Required! \| Cloudflare/i,
  },
  { by: 'AWS WAF', header: ['x-amzn-waf-action', /challenge|captcha/i] },
  { by: 'DDoS-Guard', body: /<title>DDoS-Guard/i },
  { by: 'Imperva', body: /_Incapsula_Resource/ },
  { by: 'Sucuri', body: /sucuri_cloudproxy_js/ },
];

/** The vendor of a challenge page, or null when the body is not one. */
export function challengeBy(headers: Readonly<Record<string, string>>, text: string): string | null {
  const page = isHtml(text);
  const found = CHALLENGES.find(({ body, header }) =>
    header ? header[1].test(headers[header[0]] ?? '') : page && body?.test(text),
  );
  return found?.by ?? null;
}
