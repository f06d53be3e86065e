/** The shares that the targets hold. */
import type { Shares } from '../../src/rollout/effect.ts';
import type { Github } from '../support/github/github.ts';
import { FLAGS, type TargetKind } from './story.ts';

/** In percent, of all traffic; null where the target holds none. For what starts a workflow, the newest one counts. */
export async function shareIn(github: Github, kind: TargetKind): Promise<number | null> {
  switch (kind) {
    case 'file':
      return numberOf(JSON.parse((await github.file(FLAGS)) ?? '{}').share);
    case 'variable':
      return numberOf(github.variable('GATEWAY_SHARE'));
    case 'deployment':
      return everythingOf(github.deployments().at(-1)?.payload);
    case 'dispatch':
      return everythingOf(github.dispatches().at(-1)?.payload);
    case 'workflow':
      return numberOf(github.startedRuns().at(-1)?.inputs.share);
  }
}

function everythingOf(payload: unknown): number | null {
  return numberOf((payload as { readonly shares?: Shares } | undefined)?.shares?.everything);
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
