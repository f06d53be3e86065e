import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientOptions, createClient } from '../gateway/http.ts';
import { profileByName, recogniseProfile } from '../gateway/profiles/index.ts';
import {
  createOfficialClient,
  preloadOfficialClient,
  type SdkOutcome,
  type sdkChat,
} from '../gateway/sdk.ts';
import { connect } from './connection.ts';
import { fidelityPlan } from './fidelity/plan.ts';
import { runFidelity } from './fidelity/run.ts';
import { formOf } from './forms.ts';
import { BudgetSpent, type Meter, neverSent, spentOnExchange } from './meter.ts';
import { firstOfKind } from './models-in-use.ts';
import type { CheckPlan } from './plan.ts';
import type { LoggedExchange, ProbeContext } from './probe.ts';
import {
  emptyChat,
  listModels,
  type ProbeRequest,
  plainChat,
  smallestInUse,
  smallestRequest,
} from './requests.ts';
import { READ_DEADLINE_MS, Sender } from './send.ts';

/** So that the first request is sent before heavy modules block the process. */
const HEAD_START_MS = 50;

/** Connects to the gateway, recognises its platform, and returns everything that probes need. */
export async function createContext(plan: CheckPlan, meter: Meter): Promise<ProbeContext> {
  const { baseUrl, apiKey, headers } = plan.gateway;
  const log: LoggedExchange[] = [];
  const chatModel = firstOfKind(plan.models, 'chat');
  const embeddingModel = firstOfKind(plan.models, 'embedding');
  const first = { chatModel, embeddingModel, plan };
  const isAuto = plan.gateway.profile === 'auto';
  let profile = isAuto ? recogniseProfile(baseUrl, []) : profileByName(plan.gateway.profile);
  // A gateway may show itself by some of its responses alone: LiteLLM does not by its model list.
  const recognise: NonNullable<ClientOptions['recognise']> = (response) => {
    if (isAuto) profile ??= recogniseProfile(baseUrl, [response]);
    return profile;
  };
  const client = createClient({ baseUrl, apiKey, headers, recognise });
  const abort = new AbortController();
  const { timeoutMs: deadlineMs, maxRetries } = plan.client;
  const sending = { meter, deadlineMs, maxRetries, signal: abort.signal };
  const form = formOf(plan);
  const sender = new Sender(client, { ...sending, log });
  const send = form.through(sender.send);

  let sdk: ReturnType<typeof createOfficialClient> | null = null;
  const callSdk = async (request: ProbeRequest, call: typeof sdkChat): Promise<SdkOutcome> => {
    sdk ??= createOfficialClient({ ...plan.gateway, ...plan.client, apiKey: apiKey ?? '' });
    const official = await sdk;
    return meter.run(
      request,
      () => call(official, request.body ?? {}),
      (outcome) => (outcome.kind === 'error' ? 'nothing' : (outcome.usage ?? 'unknown')),
    );
  };

  const connecting = connect(baseUrl, (url, what) => {
    if (what === 'completion') {
      // An existing route refuses an empty request with its own error, so it costs nothing.
      return send(smallestInUse(first) ?? emptyChat()).catch((error: unknown) => {
        if (error instanceof BudgetSpent) return send(emptyChat());
        throw error;
      });
    }
    const request = listModels();
    if (url === baseUrl) return send(request);
    const other = createClient({ baseUrl: url, apiKey, headers, recognise });
    return new Sender(other, { ...sending, log: [] }).send(request);
  });
  // Starts what is needed in any case while the first response is still pending.
  const early = await Promise.race([connecting, sleep(HEAD_START_MS, null)]);
  const failed = early !== null && early.kind !== 'connected';
  if (chatModel !== null && apiKey !== null && !failed) send(plainChat(chatModel)).catch(() => undefined);
  preloadOfficialClient();
  const connection = await connecting;
  // Requests that were never sent end by themselves and cost nothing.
  const sendable = connection.kind !== 'unreachable' || !neverSent(connection.failure);
  if (connection.kind !== 'connected' && sendable) abort.abort();

  return {
    plan,
    chatModel,
    embeddingModel,
    connection,
    get profile() {
      return profile;
    },
    async platform() {
      if (isAuto && profile === null) await send(smallestRequest(first)).catch(() => null);
      return profile;
    },
    send,
    async sdk(request, call) {
      const outcome = await callSdk(request, call);
      if (outcome.kind !== 'error' && outcome.text !== '') return outcome;
      const fitted = await sender.fitted(request);
      return fitted === request ? outcome : callSdk(fitted, call);
    },
    read(url, withKey) {
      const key = withKey ? {} : { apiKey: null };
      const call = () => client.call({ method: 'GET', url, deadlineMs: READ_DEADLINE_MS, ...key });
      return meter.run({ method: 'GET', path: url }, call, spentOnExchange);
    },
    sendOfficial: officialArm(plan, meter),
    async fidelity(model) {
      const asked = fidelityPlan(plan, model, meter);
      return asked && runFidelity(asked);
    },
    log,
  };
}

function officialArm(plan: CheckPlan, meter: Meter): ProbeContext['sendOfficial'] {
  const { official, client: settings } = plan;
  if (official === null) return null;
  const client = createClient({ ...official, headers: {}, profile: profileByName('openai') });
  const { timeoutMs: deadlineMs, maxRetries } = settings;
  const { send } = new Sender(client, { meter, deadlineMs, maxRetries, log: [], signal: null });
  return formOf(plan).through(send);
}
