/** HTML templates that escape every value. */
import { plainLine } from '../../wording/foreign-text.ts';

/** Text that is HTML already; only `html` and `verbatim` make it. */
export interface Html {
  readonly html: string;
}

type Content = string | number | Html | readonly Html[];

/** Puts text, numbers and other HTML into a template. Text becomes one escaped line of at most 500 characters. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  const parts = strings.map((literal, at) => {
    const value = values[at];
    return value === undefined ? literal : literal + written(value);
  });
  return { html: parts.join('') };
}

/** HTML of our own, such as a style sheet. */
export function verbatim(text: string): Html {
  return { html: text };
}

/** A value as JSON inside a script element: nothing in it can end the element. */
export function embeddedJson(value: unknown): Html {
  return verbatim(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

export const NOTHING: Html = { html: '' };

function written(value: Content): string {
  if (typeof value === 'string') return escaped(plainLine(value));
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((each) => each.html).join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
