/** What the App's server is told by its environment: read once at the start, every problem at once. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { sourceSecrets } from '../src/measure/source-settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface AppEnvironment {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** The first one signs; the others still verify what was signed before a rotation. */
  readonly stateKeys: readonly [string, ...string[]];
  readonly host: string;
  readonly port: number;
  /** Of the API: `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly baseUrl: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Milliseconds between two ticks. */
  readonly tickInterval: number;
  /** All that nobody may see. */
  readonly secrets: readonly string[];
}

export type ReadEnvironment =
  | { readonly ok: true; readonly environment: AppEnvironment }
  /** One line each: what is wrong, what was expected. */
  | { readonly ok: false; readonly problems: readonly string[] };

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
/** Probot's own stand-in for a secret that is not set: everybody knows it. */
const KNOWN_SECRET = 'development';
const LEAST_SECRET = 16;
const LEAST_STATE_KEY = 32;

/**
 * Reads and checks the environment of the server.
 * @param env names and values; README.md lists them
 */
export function readEnvironment(env: Environment): ReadEnvironment {
  const problems: string[] = [];
  const accept = <T>(result: T | Problem): T | undefined => {
    if (!(result instanceof Problem)) return result;
    problems.push(result.line);
    return undefined;
  };
  const appId = accept(readAppId(env));
  const privateKey = accept(readPrivateKey(env));
  const webhookSecret = accept(readWebhookSecret(env));
  const stateKeys = accept(readStateKeys(env));
  const port = accept(readPort(env));
  const baseUrl = accept(readBaseUrl(env));
  const logLevel = accept(readLogLevel(env));
  const tickInterval = accept(readTickInterval(env));
  accept(readGateway(env));
  if (
    appId === undefined ||
    privateKey === undefined ||
    webhookSecret === undefined ||
    stateKeys === undefined ||
    port === undefined ||
    baseUrl === undefined ||
    logLevel === undefined ||
    tickInterval === undefined ||
    problems.length > 0
  ) {
    return { ok: false, problems };
  }
  const host = env.HOST?.trim() || 'localhost';
  const secrets = [privateKey, webhookSecret, ...stateKeys, ...sourceSecrets(env), env.GATEWAY_API_KEY ?? ''];
  const settings = { appId, privateKey, webhookSecret, stateKeys, host, port, baseUrl, logLevel };
  return { ok: true, environment: { ...settings, tickInterval, secrets } };
}

class Problem {
  readonly line: string;
  constructor(line: string) {
    this.line = line;
  }
}

function readAppId({ APP_ID }: Environment): number | Problem {
  const id = Number(APP_ID);
  if (APP_ID !== undefined && Number.isSafeInteger(id) && id > 0) return id;
  const found = APP_ID === undefined ? 'is not set' : `is ${JSON.stringify(APP_ID)}`;
  return new Problem(`APP_ID ${found}; expected the number on the App's settings page.`);
}

function readPrivateKey({ PRIVATE_KEY, PRIVATE_KEY_PATH }: Environment): string | Problem {
  const expected = "expected the .pem file that the App's settings page gives";
  if (!PRIVATE_KEY && !PRIVATE_KEY_PATH)
    return new Problem(`PRIVATE_KEY is not set, nor is PRIVATE_KEY_PATH; ${expected}.`);
  const name = PRIVATE_KEY ? 'PRIVATE_KEY' : 'PRIVATE_KEY_PATH';
  try {
    const text = PRIVATE_KEY || readFileSync(PRIVATE_KEY_PATH ?? '', 'utf8');
    return decodedKey(text) ?? new Problem(`${name} holds no RSA key; ${expected}.`);
  } catch {
    // Never what was found: it may be most of a key.
    return new Problem(`${name} holds no private key that can be read; ${expected}.`);
  }
}

/**
 * A private key as PEM, also where its host keeps it on one line or in base64; null for a key of another kind.
 * @throws Error for what is no key
 */
function decodedKey(text: string): string | null {
  const decoded = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  const pem = decoded.replaceAll('\\n', '\n');
  return createPrivateKey(pem).asymmetricKeyType === 'rsa' ? pem : null;
}

