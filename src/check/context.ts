import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../gateway/exchange.ts';
import { createClient, type EndpointClient } from '../gateway/http.ts';
import { profileByName, recogniseProfile } from '../gateway/profiles/index.ts';
import { preloadOfficialClient } from '../gateway/sdk.ts';
import { connect } from './connection.ts';
import { responsesIn } from './exchanges.ts';
import { BudgetSpent, type Meter, neverSent, spentOnExchange } from './meter.ts';
import { firstOfKind } from './models-in-use.ts';
import type { CheckPlan } from './plan.ts';
import type { LoggedExchange, ProbeContext } from './probe.ts';
import { emptyChat, listModels, type ProbeRequest, plainChat, smallestToModel } from './requests.ts';

/** Reading is fast on every working endpoint. */
const READ_DEADLINE_MS = 10_000;

/** So that the first request is sent before heavy modules block the process. */
const HEAD_START_MS = 50;

type Send = (request: ProbeRequest) => Promise<Exchange>;

/** Connects to the gateway, recognises its platform, and returns everything that probes need. */
export async function createContext(plan: CheckPlan, meter: Meter): Promise<ProbeContext> {
  const { baseUrl, apiKey, headers } = plan.gateway;
  const log: LoggedExchange[] = [];
  const chatModel = firstOfKind(plan.models, 'chat');
  const embeddingModel = firstOfKind(plan.models, 'embedding');
  const deadlineMs = plan.client.timeoutMs;

  let profile =
    plan.gateway.profile === 'auto' ? recogniseProfile(baseUrl, []) : profileByName(plan.gateway.profile);
  let client = createClient({ baseUrl, apiKey, headers, profile });
  const abort = new AbortController();
  const send = sendOnce(() => client, { meter, deadlineMs, log, signal: abort.signal });

  const connecting = connect(baseUrl, (url, what) => {
    if (what === 'completion') {
      // An existing route refuses an empty request with its own error, so it costs nothing.
      return send(smallestToModel({ chatModel, embeddingModel }) ?? emptyChat()).catch((error: unknown) => {
        if (error instanceof BudgetSpent) return send(emptyChat());
        throw error;
      });
    }
    const request = listModels();
    if (url === baseUrl) return send(request);
    const other = createClient({ baseUrl: url, apiKey, headers, profile });
    return sendOnce(() => other, { meter, deadlineMs, log: [], signal: abort.signal })(request);
  });
  // Starts what is needed in any case while the first response is still pending.
  const early = await Promise.race([connecting, sleep(HEAD_START_MS, null)]);
  const failed = early !== null && early.kind !== 'connected';
  if (chatModel !== null && apiKey !== null && !failed)
    send(plainChat(chatModel.gatewayName)).catch(() => undefined);
  preloadOfficialClient();
  const connection = await connecting;
  // Requests that were never sent end by themselves and cost nothing.
  const sendable = connection.kind !== 'unreachable' || !neverSent(connection.failure);
  if (connection.kind !== 'connected' && sendable) abort.abort();

  if (profile === null && plan.gateway.profile === 'auto') {
    profile = recogniseProfile(baseUrl, responsesIn(log));
    client = createClient({ baseUrl, apiKey, headers, profile });
  }

  return {
    plan,
    meter,
    chatModel,
    embeddingModel,
    connection,
    profile,
    send,
    read: (url, withKey) =>
      meter.run(
        { method: 'GET', path: url },
        () =>
          client.call({
            method: 'GET',
            url,
            deadlineMs: READ_DEADLINE_MS,
            ...(withKey ? {} : { apiKey: null }),
          }),
        spentOnExchange,
      ),
    sendOfficial: officialArm(plan, meter),
    log,
  };
}

function officialArm(plan: CheckPlan, meter: Meter): Send | null {
  if (plan.official === null) return null;
  const client = createClient({ ...plan.official, headers: {}, profile: profileByName('openai') });
  return sendOnce(() => client, { meter, deadlineMs: plan.client.timeoutMs, log: [], signal: null });
}

interface SendOptions {
  readonly meter: Meter;
  readonly deadlineMs: number;
  /** Every exchange is appended. */
  readonly log: LoggedExchange[];
  /** Aborts the pending requests. */
  readonly signal: AbortSignal | null;
}

/** Sends equal requests once and shares the response. */
function sendOnce(client: () => EndpointClient, { meter, deadlineMs, log, signal }: SendOptions): Send {
  const sent = new Map<string, Promise<Exchange>>();
  return (request) => {
    const name = JSON.stringify(request);
    const earlier = sent.get(name);
    if (earlier !== undefined) return earlier;
    const deadline = request.method === 'GET' ? Math.min(READ_DEADLINE_MS, deadlineMs) : deadlineMs;
    const call = async () => {
      const exchange = await client().call({ ...request, deadlineMs: deadline, ...(signal && { signal }) });
      log.push({ request, exchange });
      return exchange;
    };
    const exchange = meter.run(request, call, spentOnExchange);
    sent.set(name, exchange);
    return exchange;
  };
}
