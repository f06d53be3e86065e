import { field, listField, textField } from '../../gateway/json.ts';
import { responsesStream } from '../../gateway/responses-stream.ts';
import type { Transcript } from '../../gateway/transcript.ts';
import { notServed, served } from '../exchanges.ts';
import { modelProbe, named, responseProbe } from '../model-probe.ts';
import { type Finding, ok, type Probe, problem } from '../probe.ts';
import { response } from '../requests.ts';

const FIX =
  'Programs on the Responses API cannot move to this gateway; stay on the official API with them, or go over to chat completions.';

/** How a response may end: `incomplete` is what a small limit of tokens brings. */
const ENDS = ['completed', 'incomplete'];

export const responsesProbes: readonly Probe[] = [
  responseProbe({
    id: 'responses.basic',
    severity: 'block',
    features: ['responses'],
    request: (model) => response(model, false),
    what: 'The Responses API',
    fixOfRefusal: FIX,
    judge({ json }) {
      const status = textField(json, 'status');
      const whole = field(json, 'object') === 'response' && listField(json, 'output').length > 0;
      if (whole && ENDS.includes(status ?? '')) return ok('The Responses API answers.');
      return problem(`The Responses API answers something else than a response (status ${status}).`, FIX);
    },
  }),
  modelProbe({
    id: 'responses.stream',
    severity: 'block',
    features: ['responses', 'streaming'],
    async run(model, { send }) {
      const exchange = await send(response(model, true));
      if (exchange.kind === 'response' && exchange.transcript !== null) {
        return named(judgeStream(exchange.transcript), exchange);
      }
      const answer = served(exchange);
      if (answer === null) return { ...notServed('A streamed response', exchange), fix: FIX };
      const type = answer.contentType || 'untyped';
      return named(problem(`stream: true is ignored on /responses: the answer is ${type}.`, FIX), answer);
    },
  }),
];

function judgeStream(transcript: Transcript): Finding {
  const { terminalEvent, error } = responsesStream(transcript);
  if (error !== null) return problem(`An error came inside the stream of a response: ${error.message}`, FIX);
  if (ENDS.some((end) => terminalEvent === `response.${end}`)) {
    return ok(`A streamed response ends with ${terminalEvent}.`);
  }
  return problem(
    `A streamed response ends without its terminal event (${terminalEvent ?? 'none'} came).`,
    FIX,
  );
}
