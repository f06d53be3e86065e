/** Who may give which command in a story. */
import type { Command } from '../../src/rollout/command.ts';
import { ROLES, type Who } from './story.ts';

export function may(who: Who, { kind }: Command): boolean {
  const role = ROLES[who];
  if (kind === 'force' || kind === 'abort') return role === 'maintain';
  return kind === 'status' || kind === 'help' || role !== 'read';
}
