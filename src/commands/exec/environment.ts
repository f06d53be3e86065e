/** The environment of the command: unchanged, but without any real key. */
import type { Environment } from '../../config/environment.ts';
import { nonBlank } from '../settings.ts';

/** Replaces the real address and key. */
export interface RecorderEndpoint {
  readonly baseUrl: string;
  /** Only the recorder accepts it. */
  readonly apiKey: string;
}

/** Settings of gateway-rollout, and the inputs of an Action. They include the keys. */
const OURS = /^(GATEWAY_|OFFICIAL_|INPUT_)/i;

/** A runner gives these to an Action, but not to a step that runs commands: they open artifacts and caches. */
const RUNNERS = /^ACTIONS_(RUNTIME|RESULTS|CACHE)_/i;

/** A shorter secret counts only as a whole value, not as part of one. */
const LEAST_INSIDE = 8;

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
const NO_PROXY_VARIABLES = ['NO_PROXY', 'no_proxy'];
const LOOPBACK = '127.0.0.1';

/**
 * The environment for the command: `OPENAI_BASE_URL`, `OPENAI_API_BASE` (its older name) and `OPENAI_API_KEY` are the
 * recorder's. Every variable that holds a real key is left out, whatever its name.
 * @param secrets the real keys, the values of configured headers, and the credentials of the sources of `observe`
 */
export function childEnvironment(
  environment: Environment,
  secrets: readonly string[],
  recorder: RecorderEndpoint,
): Record<string, string> {
  return {
    ...withoutKeys(environment, secrets),
    ...directToRecorder(environment),
    OPENAI_BASE_URL: recorder.baseUrl,
    OPENAI_API_BASE: recorder.baseUrl,
    OPENAI_API_KEY: recorder.apiKey,
  };
}

/** What any program may see: no variable of ours, and none that holds a secret. */
export function withoutKeys(environment: Environment, secrets: readonly string[]): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value === undefined || isKeptFromCommand(name, value, secrets) ? [] : [[name, value]],
  );
  return Object.fromEntries(kept);
}

/** Whether a variable is one of ours, or holds a secret. */
export function isKeptFromCommand(name: string, value: string, secrets: readonly string[]): boolean {
  const holdsSecret = secrets.some((secret) =>
    secret.length < LEAST_INSIDE ? value === secret : value.includes(secret),
  );
  return OURS.test(name) || RUNNERS.test(name) || holdsSecret;
}

/** Requests to the recorder must not go through a proxy. */
function directToRecorder(environment: Environment): Record<string, string> {
  if (PROXY_VARIABLES.every((name) => nonBlank(environment[name]) === null)) return {};
  const direct = NO_PROXY_VARIABLES.flatMap((name) => nonBlank(environment[name]) ?? []);
  const value = [...direct.slice(0, 1), LOOPBACK].join(',');
  return Object.fromEntries(NO_PROXY_VARIABLES.map((name) => [name, value]));
}
