/** Reads the environment of the App's server once at the start, and reports all problems together. */

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Environment, LEAST_STATE_KEY, stateKeysIn } from '../src/config/environment.ts';
import { sourceSecrets } from '../src/measure/source-settings.ts';

export interface AppEnvironment {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** The first one signs; the others verify what was signed before a rotation. */
  readonly stateKeys: readonly [string, ...string[]];
  readonly host: string;
  readonly port: number;
  /** Of the API: `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly baseUrl: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Milliseconds between two ticks. */
  readonly tickInterval: number;
  readonly secrets: readonly string[];
}

export type ReadEnvironment =
  | { readonly ok: true; readonly environment: AppEnvironment }
  /** One line each: what is wrong, and what was expected. */
  | { readonly ok: false; readonly problems: readonly string[] };

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
/** Probot's default for a secret that is not set: everybody knows it. */
const KNOWN_SECRET = 'development';
const LEAST_SECRET = 16;

/**
 * Reads and checks the environment of the server.
 * @param env names and values; README.md lists them
 */
export function readEnvironment(env: Environment): ReadEnvironment {
  const read = {
    appId: readAppId(env),
    privateKey: readPrivateKey(env),
    webhookSecret: readWebhookSecret(env),
    stateKeys: readStateKeys(env),
    port: readPort(env),
    baseUrl: readBaseUrl(env),
    logLevel: readLogLevel(env),
    tickInterval: readTickInterval(env),
    gatewayKey: readGatewayKey(env),
  };
  const problems = Object.values(read).filter((each) => each instanceof Problem);
  if (!hasNoProblem(read)) return { ok: false, problems: problems.map(({ message }) => message) };
  const { gatewayKey, ...settings } = read;
  const { privateKey, webhookSecret, stateKeys } = settings;
  const secrets = [privateKey, webhookSecret, ...stateKeys, ...sourceSecrets(env), gatewayKey];
  return { ok: true, environment: { ...settings, host: env.HOST?.trim() || 'localhost', secrets } };
}

class Problem extends Error {}

function hasNoProblem<T extends object>(
  read: T,
): read is T & { readonly [Name in keyof T]: Exclude<T[Name], Problem> } {
  return !Object.values(read).some((each) => each instanceof Problem);
}

function readAppId({ APP_ID }: Environment): number | Problem {
  const id = Number(APP_ID);
  if (APP_ID !== undefined && Number.isSafeInteger(id) && id > 0) return id;
  const found = APP_ID === undefined ? 'is not set' : `is ${JSON.stringify(APP_ID)}`;
  return new Problem(`APP_ID ${found}; expected the App ID from the App's settings page.`);
}

function readPrivateKey({ PRIVATE_KEY, PRIVATE_KEY_PATH }: Environment): string | Problem {
  const expected = "expected the .pem file from the App's settings page";
  if (!PRIVATE_KEY && !PRIVATE_KEY_PATH)
    return new Problem(`Neither PRIVATE_KEY nor PRIVATE_KEY_PATH is set; ${expected}.`);
  const name = PRIVATE_KEY ? 'PRIVATE_KEY' : 'PRIVATE_KEY_PATH';
  try {
    const text = PRIVATE_KEY || readFileSync(PRIVATE_KEY_PATH ?? '', 'utf8');
    return decodedKey(text) ?? new Problem(`${name} is not an RSA key; ${expected}.`);
  } catch {
    // Never shows the value: it may be most of a key.
    return new Problem(`${name} is not a readable private key; ${expected}.`);
  }
}

/**
 * A private key as PEM, also from one line with `\n` or from base64; null for a key of another kind.
 * @throws Error for what is not a key
 */
function decodedKey(text: string): string | null {
  const decoded = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  const pem = decoded.replaceAll('\\n', '\n');
  return createPrivateKey(pem).asymmetricKeyType === 'rsa' ? pem : null;
}

/** An App's private key as PEM; null for what is not one. */
export function pemOf(text: string): string | null {
  try {
    return decodedKey(text);
  } catch {
    return null;
  }
}

