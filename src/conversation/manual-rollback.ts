/** What a person does to take traffic back when the App cannot: one line for each target. */
import type { Target } from '../config/schema/traffic.ts';
import { NO_SHARES } from '../rollout/shares.ts';
import { amountOf, formatAmount } from '../rollout/target-value.ts';

export type ManualRollback =
  | {
      readonly kind: 'edit';
      readonly path: string;
      /** Null: the default branch. */
      readonly branch: string | null;
      readonly values: readonly { readonly pointer: string; readonly amount: string }[];
    }
  /** For a POSIX shell in a clone, and for GitHub's `gh`. */
  | { readonly kind: 'command'; readonly command: string };

/** What takes all traffic of one target back to the official API. */
export function manualRollback(
  target: Target,
  { rollout, defaultBranch }: { readonly rollout: string; readonly defaultBranch: string },
): ManualRollback {
  switch (target.kind) {
    case 'file': {
      const { path, branch } = target;
      const values = target.set.map((each) => ({
        pointer: each.pointer,
        amount: formatAmount(amountOf(each, NO_SHARES)),
      }));
      return { kind: 'edit', path, branch, values };
    }
    case 'variable': {
      const value = formatAmount(amountOf(target.value, NO_SHARES));
      const where = target.environment === null ? '' : ` --env ${quoted(target.environment)}`;
      return { kind: 'command', command: `gh variable set ${target.name} --body ${value}${where}` };
    }
    case 'deployment':
      return sends('deployments', {
        ref: defaultBranch,
        task: 'gateway-rollout',
        environment: target.environment,
        auto_merge: false,
        required_contexts: [],
        payload: payload(rollout),
      });
    case 'dispatch':
      return sends('dispatches', { event_type: target.event_type, client_payload: payload(rollout) });
    case 'workflow': {
      const inputs = `-f share=0 -f payload=${quoted(JSON.stringify(payload(rollout)))}`;
      return { kind: 'command', command: `gh workflow run ${quoted(target.file)} ${inputs}` };
    }
  }
}

function sends(endpoint: string, body: object): ManualRollback {
  const command = `printf %s ${quoted(JSON.stringify(body))} | gh api repos/{owner}/{repo}/${endpoint} --input -`;
  return { kind: 'command', command };
}

/** The App's own generations start at 0: when the App is back, it sees that somebody else wrote last. */
function payload(rollout: string) {
  return { rollout, stage: '0%', shares: NO_SHARES, generation: -1 };
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
