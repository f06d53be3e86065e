/** Who did something, and their permissions on GitHub. */
import { z } from 'zod';

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
