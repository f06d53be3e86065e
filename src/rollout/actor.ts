/** Who did something, and what GitHub says that they may do. */
import { z } from 'zod';

export const actorSchema = z.object({ login: z.string(), id: z.int() });
export type Actor = z.output<typeof actorSchema>;

/** From least to most. */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Live, from the API: the finer one of role and permissions, and those teams of the config that hold the person. */
export interface Authority {
  readonly role: Role;
  /** `org/team`. */
  readonly teams: readonly string[];
}