function readWebhookSecret({ WEBHOOK_SECRET }: Environment): string | Problem {
  if (!WEBHOOK_SECRET)
    return new Problem("WEBHOOK_SECRET is not set; expected the secret of the App's webhook.");
  if (WEBHOOK_SECRET === KNOWN_SECRET)
    return new Problem(`WEBHOOK_SECRET is "${KNOWN_SECRET}", which anyone can guess; choose a random one.`);
  if (WEBHOOK_SECRET.length >= LEAST_SECRET) return WEBHOOK_SECRET;
  return new Problem(
    `WEBHOOK_SECRET has ${WEBHOOK_SECRET.length} characters; expected at least ${LEAST_SECRET} random ones.`,
  );
}

function readStateKeys(env: Environment): [string, ...string[]] | Problem {
  const [newest = '', ...old] = stateKeysIn(env);
  if (newest.length >= LEAST_STATE_KEY) return [newest, ...old];
  const found = newest === '' ? 'is not set' : `has ${newest.length} characters`;
  return new Problem(
    `STATE_KEY ${found}; expected at least ${LEAST_STATE_KEY} random characters (\`openssl rand -hex 32\`).`,
  );
}

function readPort({ PORT }: Environment): number | Problem {
  const port = Number(PORT ?? 3000);
  if (Number.isInteger(port) && port >= 0 && port < 65_536 && PORT !== '') return port;
  return new Problem(`PORT is ${JSON.stringify(PORT)}; expected a number from 0 to 65535.`);
}

function readBaseUrl({ GHE_HOST, GHE_PROTOCOL }: Environment): string | Problem {
  if (!GHE_HOST) return 'https://api.github.com';
  if (/[/@?#\s]/.test(GHE_HOST) || !URL.canParse(`https://${GHE_HOST}`))
    return new Problem(
      `GHE_HOST is ${JSON.stringify(GHE_HOST)}; expected only the host of the GitHub Enterprise Server, such as github.example.com.`,
    );
  const { hostname } = new URL(`https://${GHE_HOST}`);
  const own = hostname === 'localhost' || isIP(hostname) !== 0;
  const protocol = (GHE_PROTOCOL || 'https').toLowerCase();
  if (protocol === 'https' || (protocol === 'http' && own)) return `${protocol}://${GHE_HOST}/api/v3`;
  return new Problem(`GHE_PROTOCOL is ${JSON.stringify(GHE_PROTOCOL)}; expected https.`);
}

function readLogLevel({ LOG_LEVEL = 'info' }: Environment): AppEnvironment['logLevel'] | Problem {
  const level = LOG_LEVELS.find((each) => each === LOG_LEVEL);
  if (level !== undefined) return level;
  return new Problem(`LOG_LEVEL is ${JSON.stringify(LOG_LEVEL)}; expected one of ${LOG_LEVELS.join(', ')}.`);
}

/** Both variables or neither: the key is sent only to that address. @returns the key; empty where none is set */
function readGatewayKey({ GATEWAY_BASE_URL, GATEWAY_API_KEY }: Environment): string | Problem {
  if (!GATEWAY_BASE_URL && !GATEWAY_API_KEY) return '';
  if (!GATEWAY_API_KEY)
    return new Problem(
      'GATEWAY_BASE_URL is set, but GATEWAY_API_KEY is not; expected the key whose balance the App may read.',
    );
  const isUrl = GATEWAY_BASE_URL !== undefined && /^https?:/.test(GATEWAY_BASE_URL);
  if (isUrl && URL.canParse(GATEWAY_BASE_URL)) return GATEWAY_API_KEY;
  return new Problem(
    'GATEWAY_API_KEY is set, but GATEWAY_BASE_URL is not a URL; expected the gateway to which the key may be sent, such as https://gateway.example/v1.',
  );
}

const SECOND = 1000;
const LEAST_INTERVAL = 10;
const MOST_INTERVAL = 86_400;

function readTickInterval({ TICK_SECONDS = '300' }: Environment): number | Problem {
  const seconds = TICK_SECONDS.trim() === '' ? Number.NaN : Number(TICK_SECONDS);
  if (seconds >= LEAST_INTERVAL && seconds <= MOST_INTERVAL) return seconds * SECOND;
  return new Problem(
    `TICK_SECONDS is ${JSON.stringify(TICK_SECONDS)}; expected ${LEAST_INTERVAL} to ${MOST_INTERVAL} seconds.`,
  );
}
