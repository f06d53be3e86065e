/** Who may run which command: the config names a minimum role or a team for each. */
import type { Config } from '../config/schema.ts';
import { type Authority, ROLES } from './actor.ts';
import type { Command, CommandName } from './command.ts';

/** Under which name the config gives a command's permission. */
export function commandName(command: Command): CommandName {
  return command.kind === 'unclear' ? command.meant : command.kind;
}

/** The minimum role, or `org/team`. */
export function requiredFor({ rollout }: Config, command: CommandName): string {
  return rollout.permissions[command];
}

export function isAllowed(config: Config, command: CommandName, { role, teams }: Authority): boolean {
  const required = requiredFor(config, command);
  const roles: readonly string[] = ROLES;
  const least = roles.indexOf(required);
  if (least === -1) return teams.some((team) => team.toLowerCase() === required.toLowerCase());
  return roles.indexOf(role) >= least;
}
