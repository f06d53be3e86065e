/** The App, inside a workflow or as a server. It is loaded only here, and only when it runs. */

import { type Environment, LEAST_STATE_KEY, stateKeysIn } from '../config/environment.ts';
import { type Refused, refuse } from './refusal.ts';
import { nonBlank } from './settings.ts';

/** As people set them by inputs; `''` counts as not set. */
export interface AppInputs {
  readonly appId: string;
  readonly privateKey: string;
  readonly token: string;
  readonly stateKey: string;
}

export interface HostOptions {
  readonly settings: AppInputs;
  /** With the credentials of sources that were given by inputs. */
  readonly environment: Environment;
  readonly event: { readonly name: string; readonly payload: unknown };
  /** Takes each line of the App's log. */
  readonly write: (line: string) => void;
}

/** The App ran; its log shows any errors. */
export type Hosted = Extract<
  Awaited<ReturnType<typeof import('../../app/host.ts')['hostOnce']>>,
  { kind: 'hosted' }
>;

/** All secrets of the command, from inputs and from the environment. */
export function appSecrets(settings: AppInputs, environment: Environment): string[] {
  const { privateKey, token } = settings;
  return [privateKey, token, ...stateKeys(settings, environment)].filter((secret) => secret !== '');
}

/** Whether the App could sign or authenticate at all; in a fork's pull request it can't. */
export function hasSecrets(settings: AppInputs, environment: Environment): boolean {
  return nonBlank(settings.privateKey) !== null || stateKeys(settings, environment).length > 0;
}

/** Loads the App and runs it once. */
export async function hostApp(options: HostOptions): Promise<Hosted | Refused> {
  const { settings, environment, event, write } = options;
  const { appId, privateKey, token } = settings;
  const keys = stateKeys(settings, environment);
  const problems = problemsOf(settings, keys, environment);
  if (problems.length > 0) return refuse('malformed_input', problems);
  const [first, ...others] = keys;
  const { hostOnce } = await import('../../app/host.ts');
  const outcome = await hostOnce({
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
  return outcome.kind === 'refused' ? refuse(outcome.reasonCode, [outcome.message]) : outcome;
}

/** Starts the server, with the settings in this process's environment. It ends the process itself. */
export async function serveApp(): Promise<void> {
  await import('../../app/main.ts');
}

const stateKeys = ({ stateKey }: AppInputs, environment: Environment): string[] =>
  stateKeysIn({ ...environment, STATE_KEY: nonBlank(stateKey) ?? environment.STATE_KEY });

function problemsOf(
  { appId, privateKey, token }: AppInputs,
  keys: readonly string[],
  { GITHUB_REPOSITORY }: Environment,
): string[] {
  const hasId = nonBlank(appId) !== null;
  const [given, other] = hasId ? ['app-id', 'app-private-key'] : ['app-private-key', 'app-id'];
  return [
    hasId !== (nonBlank(privateKey) !== null) &&
      `The input ${given} is set, but ${other} is not. Set both, or neither to use github-token.`,
    hasId &&
      !/^[1-9]\d{0,14}$/.test(appId.trim()) &&
      "The input app-id is not a number. Expected the App's ID from its settings page.",
    !hasId &&
      nonBlank(token) === null &&
      'No token is set. Set the inputs app-id and app-private-key, or github-token.',
    keys.some((key) => key.length < LEAST_STATE_KEY) &&
      `A state key is shorter than ${LEAST_STATE_KEY} characters. Generate a random one, for example with \`openssl rand -hex 32\`.`,
    nonBlank(GITHUB_REPOSITORY) === null &&
      'GITHUB_REPOSITORY is not set. Run this command in a workflow of GitHub Actions.',
  ].filter((problem) => problem !== false);
}
