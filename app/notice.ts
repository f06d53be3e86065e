/** What people are told when there is no state that could hold it as an effect: once, however often it is found. */

import { renderMessage, replyMarker } from '../src/conversation/render-message.ts';
import type { Reaction } from '../src/rollout/effect.ts';
import type { Message } from '../src/rollout/message.ts';
import { comment, findIssue, hasReply, react } from './issue.ts';
import type { Repository } from './repository.ts';
import type { Services } from './services.ts';

const MESSAGE_CONTEXT = { config: null, state: null, namesShown: false } as const;

export interface Notice {
  readonly rollout: string;
  /** Null: the open issue that shows the rollout, if there is one. */
  readonly issue: number | null;
  /** Of one rollout, the same is told once. */
  readonly about: string;
  readonly message: Message;
}

/** Tells it on the rollout's issue, unless it stands there already. */
export async function tellOnce(services: Services, repository: Repository, notice: Notice): Promise<void> {
  const { rollout, about, message } = notice;
  const { told } = services.memoryOf(repository);
  const key = `${rollout} ${about}`;
  if (told.has(key)) return;
  const identity = await services.identity();
  const issue = notice.issue ?? (await findIssue(repository, rollout, identity));
  told.add(key);
  if (issue === null) return;
  const marker = replyMarker(`notice:${about}`);
  if (await hasReply(repository, issue, marker, identity, 0)) return;
  await comment(repository, issue, `${renderMessage(message, MESSAGE_CONTEXT)}\n\n${marker}`);
}

/** It may be told again: what it was about is over. */
export function forgetNotices(services: Services, repository: Repository, rollout: string): void {
  const { told } = services.memoryOf(repository);
  for (const key of told) if (key.startsWith(`${rollout} `)) told.delete(key);
}

/** Answers a comment where no rollout has begun yet; the same comment is answered once by a process. */
export async function answer(
  services: Services,
  repository: Repository,
  to: { readonly issue: number; readonly comment: number },
  reaction: Reaction,
  message: Message | null,
): Promise<void> {
  const { told } = services.memoryOf(repository);
  const key = `answer ${to.comment}`;
  if (told.has(key)) return;
  told.add(key);
  await react(repository, to.comment, reaction);
  if (message === null) return;
  const marker = replyMarker(`comment:${to.comment}`);
  await comment(repository, to.issue, `${renderMessage(message, MESSAGE_CONTEXT)}\n\n${marker}`);
}
