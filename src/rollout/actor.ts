/** Who did something, and who may run which command: the config names a minimum role or a team for each. */
import { z } from 'zod';
import type { Config } from '../config/schema.ts';
import type { Command, CommandName } from './command.ts';

export const actorSchema = z.object({ login: z.string(), id: z.int() });
export type Actor = z.output<typeof actorSchema>;

/** From least to most. */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Live, from the API: the finer of role and permissions, and the config's teams that the person is in. */
export interface Authority {
  readonly role: Role;
  /** `org/team`. */
  readonly teams: readonly string[];
}

/** Under which name the config gives a command's permission. */
export function commandName(command: Command): CommandName {
  return command.kind === 'unclear' ? command.meant : command.kind;
}

/** The minimum role, or `org/team`. */
export function requiredFor({ rollout }: Config, command: CommandName): string {
  return rollout.permissions[command];
}

/** @param required the minimum role, or `org/team` */
export function isAllowed(required: string, { role, teams }: Authority): boolean {
  const roles: readonly string[] = ROLES;
  const least = roles.indexOf(required);
  if (least === -1) return teams.some((team) => team.toLowerCase() === required.toLowerCase());
  return roles.indexOf(role) >= least;
}
