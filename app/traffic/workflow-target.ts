/** A workflow of the team, started with the shares as inputs. The run that was started reports whether it applied them. */
import type { Shares } from '../../src/rollout/effect.ts';
import { formatAmount } from '../../src/rollout/target-value.ts';
import { nullIfMissing } from '../http-status.ts';
import { at } from '../repository.ts';
import { startWorkflow } from '../start-workflow.ts';
import { payloadOf } from './payload.ts';
import type { StartedRun, TrafficSettings } from './settings.ts';
import {
  ACCEPTED,
  notReported,
  type ReadContext,
  type TargetOf,
  type TrafficContext,
  type TrafficReading,
  type TrafficTarget,
} from './target.ts';

type WorkflowTarget = TargetOf<'workflow'>;

export function workflowTarget(target: WorkflowTarget, settings: TrafficSettings): TrafficTarget {
  return {
    label: `the workflow ${target.file}`,
    async write(shares, context) {
      const { since, purpose } = context;
      // A rollback never relies on a run that may be another one's: a second run with the same share does no harm.
      const earlier = since === null || purpose === 'rollback' ? null : await ownRun(target, settings, since);
      const run = earlier ?? (await startRun(target, settings, { shares, context }));
      return run === null ? ACCEPTED : { kind: 'accepted', verified: false, run };
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

/** @returns the run; null where the server does not name it */
function startRun(
  { file }: WorkflowTarget,
  { repository }: TrafficSettings,
  { shares, context }: { readonly shares: Shares; readonly context: TrafficContext },
): Promise<number | null> {
  const share = formatAmount(shares.everything);
  const inputs = { share, payload: JSON.stringify(payloadOf(shares, context)) };
  return startWorkflow(repository, { file, inputs, mayRepeat: context.purpose === 'rollback' });
}

/** The newest run that the App itself started since then: the response may have been lost. */
async function ownRun(
  target: WorkflowTarget,
  settings: TrafficSettings,
  since: number,
): Promise<number | null> {
  const app = await settings.identity();
  const runs = await listRuns(target, settings);
  // GitHub names the second.
  return runs.find(({ by, createdAt }) => by === app && createdAt > since - 1_000)?.id ?? null;
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
async function listRuns(
  { file }: WorkflowTarget,
  { repository, memory }: TrafficSettings,
): Promise<readonly StartedRun[]> {
  const { value } = await memory.runs.get(`${repository.id} ${file}`, async (headers) => {
    const response = await repository.octokit.rest.actions.listWorkflowRuns({
      ...at(repository),
      workflow_id: file,
      event: 'workflow_dispatch',
      exclude_pull_requests: true,
      per_page: 50,
      headers: { ...headers },
    });
    const runs = response.data.workflow_runs.map((run) => ({
      id: run.id,
      by: run.triggering_actor?.login ?? '',
      createdAt: Date.parse(run.created_at),
      startedAt: Date.parse(run.run_started_at ?? run.created_at),
    }));
    return { etag: response.headers.etag, value: runs };
  });
  return value;
}
