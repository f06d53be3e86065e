/** What the App says when something is not as it should be. */

import type { MessageCode, MessageOf } from '../../rollout/message.ts';
import { count } from '../../wording/amounts.ts';
import { markdownBlock, markdownCode, markdownSentence, markdownText } from '../../wording/foreign-text.ts';
import { bulletList } from '../../wording/markdown.ts';
import { manualRollback } from '../manual-rollback.ts';
import type { MessageContext } from '../view.ts';
import { stageName, targetName } from './names.ts';
import { PAUSES } from './next-steps.ts';
import { problemText } from './problems.ts';

type Data<Code extends MessageCode> = MessageOf<Code>['data'];

export function trafficNotWritten(
  { target, stage, detail }: Data<'traffic_not_written'>,
  { config }: MessageContext,
): string {
  return `⚠️ The share of stage ${stageName(stage)} could not be written to ${targetName(config, target)}. ${markdownSentence(detail)}\n\n${PAUSES.traffic_not_written.next}`;
}

export function rollbackNotWritten(
  { target, detail, tries }: Data<'rollback_not_written'>,
  context: MessageContext,
): string {
  return `🚨 The rollback could not be written to ${targetName(context.config, target)}, tried ${count(tries, 'time')}. ${markdownSentence(detail)}\n\nIt is tried again and again. **Take the traffic back by hand now**${byHand(target, context)}`;
}

/** How: a sentence's end. Where the config has no such target any more, only the documentation knows. */
function byHand(index: number, context: MessageContext): string {
  const target = context.config?.traffic[index];
  if (target === undefined || context.state === null)
    return ': set the share to 0 there, as the documentation says for this kind of target.';
  const { state, defaultBranch } = context;
  const back = manualRollback(target, { rollout: state.name, defaultBranch });
  if (back.kind === 'command') return `, in a clone:\n\n${markdownBlock([back.command], LONGEST_COMMAND)}`;
  const values = back.values.map(({ pointer, amount }) => `${markdownCode(pointer)} to ${amount}`);
  const branch = back.branch === null ? 'the default branch' : `the branch ${markdownCode(back.branch)}`;
  return `: in ${markdownCode(back.path)} on ${branch}, set ${values.join(' and ')}, and commit.`;
}

const LONGEST_COMMAND = 2_000;

export function trafficDrifted(
  { target, stage, found }: Data<'traffic_drifted'>,
  { config }: MessageContext,
): string {
  return `⚠️ Somebody else changed ${targetName(config, target)}: it no longer holds what stage ${stageName(stage)} says, but ${markdownText(found)}. The rollout holds.\n\nComment \`/resume-rollout\` to write the share of the stage again, or \`/rollback-rollout\`.`;
}

export function trafficRestored(
  { target, stage }: Data<'traffic_restored'>,
  { config }: MessageContext,
): string {
  return `The share of stage ${stageName(stage)} is in ${targetName(config, target)} again.`;
}

export function gatewayStillHasTraffic({ tasks }: Data<'gateway_still_has_traffic'>): string {
  return `🚨 The traffic was rolled back, and still ${count(tasks, 'task')} began on the gateway in a later window. Look whether the application reads the share that the targets hold; if it cannot be mended at once, take the gateway out of its configuration by hand.`;
}

const MOST_LINES = 20;

export function configChanged({ stage, restarted, changes }: Data<'config_changed'>): string {
  const effect = restarted
    ? `It changes what the numbers mean, so the evidence of stage ${stageName(stage)} begins anew, and approvals must be given again.`
    : 'It applies at once. The evidence goes on.';
  return withList(`The config changed. ${effect}`, changes);
}

export function configBroken({ path, problems }: Data<'config_broken'>, { state }: MessageContext): string {
  const effect =
    state === null
      ? 'so there is nothing to start with. Mend it on the default branch.'
      : 'so the last valid one stays in force for watching and rollback, and nothing advances until it is mended.';
  return withList(`The newest ${markdownCode(path)} is not valid, ${effect}`, problems);
}

export function configRepaired({ path }: Data<'config_repaired'>): string {
  return `${markdownCode(path)} is valid again.`;
}

function withList(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more`] : [];
  return `${text}\n\n${bulletList([...lines.slice(0, MOST_LINES).map((line) => markdownText(line)), ...more])}`;
}

const NOT_TRUSTED = {
  not_verified: 'its signature does not fit: somebody else wrote it, or the key is another one',
  rewound: 'it is older than one that was seen before: somebody took the branch back',
  newer_schema: 'a newer version of the App wrote it',
  broken: 'it cannot be read',
  missing: 'the branch is gone',
} as const satisfies Record<Data<'state_not_trusted'>['why'], string>;

export function stateNotTrusted({ why, branch, detail }: Data<'state_not_trusted'>): string {
  const more = detail === '' ? '' : ` ${markdownSentence(detail)}`;
  return `🚨 The rollout stops: its state on ${markdownCode(branch)} cannot be used, because ${NOT_TRUSTED[why]}.${more} No traffic is moved; production stays as the targets hold it.\n\nLook at the history of the branch, put the last commit of the App back, or take the traffic back by hand. The documentation of the App says how.`;
}

export function alert({ alert: code, detail }: Data<'alert'>): string {
  const known = problemText(code);
  const about = markdownSentence(detail);
  if (known === null) return `⚠️ ${about === '' ? markdownCode(code) : about}`;
  return ['⚠️', known.what, about, known.next].filter((part) => part !== '').join(' ');
}

export function alertGone({ alert: code }: Data<'alert_gone'>): string {
  return `✅ Resolved: “${problemText(code)?.what ?? markdownCode(code)}”`;
}
