/** How a run of `command: app` is told. */
import * as core from '@actions/core';
import { skippedSummary } from '../../report/refusals.ts';
import type { AppHosted, AppSkipped } from './conclusion.ts';
import { setOutputs, writeSummary } from './job.ts';

interface PublishOptions {
  readonly summary: boolean;
}

export async function publishHosted({ outcome }: AppHosted, { summary }: PublishOptions): Promise<void> {
  const { statuses, errors } = outcome;
  setOutputs({ 'reason-code': errors === 0 ? 'reconciled' : 'app_failed' });
  const sentence = rolloutsSentence(statuses);
  if (summary) await writeSummary(`## Gateway rollout\n\n${sentence}\n`);
  core.info(sentence);
  if (errors > 0) {
    const what = errors === 1 ? 'one error' : `${errors} errors`;
    core.setFailed(`The App met ${what}; the log above tells them, and the next run goes on from here.`);
  }
}

export async function publishAppSkipped(
  { reasonCode }: AppSkipped,
  { summary }: PublishOptions,
): Promise<void> {
  const who = reasonCode === 'no_secrets_on_fork' ? 'from a fork' : 'of Dependabot';
  const reason = `The runs of a pull request ${who} get no secrets, so the App did nothing. Start the workflow on pull_request_target for its check run.`;
  setOutputs({ 'reason-code': reasonCode });
  if (summary) await writeSummary(skippedSummary('app', reason));
  core.notice(reason);
}

/** `3 rollouts: 2 progressing, 1 paused.` */
function rolloutsSentence(statuses: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (counts.size === 0) return 'There is no rollout here.';
  const parts = [...counts].map(([status, count]) => `${count} ${status}`);
  return `${statuses.length} rollout${statuses.length === 1 ? '' : 's'}: ${parts.join(', ')}.`;
}
