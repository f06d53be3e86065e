/** Who may do what: the config's least role of each command, or a team. */
import type { Config } from '../config/schema.ts';
import { type Authority, ROLES } from './actor.ts';
import type { Command, CommandName } from './command.ts';

/** Under which name the config gives a command's permission. Who may ask for help may be given a hint. */
export function commandName(command: Command): CommandName {
  return command.kind === 'unclear' ? 'help' : command.kind;
}

/** The least role, or `org/team`. */
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
