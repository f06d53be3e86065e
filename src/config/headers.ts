/** Extra headers for the gateway, whose values may be read from the environment. */
import type { Environment } from './environment.ts';

/** `${GATEWAY_…}`: the prefix keeps somebody else's config from reading any other variable, such as a cloud key. */
const PLACEHOLDER = /\$\{(GATEWAY_[A-Z0-9_]+)\}/g;

export const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
// A header value is one line of visible characters (RFC 9110, 5.5).
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const INVALID = 'contains a line break or a character that is not allowed in a header';

type ResolvedHeaders =
  | {
      readonly ok: true;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      /** Values from the environment, to be masked before anything else happens. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

/** What is wrong with a header's value in the file, or null. The value itself is never repeated. */
export function headerValueMistake(value: string): string | null {
  if (!HEADER_VALUE.test(value)) return `the value ${INVALID}`;
  const other = /\$\{([^}]*)(\}?)/.exec(value.replaceAll(PLACEHOLDER, ''));
  if (other === null) return null;
  if (other[2] === '') return `the value has "\${" without a closing "}"`;
  const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(other[1] ?? '') ? other[1] : 'something else';
  return `environment variables must be written \${GATEWAY_…} here, but the value names ${name}`;
}

/** The headers whose values are in the file itself, so they aren't secret. Names in lower case. */
export function literalHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const literal = Object.entries(headers).filter(([, value]) => !value.includes('${'));
  return Object.fromEntries(literal.map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Puts the environment's values in place of `${GATEWAY_…}`.
 * @param headers as the config holds them
 * @returns the headers to send and the secrets to mask, or one sentence that names every missing variable
 */
export function resolveHeaders(headers: Readonly<Record<string, string>>, env: Environment): ResolvedHeaders {
  const refused: string[] = [];
  const secrets = new Set<string>();
  const read = (header: string, variable: string): string => {
    const value = env[variable]?.trim() ?? '';
    if (value === '')
      refused.push(`the header ${header} needs the environment variable ${variable}, which is not set`);
    else if (!HEADER_VALUE.test(value)) refused.push(`the variable ${variable} ${INVALID}`);
    else secrets.add(value);
    return value;
  };
  const resolved = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    value.replaceAll(PLACEHOLDER, (_, variable: string) => read(name, variable)),
  ]);
  if (refused.length > 0) {
    const message = `gateway.headers: ${refused.join('; ')}. Set it in the environment of this run, or remove the header.`;
    return { ok: false, message };
  }
  return { ok: true, headers: Object.fromEntries(resolved), secrets: [...secrets] };
}
