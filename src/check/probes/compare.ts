import type { Exchange, HttpResponse } from '../../gateway/exchange.ts';
import { readUsage } from '../../gateway/usage.ts';
import { classOf, reason, served } from '../exchanges.ts';
import { modelProbe, named } from '../model-probe.ts';
import { type Finding, ok, type Probe, type ProbeContext, problem, skip } from '../probe.ts';
import { enumeration, type ProbeRequest, plainChat } from '../requests.ts';

/** Tokenizers of one family may differ in a token or two of framing; more is a hidden prompt or another tokenizer. */
const TOLERATED_TOKENS = 2;

/** A probe that puts one request to both arms. */
const comparison = (
  id: string,
  severity: Probe['severity'],
  request: (model: string, context: ProbeContext) => ProbeRequest,
  compare: (gateway: HttpResponse, official: HttpResponse) => Finding,
): Probe =>
  modelProbe({
    id,
    severity,
    skipReason: ({ sendOfficial }) =>
      sendOfficial === null ? 'No key of the official API is at hand.' : null,
    run: (_, context) => onBothArms(context, (model) => request(model, context), compare),
  });

export const compareProbes: readonly Probe[] = [
  comparison('compare.prompt_tokens', 'warn', plainChat, (gateway, official) => {
    const here = readUsage(gateway.json)?.input ?? null;
    const there = readUsage(official.json)?.input ?? null;
    if (!here || !there) return skip('One of the arms tells no prompt tokens.');
    if (Math.abs(here - there) <= TOLERATED_TOKENS) {
      return ok(`The same request costs ${here} prompt tokens, officially ${there}.`);
    }
    return problem(
      `The same request costs ${here} prompt tokens instead of ${there}: a hidden prompt, or another model's tokenizer.`,
      'Every request pays for the difference; ask the operator of the gateway what it adds.',
    );
  }),
  comparison(
    'compare.latency',
    'info',
    (model, { plan }) => (plan.features.includes('streaming') ? enumeration(model) : plainChat(model)),
    (gateway, official) => ok(`Gateway: ${latency(gateway)}; official: ${latency(official)}.`),
  ),
];

async function onBothArms(
  { send, sendOfficial, chatModel }: ProbeContext,
  request: (model: string) => ProbeRequest,
  compare: (gateway: HttpResponse, official: HttpResponse) => Finding,
): Promise<Finding> {
  if (sendOfficial === null || chatModel === null) return skip('Not compared.');
  const [here, there] = await Promise.all([
    send(request(chatModel.gatewayName)),
    firstKnown(sendOfficial, request, [chatModel.name, chatModel.gatewayName]),
  ]);
  const gateway = served(here);
  const official = served(there);
  if (gateway === null) return skip('The gateway did not answer.');
  if (official === null) return skip(`The official API did not answer: ${reason(there)}`);
  return named(compare(gateway, official), gateway);
}

/** The name in the code may be the team's own alias, which the official API does not know. */
async function firstKnown(
  send: (request: ProbeRequest) => Promise<Exchange>,
  request: (model: string) => ProbeRequest,
  [name, alias]: readonly [string, string],
): Promise<Exchange> {
  const exchange = await send(request(name));
  return classOf(exchange) === 'model_not_found' && alias !== name ? send(request(alias)) : exchange;
}

function latency({ transcript, durationMs }: HttpResponse): string {
  const total = `${Math.round(durationMs)} ms`;
  if (transcript?.firstChunkMs == null) return total;
  return `first chunk ${Math.round(transcript.firstChunkMs)} ms, total ${total}`;
}
