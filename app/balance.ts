/** Looks whether the gateway's balance and key limit will last the stage that begins. It warns, and keeps nobody. */
import type { Config } from '../src/config/schema.ts';
import type { Exchange } from '../src/gateway/exchange.ts';
import { createClient, type EndpointClient } from '../src/gateway/http.ts';
import { profileByName, recogniseProfile } from '../src/gateway/profiles/index.ts';
import { QUOTA_PER_USD } from '../src/gateway/profiles/new-api.ts';
import type { Balance, Profile } from '../src/gateway/profiles/profile.ts';
import type { Rollout } from '../src/rollout/road.ts';
import { expectedCost } from '../src/rollout/stage-cost.ts';
import type { Environment } from './environment.ts';

/** A gateway whose balance the operator lets the App ask for. */
export interface BalanceAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Milliseconds; the stage waits for no longer. */
const DEADLINE = 5_000;

/**
 * The key goes to the address that the operator set, and nowhere else: whoever writes a config must not be able to
 * choose who gets it.
 * @returns null where one of both is not set
 */
export function balanceAccess(environment: Environment): BalanceAccess | null {
  const baseUrl = environment.GATEWAY_BASE_URL?.trim() ?? '';
  const apiKey = environment.GATEWAY_API_KEY?.trim() ?? '';
  return URL.canParse(baseUrl) && apiKey !== '' ? { baseUrl, apiKey } : null;
}

/**
 * Why the money will not last the stage that the rollout now enters, as a sentence; empty when it will.
 * @returns null where nothing is known: another gateway, or a platform that does not tell
 */
export async function balanceWarning(access: BalanceAccess, rollout: Rollout): Promise<string | null> {
  const { gateway } = rollout.config;
  if (plainAddress(access.baseUrl) !== plainAddress(gateway.base_url)) return null;
  const balance = await askBalance(access, gateway.profile);
  if (balance === null || balance.remaining === null) return null;
  const { label } = rollout.state.stage;
  const cost = expectedCost(rollout);
  const left = dollars(balance);
  const isSpent = balance.remaining <= 0;
  if (!isSpent && (cost === null || left === null || left >= cost)) return '';
  const needs =
    cost === null ? '' : `; stage ${label} will spend about ${cost.toFixed(2)} USD until its gate can be met`;
  return `The gateway says: ${balance.summary}${needs}.`;
}

async function askBalance(
  access: BalanceAccess,
  name: Config['gateway']['profile'],
): Promise<Balance | null> {
  const client = createClient(access);
  const profile = name === 'auto' ? await recognise(client, access) : profileByName(name);
  if (profile?.balance === undefined) return null;
  const { url, withKey, read } = profile.balance;
  const key = withKey ? {} : { apiKey: null };
  const answer = await client.call({
    method: 'GET',
    url: url(access.baseUrl),
    deadlineMs: DEADLINE,
    ...key,
  });
  return isServed(answer) ? read(answer.json) : null;
}

/** By the host; a platform that runs anywhere is known by what it answers. */
async function recognise(client: EndpointClient, { baseUrl }: BalanceAccess): Promise<Profile | null> {
  const known = recogniseProfile(baseUrl, []);
  if (known !== null) return known;
  const answer = await client.call({ method: 'GET', path: '/models', deadlineMs: DEADLINE });
  return answer.kind === 'response' ? recogniseProfile(baseUrl, [answer]) : null;
}

function isServed(answer: Exchange): answer is Extract<Exchange, { kind: 'response' }> {
  return answer.kind === 'response' && answer.refusal === null;
}

/** Null for a currency whose rate nobody tells. */
function dollars({ remaining, currency }: Balance): number | null {
  if (remaining === null) return null;
  if (currency === 'USD' || currency === 'credits') return remaining;
  return currency === 'quota' ? remaining / QUOTA_PER_USD : null;
}

function plainAddress(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}
