import { field, listField, textField } from '../../gateway/json.ts';
import { responsesStream } from '../../gateway/responses-stream.ts';
import type { Transcript } from '../../gateway/transcript.ts';
import { notServed } from '../exchanges.ts';
import { modelProbe, responseProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem } from '../probe.ts';
import { repeatedly } from '../repeat.ts';
import { responseRequest } from '../requests.ts';

const FIX =
  'Programs that use the Responses API cannot move to this gateway; keep them on the official API, or switch them to chat completions.';

/** Whole and streamed. */
const REQUESTS = 2;

/** How a response may end; a small token limit leads to `incomplete`. */
const ENDS = ['completed', 'incomplete'];

export const responsesProbes: readonly Probe[] = [
  responseProbe({
    id: 'responses.basic',
    severity: 'block',
    features: ['responses'],
    request: (model) => responseRequest(model, false),
    requestsOfFeature: REQUESTS,
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
    run: (model, context) =>
      repeatedly(context, REQUESTS, async (inTurn) => {
        const exchange = await context.send(inTurn(responseRequest(model, true)));
        const transcript = exchange.kind === 'response' ? exchange.transcript : null;
        if (transcript === null) return { ...notServed('A streamed response', exchange), fix: FIX };
        return withRequestId(judgeStream(transcript), exchange);
      }),
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
