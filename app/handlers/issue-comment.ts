/** Commands: comments on a rollout's issue, and `/start-rollout` on any issue. */
import { parseCommand } from '../../src/conversation/parse-command.ts';
import type { Command } from '../../src/rollout/command.ts';
import { considerCommand, mayBeTalk } from '../commands.ts';
import type { CommandComment } from '../comments.ts';
import { withEyes } from '../decoration.ts';
import type { Driver } from '../driver.ts';
import { isOurs, rolloutOn } from '../issue.ts';
import { withRolloutOn } from '../rollouts.ts';
import { startByCommand } from '../start-command.ts';
import { contextOf, type Handled, type Webhook } from './handler.ts';

/** A comment that is not a command costs no request. */
export async function onComment(event: Webhook<'issue_comment.created'>): Promise<Handled> {
  const { comment, issue, sender } = event.payload;
  const command = parseCommand(comment.body);
  // Bots give no commands, the App included.
  if (command === null || sender.type !== 'User' || comment.user?.type !== 'User') return 'ignored';
  if (issue.pull_request !== undefined) return 'ignored';
  const written: CommandComment = {
    id: comment.id,
    issue: issue.number,
    by: { login: comment.user.login, id: comment.user.id },
    at: Date.parse(comment.created_at),
    association: comment.author_association,
  };
  if (command.kind === 'start') {
    await startByCommand(contextOf(event), command, written);
    return 'handled';
  }
  return onRolloutIssue(event, command, written);
}

async function onRolloutIssue(
  event: Webhook<'issue_comment.created'>,
  command: Command,
  written: CommandComment,
): Promise<Handled> {
  const { services, payload } = event;
  const { issue } = payload;
  if (!isOurs(issue, await services.identity())) return 'ignored';
  const context = contextOf(event);
  const name = rolloutOn(issue);
  // The next tick knows the issue by the rollout's state.
  if (name === null) return 'ignored';
  const work = (driver: Driver) => considerCommand(driver, command, written);
  const consider = () => withRolloutOn(context, issue, name, work, command);
  await (mayBeTalk(command) ? consider() : withEyes(context, written.id, consider));
  return 'handled';
}
