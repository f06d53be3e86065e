import type { Exchange } from '../gateway/exchange.ts';
import { createClient, type EndpointClient } from '../gateway/http.ts';
import { profileByName, recogniseProfile } from '../gateway/profiles/index.ts';
import { connect } from './connection.ts';
import { type Meter, spentOnExchange } from './meter.ts';
import { firstOfKind } from './models-in-use.ts';
import type { CheckPlan } from './plan.ts';
import type { Asked, ProbeContext } from './probe.ts';
import { listModels, missingRoute, plainChat, type Question } from './questions.ts';

/** Reading is quick everywhere; an endpoint that needs longer for it will not serve anybody. */
const READ_DEADLINE_MS = 10_000;

type Ask = (question: Question) => Promise<Exchange>;

/** Open the way to the gateway, recognise its platform, and return everything that probes need. */
export async function createContext(plan: CheckPlan, meter: Meter): Promise<ProbeContext> {
  const { baseUrl, apiKey, headers } = plan.gateway;
  const log: Asked[] = [];
  const chatModel = firstOfKind(plan.models, 'chat');
  const deadlineMs = plan.client.timeoutMs;

  let profile =
    plan.gateway.profile === 'auto' ? recogniseProfile(baseUrl, []) : profileByName(plan.gateway.profile);
  let client = createClient({ baseUrl, apiKey, headers, profile });
  const ask = askOnce(() => client, { meter, deadlineMs, log });

  const connection = await connect(baseUrl, (url, route) => {
    const question = route === 'models' ? listModels() : firstChat(chatModel?.gatewayName);
    if (url === baseUrl) return ask(question);
    const relative = createClient({ baseUrl: url, apiKey, headers, profile });
    return askOnce(() => relative, { meter, deadlineMs, log: [] })(question);
  });

  if (profile === null && plan.gateway.profile === 'auto') {
    profile = recogniseProfile(
      baseUrl,
      log.flatMap(({ exchange }) => (exchange.kind === 'answer' ? [exchange] : [])),
    );
    client = createClient({ baseUrl, apiKey, headers, profile });
  }

  return {
    plan,
    meter,
    chatModel,
    embeddingModel: firstOfKind(plan.models, 'embedding'),
    connection,
    profile,
    ask,
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
    askOfficial: officialArm(plan, meter),
    log,
  };
}

const firstChat = (model: string | undefined): Question =>
  model === undefined ? missingRoute('POST') : plainChat(model);

function officialArm(plan: CheckPlan, meter: Meter): Ask | null {
  if (plan.official === null) return null;
  const client = createClient({ ...plan.official, headers: {}, profile: profileByName('openai') });
  return askOnce(() => client, { meter, deadlineMs: plan.client.timeoutMs, log: [] });
}

/** Puts equal questions once and shares the answer. */
function askOnce(
  client: () => EndpointClient,
  { meter, deadlineMs, log }: { meter: Meter; deadlineMs: number; log: Asked[] },
): Ask {
  const asked = new Map<string, Promise<Exchange>>();
  return (question) => {
    const name = JSON.stringify(question);
    const earlier = asked.get(name);
    if (earlier !== undefined) return earlier;
    const deadline = question.method === 'GET' ? Math.min(READ_DEADLINE_MS, deadlineMs) : deadlineMs;
    const send = async () => {
      const answer = await client().call({ ...question, deadlineMs: deadline });
      log.push({ question, exchange: answer });
      return answer;
    };
    const exchange = meter.run(question, send, spentOnExchange);
    asked.set(name, exchange);
    return exchange;
  };
}
