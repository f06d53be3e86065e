/** Creates a target that can be written and read from the config's. */
import type { Target } from '../../src/config/schema/traffic.ts';
import { problemText } from '../../src/conversation/messages/problems.ts';
import { clauseOf } from '../contents.ts';
import { isRateLimit, statusOf } from '../http-status.ts';
import { tryPatiently } from '../patience.ts';
import { deploymentTarget } from './deployment-target.ts';
import { dispatchTarget } from './dispatch-target.ts';
import { fileTarget } from './file-target.ts';
import type { TrafficSettings } from './settings.ts';
import { failed, type TrafficReading, type TrafficTarget, type TrafficWrite } from './target.ts';
import { variableTarget } from './variable-target.ts';
import { workflowTarget } from './workflow-target.ts';

/** The target. Each of its refusals is a sentence for people. */
export function openTarget(target: Target, settings: TrafficSettings): TrafficTarget {
  const opened = createTarget(target, settings);
  const { label } = opened;
  if (settings.hasJobToken === true && !startsWithJobToken(target)) return outOfReach(label);
  return {
    label,
    read(shares, context) {
      // GitHub may still show the value from before the App's last write.
      const isDoubtful = (reading: TrafficReading) => reading.kind === 'drifted' && !context.drifted;
      return tryPatiently(settings.wait, () => opened.read(shares, context), isDoubtful);
    },
    write: (shares, context) =>
      opened.write(shares, context).catch((error: unknown) => failureOf(target, label, error)),
  };
}

/** Whether the job's own token is enough for the target: its commits start no workflow, but can be pulled. */
export function startsWithJobToken(target: Target): boolean {
  if (target.kind === 'file') return target.deployed_by === 'pull';
  return target.kind === 'dispatch' || target.kind === 'workflow';
}

/** With the token of a job, GitHub would accept a commit or a deployment without starting any workflow. */
function outOfReach(label: string): TrafficTarget {
  const detail = `The job's own token cannot write ${label}. ${problemText('token_limited')?.next}`;
  return { label, write: async () => failed(detail), read: async () => ({ kind: 'unknown' }) };
}

function createTarget(target: Target, settings: TrafficSettings): TrafficTarget {
  switch (target.kind) {
    case 'file':
      return fileTarget(target, settings);
    case 'variable':
      return variableTarget(target, settings);
    case 'deployment':
      return deploymentTarget(target, settings);
    case 'dispatch':
      return dispatchTarget(target, settings);
    case 'workflow':
      return workflowTarget(target, settings);
  }
}

function permissionOf(target: Target): string {
  if (target.kind === 'deployment') return 'deployments: write';
  if (target.kind === 'workflow') return 'actions: write';
  if (target.kind !== 'variable') return 'contents: write';
  return target.environment === null ? 'variables: write' : 'environments: write';
}

function failureOf(target: Target, label: string, error: unknown): TrafficWrite {
  const status = statusOf(error);
  const verb = target.kind === 'workflow' ? 'start' : 'write';
  const isRefusal = status === 404 || status === 422 || (status === 403 && !isRateLimit(error));
  if (!isRefusal) {
    return failed(`GitHub could not ${verb} ${label}: ${clauseOf(error)}. The App tries again.`, false);
  }
  const advice =
    target.kind === 'workflow' && status !== 403
      ? `Expected .github/workflows/${target.file} on the default branch, with workflow_dispatch and its inputs share and payload.`
      : `The App needs the permission "${permissionOf(target)}".`;
  return failed(`GitHub refused to ${verb} ${label}: ${clauseOf(error)}. ${advice}`);
}
