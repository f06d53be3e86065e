/** Starts a workflow of the repository on its default branch. */
import { z } from 'zod';
import { wordsOf } from './http-status.ts';
import { ONCE } from './octokit.ts';
import { at, defaultRef, type Repository } from './repository.ts';

const runDetailsSchema = z.object({ workflow_run_id: z.int() });

export interface WorkflowStart {
  /** Such as `traffic.yml`. */
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** A second run does no harm: a request whose response is lost is sent again. */
  readonly mayRepeat: boolean;
}

/**
 * @returns the run's ID; null where the server does not name it
 * @throws GitHub's error
 */
export async function startWorkflow(
  repository: Repository,
  { file, inputs, mayRepeat }: WorkflowStart,
): Promise<number | null> {
  const { createWorkflowDispatch } = repository.octokit.rest.actions;
  const retries = mayRepeat ? {} : ONCE;
  const request = { ...at(repository), workflow_id: file, ref: defaultRef(repository), inputs, ...retries };
  try {
    const { data } = await createWorkflowDispatch({ ...request, return_run_details: true });
    return runDetailsSchema.safeParse(data).data?.workflow_run_id ?? null;
  } catch (error) {
    // GitHub Enterprise Server up to 3.20 refuses the unknown parameter before it starts anything.
    if (!wordsOf(error).includes('return_run_details')) throw error;
    await createWorkflowDispatch(request);
    return null;
  }
}
