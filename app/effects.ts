/** Performs one pending effect on GitHub. Performing it twice changes nothing more. */
import { renderMessage, replyMarker } from '../src/conversation/render-message.ts';
import type { Effect, PendingEffect } from '../src/rollout/effect.ts';
import { isRateLimit, statusOf, wordsOf } from './http-status.ts';
import { comment, findIssue, hasReply, openIssue, react } from './issue.ts';
import { at } from './repository.ts';
import type { RolloutSession } from './rollout-session.ts';
import { openTarget } from './traffic/open.ts';
import type { TrafficTarget, TrafficWrite } from './traffic/target.ts';

export type EffectOutcome =
  | TrafficWrite
  | { readonly kind: 'done' }
  | { readonly kind: 'opened'; readonly issue: number };

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

const DONE: EffectOutcome = { kind: 'done' };

/**
 * Never throws because of a response of GitHub.
 * @param mayBeDone an earlier try, of this process or another one, may have succeeded
 */
export async function performEffect(
  session: RolloutSession,
  pending: PendingEffect,
  mayBeDone: boolean,
): Promise<EffectOutcome> {
  try {
    return await perform(session, pending, mayBeDone);
  } catch (error) {
    return { kind: 'failed', final: isFinal(error), detail: wordsOf(error) };
  }
}

async function perform(
  session: RolloutSession,
  pending: PendingEffect,
  mayBeDone: boolean,
): Promise<EffectOutcome> {
  const { effect } = pending;
  switch (effect.kind) {
    case 'open_issue':
      return openOnce(session, pending, mayBeDone);
    case 'write_traffic':
      return writeTraffic(session, effect);
    case 'comment':
      return commentOnce(session, pending, effect, mayBeDone);
    case 'react':
      await react(session.repository, effect.comment, effect.reaction);
      return DONE;
    case 'reopen_issue':
      return updateIssue(session, { state: 'open' });
    case 'close_issue':
      return updateIssue(session, { state: 'closed', state_reason: effect.reason });
  }
}

async function openOnce(
  session: RolloutSession,
  { since }: PendingEffect,
  mayBeDone: boolean,
): Promise<EffectOutcome> {
  const { repository, services, rollout } = session;
  const { name } = rollout.state;
  const found = mayBeDone ? await findIssue(repository, name, await services.identity(), since) : null;
  const issue = found ?? (await openIssue(repository, name, session.issueBody(null)));
  return { kind: 'opened', issue };
}

async function commentOnce(
  session: RolloutSession,
  { id, since }: PendingEffect,
  effect: EffectOf<'comment'>,
  mayBeDone: boolean,
): Promise<EffectOutcome> {
  const { repository, services, rollout, view } = session;
  const issue = effect.issue ?? rollout.state.issue;
  if (issue === null) return { kind: 'failed', final: false, detail: 'the issue is not open yet' };
  const marker = replyMarker(id);
  if (mayBeDone && (await hasReply(repository, issue, marker, await services.identity(), since))) return DONE;
  await comment(repository, issue, `${renderMessage(effect.message, view)}\n\n${marker}`);
  if (issue === rollout.state.issue) session.posted += 1;
  return DONE;
}

async function updateIssue(
  { repository, rollout }: RolloutSession,
  change:
    | { readonly state: 'open' }
    | { readonly state: 'closed'; readonly state_reason: 'completed' | 'not_planned' },
): Promise<EffectOutcome> {
  const { issue } = rollout.state;
  if (issue !== null) {
    const { issues } = repository.octokit.rest;
    await issues.update({ ...at(repository), issue_number: issue, ...change });
  }
  return DONE;
}

async function writeTraffic(
  session: RolloutSession,
  effect: EffectOf<'write_traffic'>,
): Promise<EffectOutcome> {
  const target = targetAt(session, effect.target);
  if (target === null) {
    const detail = `the config has no target number ${effect.target + 1} any more`;
    return { kind: 'failed', final: true, detail };
  }
  const { stage, generation, purpose } = effect;
  const { name } = session.rollout.state;
  return target.write(effect.shares, { rollout: name, stage, generation, purpose });
}

/** Null where the config has no such target. */
export function targetAt(
  { repository, services, rollout }: RolloutSession,
  index: number,
): TrafficTarget | null {
  const target = rollout.config.traffic[index];
  if (target === undefined) return null;
  const { traffic: memory, identity, now, wait, hasJobToken } = services;
  return openTarget(target, { repository, memory, identity, now, wait, hasJobToken });
}

/** Whether the same request would be refused again. */
function isFinal(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 403) return !isRateLimit(error);
  return status === 404 || status === 410 || status === 422;
}
