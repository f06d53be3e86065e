/** What a person does to take traffic back on the day when the App is down: one line for each target. */
import type { Target } from '../../src/config/schema/traffic.ts';
import { NO_SHARES } from '../../src/rollout/shares.ts';
import { amountOf, formatAmount } from './amount.ts';

/** The sentence of one target, as Markdown. Commands are for a POSIX shell in a clone, and for GitHub's `gh`. */
export function manualRollback(
  target: Target,
  { rollout, defaultBranch }: { readonly rollout: string; readonly defaultBranch: string },
): string {
  switch (target.kind) {
    case 'file': {
      const places = target.set.map(
        (each) => `\`${each.pointer}\` to ${formatAmount(amountOf(each, NO_SHARES))}`,
      );
      const branch = target.branch === null ? 'the default branch' : `the branch \`${target.branch}\``;
      return `In \`${target.path}\` on ${branch}, set ${list(places)}, and commit.`;
    }
    case 'variable': {
      const value = formatAmount(amountOf(target.value, NO_SHARES));
      const where = target.environment === null ? '' : ` --env ${quoted(target.environment)}`;
      return `\`gh variable set ${target.name} --body ${value}${where}\``;
    }
    case 'deployment': {
      const deployment = {
        ref: defaultBranch,
        task: 'gateway-rollout',
        environment: target.environment,
        auto_merge: false,
        required_contexts: [],
        payload: payload(rollout),
      };
      return `\`printf %s ${quoted(JSON.stringify(deployment))} | gh api repos/{owner}/{repo}/deployments --input -\``;
    }
    case 'dispatch': {
      const dispatch = { event_type: target.event_type, client_payload: payload(rollout) };
      return `\`printf %s ${quoted(JSON.stringify(dispatch))} | gh api repos/{owner}/{repo}/dispatches --input -\``;
    }
  }
}

/** The App gives no generation below 0: when it is back, it sees that somebody else came last. */
function payload(rollout: string) {
  return { rollout, stage: '0%', shares: NO_SHARES, generation: -1 };
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
