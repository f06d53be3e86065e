/** Secrets don't belong in the file; one that is there must not get any further. */
import { type ConfigFinding, finding, formatPath, type SettingPath } from './problem.ts';

/** Keys by the prefixes of their issuers, and bearer tokens. */
const KEY_SHAPES = [
  /\b[srp]k[-_][A-Za-z0-9_-]{6,}/g,
  /\bgh[opsur]_[A-Za-z0-9]{10,}/g,
  /\bgithub_pat_\w{10,}/g,
  /\bglpat-[\w-]{10,}/g,
  /\bxox[abprs]-[\w-]{10,}/g,
  /\bA(?:KI|SI)A[A-Z0-9]{12,}/g,
  /\bAIza[\w-]{20,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g,
  /\bbearer\s+(?!\$\{)[\w.~+/=-]{8,}/gi,
] as const;

/** The user name and password of a URL. */
const USER_INFO = /:\/\/[^/\s]*@/g;

const SECRET_NAME =
  /^(?:.*[_-])?(?:api[_-]?key|apikey|key|access[_-]?token|token|secret|password|passwd|authorization|credentials?)$/i;

/**
 * Every setting that holds a secret by the look of its value or, for unknown settings and for headers,
 * by its name (`api_key`). `${…}` reads the environment and is not a secret.
 * @param raw the plain value of the file
 * @param shape what else is wrong with it
 */
export function secretFindings(raw: unknown, shape: readonly ConfigFinding[]): ConfigFinding[] {
  const unknown = shape.flatMap(({ path, at }) => (at === 'key' && isSecretName(path.at(-1)) ? [path] : []));
  const paths = new Map([...unknown, ...secretValues(raw, [])].map((path) => [formatPath(path), path]));
  const message = "this looks like a secret, and secrets don't belong in this file";
  return [...paths.values()].map((path) => finding(path, message, secretAdvice(path), { at: 'key' }));
}

/** The text without anything that looks like a key. */
export function withoutSecrets(text: string): string {
  return [...KEY_SHAPES, USER_INFO].reduce((rest, shape) => rest.replaceAll(shape, '(hidden)'), text);
}

function secretValues(value: unknown, path: SettingPath): SettingPath[] {
  if (typeof value === 'object' && value !== null) {
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, inner]) => secretValues(inner, [...path, key]));
  }
  if (typeof value !== 'string') return [];
  const literal = value.replaceAll(/\$\{[^}]*\}/g, '');
  const isNamed = path.at(-2) === 'headers' && isSecretName(path.at(-1));
  // `Bearer ${GATEWAY_TOKEN}` is not a secret itself.
  const isLiteral = literal === value || !/^\s*(?:bearer|basic)?\s*$/i.test(literal);
  return KEY_SHAPES.some((shape) => literal.search(shape) >= 0) || (isNamed && isLiteral) ? [path] : [];
}

function isSecretName(name: string | number | undefined): boolean {
  return typeof name === 'string' && SECRET_NAME.test(name);
}

function secretAdvice(path: SettingPath): string {
  return path.includes('headers')
    ? `a value such as \${GATEWAY_…}, read from the environment; revoke the secret if it was ever pushed`
    : 'keys in the inputs of the Action or in the environment; revoke the secret if it was ever pushed';
}
