/** Messages that no state can hold as an effect: each is posted once, even if its cause is found again. */
import { renderMessage, replyMarker } from '../src/conversation/render-message.ts';
import type { Message } from '../src/rollout/message.ts';
import { decorate } from './decoration.ts';
import { comment, findIssue, hasReply, react } from './issue.ts';
import type { RepositoryContext } from './repository-context.ts';

const MESSAGE_CONTEXT = { config: null, state: null, namesShown: false } as const;

export interface Notice {
  readonly rollout: string;
  /** Null: the open issue that shows the rollout, if there is one. */
  readonly issue: number | null;
  /** Identifies the notice among those of the rollout. */
  readonly about: string;
  readonly message: Message;
}

/** Posts the notice on the rollout's issue, unless it is there already. */
export async function announceOnce(
  { services, repository, memory: { announced } }: RepositoryContext,
  { rollout, issue: known, about, message }: Notice,
): Promise<void> {
  const key = `${rollout} ${about}`;
  if (announced.has(key)) return;
  const identity = await services.identity();
  const issue = known ?? (await findIssue(repository, rollout, identity));
  announced.add(key);
  if (issue === null) return;
  const marker = replyMarker(`notice:${about}`);
  if (await hasReply(repository, issue, marker, identity, 0)) return;
  await comment(repository, issue, `${renderMessage(message, MESSAGE_CONTEXT)}\n\n${marker}`);
}

/** Allows the rollout's notices to be posted again, because their causes are gone. */
export function forgetNotices({ memory: { announced } }: RepositoryContext, rollout: string): void {
  for (const key of announced) if (key.startsWith(`${rollout} `)) announced.delete(key);
}

/** Refuses a command for which there is no rollout yet; a process does so once for each comment. */
export async function refuseOnce(
  context: RepositoryContext,
  to: { readonly issue: number; readonly comment: number },
  message: Message | null,
): Promise<void> {
  const { repository, memory } = context;
  const { announced } = memory;
  const key = `reply ${to.comment}`;
  if (announced.has(key)) return;
  announced.add(key);
  await decorate(context, 'reaction', react(repository, to.comment, 'confused'));
  if (message === null) return;
  const marker = replyMarker(`comment:${to.comment}`);
  await comment(repository, to.issue, `${renderMessage(message, MESSAGE_CONTEXT)}\n\n${marker}`);
}
