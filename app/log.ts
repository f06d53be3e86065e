/** Structured lines, one JSON object each, without the secrets that the App was started with. */
import { type DestinationStream, type Logger, pino } from 'pino';

/** Shorter values would tear holes into ordinary words. */
const LEAST_LENGTH = 8;

/**
 * @param secrets values that no line may hold, in no field
 * @param destination standard output where it is left out
 */
export function createLog(
  level: string,
  secrets: readonly string[],
  destination: DestinationStream = pino.destination(1),
): Logger {
  // As JSON writes them: the line breaks of a key are two characters there.
  const written = secrets
    .filter((secret) => secret.length >= LEAST_LENGTH)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  const withoutSecrets = (line: string) =>
    written.reduce((rest, secret) => rest.replaceAll(secret, '***'), line);
  const streamWrite = (line: string) => withoutSecrets(eachKeyOnce(line));
  return pino({ name: 'gateway-rollout', level, hooks: { streamWrite } }, destination);
}

/** pino writes a child's key after its parent's equal one, such as the `name` of each part of Probot: the last one counts. */
function eachKeyOnce(line: string): string {
  return `${JSON.stringify(JSON.parse(line))}\n`;
}
