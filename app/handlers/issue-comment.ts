/** Commands: a person's comment on a rollout's issue, or `/start-rollout` on any. */
import type { Context } from 'probot';
import { parseCommand } from '../../src/conversation/parse-command.ts';
import type { Command } from '../../src/rollout/command.ts';
import { considerCommand, type Written } from '../commands.ts';
import { isOurs, react, rolloutOn } from '../issue.ts';
import { withRolloutOn } from '../rollouts.ts';
import { startByCommand } from '../start-command.ts';
import { type Event, type Handled, repositoryOf } from './handler.ts';

/** What is not a command costs no request. */
export async function onComment(event: Event<Context<'issue_comment.created'>['payload']>): Promise<Handled> {
  const { services, payload } = event;
  const { comment, issue, sender } = payload;
  const command = parseCommand(comment.body);
  // Neither ourselves nor other bots, whoever they write as.
  if (command === null || sender.type !== 'User' || comment.user?.type !== 'User') return 'ignored';
  const written: Written = {
    id: comment.id,
    issue: issue.number,
    by: { login: comment.user.login, id: comment.user.id },
    at: Date.parse(comment.created_at),
    association: comment.author_association,
  };
  if (command.kind === 'start') {
    if (issue.pull_request !== undefined) return 'ignored';
    await startByCommand(services, repositoryOf(event), command, written);
    return 'handled';
  }
  return onRolloutIssue(event, command, written);
}

async function onRolloutIssue(
  event: Event<Context<'issue_comment.created'>['payload']>,
  command: Command,
  written: Written,
): Promise<Handled> {
  const { services, payload } = event;
  const name = rolloutOn(payload.issue);
  if (name === null || !isOurs(payload.issue, await services.identity())) return 'ignored';
  const repository = repositoryOf(event);
  await react(repository, written.id, 'eyes');
  await withRolloutOn(services, repository, payload.issue, name, (driver) =>
    considerCommand(services, repository, driver, command, written),
  );
  return 'handled';
}
