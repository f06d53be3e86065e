import type { Exchange } from '../../gateway/exchange.ts';
import { field, listField, textField } from '../../gateway/json.ts';
import { readUsage } from '../../gateway/usage.ts';
import { reason, served } from '../exchanges.ts';
import { modelProbe, named, responseProbe } from '../model-probe.ts';
import { type Finding, ok, type Probe, problem } from '../probe.ts';
import { badRequest, LIMIT_TOKENS, limitedChat, plainChat } from '../requests.ts';

export const chatProbes: readonly Probe[] = [
  responseProbe({
    id: 'chat.basic',
    severity: 'block',
    request: plainChat,
    what: 'A chat completion',
    judge({ json }) {
      const missing = chatOddities(json);
      if (missing.length === 0) return ok('A chat completion has choices, a finish_reason and usage.');
      return problem(
        `A chat completion is not whole: ${missing.join(', ')}.`,
        'Programs that read these fields break or lose count of cost; ask the operator of the gateway.',
      );
    },
  }),
  responseProbe({
    id: 'chat.limits',
    severity: 'warn',
    request: limitedChat,
    what: 'max_completion_tokens',
    judge({ json }) {
      const finish = textField(listField(json, 'choices')[0], 'finish_reason');
      const spent = readUsage(json)?.output ?? null;
      // A missing finish_reason is told by chat.basic.
      const kept = spent === null ? finish === 'length' : finish !== 'stop' && spent <= LIMIT_TOKENS;
      if (kept) return ok('max_completion_tokens is accepted and kept.');
      return problem(
        `max_completion_tokens: ${LIMIT_TOKENS} was accepted but not kept (finish_reason ${finish}, ${spent ?? 'unknown'} tokens).`,
        'A limit that protects cost or latency has no effect here; set it in the gateway, or send max_tokens beside it.',
      );
    },
  }),
  modelProbe({
    id: 'chat.bad_request',
    severity: 'warn',
    async run(model, { send }) {
      const exchange = await send(badRequest(model));
      return named(judgeBadRequest(exchange), exchange);
    },
  }),
];

function judgeBadRequest(exchange: Exchange): Finding {
  if (served(exchange) !== null) {
    return problem(
      'temperature: "hot" is accepted: the gateway drops or does not check parameters.',
      'A parameter that the program relies on may have no effect; compare its results on both sides.',
    );
  }
  const refusal = exchange.kind === 'response' ? exchange.refusal : null;
  const isNamed = refusal?.param === 'temperature' || /temperature/i.test(refusal?.message ?? '');
  const status = exchange.kind === 'response' && [400, 422].includes(exchange.status);
  if (status && isNamed && refusal?.openaiShape && refusal.class === 'bad_request') {
    return ok('A bad parameter gets 400 and is named.');
  }
  return problem(
    `A bad parameter is refused, but not by a 400 that names it: ${reason(exchange)}`,
    'Developers will look for the mistake in the wrong place; nothing breaks in production.',
  );
}

/** What an ordinary completion lacks, in words; empty when it is whole. */
function chatOddities(json: unknown): string[] {
  const choice = listField(json, 'choices')[0];
  if (choice === undefined) return ['choices is missing or empty'];
  const finish = textField(choice, 'finish_reason');
  const usage = readUsage(json);
  const message = field(choice, 'message');
  return [
    ...(message === undefined ? ['choices[0].message is missing'] : []),
    ...(finish === null ? ['finish_reason is missing'] : []),
    ...(finish === 'error' ? ['finish_reason is "error"'] : []),
    ...(usage === null ? ['usage is missing'] : []),
    ...(usage !== null && (usage.input === 0 || usage.output === 0) ? ['usage counts zero tokens'] : []),
  ];
}
