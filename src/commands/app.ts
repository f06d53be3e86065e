/** `command: app`: the App inside a workflow. Only here is it loaded, and only when it is asked for. */
import { type Environment, nonBlank } from './settings.ts';

/** As people gave them by inputs; `''` counts as not set. */
export interface AppSettings {
  readonly appId: string;
  readonly privateKey: string;
  readonly token: string;
  readonly stateKey: string;
}

export interface HostRequest {
  readonly settings: AppSettings;
  /** With the credentials of sources that were given by inputs. */
  readonly environment: Environment;
  readonly event: { readonly name: string; readonly payload: unknown };
  /** Takes each line of the App's log. */
  readonly write: (line: string) => void;
}

/** What the App did: an outcome of its own, or why it could not begin. */
export type Hosted = Awaited<ReturnType<typeof import('../../app/host.ts')['hostOnce']>>;

export type HostProblems = { readonly kind: 'problems'; readonly messages: readonly string[] };

const LEAST_STATE_KEY = 32;

/** All secrets of the command, given or at hand. */
export function appSecrets(settings: AppSettings, environment: Environment): string[] {
  const { privateKey, token } = settings;
  return [privateKey, token, ...stateKeys(settings, environment)].filter((secret) => secret !== '');
}

/** Whether there is anything with which the App could sign or prove itself; a fork's pull request has none. */
export function hasSecrets(settings: AppSettings, environment: Environment): boolean {
  return nonBlank(settings.privateKey) !== null || stateKeys(settings, environment).length > 0;
}

/** Loads the App and lets it work once. */
export async function hostApp(request: HostRequest): Promise<Hosted | HostProblems> {
  const { settings, environment, event, write } = request;
  const { appId, privateKey, token } = settings;
  const keys = stateKeys(settings, environment);
  const messages = problemsOf(settings, keys, environment);
  if (messages.length > 0) return { kind: 'problems', messages };
  const [first, ...others] = keys;
  const { hostOnce } = await import('../../app/host.ts');
  return hostOnce({
    auth:
      nonBlank(appId) === null ? { kind: 'token', token } : { kind: 'app', appId: Number(appId), privateKey },
    stateKeys: first === undefined ? null : [first, ...others],
    baseUrl: nonBlank(environment.GITHUB_API_URL) ?? 'https://api.github.com',
    repository: environment.GITHUB_REPOSITORY ?? '',
    event,
    variables: environment,
    secrets: appSecrets(settings, environment),
    write,
  });
}

/** The newest first. */
function stateKeys({ stateKey }: AppSettings, { STATE_KEY, STATE_KEYS_OLD }: Environment): string[] {
  const newest = nonBlank(stateKey) ?? nonBlank(STATE_KEY);
  const old = (STATE_KEYS_OLD ?? '').split(',').flatMap((key) => nonBlank(key.trim()) ?? []);
  return newest === null ? [] : [newest, ...old];
}

function problemsOf(
  { appId, privateKey, token }: AppSettings,
  keys: readonly string[],
  { GITHUB_REPOSITORY }: Environment,
): string[] {
  const problems: string[] = [];
  const hasId = nonBlank(appId) !== null;
  if (hasId !== (nonBlank(privateKey) !== null)) {
    const [given, other] = hasId ? ['app-id', 'app-private-key'] : ['app-private-key', 'app-id'];
    problems.push(
      `The input ${given} is set, and ${other} is not. Set both, or neither to use github-token.`,
    );
  }
  if (hasId && !/^[1-9]\d{0,14}$/.test(appId.trim())) {
    problems.push("The input app-id is no number. Expected the App's id from its settings page.");
  }
  if (!hasId && nonBlank(token) === null) {
    problems.push('There is no token. Set the inputs app-id and app-private-key, or github-token.');
  }
  if (keys.some((key) => key.length < LEAST_STATE_KEY)) {
    problems.push(
      `A state key is shorter than ${LEAST_STATE_KEY} characters. Expected a random text, such as \`openssl rand -hex 32\` gives.`,
    );
  }
  if (nonBlank(GITHUB_REPOSITORY) === null) {
    problems.push('GITHUB_REPOSITORY is not set. Run this command in a workflow of GitHub Actions.');
  }
  return problems;
}
