/** Checks whether the gateway's balance and key limit will last the next stage. It only warns. */

import type { Environment } from '../src/config/environment.ts';
import { plainAddress } from '../src/config/hosts.ts';
import type { Config } from '../src/config/schema.ts';
import { createClient, type EndpointClient } from '../src/gateway/http.ts';
import { profileByName, recogniseProfile } from '../src/gateway/profiles/index.ts';
import { QUOTA_PER_USD } from '../src/gateway/profiles/new-api.ts';
import type { Balance, Profile } from '../src/gateway/profiles/profile.ts';
import { tasksPerDay } from '../src/rollout/past-windows.ts';
import { type Rollout, stageOf } from '../src/rollout/road.ts';
import { shareOfSlice } from '../src/rollout/shares.ts';
import type { Arms } from '../src/rollout/stored-counts.ts';

/** A gateway whose balance the App may read. */
export interface BalanceAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

const DAY = 86_400_000;
/** Milliseconds; the stage does not wait longer. */
const DEADLINE = 5_000;

/**
 * The key is sent only to the address that the operator set: a config must not be able to choose who gets it.
 * @returns null where the address or the key is not set
 */
export function balanceAccess(environment: Environment): BalanceAccess | null {
  const baseUrl = environment.GATEWAY_BASE_URL?.trim() ?? '';
  const apiKey = environment.GATEWAY_API_KEY?.trim() ?? '';
  return URL.canParse(baseUrl) && apiKey !== '' ? { baseUrl, apiKey } : null;
}

/**
 * Why the balance will not last the stage that the rollout is about to enter, as a sentence; empty if it will last.
 * @returns null where the balance is unknown: another gateway, or a platform without a balance endpoint
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
  const needs = `; stage ${label} will spend about ${cost?.toFixed(2)} USD before its gate can be met`;
  return `The gateway reports: ${balance.summary}${cost === null ? '' : needs}.`;
}

async function askBalance(
  access: BalanceAccess,
  name: Config['gateway']['profile'],
): Promise<Balance | null> {
  const client = createClient(access);
  const profile = name === 'auto' ? await recognise(client, access) : profileByName(name);
  if (profile?.balance === undefined) return null;
  const { url, withKey, read } = profile.balance;
  const call = { method: 'GET', url: url(access.baseUrl), deadlineMs: DEADLINE } as const;
  const exchange = await client.call(withKey ? call : { ...call, apiKey: null });
  return exchange.kind === 'response' && exchange.refusal === null ? read(exchange.json) : null;
}

/** By the host, or by a response where the platform runs on any host. */
async function recognise(client: EndpointClient, { baseUrl }: BalanceAccess): Promise<Profile | null> {
  const known = recogniseProfile(baseUrl, []);
  if (known !== null) return known;
  const exchange = await client.call({ method: 'GET', path: '/models', deadlineMs: DEADLINE });
  return exchange.kind === 'response' ? recogniseProfile(baseUrl, [exchange]) : null;
}

/** Null for a currency whose rate is unknown. */
function dollars({ remaining, currency }: Balance): number | null {
  if (remaining === null) return null;
  if (currency === 'USD' || currency === 'credits') return remaining;
  return currency === 'quota' ? remaining / QUOTA_PER_USD : null;
}

/**
 * US dollars that the current stage spends on the gateway until its gate can be met at the earliest: the tasks of that
 * time, times the stage's share, times the cost of a task so far.
 * @returns null where nothing was measured, or nothing had a price
 */
function expectedCost(rollout: Rollout): number | null {
  const { state } = rollout;
  const stage = stageOf(rollout);
  if (stage === null || stage.kind !== 'share') return null;
  const share = shareOfSlice(state.stage.traffic.shares, stage.slice) / 100;
  const perDay = tasksPerDay(rollout.config, state.past, stage, Number.POSITIVE_INFINITY);
  const perTask = costOfTask(state.spent);
  if (perDay === null || perTask === null || share === 0) return null;
  const rate = (perDay / DAY) * share;
  const { min_duration: leastTime, min_tasks: leastTasks } = stage.gate;
  return Math.max(leastTime * rate, leastTasks) * perTask;
}

/** On the gateway; before it had any traffic, on the official arm. */
function costOfTask({ official, gateway }: Arms): number | null {
  for (const arm of [gateway, official]) {
    const tasks = arm?.tasks ?? 0;
    if (arm !== null && tasks > 0 && arm.cost.usd > 0) return arm.cost.usd / tasks;
  }
  return null;
}
