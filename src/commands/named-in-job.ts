/** The command line as a step of a job: there, a key may go where it may go for the Action. */
import type { Environment } from '../config/environment.ts';
import { mayWorkflowNameOrigins, type RunEvent } from './action/trust.ts';
import type { NamedOrigins } from './named-origins.ts';
import type { ReadConfig } from './read-config.ts';
import type { CheckSettings } from './settings.ts';

/** Null outside GitHub Actions, where the person who runs the command names the addresses. */
async function eventOfJob({ GITHUB_ACTIONS }: Environment): Promise<RunEvent | null> {
  return GITHUB_ACTIONS === 'true' ? (await import('./action/event.ts')).readEvent() : null;
}

/** Null outside GitHub Actions. */
export async function namedInJob(
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
