import { textDefect } from '../../gateway/answer.ts';
import type { Exchange } from '../../gateway/exchange.ts';
import { failedMidway, finishReasonOf } from '../../gateway/incomplete.ts';
import { field, listField, textField } from '../../gateway/json.ts';
import { readUsage } from '../../gateway/usage.ts';
import { reason, served, usageDefects } from '../exchanges.ts';
import { firstForm, formsOf } from '../forms.ts';
import { modelProbe, responseProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem } from '../probe.ts';
import { badRequest, LIMIT_TOKENS, limitedChat, plainChat } from '../requests.ts';

export const chatProbes: readonly Probe[] = [
  responseProbe({
    id: 'chat.basic',
    severity: 'block',
    forms: firstForm,
    request: plainChat,
    what: 'A chat completion',
    judge({ json }) {
      const defects = completionDefects(json);
      if (defects.length === 0) return ok('A chat completion has a text, a finish_reason and usage.');
      return problem(
        `A chat completion is incomplete: ${defects.join(', ')}.`,
        "Programs that read these fields break or lose track of cost; ask the gateway's operator.",
      );
    },
  }),
  responseProbe({
    id: 'chat.limits',
    severity: 'warn',
    forms: formsOf,
    request: limitedChat,
    what: 'max_completion_tokens',
    judge({ json }) {
      const finish = textField(listField(json, 'choices')[0], 'finish_reason');
      const spent = readUsage(json)?.output ?? null;
      // A missing finish_reason is reported by chat.basic.
      const enforced = spent === null ? finish === 'length' : finish !== 'stop' && spent <= LIMIT_TOKENS;
      if (enforced) return ok('max_completion_tokens is accepted and enforced.');
      if (finish === 'stop' && spent !== null && spent <= LIMIT_TOKENS)
        return ok(
          `max_completion_tokens is accepted; the completion ended by itself, after ${spent} tokens.`,
        );
      return problem(
        `max_completion_tokens: ${LIMIT_TOKENS} was accepted but not enforced (finish_reason ${finish}, ${spent ?? 'unknown'} tokens).`,
        'A limit that protects cost or latency has no effect here; set it in the gateway, or also send max_tokens.',
      );
    },
  }),
  modelProbe({
    id: 'chat.bad_request',
    severity: 'warn',
    async run(model, { send }) {
      const exchange = await send(badRequest(model));
      return withRequestId(judgeBadRequest(exchange), exchange);
    },
  }),
];

function judgeBadRequest(exchange: Exchange): ProbeFinding {
  if (served(exchange) !== null) {
    return problem(
      'temperature: "hot" is accepted: the gateway drops parameters or does not validate them.',
      'A parameter that your program relies on may have no effect; compare the results on both sides.',
    );
  }
  const refusal = exchange.kind === 'response' ? exchange.refusal : null;
  const isNamed = refusal?.param === 'temperature' || /temperature/i.test(refusal?.message ?? '');
  const status = exchange.kind === 'response' ? exchange.status : null;
  const isBadRequest = (status === 400 || status === 422) && refusal?.class === 'bad_request';
  if (!isBadRequest || !isNamed) {
    return problem(
      `A bad parameter is refused, but not with a 400 that names it: ${reason(exchange)}`,
      'Nothing breaks in production, but developers will look for the mistake in the wrong place.',
    );
  }
  if (refusal.openaiShape) return ok('A bad parameter gets 400, and the error names it.');
  return problem(
    `A bad parameter is refused by its name, but not by an OpenAI error object: ${reason(exchange)}`,
    'Nothing breaks in production, but programs that read error.code or error.param find nothing there.',
  );
}

/** What is missing or wrong in an ordinary completion; empty when nothing is. */
export function completionDefects(json: unknown): string[] {
  const choice = listField(json, 'choices')[0];
  if (choice === undefined) return ['choices is missing or empty'];
  const text = textDefect(field(choice, 'message'));
  const finish = finishReasonOf(choice);
  return [
    ...(text === null ? [] : [text]),
    ...(finish === null ? ['finish_reason is missing'] : []),
    ...(failedMidway(finish) === null ? [] : [`finish_reason is "${finish}"`]),
    ...usageDefects(json),
  ];
}
