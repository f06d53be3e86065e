/** Prepares a command for the decision: who wrote it, what they may do, and what has to be known first. */

import { commandName, requiredFor } from '../src/rollout/actor.ts';
import { hasHeard } from '../src/rollout/applied-events.ts';
import type { Command } from '../src/rollout/command.ts';
import type { CommandEvent } from '../src/rollout/event.ts';
import { stageOf } from '../src/rollout/road.ts';
import { authorityOf, isOutsider } from './authority.ts';
import { asksForChecks } from './checks.ts';
import { type CommandComment, readCommands, type WrittenCommand } from './comments.ts';
import { withEyes } from './decoration.ts';
import type { Driver } from './driver.ts';
import { ingestChecks } from './ingest.ts';
import { findPolicyRefusals } from './policy.ts';

/** Whether the comment may only speak about a command: then nobody who may not use it gets any sign. */
export function mayBeTalk(command: Command): boolean {
  return command.kind === 'unclear' && command.meant !== 'help';
}

/** Asks GitHub for the person's current role, and applies the command. */
export async function applyCommand(
  driver: Driver,
  asked: Omit<CommandEvent, 'kind' | 'authority'>,
): Promise<void> {
  const required = requiredFor(driver.rollout.config, commandName(asked.command));
  const authority = await authorityOf(driver.repository, asked.by, required);
  await ingestBefore(driver, asked.command);
  await driver.apply({ kind: 'command', authority, ...asked });
}

export async function considerCommand(
  driver: Driver,
  command: Command,
  { id, by, at, association }: CommandComment,
): Promise<void> {
  if (hasHeard(driver.rollout.state, id)) return;
  const outsider = isOutsider(driver.repository, association);
  await applyCommand(driver, { key: `comment:${id}`, command, by, comment: id, at, outsider });
}

/**
 * Applies commands whose webhook was lost.
 * @param isMeant which of them are for this rollout
 * @returns how many comments GitHub listed
 */
export async function applyMissedCommands(
  driver: Driver,
  issue: number,
  isMeant: (written: WrittenCommand) => boolean = () => true,
): Promise<number> {
  const { commands, listed } = await readCommands(driver, issue);
  for (const { command, comment } of commands.filter(isMeant)) {
    if (hasHeard(driver.rollout.state, comment.id)) continue;
    const consider = () => considerCommand(driver, command, comment);
    await (mayBeTalk(command) ? consider() : withEyes(driver, comment.id, consider));
  }
  return listed;
}

/** Reads what the command depends on, since a webhook may have been lost. */
async function ingestBefore(driver: Driver, { kind }: Command): Promise<void> {
  const { status } = driver.rollout.state;
  if (kind === 'resume' && status.kind === 'paused' && status.reason === 'policy') await checkPolicy(driver);
  if (kind === 'advance' && hasOpenChecks(driver)) await ingestChecks(driver);
}

export async function checkPolicy(driver: Driver): Promise<void> {
  const now = driver.services.now();
  const refusals = await findPolicyRefusals(driver.repository, driver.rollout.config);
  await driver.apply({ kind: 'policy_checked', key: `policy:${now}`, refusals });
}

/** Whether the current gate names workflows or checks that are not known to be green. */
export function hasOpenChecks({ rollout }: Driver): boolean {
  const stage = stageOf(rollout);
  if (stage === null || !asksForChecks(stage)) return false;
  const { workflows, checks } = rollout.state.stage.checks;
  return (
    stage.gate.workflows.some((name) => workflows[name] !== 'green') ||
    stage.gate.checks.some((name) => checks[name] !== 'green')
  );
}
