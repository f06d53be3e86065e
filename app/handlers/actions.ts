/** Workflow runs, check runs and deployments that have ended. */
import { stageOf } from '../../src/rollout/road.ts';
import { ingestChecks, ingestRun } from '../ingest.ts';
import { eachRollout, withRollout } from '../rollouts.ts';
import { runFrom } from '../runs.ts';
import { DEPLOYMENT_TASK, deploymentOutcome } from '../traffic/deployment-target.ts';
import { readPayload } from '../traffic/payload.ts';
import { contextOf, type Handled, type Webhook } from './handler.ts';

export async function onWorkflowRun(event: Webhook<'workflow_run.completed'>): Promise<Handled> {
  const { payload } = event;
  const run = runFrom(payload.workflow_run);
  const isHere =
    run.headBranch === payload.repository.default_branch && run.headRepository === payload.repository.id;
  if (!isHere || run.workflow === '') return 'ignored';
  await eachRollout(contextOf(event), (driver) => ingestRun(driver, run));
  return 'handled';
}

export async function onCheckRun(event: Webhook<'check_run.completed'>): Promise<Handled> {
  const { payload } = event;
  const { name, check_suite: suite } = payload.check_run;
  if (suite?.head_branch !== payload.repository.default_branch) return 'ignored';
  await eachRollout(contextOf(event), async (driver) => {
    if (stageOf(driver.rollout)?.gate.checks.includes(name)) await ingestChecks(driver);
  });
  return 'handled';
}

/** A workflow of the team reports on a deployment that the App created. */
export async function onDeploymentStatus(event: Webhook<'deployment_status.created'>): Promise<Handled> {
  const { services, payload } = event;
  const { deployment, deployment_status: status } = payload;
  if (deployment.task !== DEPLOYMENT_TASK) return 'ignored';
  const about = readPayload(deployment.payload);
  const outcome = deploymentOutcome(status.state);
  if (about === null || outcome === null) return 'ignored';
  if (deployment.creator?.login !== (await services.identity())) return 'ignored';
  await withRollout(contextOf(event), about.rollout, {}, async (driver) => {
    const target = driver.rollout.config.traffic.findIndex(
      (each) => each.kind === 'deployment' && each.environment === deployment.environment,
    );
    if (target < 0) return;
    const { generation } = about;
    const detail = status.description ?? '';
    const key = `status:${status.id}`;
    await driver.apply({ kind: 'traffic_reported', key, target, generation, outcome, detail });
  });
  return 'handled';
}
