/** The log: one JSON object per line, without the App's secrets. */
import { type DestinationStream, type Logger, pino } from 'pino';
import { isPassing } from './http-status.ts';

/** Shorter values would also match parts of ordinary words. */
const LEAST_LENGTH = 8;

/**
 * @param secrets values that are replaced by `***` in every field
 * @param destination standard output by default
 */
export function createLog(
  level: string,
  secrets: readonly string[],
  destination: DestinationStream = pino.destination(1),
): Logger {
  // Escaped as in JSON, where a line break of a key is two characters.
  const written = secrets
    .filter((secret) => secret.length >= LEAST_LENGTH)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  const withoutSecrets = (line: string) =>
    written.reduce((rest, secret) => rest.replaceAll(secret, '***'), line);
  const streamWrite = (line: string) => withoutSecrets(eachKeyOnce(line));
  return pino({ name: 'gateway-rollout', level, hooks: { streamWrite } }, destination);
}

/** Level 50 is for people; what a later tick makes good is a warning. */
export function logFailure(
  log: Pick<Logger, 'warn' | 'error'>,
  about: { readonly err: unknown; readonly [field: string]: unknown },
  message: string,
): void {
  if (isPassing(about.err)) log.warn(about, message);
  else log.error(about, message);
}

/** pino writes a key of a child logger, such as `name`, after the parent's equal key. Keeps the last one. */
function eachKeyOnce(line: string): string {
  return `${JSON.stringify(JSON.parse(line))}\n`;
}
