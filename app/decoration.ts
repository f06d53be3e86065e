/** Reactions and labels only help people: GitHub may refuse them (a locked issue, a comment that is gone), and no command waits for them. */
import { react } from './issue.ts';
import type { RepositoryContext } from './repository-context.ts';

/** Tries it; a failure is one line of the log. */
export async function decorate(
  { services }: RepositoryContext,
  what: string,
  request: Promise<unknown>,
): Promise<void> {
  try {
    await request;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    services.log.info({ what, reason }, 'GitHub refused a decoration');
  }
}

/** Shows that a command was seen, while it is carried out. */
export async function withEyes<T>(
  context: RepositoryContext,
  comment: number,
  work: () => Promise<T>,
): Promise<T> {
  const seen = decorate(context, 'eyes', react(context.repository, comment, 'eyes'));
  try {
    return await work();
  } finally {
    await seen;
  }
}
