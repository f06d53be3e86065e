/** Runs `observe` with a recipe's config on the accounts of two platforms. */
import { performObserve } from '../../src/commands/observe/perform.ts';
import { openaiUsageServer } from '../support/usage-servers.ts';
import { recipeConfig } from './recipe.ts';

const MINUTE = 60_000;
const ADMIN_KEY = 'sk-admin-1234567890abcdefghij';

/** A window may end this many minutes ago: the official usage arrives late. */
const LAG = 10;

/** The middle of the measured window of 15 minutes; milliseconds since 1970. */
export const inTheWindow = Math.floor(Date.now() / MINUTE) * MINUTE - (LAG + 8) * MINUTE;

/**
 * Measures a window with `officialRequests` requests on the official arm, of 1,000 + 100 tokens each.
 * @param environment the address and credentials of the gateway's account
 */
export async function observeAccounts(
  recipe: string,
  officialRequests: number,
  environment: Readonly<Record<string, string>>,
) {
  const usage = {
    at: inTheWindow,
    model: 'gpt-4o-mini',
    api_key_id: 'key_backend',
    user_id: null,
    num_model_requests: officialRequests,
    input_tokens: officialRequests * 1_000,
    output_tokens: officialRequests * 100,
    input_cached_tokens: 0,
  };
  const official = await openaiUsageServer(ADMIN_KEY, [usage]);
  const masked: string[] = [];
  const outcome = await performObserve({ since: '15m', stage: '5%' }, recipeConfig(recipe), {
    directory: import.meta.dirname,
    environment: { OPENAI_ADMIN_URL: official.baseUrl, OPENAI_ADMIN_KEY: ADMIN_KEY, ...environment },
    front: 'action',
    isPrivate: true,
    now: Date.now,
    onSecrets: (secrets) => masked.push(...secrets),
    onNote: () => undefined,
  });
  return { outcome, masked };
}
