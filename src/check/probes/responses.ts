import { field, listField, textField } from '../../gateway/json.ts';
import { responsesStream } from '../../gateway/transcript.ts';
import { notServed, requestIdOf, served } from '../answers.ts';
import { ok, type Probe, type ProbeContext, problem, skip } from '../probe.ts';
import { response } from '../questions.ts';

const FIX =
  'Programs on the Responses API cannot move to this gateway; stay on the official API with them, or go over to chat completions.';

const notUsed = ({ plan, chatModel }: ProbeContext): string | null => {
  if (!plan.features.includes('responses')) return 'The Responses API is not used.';
  return chatModel === null ? 'No chat model is in use.' : null;
};

export const responsesProbes: readonly Probe[] = [
  {
    id: 'responses.basic',
    severity: 'block',
    needs: 'model',
    phase: 'ask',
    notConcerned: notUsed,
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(response(chatModel.gatewayName, false));
      const answer = served(exchange);
      if (answer === null) return { ...notServed('The Responses API', exchange), fix: FIX };
      const requestId = requestIdOf(answer);
      const status = textField(answer.json, 'status');
      const whole =
        field(answer.json, 'object') === 'response' && listField(answer.json, 'output').length > 0;
      if (whole && (status === 'completed' || status === 'incomplete')) {
        return ok('The Responses API answers.', { requestId });
      }
      return problem(`The Responses API answers something else than a response (status ${status}).`, FIX, {
        requestId,
      });
    },
  },
  {
    id: 'responses.stream',
    severity: 'block',
    needs: 'model',
    phase: 'ask',
    notConcerned: (context) =>
      notUsed(context) ?? (context.plan.features.includes('streaming') ? null : 'Streaming is not used.'),
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(response(chatModel.gatewayName, true));
      if (exchange.kind === 'no-answer' || (exchange.refusal !== null && exchange.transcript === null)) {
        return { ...notServed('A streamed response', exchange), fix: FIX };
      }
      const requestId = requestIdOf(exchange);
      if (exchange.transcript === null) {
        return problem(
          `stream: true is ignored on /responses: the answer is ${exchange.contentType || 'untyped'}.`,
          FIX,
          { requestId },
        );
      }
      const { terminalEvent, error } = responsesStream(exchange.transcript);
      if (error !== null)
        return problem(`An error came inside the stream of a response: ${error.message}`, FIX, { requestId });
      if (terminalEvent === 'response.completed' || terminalEvent === 'response.incomplete') {
        return ok(`A streamed response ends with ${terminalEvent}.`, { requestId });
      }
      return problem(
        `A streamed response ends without its terminal event (${terminalEvent ?? 'none'} came).`,
        FIX,
        { requestId },
      );
    },
  },
];
