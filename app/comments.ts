/** Commands in the comments of an issue. */
import { parseCommand, takesBack } from '../src/conversation/parse-command.ts';
import type { Actor } from '../src/rollout/actor.ts';
import type { Command } from '../src/rollout/command.ts';
import { commentsSince } from './issue.ts';
import type { RepositoryContext } from './repository-context.ts';

export interface CommandComment {
  readonly id: number;
  readonly issue: number;
  readonly by: Actor;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The author's association with the repository, as GitHub names it. */
  readonly association: string;
}

export interface WrittenCommand {
  readonly command: Command;
  readonly comment: CommandComment;
}

/** Older comments (milliseconds) are not answered: their authors have asked again by now. */
export const OLDEST_COMMENT = 7 * 86_400_000;

/**
 * Commands of people on the issue. An edited comment never counts: its first text is unknown. A rollback comes first, even
 * if an advance was asked for before it: the share must not go up in between.
 * @returns also how many comments GitHub listed, of all authors
 */
export async function readCommands(
  { repository, services }: RepositoryContext,
  issue: number,
): Promise<{ readonly commands: readonly WrittenCommand[]; readonly listed: number }> {
  const comments = await commentsSince(repository, issue, services.now() - OLDEST_COMMENT);
  const written = comments.flatMap(
    ({ id, body, user, created_at, updated_at, author_association: association }) => {
      const command = parseCommand(body ?? '');
      if (command === null || user?.type !== 'User' || created_at !== updated_at) return [];
      if (command.kind === 'start') return [];
      const by = { login: user.login, id: user.id };
      return [{ command, comment: { id, issue, by, at: Date.parse(created_at), association } }];
    },
  );
  const isFirst = ({ command }: WrittenCommand) => takesBack(command);
  const commands = [...written.filter(isFirst), ...written.filter((each) => !isFirst(each))];
  return { commands, listed: comments.length };
}
