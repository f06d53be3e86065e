/** What costs more than all other probes together: only with `--thorough`. */
import type { Exchange } from '../../gateway/exchange.ts';
import { field, listField, numberField, textField } from '../../gateway/json.ts';
import { priceUsd } from '../../gateway/prices.ts';
import { readUsage, type Usage } from '../../gateway/usage.ts';
import { usd } from '../../wording/amounts.ts';
import { classOf, notServed, served } from '../exchanges.ts';
import { usageOf } from '../meter.ts';
import { modelProbe, withRequestId } from '../model-probe.ts';
import type { ModelInUse } from '../plan.ts';
import { ok, type Probe, problem, skip } from '../probe.ts';
import {
  chat,
  isReasoningModel,
  NONCE,
  outputLimit,
  type ProbeRequest,
  streamed,
  variant,
} from '../requests.ts';
import { askOfficial, comparison, withoutOfficial } from './compare.ts';

const NUMBERS = 'one two three four five six seven eight nine ten';

/** Text of at least this many tokens: each of its words is one or more. */
const filler = (tokens: number): string => `${NUMBERS} `.repeat(Math.ceil(tokens / 10));

/** Prompts are cached from 1,024 tokens on. */
const CACHED_TOKENS = 1_300;
const ROUNDS = 3;

const LONG_TOKENS = 16_000;
/** Tokenizers of one family differ by less. */
const LEAST_SHARE = 0.9;

export const thoroughProbes: readonly Probe[] = [
  comparison({
    id: 'usage.truth',
    severity: 'warn',
    isThorough: true,
    request: (model) =>
      chat(model, `Repeat this line exactly, and nothing else:\n${NUMBERS}`, {
        ...outputLimit(model, 50),
        ...(isReasoningModel(model) ? {} : { temperature: 0 }),
      }),
    compare(gateway, official) {
      const [here, there] = [gateway, official].map(({ json }) => outputOf(json));
      if (here?.text !== there?.text) return skip('The two sides did not answer with the same text.');
      if (here?.tokens === there?.tokens) return ok(`The same text: ${here?.tokens} output tokens on both.`);
      return problem(
        `The same text is ${here?.tokens} output tokens on the gateway, and ${there?.tokens} on the official API.`,
        "You pay for tokens that you do not get; ask the gateway's operator how it counts.",
      );
    },
  }),
  modelProbe({
    id: 'context.head',
    severity: 'block',
    isThorough: true,
    async run(model, { send, sendOfficial }) {
      const request = (known: ModelInUse) => {
        const prompt = `The word is ${NONCE}.\n${filler(LONG_TOKENS)}\nWhich word is named in the first line?`;
        return chat(known, prompt, outputLimit(known, 50));
      };
      const [exchange, official] = await Promise.all([
        send(request(model)),
        sendOfficial && askOfficial(sendOfficial, request, model),
      ]);
      const response = served(exchange);
      if (classOf(exchange) === 'context_length')
        return skip(`Longer than the model's context: ${LONG_TOKENS} tokens.`);
      if (response === null) return notServed(`A prompt of ${LONG_TOKENS} tokens`, exchange);
      const counted = readUsage(response.json)?.input ?? LONG_TOKENS;
      const due = (official && spentBy(official)?.input) || LONG_TOKENS;
      const isRecalled = outputOf(response.json).text.toLowerCase().includes(NONCE);
      if (isRecalled && counted > due * LEAST_SHARE)
        return withRequestId(ok(`A prompt of ${counted} tokens is read from its head.`), exchange);
      const finding = problem(
        `A long prompt is cut without an error: ${isRecalled ? `${counted} of ${due} tokens were counted` : 'its first line is forgotten'}.`,
        'Instructions at the head of long prompts are lost. Do not move such traffic until the gateway is fixed.',
      );
      return withRequestId(finding, exchange);
    },
  }),
  modelProbe({
    id: 'cache.read',
    severity: 'warn',
    isThorough: true,
    skipReason: withoutOfficial,
    async run(model, { send, sendOfficial, plan }) {
      if (sendOfficial === null) return skip('No official API key was given.');
      const prompt = `${filler(CACHED_TOKENS)}\nReply with the single word: pong`;
      const request = (known: ModelInUse) => chat(known, prompt, outputLimit(known, 16));
      const [gateway, official] = await Promise.all([
        cacheReads((inTurn) => send(inTurn(request(model)))),
        cacheReads((inTurn) => askOfficial(sendOfficial, (known) => inTurn(request(known)), model)),
      ]);
      if (official.every(({ cachedInput }) => cachedInput === 0))
        return skip('The official API did not read its prompt cache either.');
      // A gateway that counted nothing is another probe's matter.
      const lost = official.find(
        ({ cachedInput }, form) => cachedInput > 0 && gateway[form]?.input && gateway[form].cachedInput === 0,
      );
      if (lost === undefined) return ok('The prompt cache is read, as on the official API.');
      const price = (cachedInput: number) =>
        priceUsd({ model: model.name, usage: { ...lost, cachedInput, output: 0 }, ownPrices: plan.prices });
      const [cached, full] = await Promise.all([price(lost.cachedInput), price(0)]);
      const cost =
        cached && full ? `: 1,000 of these cost ${usd(full * 1000)} instead of ${usd(cached * 1000)}` : '';
      return problem(
        `The gateway never reads the prompt cache. The official API read ${lost.cachedInput} of ${lost.input} tokens from its own.`,
        `Repeated prompts cost the full price${cost}. Ask the gateway's operator to keep a prompt on one upstream.`,
      );
    },
  }),
];

/** The most that was read from the cache, buffered and streamed: the same prompt, one request after the other. */
async function cacheReads(
  send: (inTurn: (request: ProbeRequest) => ProbeRequest) => Promise<Exchange>,
): Promise<Usage[]> {
  const best: Usage[] = [];
  for (const form of [(request: ProbeRequest) => request, streamed]) {
    let most: Usage = { input: 0, cachedInput: 0, output: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const usage = spentBy(await send((request) => form(variant(request, round)))) ?? most;
      if (usage.cachedInput >= most.cachedInput) most = usage;
    }
    best.push(most);
  }
  return best;
}

function spentBy(exchange: Exchange): Usage | null {
  const response = served(exchange);
  return response === null ? null : usageOf(response);
}

/** The text of a completion, and what it cost without the reasoning, which differs each time. */
function outputOf(json: unknown): { readonly text: string; readonly tokens: number | null } {
  const details = field(field(json, 'usage'), 'completion_tokens_details');
  const output = readUsage(json)?.output ?? null;
  return {
    text: textField(field(listField(json, 'choices')[0], 'message'), 'content') ?? '',
    tokens: output === null ? null : output - (numberField(details, 'reasoning_tokens') ?? 0),
  };
}
