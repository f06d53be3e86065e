/** From the config's target to one that can be written. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Target } from '../../src/config/schema/traffic.ts';
import { ConditionalAnswers } from '../conditional.ts';
import { clauseOf, type FileRead } from '../contents.ts';
import { isRateLimit, statusOf } from '../http-status.ts';
import type { Repository } from '../repository.ts';
import { type Deployed, DeploymentTarget } from './deployment-target.ts';
import { DispatchTarget } from './dispatch-target.ts';
import { FileTarget } from './file-target.ts';
import { failed, type TrafficTarget, type TrafficWrite } from './target.ts';
import { VariableTarget } from './variable-target.ts';

/** What targets were last seen to hold; one for the process. */
export class TrafficMemory {
  readonly files = new ConditionalAnswers<FileRead>();
  readonly variables = new ConditionalAnswers<string>();
  readonly deployments = new ConditionalAnswers<readonly Deployed[]>();
}

export interface TrafficSettings {
  readonly repository: Repository;
  readonly memory: TrafficMemory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds after which GitHub's own copies agree; what seems to have drifted is looked at once more after them. */
  readonly settling?: number;
  /** What the client does starts no workflow, but for a dispatch. */
  readonly hasJobToken?: boolean;
}

/** The target as something that can be written to, whose every refusal is a sentence. */
export function openTarget(target: Target, settings: TrafficSettings): TrafficTarget {
  const opened = bare(target, settings);
  if (settings.hasJobToken === true && target.kind !== 'dispatch') return outOfReach(opened);
  return {
    kind: opened.kind,
    label: opened.label,
    async look(shares, context) {
      const first = await opened.look(shares, context);
      if (first.kind !== 'drifted') return first;
      // GitHub may show what was there before the App wrote it a moment ago.
      await wait(settings.settling ?? 1_000);
      return opened.look(shares, context);
    },
    write: (shares, context) =>
      opened.write(shares, context).catch((error: unknown) => failureOf(target, opened.label, error)),
  };
}

/** With the token of a job, GitHub would take a commit or a deployment and tell nobody. */
function outOfReach({ kind, label }: TrafficTarget): TrafficTarget {
  const detail =
    `With the job's own token ${label} cannot carry the share: commits and deployments start no workflow, and ` +
    'variables cannot be written. Use the token of an App, or `dispatch` as the only target.';
  return { kind, label, write: async () => failed(detail), look: async () => ({ kind: 'unknown' }) };
}

function bare(target: Target, { repository, memory, now }: TrafficSettings): TrafficTarget {
  switch (target.kind) {
    case 'file':
      return new FileTarget(target, repository, memory.files);
    case 'variable':
      return new VariableTarget(target, repository, memory.variables);
    case 'deployment':
      return new DeploymentTarget(target, repository, memory.deployments, now);
    case 'dispatch':
      return new DispatchTarget(target, repository);
  }
}

function permissionOf(target: Target): string {
  if (target.kind === 'deployment') return 'deployments: write';
  if (target.kind !== 'variable') return 'contents: write';
  return target.environment === null ? 'variables: write' : 'environments: write';
}

function failureOf(target: Target, label: string, error: unknown): TrafficWrite {
  const status = statusOf(error);
  const isRefusal = status === 404 || status === 422 || (status === 403 && !isRateLimit(error));
  if (!isRefusal) {
    return failed(
      `GitHub could not be asked to write ${label}: ${clauseOf(error)}. The App tries again.`,
      false,
    );
  }
  const permission = `Expected the App to have the permission "${permissionOf(target)}".`;
  return failed(`GitHub refused to write ${label}: ${clauseOf(error)}. ${permission}`);
}
