/** The command line, also as a step of a job: there, a key may go where it may go for the Action. */
import type { Environment } from '../config/environment.ts';
import { mayWorkflowNameOrigins, type RunEvent } from './action/trust.ts';
import type { ArmCall } from './arms.ts';
import type { NamedOrigins } from './named-origins.ts';
import { configRoot, findConfig, type ReadConfig } from './read-config.ts';
import type { Refused } from './refusal.ts';
import type { CheckSettings } from './settings.ts';
import { noticesTo } from './terminal.ts';

/** The call of a command on a terminal, with the config that was read. */
export interface TerminalCall<Settings extends CheckSettings> extends ArmCall<Settings> {
  readonly kind: 'call';
  readonly read: ReadConfig;
}

/** @param write takes notes for people */
export async function callOnTerminal<Settings extends CheckSettings>(
  settings: Settings,
  directory: string,
  environment: Environment,
  write: (text: string) => void,
): Promise<TerminalCall<Settings> | Refused> {
  const root = configRoot(settings, directory);
  const read = await findConfig(settings, root);
  if (read.kind === 'refused') return read;
  return {
    kind: 'call',
    read,
    config: read.config,
    named: await namedInJob(settings, environment, root, read),
    settings,
    directory,
    environment,
    front: 'command-line',
    onSecrets: () => undefined,
    onNote: (note) => noticesTo(write)('note', note),
  };
}

/** Null outside GitHub Actions, where the person who runs the command names the addresses. */
async function eventOfJob({ GITHUB_ACTIONS }: Environment): Promise<RunEvent | null> {
  return GITHUB_ACTIONS === 'true' ? (await import('./action/event.ts')).readEvent() : null;
}

/** Null outside GitHub Actions. */
async function namedInJob(
  settings: CheckSettings,
  environment: Environment,
  workspace: string,
  { file, config }: ReadConfig,
): Promise<NamedOrigins | null> {
  const event = await eventOfJob(environment);
  if (event === null) return null;
  const { nameOrigins } = await import('./action/name-origins.ts');
  const token = environment.GITHUB_TOKEN ?? '';
  const front = 'command-line';
  return nameOrigins({ event, settings, environment, front, trusted: [], token, workspace, file, config });
}

/** Whether the environment of this step may say where the credentials of sources go. */
export async function mayStepNameOrigins(environment: Environment): Promise<boolean> {
  const event = await eventOfJob(environment);
  return event === null || mayWorkflowNameOrigins(event);
}
