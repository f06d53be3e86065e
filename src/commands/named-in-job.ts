/** The command line as a step of a job: there, a key may go where it may go for the Action. */
import type { Environment } from '../config/environment.ts';
import type { NamedOrigins } from './named-origins.ts';
import type { ReadConfig } from './read-config.ts';
import type { CheckSettings } from './settings.ts';

/** Outside GitHub Actions, whoever runs the command names the addresses. */
const isInJob = ({ GITHUB_ACTIONS }: Environment): boolean => GITHUB_ACTIONS === 'true';

/** Null outside GitHub Actions. */
export async function namedInJob(
  settings: CheckSettings,
  environment: Environment,
  workspace: string,
  { file, config }: ReadConfig,
): Promise<NamedOrigins | null> {
  if (!isInJob(environment)) return null;
  const [{ nameOrigins }, { readEvent }] = await Promise.all([
    import('./action/name-origins.ts'),
    import('./action/event.ts'),
  ]);
  const token = environment.GITHUB_TOKEN ?? '';
  const event = await readEvent();
  const front = 'command-line';
  return nameOrigins({ event, settings, environment, front, trusted: [], token, workspace, file, config });
}

/** Whether the environment of this step may say where the credentials of sources go. */
export async function mayStepNameOrigins(environment: Environment): Promise<boolean> {
  if (!isInJob(environment)) return true;
  const [{ mayWorkflowNameOrigins }, { readEvent }] = await Promise.all([
    import('./action/trust.ts'),
    import('./action/event.ts'),
  ]);
  return mayWorkflowNameOrigins(await readEvent());
}
