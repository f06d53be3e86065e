import type { Exchange, HttpResponse } from '../../gateway/exchange.ts';
import { readUsage } from '../../gateway/usage.ts';
import { classOf, reason, served } from '../exchanges.ts';
import { modelProbe, withRequestId } from '../model-probe.ts';
import type { ModelInUse } from '../plan.ts';
import { ok, type Probe, type ProbeContext, type ProbeFinding, problem, skip } from '../probe.ts';
import { enumeration, type ProbeRequest, plainChat } from '../requests.ts';

/** Tokenizers of one family may differ by a token or two of framing; more means a hidden prompt or another tokenizer. */
const TOLERATED_TOKENS = 2;

interface Comparison extends Pick<Parameters<typeof modelProbe>[0], 'id' | 'severity' | 'isThorough'> {
  readonly request: (model: ModelInUse, context: ProbeContext) => ProbeRequest;
  readonly compare: (gateway: HttpResponse, official: HttpResponse) => ProbeFinding;
}

/** Why there is nothing to compare with; null where the official key is there. */
export const withoutOfficial = ({ sendOfficial, plan }: ProbeContext): string | null => {
  if (sendOfficial !== null) return null;
  return plan.newAddress
    ? 'The official key was not sent, see new_address.'
    : 'No official API key was given.';
};

/** A probe that sends one request to both arms. */
export const comparison = ({ request, compare, ...probe }: Comparison): Probe =>
  modelProbe({
    ...probe,
    skipReason: withoutOfficial,
    async run(model, context) {
      const { send, sendOfficial } = context;
      if (sendOfficial === null) return skip('No official API key was given.');
      const [here, there] = await Promise.all([
        send(request(model, context)),
        askOfficial(sendOfficial, (known) => request(known, context), model),
      ]);
      const gateway = served(here);
      const official = served(there);
      if (gateway === null) return skip('The gateway did not serve the request.');
      if (official === null) return skip(`The official API did not serve the request: ${reason(there)}`);
      return withRequestId(compare(gateway, official), gateway);
    },
  });

export const compareProbes: readonly Probe[] = [
  comparison({
    id: 'compare.prompt_tokens',
    severity: 'warn',
    request: plainChat,
    compare(gateway, official) {
      const here = readUsage(gateway.json)?.input ?? null;
      const there = readUsage(official.json)?.input ?? null;
      if (!here || !there) return skip('One of the arms reports no prompt tokens.');
      const both = `Same prompt: ${here} tokens on the gateway, ${there} on the official API`;
      if (here === there) return ok(`Same prompt: ${here} tokens on both.`);
      if (Math.abs(here - there) <= TOLERATED_TOKENS) return ok(`${both}.`);
      return problem(
        `${both}: a hidden prompt, or another model's tokenizer.`,
        "You pay for the difference on every request; ask the gateway's operator what it adds.",
      );
    },
  }),
  comparison({
    id: 'compare.latency',
    severity: 'info',
    request: (model, { plan }) =>
      plan.features.includes('streaming') ? enumeration(model) : plainChat(model),
    compare: (gateway, official) => ok(`Gateway: ${latency(gateway)}; official: ${latency(official)}.`),
  }),
];

/** The name in the code may be the team's own alias, which the official API does not know. */
export async function askOfficial(
  send: (request: ProbeRequest) => Promise<Exchange>,
  request: (model: ModelInUse) => ProbeRequest,
  { name, gatewayName }: ModelInUse,
): Promise<Exchange> {
  const exchange = await send(request({ name, gatewayName: name }));
  const isAlias = classOf(exchange) === 'model_not_found' && gatewayName !== name;
  return isAlias ? send(request({ name, gatewayName })) : exchange;
}

function latency({ transcript, durationMs }: HttpResponse): string {
  const total = `${Math.round(durationMs)} ms`;
  const first = transcript?.chunks[0]?.atMs;
  return first === undefined ? total : `first chunk ${Math.round(first)} ms, total ${total}`;
}
