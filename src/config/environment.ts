/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const LEAST_STATE_KEY = 32;

/** The keys that sign the rollout's state, the newest first; none where that one is not set. */
export function stateKeysIn({ STATE_KEY = '', STATE_KEYS_OLD = '' }: Environment): string[] {
  const old = STATE_KEYS_OLD.split(',').map((key) => key.trim());
  return STATE_KEY.trim() === '' ? [] : [STATE_KEY, ...old.filter((key) => key !== '')];
}
