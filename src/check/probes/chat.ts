import { field, listField, textField } from '../../gateway/json.ts';
import { readUsage } from '../../gateway/usage.ts';
import { classOf, notServed, reason, requestIdOf, served } from '../answers.ts';
import { ok, type Probe, type ProbeContext, problem, skip } from '../probe.ts';
import { badRequest, LIMIT_TOKENS, limitedChat, plainChat } from '../questions.ts';

export const noChatModel = ({ chatModel }: ProbeContext): string | null =>
  chatModel === null ? 'No chat model is in use.' : null;

export const chatProbes: readonly Probe[] = [
  {
    id: 'chat.basic',
    severity: 'block',
    needs: 'model',
    phase: 'ask',
    notConcerned: noChatModel,
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(plainChat(chatModel.gatewayName));
      const answer = served(exchange);
      if (answer === null) return notServed('A chat completion', exchange);
      const requestId = requestIdOf(answer);
      const missing = chatOddities(answer.json);
      if (missing.length === 0)
        return ok('A chat completion has choices, a finish_reason and usage.', { requestId });
      return problem(
        `A chat completion is not whole: ${missing.join(', ')}.`,
        'Programs that read these fields break or lose count of cost; ask the operator of the gateway.',
        { requestId },
      );
    },
  },
  {
    id: 'chat.limits',
    severity: 'warn',
    needs: 'model',
    phase: 'ask',
    notConcerned: noChatModel,
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(limitedChat(chatModel.gatewayName));
      const answer = served(exchange);
      if (answer === null) return notServed('max_completion_tokens', exchange);
      const requestId = requestIdOf(answer);
      const finish = textField(listField(answer.json, 'choices')[0], 'finish_reason');
      const spent = readUsage(answer.json)?.output ?? null;
      // A missing finish_reason is told by chat.basic.
      const kept = spent === null ? finish === 'length' : finish !== 'stop' && spent <= LIMIT_TOKENS;
      if (kept) return ok('max_completion_tokens is accepted and kept.', { requestId });
      return problem(
        `max_completion_tokens: ${LIMIT_TOKENS} was accepted but not kept (finish_reason ${finish}, ${spent ?? 'unknown'} tokens).`,
        'A limit that protects cost or latency has no effect here; set it in the gateway, or send max_tokens beside it.',
        { requestId },
      );
    },
  },
  {
    id: 'chat.bad_request',
    severity: 'warn',
    needs: 'model',
    phase: 'ask',
    notConcerned: noChatModel,
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(badRequest(chatModel.gatewayName));
      const requestId = requestIdOf(exchange);
      if (served(exchange) !== null) {
        return problem(
          'temperature: "hot" is accepted: the gateway drops or does not check parameters.',
          'A parameter that the program relies on may have no effect; compare its results on both sides.',
          { requestId },
        );
      }
      const refusal = exchange.kind === 'answer' ? exchange.refusal : null;
      const named = refusal?.param === 'temperature' || /temperature/i.test(refusal?.message ?? '');
      const clear =
        exchange.kind === 'answer' && [400, 422].includes(exchange.status) && named && refusal?.openaiShape;
      if (clear && classOf(exchange) === 'bad_request')
        return ok('A bad parameter gets 400 and is named.', { requestId });
      return problem(
        `A bad parameter is refused, but not by a 400 that names it: ${reason(exchange)}`,
        'Developers will look for the mistake in the wrong place; nothing breaks in production.',
        { requestId },
      );
    },
  },
];

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
