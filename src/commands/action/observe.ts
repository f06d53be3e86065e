/** `command: observe`: one window of production after the other, run after run of a workflow. */

import path from 'node:path';
import * as core from '@actions/core';
import type { Config } from '../../config/schema.ts';
import { BELIEVED_EVENTS } from '../../measure/handover.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import { type Evidence, readEvidence } from '../observe/evidence.ts';
import { performObserve, requireMeasure } from '../observe/perform.ts';
import { uploadMeasurement } from '../observe/upload.ts';
import { writePage } from '../page-file.ts';
import type { ReadConfig } from '../read-config.ts';
import { type Refused, refuse } from '../refusal.ts';
import { nonBlank } from '../settings.ts';
import type { Conclusion, NotStored } from './conclusion.ts';
import { readCurrentStage } from './current-stage.ts';
import { restoreMeasurements } from './history.ts';
import { type Home, readHome } from './home.ts';
import type { Run } from './job.ts';
import type { RunEvent } from './trust.ts';

/** As the artifact holds it. */
const FILE = 'measurements.jsonl';

/** Goes on from the newest measurement, measures, judges, and leaves the artifact for the App and the next run. */
export async function observeInJob(run: Run, event: RunEvent, read: ReadConfig): Promise<Conclusion> {
  const { inputs, workspace, mask } = run;
  const environment = { ...run.environment, ...inputs.sources };
  const asked = requireMeasure(read.config, 'action');
  if (asked.kind === 'refused') return asked;
  const { config } = asked;
  const home = await readHome(environment, inputs.app.token);
  if (home.kind !== 'home') return home;
  const isPrivate = home.isPrivate || config.rollout.publish_names;
  const out = nonBlank(inputs.observe.out);
  const file = path.resolve(workspace, out ?? path.join(environment.RUNNER_TEMP || workspace, FILE));
  const restored = await restoreMeasurements(home, file, isPrivate);
  if (restored.kind !== 'restored') return restored;
  for (const note of restored.notes) core.info(`note: ${plainLine(note, 1000)}`);
  const found = await readCurrentStage(home, config.name);
  if (found.kind !== 'current') return found;
  const outcome = await observeAll({ ...inputs.observe, out: file }, config, {
    directory: workspace,
    environment,
    front: 'action',
    now: Date.now,
    isPrivate,
    current: found.current,
    onSecrets: mask,
    onNote: (note) => core.info(`note: ${plainLine(note, 1000)}`),
  });
  if (outcome.kind !== 'observed') return outcome;
  const { measurement, notes } = outcome;
  const evidence = await readEvidence(config, measurement, file, out ?? FILE);
  const page = await writeHtml(config, evidence, run);
  if (page !== null && typeof page !== 'string') return page;
  const stored = whyNotStored(home, event, environment.GITHUB_REF ?? '') ?? (await uploadMeasurement(file));
  return { kind: 'observed-in-job', measurement, notes, evidence, file, page, stored };
}

/** One window after the other up to now: where a stage began meanwhile, a window ends. */
async function observeAll(...asked: Parameters<typeof performObserve>): ReturnType<typeof performObserve> {
  const outcome = await performObserve(...asked);
  if (outcome.kind !== 'observed' || !outcome.isMore) return outcome;
  const later = await observeAll(...asked);
  return later.kind === 'nothing-new' ? outcome : later;
}

/** The path of the page, null where none is asked for, or why it could not be written. */
async function writeHtml(
  config: Config,
  { measurements, looks }: Evidence,
  { inputs, workspace }: Run,
): Promise<string | Refused | null> {
  const html = nonBlank(inputs.observe.html);
  if (html === null) return null;
  const { measurementPage } = await import('../measurement-page.ts');
  const file = path.resolve(workspace, html);
  const flaw = await writePage(file, measurementPage(config, measurements, looks), html);
  return flaw === null ? file : refuse('unwritable_page', [flaw]);
}

function whyNotStored({ defaultBranch }: Home, { name }: RunEvent, ref: string): NotStored | null {
  if (BELIEVED_EVENTS.includes(name) && ref === `refs/heads/${defaultBranch}`) return null;
  return {
    kind: 'not-stored',
    message: `The measurement is shown and not stored: this run is for ${name} on ${ref}. Expected ${BELIEVED_EVENTS.join(', ')} on refs/heads/${defaultBranch}; the App believes no other run.`,
  };
}
