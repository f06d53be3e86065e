/** `command: app` as a step of a job: which event, with which credentials, and what the log shows. */
import * as core from '@actions/core';
import { plainLine } from '../../wording/foreign-text.ts';
import { hasSecrets, hostApp } from '../app.ts';
import { refuse } from '../refusal.ts';
import type { Conclusion } from './conclusion.ts';
import type { Run } from './job.ts';
import { excuseForMissingKey, type RunEvent } from './trust.ts';

/** Nothing of the checkout is read, so events that strangers cause are safe here. */
export async function hostInJob(run: Run, event: RunEvent): Promise<Conclusion> {
  const { inputs, environment } = run;
  const settings = inputs.app;
  const excuse = excuseForMissingKey(event);
  if (excuse !== null && !hasSecrets(settings, environment))
    return { kind: 'app-skipped', reasonCode: excuse };
  const { baseUrl, apiKey } = inputs.settings;
  const outcome = await hostApp({
    settings,
    environment: {
      ...environment,
      ...inputs.sources,
      ...(baseUrl ? { GATEWAY_BASE_URL: baseUrl } : {}),
      ...(apiKey ? { GATEWAY_API_KEY: apiKey } : {}),
    },
    event,
    write: (line) => core.info(plainLine(line, 4_000)),
  });
  if (outcome.kind === 'problems') return refuse('malformed_input', outcome.messages);
  if (outcome.kind === 'refused') return refuse(outcome.reasonCode, [outcome.message]);
  return { kind: 'app-hosted', outcome };
}
