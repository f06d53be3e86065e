/** `command: observe`: each run of a workflow measures the windows of production since the last run. */
import path from 'node:path';
import { TRUSTED_EVENTS } from '../../measure/handover.ts';
import type { NamedOrigins } from '../named-origins.ts';
import { judgeWithEarlier } from '../observe/judged-measurements.ts';
import { performObserve, requireMeasure } from '../observe/perform.ts';
import { uploadMeasurement } from '../observe/upload.ts';
import { writeMeasurementPage } from '../page-file.ts';
import type { ReadConfig } from '../read-config.ts';
import { refuse } from '../refusal.ts';
import { nonBlank } from '../settings.ts';
import type { Conclusion, NotStored } from './conclusion.ts';
import { readCurrentStage } from './current-stage.ts';
import { restoreMeasurements } from './history.ts';
import { hostOf, type Job, logNote } from './job.ts';
import { type JobRepository, readRepository } from './repository.ts';
import { mayWorkflowNameOrigins, type RunEvent } from './trust.ts';

/** As the artifact holds it. */
const FILE = 'measurements.jsonl';

/** Continues from the newest measurement, measures, judges, and uploads the artifact for the App and the next run. */
export async function observeInJob(
  job: Job,
  event: RunEvent,
  read: ReadConfig,
  named: () => Promise<NamedOrigins>,
): Promise<Conclusion> {
  const { inputs, workspace } = job;
  const environment = { ...job.environment, ...inputs.sources };
  const required = requireMeasure(read.config, 'action');
  if (required.kind === 'refused') return required;
  const { config } = required;
  const repository = await readRepository(environment, inputs.app.token);
  if (repository.kind !== 'repository') return repository;
  const isPrivate = repository.isPrivate || config.rollout.publish_names;
  const out = nonBlank(inputs.observe.out);
  const file = path.resolve(workspace, out ?? path.join(environment.RUNNER_TEMP || workspace, FILE));
  const restored = await restoreMeasurements(repository, file, isPrivate);
  if (restored.kind !== 'restored') return restored;
  restored.notes.forEach(logNote);
  const found = await readCurrentStage(repository, config.name);
  if (found.kind !== 'current') return found;
  const outcome = await observeAll({ ...inputs.observe, out: file }, config, {
    ...hostOf(job),
    environment,
    workflowCounts: mayWorkflowNameOrigins(event),
    now: Date.now,
    isPrivate,
    current: found.current,
    arms: { settings: inputs.settings, named: config.measure?.fidelity_usd_per_day ? await named() : null },
  });
  if (outcome.kind === 'nothing-new') {
    return { kind: 'skipped', reasonCode: 'nothing_new', reason: outcome.reason };
  }
  if (outcome.kind !== 'observed') return outcome;
  const { measurement, notes } = outcome;
  const judged = await judgeWithEarlier(config, measurement, file, out ?? FILE);
  const html = nonBlank(inputs.observe.html);
  const problem = html === null ? null : await writeMeasurementPage(workspace, html, config, judged);
  if (problem !== null) return refuse('unwritable_page', [problem]);
  const page = html === null ? null : path.resolve(workspace, html);
  const stored =
    whyNotStored(repository, event, environment.GITHUB_REF ?? '') ?? (await uploadMeasurement(file));
  return { kind: 'observed-in-job', measurement, notes, judged, file, page, stored };
}

/** All windows up to now: a window ends where a stage began. */
async function observeAll(...call: Parameters<typeof performObserve>): ReturnType<typeof performObserve> {
  const outcome = await performObserve(...call);
  if (outcome.kind !== 'observed' || !outcome.isMore) return outcome;
  const later = await observeAll(...call);
  return later.kind === 'nothing-new' ? outcome : later;
}

function whyNotStored({ defaultBranch }: JobRepository, { name }: RunEvent, ref: string): NotStored | null {
  if (TRUSTED_EVENTS.includes(name) && ref === `refs/heads/${defaultBranch}`) return null;
  const message = `The measurement is shown but not stored: this run is for ${name} on ${ref}. The App accepts only runs for ${TRUSTED_EVENTS.join(', ')} on refs/heads/${defaultBranch}.`;
  return { kind: 'not-stored', message };
}
