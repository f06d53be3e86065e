/** `command: app` as a step of a job. */
import { hasSecrets, hostApp } from '../app.ts';
import type { Conclusion } from './conclusion.ts';
import { type Job, logLine } from './job.ts';
import { excuseForMissingKey, type RunEvent } from './trust.ts';

/** Nothing of the checkout is read, so events that anyone can trigger are safe here. */
export async function hostInJob({ inputs, environment }: Job, event: RunEvent): Promise<Conclusion> {
  const excuse = excuseForMissingKey(event);
  if (excuse !== null && !hasSecrets(inputs.app, environment)) {
    const who = excuse === 'no_secrets_on_fork' ? 'from forks' : 'from Dependabot';
    const reason = `The App did nothing: pull requests ${who} get no secrets. Start the workflow on pull_request_target for its check run.`;
    return { kind: 'skipped', reasonCode: excuse, reason };
  }
  const { baseUrl, apiKey } = inputs.settings;
  return hostApp({
    settings: inputs.app,
    environment: {
      ...environment,
      ...inputs.sources,
      ...(baseUrl ? { GATEWAY_BASE_URL: baseUrl } : {}),
      ...(apiKey ? { GATEWAY_API_KEY: apiKey } : {}),
    },
    event,
    write: (line) => logLine(line, 4_000),
  });
}
