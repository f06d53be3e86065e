/**
 * A workflow of the team, started with the shares as inputs. The run that was started reports whether it applied them. A
 * second run with the same shares does no harm, so nobody looks for the first one after a response that was lost.
 */
import { formatAmount } from '../../src/rollout/target-value.ts';
import { nullIfMissing } from '../http-status.ts';
import { at } from '../repository.ts';
import { startWorkflow } from '../runs.ts';
import { payloadOf } from './payload.ts';
import type { StartedRun, TrafficSettings } from './settings.ts';
import {
  DONE,
  notReported,
  type ReadContext,
  type TargetOf,
  type TrafficReading,
  type TrafficTarget,
} from './target.ts';

type WorkflowTarget = TargetOf<'workflow'>;

export function workflowTarget(target: WorkflowTarget, settings: TrafficSettings): TrafficTarget {
  return {
    label: `the workflow ${target.file}`,
    async write(shares, context) {
      const share = formatAmount(shares.everything);
      const inputs = { share, payload: JSON.stringify(payloadOf(shares, context)) };
      const run = await startWorkflow(settings.repository, { file: target.file, inputs, mayRepeat: true });
      // A server that does not name the run.
      return run === null ? DONE : { kind: 'done', verified: false, run };
    },
    async read(_shares, { run, verified, writtenAt }) {
      if (run === null) return { kind: 'unknown' };
      return verified ? readLater(target, settings, run) : readEnd(target, settings, { run, writtenAt });
    },
  };
}

/** What the end of the run means for the shares. */
export function outcomeOfRun(run: {
  readonly id: number;
  readonly workflow: string;
  readonly conclusion: string | null;
}): { readonly outcome: 'verified' | 'failed'; readonly detail: string } {
  const { id, workflow, conclusion } = run;
  if (conclusion === 'success') return { outcome: 'verified', detail: '' };
  const detail = `The run ${id} of ${workflow} ended with ${conclusion}; expected success. Check its log.`;
  return { outcome: 'failed', detail };
}

/** How the run ended. GitHub may not show it yet. */
async function readEnd(
  { file, timeout }: WorkflowTarget,
  { repository, now }: TrafficSettings,
  { run: id, writtenAt }: { readonly run: number } & Pick<ReadContext, 'writtenAt'>,
): Promise<TrafficReading> {
  const request = repository.octokit.rest.actions.getWorkflowRun({ ...at(repository), run_id: id });
  const run = (await nullIfMissing(request))?.data;
  if (run?.conclusion) {
    const { outcome, detail } = outcomeOfRun({ id, workflow: file, conclusion: run.conclusion });
    return outcome === 'verified' ? { kind: 'holds' } : { kind: 'failed', detail };
  }
  const began = run === undefined ? writtenAt : Date.parse(run.created_at);
  return notReported(
    { waited: now() - began, timeout },
    (limit) =>
      `The run ${id} of ${file} did not end within ${limit}; expected success. Check that a runner is free, and that ` +
      'no job waits for a review.',
  );
}

/** Whether somebody else started the workflow after that run, or started an older run again. */
async function readLater(
  target: WorkflowTarget,
  settings: TrafficSettings,
  id: number,
): Promise<TrafficReading> {
  const app = await settings.identity();
  const runs = await listRuns(target, settings);
  const startedAt = runs.find((run) => run.id === id)?.startedAt ?? Number.POSITIVE_INFINITY;
  const isLater = (run: StartedRun) => run.id > id || run.startedAt > startedAt;
  const later = runs.find((run) => run.id !== id && run.by !== app && isLater(run));
  return later === undefined
    ? { kind: 'holds' }
    : { kind: 'drifted', found: `a later run, started by ${later.by}` };
}

/** The newest first. */
function listRuns(
  { file }: WorkflowTarget,
  { repository, memory }: TrafficSettings,
): Promise<readonly StartedRun[]> {
  const { actions } = repository.octokit.rest;
  const query = { ...at(repository), workflow_id: file, event: 'workflow_dispatch', per_page: 50 };
  return memory.runs.get(
    `${repository.id} ${file}`,
    (headers) => actions.listWorkflowRuns({ ...query, exclude_pull_requests: true, headers }),
    ({ workflow_runs: runs }) =>
      runs.map((run) => ({
        id: run.id,
        by: run.triggering_actor?.login ?? '',
        startedAt: Date.parse(run.run_started_at ?? run.created_at),
      })),
  );
}
