import { isDelta } from '../../gateway/completion-facts.ts';
import { eventName } from '../../gateway/event-stream.ts';
import { field, textField } from '../../gateway/json.ts';
import { errorInside, streamedResponse } from '../../gateway/transcript.ts';
import { completionOf, longStream, RESPONSES, responseRequest } from '../forms.ts';
import { responseProbe } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem } from '../probe.ts';
import { completionDefects } from './chat.ts';

const FIX =
  'Programs that use the Responses API cannot move to this gateway; keep them on the official API, or switch them to chat completions.';

/** Whole, streamed, and a second turn. */
export const RESPONSES_REQUESTS = 3;

export const responsesProbes: readonly Probe[] = [
  responseProbe({
    id: 'responses.basic',
    severity: 'block',
    features: ['responses'],
    request: responseRequest,
    requestsOfFeature: RESPONSES_REQUESTS,
    what: 'The Responses API',
    fixOfFailure: FIX,
    judge({ json }) {
      // Without it, Node's client has no output_text.
      const untyped = field(json, 'object') === 'response' ? [] : ['object is not "response"'];
      return judged('A response', [...untyped, ...completionDefects(completionOf(json))]);
    },
  }),
  responseProbe({
    id: 'responses.stream',
    severity: 'block',
    features: ['responses', 'streaming'],
    request: (model, plan) => RESPONSES.request(longStream(model, RESPONSES, plan)),
    requestsOfFeature: RESPONSES_REQUESTS,
    what: 'A streamed response',
    fixOfFailure: FIX,
    judge({ transcript }) {
      if (transcript === null) return problem('A streamed response has no events.', FIX);
      const [error, response] = [errorInside(transcript), streamedResponse(transcript)];
      const speaks = transcript.chunks.some(({ event, json }) => isDelta(eventName(event, json), json));
      const isTyped = transcript.chunks.every(({ json }) => textField(json, 'type') !== null);
      return judged('A streamed response', [
        ...(error === null ? [] : [`it contains an error: ${error.message}`]),
        ...(response === undefined
          ? ['it does not end with response.completed or response.incomplete']
          : completionDefects(completionOf(response))),
        ...(isTyped ? [] : ['an event has no type in its data']),
        ...(speaks ? [] : ['it streams no text']),
      ]);
    },
  }),
];

const judged = (what: string, defects: readonly string[]): ProbeFinding =>
  defects.length === 0
    ? ok(`${what} has a text, an end and usage.`)
    : problem(`${what} is not one that a program can use: ${defects.join('; ')}.`, FIX);
