import { field, listField, textField } from '../../gateway/json.ts';
import { responsesStream } from '../../gateway/responses-stream.ts';
import type { Transcript } from '../../gateway/transcript.ts';
import { notServed, served } from '../exchanges.ts';
import { modelProbe, responseProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem } from '../probe.ts';
import { responseRequest } from '../requests.ts';

const FIX =
  'Programs that use the Responses API cannot move to this gateway; keep them on the official API, or switch them to chat completions.';

/** How a response may end; a small token limit leads to `incomplete`. */
const ENDS = ['completed', 'incomplete'];

export const responsesProbes: readonly Probe[] = [
  responseProbe({
    id: 'responses.basic',
    severity: 'block',
    features: ['responses'],
    request: (model) => responseRequest(model, false),
    what: 'The Responses API',
    fixOfFailure: FIX,
    judge({ json }) {
      const status = textField(json, 'status');
      const whole = field(json, 'object') === 'response' && listField(json, 'output').length > 0;
      if (whole && ENDS.includes(status ?? '')) return ok('The Responses API works.');
      return problem(`The Responses API returns something other than a response (status ${status}).`, FIX);
    },
  }),
  modelProbe({
    id: 'responses.stream',
    severity: 'block',
    features: ['responses', 'streaming'],
    async run(model, { send }) {
      const exchange = await send(responseRequest(model, true));
      if (exchange.kind === 'response' && exchange.transcript !== null) {
        return withRequestId(judgeStream(exchange.transcript), exchange);
      }
      const response = served(exchange);
      if (response === null) return { ...notServed('A streamed response', exchange), fix: FIX };
      const type = response.contentType || 'untyped';
      return withRequestId(
        problem(`stream: true is ignored on /responses: the body is ${type}.`, FIX),
        response,
      );
    },
  }),
];

function judgeStream(transcript: Transcript): ProbeFinding {
  const { terminalEvent, error } = responsesStream(transcript);
  if (error !== null) return problem(`A streamed response contains an error: ${error.message}`, FIX);
  if (ENDS.some((end) => terminalEvent === `response.${end}`)) {
    return ok(`A streamed response ends with ${terminalEvent}.`);
  }
  return problem(
    `A streamed response does not end with response.completed or response.incomplete (terminal event: ${terminalEvent ?? 'none'}).`,
    FIX,
  );
}
