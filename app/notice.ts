/** Messages that no state can hold as an effect: each is posted once, even if its cause is found again. */
import { renderMessage, replyMarker } from '../src/conversation/render-message.ts';
import type { Message } from '../src/rollout/message.ts';
import { decorate } from './decoration.ts';
import { comment, findIssue, hasReply, react } from './issue.ts';
import type { RepositoryContext } from './repository-context.ts';

/** Milliseconds. */
const LISTS_LAG = 15_000;

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
  if (services.now() < (announced.get(key) ?? 0)) return;
  const identity = await services.identity();
  // Until GitHub's lists have caught up, a notice without a response may be there already.
  const later = () => announced.set(key, services.now() + LISTS_LAG);
  later();
  try {
    const issue = known ?? (await findIssue(repository, rollout, identity));
    const marker = replyMarker(`notice:${about}`);
    if (issue !== null && !(await hasReply(repository, issue, marker, identity, 0))) {
      await comment(repository, issue, `${renderMessage(message, MESSAGE_CONTEXT)}\n\n${marker}`);
    }
    announced.set(key, Number.POSITIVE_INFINITY);
  } catch (error) {
    later();
    services.log.warn({ rollout, about, err: error }, 'a notice could not be posted yet');
  }
}

/** Allows the rollout's notices to be posted again, because their causes are gone. */
export function forgetNotices({ memory: { announced } }: RepositoryContext, rollout: string): void {
  for (const key of announced.keys()) if (key.startsWith(`${rollout} `)) announced.delete(key);
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
  announced.set(key, Number.POSITIVE_INFINITY);
  await decorate(context, 'reaction', react(repository, to.comment, 'confused'));
  if (message === null) return;
  const marker = replyMarker(`comment:${to.comment}`);
  await comment(repository, to.issue, `${renderMessage(message, MESSAGE_CONTEXT)}\n\n${marker}`);
}
