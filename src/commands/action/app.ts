/** `command: app` as a step of a job: which event, with which credentials, and what the log shows. */
import * as core from '@actions/core';
import { plainLine } from '../../wording/foreign-text.ts';
import { type Hosted, hasSecrets, hostApp } from '../app.ts';
import { refuse } from '../refusal.ts';
import type { Conclusion } from './conclusion.ts';
import type { Run } from './run.ts';
import { excuseForMissingKey, type RunEvent } from './trust.ts';

/** The App has worked; with errors where the log tells of any. */
export interface AppHosted {
  readonly kind: 'app-hosted';
  readonly outcome: Extract<Hosted, { kind: 'hosted' }>;
}

/** Nothing was done, for a pull request whose runs get no key. */
export interface AppSkipped {
  readonly kind: 'app-skipped';
  readonly reasonCode: string;
}

/** Nothing of the checkout is read, so events that strangers cause are safe here. */
export async function hostInJob(run: Run, event: RunEvent): Promise<Conclusion> {
  const { inputs, environment } = run;
  const settings = { ...inputs.app, token: inputs.githubToken };
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
