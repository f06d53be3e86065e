/** A command on its way to the decision: who asks, what they may do, and what has to be known before. */
import type { Actor } from '../src/rollout/actor.ts';
import { isApplied } from '../src/rollout/applied-events.ts';
import { commandName, requiredFor } from '../src/rollout/authority.ts';
import type { Command } from '../src/rollout/command.ts';
import type { EventOf } from '../src/rollout/event.ts';
import { stageOf } from '../src/rollout/road.ts';
import { authorityOf, isStranger } from './authority.ts';
import { asksForChecks } from './checks.ts';
import type { Driver } from './driver.ts';
import { learnChecks } from './ingest.ts';
import { policyRefusals } from './policy.ts';
import type { Repository } from './repository.ts';
import type { Services } from './services.ts';

/** The comment that holds the command. */
export interface Written {
  readonly id: number;
  readonly issue: number;
  readonly by: Actor;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** GitHub's word for what the author has to do with the repository. */
  readonly association: string;
}

/** The event, before it is known what the person may do. */
function eventOf(repository: Repository, command: Command, written: Written): EventOf<'command'> {
  const { id, by, at, association } = written;
  const outsider = isStranger(repository, association);
  const authority = { role: 'none', teams: [] } as const;
  return { kind: 'command', key: `comment:${id}`, command, by, authority, comment: id, at, outsider };
}

/** Whether the rollout has seen the comment already. */
export function isAnswered(
  repository: Repository,
  { rollout }: Driver,
  command: Command,
  written: Written,
): boolean {
  return isApplied(rollout.state, eventOf(repository, command, written));
}

/** Asks for the role that the person has now, and lets the rollout decide. */
export async function considerCommand(
  services: Services,
  repository: Repository,
  driver: Driver,
  command: Command,
  written: Written,
): Promise<void> {
  if (isAnswered(repository, driver, command, written)) return;
  const required = requiredFor(driver.rollout.config, commandName(command));
  const authority = await authorityOf(repository, written.by, required);
  await learnBefore(services, repository, driver, command);
  await driver.happen({ ...eventOf(repository, command, written), authority });
}

/** What a webhook may have failed to tell, and what the command depends on. */
async function learnBefore(
  services: Services,
  repository: Repository,
  driver: Driver,
  { kind }: Command,
): Promise<void> {
  const { status } = driver.rollout.state;
  if (kind === 'resume' && status.kind === 'paused' && status.reason === 'policy') {
    await checkPolicy(repository, driver, services.now());
  }
  if (kind === 'advance' && hasOpenChecks(driver)) await learnChecks(services, repository, driver);
}

export async function checkPolicy(repository: Repository, driver: Driver, now: number): Promise<void> {
  const refusals = await policyRefusals(repository, driver.rollout.config);
  await driver.happen({ kind: 'policy_checked', key: `policy:${now}`, refusals });
}

/** The present gate names workflows or checks of which not all are known to be green. */
export function hasOpenChecks({ rollout }: Driver): boolean {
  const stage = stageOf(rollout);
  if (stage === null || !asksForChecks(stage)) return false;
  const { workflows, checks } = rollout.state.stage.checks;
  return (
    stage.gate.workflows.some((name) => workflows[name] !== 'green') ||
    stage.gate.checks.some((name) => checks[name] !== 'green')
  );
}