/** An App's private key as PEM; null for what is none. */
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
    return new Problem(
      `WEBHOOK_SECRET is "${KNOWN_SECRET}", which everybody can guess; choose a random one.`,
    );
  return WEBHOOK_SECRET.length >= LEAST_SECRET
    ? WEBHOOK_SECRET
    : new Problem(
        `WEBHOOK_SECRET has ${WEBHOOK_SECRET.length} characters; expected at least ${LEAST_SECRET}, random.`,
      );
}

function readStateKeys({ STATE_KEY, STATE_KEYS_OLD }: Environment): [string, ...string[]] | Problem {
  if (!STATE_KEY)
    return new Problem(
      'STATE_KEY is not set; expected a random text of at least 32 characters, such as `openssl rand -hex 32` gives.',
    );
  if (STATE_KEY.length < LEAST_STATE_KEY)
    return new Problem(
      `STATE_KEY has ${STATE_KEY.length} characters; expected at least ${LEAST_STATE_KEY}, such as \`openssl rand -hex 32\` gives.`,
    );
  const old = (STATE_KEYS_OLD ?? '').split(',').map((key) => key.trim());
  return [STATE_KEY, ...old.filter((key) => key !== '')];
}

function readPort({ PORT }: Environment): number | Problem {
  const port = Number(PORT ?? 3000);
  if (Number.isInteger(port) && port >= 0 && port < 65_536 && PORT !== '') return port;
  return new Problem(`PORT is ${JSON.stringify(PORT)}; expected a number from 0 to 65535.`);
}

function readBaseUrl({ GHE_HOST, GHE_PROTOCOL }: Environment): string | Problem {
  if (!GHE_HOST) return 'https://api.github.com';
  const url = `${GHE_PROTOCOL || 'https'}://${GHE_HOST}`;
  if (/[/@?#\s]/.test(GHE_HOST) || !URL.canParse(url))
    return new Problem(
      `GHE_HOST is ${JSON.stringify(GHE_HOST)}; expected the host of the GitHub Enterprise Server alone, such as github.example.com.`,
    );
  const { hostname, protocol } = new URL(url);
  const own = hostname === 'localhost' || isIP(hostname) !== 0;
  if (protocol === 'https:' || (protocol === 'http:' && own)) return `${url}/api/v3`;
  return new Problem(`GHE_PROTOCOL is ${JSON.stringify(GHE_PROTOCOL)}; expected https.`);
}

function readLogLevel({ LOG_LEVEL = 'info' }: Environment): AppEnvironment['logLevel'] | Problem {
  const level = LOG_LEVELS.find((each) => each === LOG_LEVEL);
  return (
    level ??
    new Problem(`LOG_LEVEL is ${JSON.stringify(LOG_LEVEL)}; expected one of ${LOG_LEVELS.join(', ')}.`)
  );
}

/** Both or none: the key goes to that address alone. */
function readGateway({ GATEWAY_BASE_URL, GATEWAY_API_KEY }: Environment): null | Problem {
  if (!GATEWAY_BASE_URL && !GATEWAY_API_KEY) return null;
  if (!GATEWAY_API_KEY)
    return new Problem(
      'GATEWAY_BASE_URL is set, and GATEWAY_API_KEY is not; expected the key whose balance the App may ask for.',
    );
  const isUrl = GATEWAY_BASE_URL !== undefined && /^https?:/.test(GATEWAY_BASE_URL);
  if (isUrl && URL.canParse(GATEWAY_BASE_URL)) return null;
  return new Problem(
    'GATEWAY_API_KEY is set, and GATEWAY_BASE_URL is no address; expected the gateway to which that key may be sent, such as https://gateway.example/v1.',
  );
}

const SECOND = 1000;
const LEAST_INTERVAL = 10;
const MOST_INTERVAL = 86_400;

function readTickInterval({ TICK_SECONDS = '300' }: Environment): number | Problem {
  const seconds = TICK_SECONDS.trim() === '' ? Number.NaN : Number(TICK_SECONDS);
  if (seconds >= LEAST_INTERVAL && seconds <= MOST_INTERVAL) return seconds * SECOND;
  return new Problem(
    `TICK_SECONDS is ${JSON.stringify(TICK_SECONDS)}; expected seconds from ${LEAST_INTERVAL} to ${MOST_INTERVAL}.`,
  );
}
