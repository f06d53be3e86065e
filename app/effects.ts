/** Does outside what a state lists as pending. Every effect may be done twice without changing anything more. */

import { renderMessage, replyMarker } from '../src/conversation/render-message.ts';
import type { RolloutView } from '../src/conversation/view.ts';
import type { Effect, PendingEffect } from '../src/rollout/effect.ts';
import type { Rollout } from '../src/rollout/road.ts';
import { isRateLimit, statusOf, wordsOf } from './http-status.ts';
import { comment, findIssue, hasReply, openIssue, react } from './issue.ts';
import { at, type Repository } from './repository.ts';
import type { Services } from './services.ts';
import { openTarget } from './traffic/open.ts';
import type { TrafficTarget } from './traffic/target.ts';

export type Outcome =
  | { readonly kind: 'done'; readonly verified?: boolean }
  | { readonly kind: 'opened'; readonly issue: number }
  | { readonly kind: 'failed'; readonly final: boolean; readonly detail: string };

export interface EffectContext {
  readonly services: Services;
  readonly repository: Repository;
  readonly rollout: Rollout;
  /** Of the issue, as the present state shows it. */
  readonly issueBody: () => string;
  /** An earlier try, of this process or another one, may have got through. */
  readonly mayBeDone: boolean;
}

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

/** Never throws for what GitHub answers. */
export async function performEffect(pending: PendingEffect, context: EffectContext): Promise<Outcome> {
  try {
    return await perform(pending, context);
  } catch (error) {
    return { kind: 'failed', final: isFinal(error), detail: wordsOf(error) };
  }
}

async function perform(pending: PendingEffect, context: EffectContext): Promise<Outcome> {
  const { effect } = pending;
  switch (effect.kind) {
    case 'open_issue':
      return { kind: 'opened', issue: await openOnce(pending, context) };
    case 'write_traffic':
      return writeTraffic(effect, context);
    case 'comment':
      return commentOnce(pending, effect, context);
    case 'react':
      await react(context.repository, effect.comment, effect.reaction);
      return { kind: 'done' };
    case 'reopen_issue':
      return setIssue({ state: 'open' }, context);
    case 'close_issue':
      return setIssue({ state: 'closed', state_reason: effect.reason }, context);
  }
}

async function openOnce({ since }: PendingEffect, context: EffectContext): Promise<number> {
  const { repository, services, rollout, mayBeDone, issueBody } = context;
  const { name } = rollout.state;
  const identity = mayBeDone ? await services.identity() : null;
  const found = identity === null ? null : await findIssue(repository, name, identity, since);
  return found ?? (await openIssue(repository, name, issueBody()));
}

async function commentOnce(
  { id, since }: PendingEffect,
  effect: EffectOf<'comment'>,
  context: EffectContext,
): Promise<Outcome> {
  const { repository, services, rollout, mayBeDone } = context;
  const issue = effect.issue ?? rollout.state.issue;
  if (issue === null) return { kind: 'failed', final: false, detail: 'the issue is not open yet' };
  const marker = replyMarker(id);
  if (mayBeDone) {
    const identity = await services.identity();
    if (await hasReply(repository, issue, marker, identity, since)) return { kind: 'done' };
  }
  const text = renderMessage(effect.message, viewOf(repository, rollout));
  await comment(repository, issue, `${text}\n\n${marker}`);
  return { kind: 'done' };
}

async function setIssue(
  change:
    | { readonly state: 'open' }
    | { readonly state: 'closed'; readonly state_reason: 'completed' | 'not_planned' },
  { repository, rollout }: EffectContext,
): Promise<Outcome> {
  const { issue } = rollout.state;
  if (issue !== null) {
    const { issues } = repository.octokit.rest;
    await issues.update({ ...at(repository), issue_number: issue, ...change });
  }
  return { kind: 'done' };
}

async function writeTraffic(effect: EffectOf<'write_traffic'>, context: EffectContext): Promise<Outcome> {
  const target = targetAt(context, effect.target);
  if (target === null) {
    const detail = `the config has no target number ${effect.target + 1} any more`;
    return { kind: 'failed', final: true, detail };
  }
  const { stage, generation, purpose } = effect;
  const { name } = context.rollout.state;
  const about = { rollout: name, stage, generation, purpose, verified: false };
  const written = await target.write(effect.shares, about);
  return written.kind === 'accepted' ? { kind: 'done', verified: written.verified } : written;
}

/** What texts are made of. */
export function viewOf({ isPrivate, defaultBranch }: Repository, rollout: Rollout): RolloutView {
  return { ...rollout, defaultBranch, namesShown: isPrivate || rollout.config.rollout.publish_names };
}

/** Null where the config has no such target. */
export function targetAt(
  { repository, services, rollout }: Pick<EffectContext, 'repository' | 'services' | 'rollout'>,
  index: number,
): TrafficTarget | null {
  const target = rollout.config.traffic[index];
  if (target === undefined) return null;
  const { traffic: memory, now, hasJobToken } = services;
  return openTarget(target, { repository, memory, now, hasJobToken });
}

/** Refusals that another try would only meet again. */
function isFinal(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 403) return !isRateLimit(error);
  return status === 404 || status === 410 || status === 422;
}
