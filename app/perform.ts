/** Performs the effects that a state lists as pending, as far as this process should, and records their outcomes. */
import { type Effect, isRaise, isRollbackWrite, type PendingEffect } from '../src/rollout/effect.ts';
import { dueEffects } from '../src/rollout/state.ts';
import { balanceWarning } from './balance.ts';
import { type EffectOutcome, performEffect, targetAt } from './effects.ts';
import type { RolloutSession } from './rollout-session.ts';

/** After this time (milliseconds) another process counts as dead, and this one performs its effects. */
const GRACE = 90_000;

/**
 * After this time (milliseconds) a process takes over its own effect anew: a request that it sends later may still be under
 * way, or missing in GitHub's lists, when another process counts it as dead.
 */
const OWN_TIME = 45_000;

/**
 * After a failure (milliseconds) a reply is tried again: GitHub's lists may leave out for so long what was created without
 * a response, and a state may list many.
 */
const LISTS_LAG = 15_000;

/** A reaction that GitHub does not take for so long (milliseconds) is given up. */
const LONGEST_REACTION = 86_400_000;

/** Performs pending effects until none is left that this process should perform now. */
export async function performPending(session: RolloutSession): Promise<void> {
  const { tried } = session.ownEffects;
  const { now } = session.services;
  const tries = new Map<string, number>();
  const balanceChecked = new Set<string>();
  const isLeft = ({ id, effect }: PendingEffect) =>
    (tries.get(id) ?? 0) < mostTries(effect) &&
    !(
      (createsSomething(effect) || effect.kind === 'react') &&
      now() - (tried.get(id) ?? Number.NEGATIVE_INFINITY) < LISTS_LAG
    );
  for (;;) {
    const next = nextEffect(session, isLeft);
    if (next === null) return;
    if (isRaise(next.effect)) {
      await session.confirmRaise({ isOwn: session.ownEffects.has(next) });
      if (nextEffect(session, isLeft) !== next) continue;
    }
    if (isFirstRaise(next) && !balanceChecked.has(next.id)) {
      balanceChecked.add(next.id);
      await checkBalance(session, next);
      continue;
    }
    if (!(await takeOver(session, next))) {
      tries.set(next.id, Number.POSITIVE_INFINITY);
      continue;
    }
    const mayBeDone = next.tries > 0 || tried.has(next.id);
    tried.set(next.id, now());
    tries.set(next.id, (tries.get(next.id) ?? 0) + 1);
    const outcome = await performEffect(session, next, mayBeDone);
    // The request was the last thing that happened, and it may have waited.
    tried.set(next.id, now());
    await recordOutcome(session, next, outcome);
    if (next.effect.kind === 'write_traffic') {
      await rewriteOutdated(session, next.effect.target, next.effect.generation);
    }
  }
}

/** The next effect of this process, or of one that is dead. Live processes perform their own effects. */
function nextEffect(
  session: RolloutSession,
  isLeft: (effect: PendingEffect) => boolean,
): PendingEffect | null {
  const { ownEffects, rollout } = session;
  const isOurs = (each: PendingEffect) =>
    ownEffects.has(each) ||
    ((session.isNewest || isRollbackWrite(each.effect)) && isAbandoned(session, each));
  const due = dueEffects(rollout.state);
  return due.find((each) => !ownEffects.done.has(each.id) && isLeft(each) && isOurs(each)) ?? null;
}

function isAbandoned(session: RolloutSession, pending: PendingEffect): boolean {
  return ageOf(session, pending) > GRACE;
}

/** Since a process took it. */
function ageOf({ services }: RolloutSession, { since, takenAt }: PendingEffect): number {
  // A clock that was wrong may have taken it in the future.
  return Math.abs(services.now() - (takenAt ?? since));
}

/**
 * Takes over an abandoned effect by a commit, so that only one process performs it. Only effects that would create
 * something twice need this. The process that abandoned the effect has to take it over too.
 * @returns whether this process may perform the effect
 */
async function takeOver(session: RolloutSession, pending: PendingEffect): Promise<boolean> {
  const { id, effect, takenAt } = pending;
  const { ownEffects } = session;
  const isFresh = ownEffects.has(pending) && ageOf(session, pending) <= OWN_TIME;
  if (isFresh || !createsSomething(effect)) return true;
  const key = `taken:${id}:${takenAt}`;
  const isTaken = await session.commit({ kind: 'effect_taken', key, id, takenAt });
  const taken = session.rollout.state.pending.find((each) => each.id === id);
  if (!isTaken || taken === undefined) return false;
  ownEffects.add(taken);
  ownEffects.tried.set(id, Number.NEGATIVE_INFINITY);
  return true;
}

/** Before the share goes up: warns if the gateway's balance is too low for the stage. The share goes up all the same. */
async function checkBalance(session: RolloutSession, { id }: PendingEffect): Promise<void> {
  const { balance, log } = session.services;
  if (balance === null) return;
  const warning = await balanceWarning(balance, session.rollout);
  if (warning === null) return;
  const code = 'low_balance';
  const key = `${code}:${id}`;
  if (warning === '') {
    await session.commit({ kind: 'alert_gone', key, code });
    return;
  }
  log.warn({ rollout: session.rollout.state.name, warning }, "the gateway's balance is low");
  await session.commit({ kind: 'alert', key, code, detail: warning });
}

async function recordOutcome(
  session: RolloutSession,
  { id, effect, since }: PendingEffect,
  outcome: EffectOutcome,
): Promise<void> {
  const isReply = effect.kind === 'comment' || effect.kind === 'react';
  const { log, now } = session.services;
  if (outcome.kind === 'failed') {
    const { detail } = outcome;
    const final = outcome.final || (effect.kind === 'react' && now() - since > LONGEST_REACTION);
    const { name } = session.rollout.state;
    log.warn({ rollout: name, effect: effect.kind, id, final, detail }, 'effect failed');
    if (isReply && !final) return;
    await session.commit({ kind: 'effect_failed', key: `failed:${id}:${now()}`, id, detail, final });
    return;
  }
  if (outcome.kind === 'opened') {
    const { issue } = outcome;
    await session.commit({ kind: 'issue_opened', key: `opened:${issue}`, issue });
    return;
  }
  if (isReply) {
    session.ownEffects.done.add(id);
    return;
  }
  await session.commit({ ...outcome, kind: 'effect_done', key: `done:${id}`, id });
}

/**
 * Another process may have changed the stage while this one wrote its shares. Then the target holds outdated shares,
 * and the current ones are written again.
 */
async function rewriteOutdated(session: RolloutSession, index: number, written: number): Promise<void> {
  for (let last = written; ; ) {
    const { name, stage } = session.rollout.state;
    const { shares, purpose, generation } = stage.traffic;
    const target = targetAt(session, index);
    if (generation <= last || target === null) return;
    last = generation;
    await target.write(shares, { rollout: name, stage: stage.label, generation, purpose });
    await session.readAgain();
  }
}

function isFirstRaise(pending: PendingEffect): boolean {
  const { effect, tries } = pending;
  return isRaise(effect) && 'target' in effect && effect.target === 0 && tries === 0;
}

/** What would be there twice. To write the same shares again does no harm. */
function createsSomething({ kind }: Effect): boolean {
  return kind === 'open_issue' || kind === 'comment';
}

/** For targets, the state counts the tries; a reaction waits for the next event. */
function mostTries({ kind }: Effect): number {
  return kind === 'write_traffic' || kind === 'react' ? 1 : 3;
}
