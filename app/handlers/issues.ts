/** What people do to a rollout's issue: tick a box, edit, close, reopen, delete, transfer. */
import { tickedBox } from '../../src/conversation/issue-body.ts';
import { applyCommand } from '../commands.ts';
import type { Driver } from '../driver.ts';
import { type IssueFacts, isOurs, rolloutOn } from '../issue.ts';
import type { RepositoryFacts } from '../repository.ts';
import { withRolloutOn } from '../rollouts.ts';
import { contextOf, type Event, type Handled, type Webhook } from './handler.ts';

interface IssuePayload {
  readonly repository: RepositoryFacts;
  readonly issue: IssueFacts & { readonly updated_at: string };
  readonly sender: { readonly login: string; readonly id: number; readonly type: string };
}

/** A ticked box counts only in the webhook of its own edit: nothing else says who ticked it. */
export async function onEdited(event: Webhook<'issues.edited'>): Promise<Handled> {
  const { payload } = event;
  const before = payload.changes.body?.from;
  // The body before the edit identifies the rollout: the edit may have removed the marker.
  const issue = before === undefined ? payload.issue : { ...payload.issue, body: before };
  return onOurs({ ...event, payload: { ...payload, issue } }, async (driver) => {
    const after = payload.issue.body ?? '';
    const box = before === undefined ? null : tickedBox(before, after);
    if (box !== null) await applyTick(driver, payload, box.label);
    await driver.showOnIssue({ always: true });
  });
}

function applyTick(driver: Driver, { sender, issue }: IssuePayload, label: string | null): Promise<void> {
  const by = { login: sender.login, id: sender.id };
  const command = { kind: 'advance', to: null, dryRun: false } as const;
  const at = Date.parse(issue.updated_at);
  const key = `box:${at}:${by.id}:${label ?? ''}`;
  return applyCommand(driver, { key, command, by, comment: null, box: { label }, at, outsider: false });
}

export const onClosed = reported('issue_closed', 'closed');
export const onReopened = reported('issue_reopened', 'reopened');
export const onGone = reported('issue_gone', 'gone');

/** Comments that the locked issue refused are posted now. */
export function onUnlocked(event: Webhook<'issues.unlocked'>): Promise<Handled> {
  return onOurs(event, (driver) => driver.perform());
}

function reported(kind: 'issue_closed' | 'issue_reopened' | 'issue_gone', word: string) {
  return (event: Event<IssuePayload>): Promise<Handled> => {
    const { issue, sender } = event.payload;
    const by = { login: sender.login, id: sender.id };
    const key = `${word}:${issue.number}:${Date.parse(issue.updated_at)}`;
    return onOurs(event, (driver) => driver.apply({ kind, key, by }));
  };
}

/** Only for issues that the App opened, and not for the App's own changes. */
async function onOurs(event: Event<IssuePayload>, work: (driver: Driver) => Promise<void>): Promise<Handled> {
  const { services, payload } = event;
  const { issue, sender } = payload;
  const name = rolloutOn(issue);
  if (name === null) return 'ignored';
  const identity = await services.identity();
  if (!isOurs(issue, identity) || sender.login === identity) return 'ignored';
  await withRolloutOn(contextOf(event), issue, name, work);
  return 'handled';
}
