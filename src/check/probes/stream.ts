import { type ChatStream, chatStream } from '../../gateway/chat-stream.ts';
import type { Exchange, HttpResponse } from '../../gateway/exchange.ts';
import { field, listField, textField } from '../../gateway/json.ts';
import type { Transcript } from '../../gateway/transcript.ts';
import { notServed, served } from '../exchanges.ts';
import { modelProbe, named } from '../model-probe.ts';
import { type Finding, ok, type Probe, problem, skip } from '../probe.ts';
import { ENUMERATION_END, enumeration, plainStream } from '../requests.ts';

/** Under this total time a stream cannot be told from a burst. */
const TELLABLE_MS = 100;
/** Half of the enumeration; a stream that breaks off before has its own probe. */
const TELLABLE_CHARACTERS = 80;
/** A hundred and more tokens within this time were not generated while they were sent. */
const BURST_MS = 15;

/** A probe over the one long stream that this family shares. */
const streamProbe = (
  id: string,
  severity: Probe['severity'],
  read: (stream: ChatStream, transcript: Transcript, answer: HttpResponse) => Finding,
): Probe =>
  modelProbe({
    id,
    severity,
    features: ['streaming'],
    async run(model, { send }) {
      const exchange = await send(enumeration(model));
      const answer = exchange.kind === 'response' ? exchange : null;
      if (answer?.transcript == null || answer.transcript.chunks.length === 0) {
        return id === 'stream.shape' ? noStream(exchange) : skip('There was no stream to look at.');
      }
      return named(read(chatStream(answer.transcript), answer.transcript, answer), answer);
    },
  });

export const streamProbes: readonly Probe[] = [
  streamProbe('stream.shape', 'block', (stream, transcript, answer) => {
    const oddities = shapeOddities(stream, transcript, answer);
    if (oddities.length === 0) return ok('A stream has one id, a finish_reason and [DONE].');
    return problem(
      `A stream is not as the API sends it: ${oddities.join('; ')}.`,
      'The official client does not notice most of this and hands out partial text as if it were whole. Do not move streaming traffic before the gateway is mended.',
    );
  }),
  streamProbe('stream.usage', 'block', ({ usageChunks }) => {
    const fix =
      'Cost cannot be counted on streams; ask the operator of the gateway to support stream_options.include_usage.';
    if (usageChunks.length === 0)
      return problem('include_usage has no effect: the stream carries no usage.', fix);
    if (usageChunks.length > 1) {
      return problem(
        `The stream carries ${usageChunks.length} usage chunks instead of one: tokens are counted twice.`,
        fix,
      );
    }
    const [usage] = usageChunks;
    if (usage === undefined || usage.input === 0 || usage.output === 0)
      return problem("The stream's usage counts zero tokens.", fix);
    return ok(`One usage chunk: ${usage.input} tokens in, ${usage.output} out.`);
  }),
  streamProbe('stream.incremental', 'warn', ({ text }, { chunks, totalMs }) => {
    if (totalMs < TELLABLE_MS)
      return skip(`The whole stream took ${Math.round(totalMs)} ms: too quick to tell.`);
    if (text.length < TELLABLE_CHARACTERS) return skip('Too little text arrived to tell.');
    // A first chunk without text may come long before the rest, and comes alone.
    const arrivals = chunks.filter(({ json }) => deltaText(json) !== '').map(({ atMs }) => atMs);
    const first = arrivals[0] ?? 0;
    const last = arrivals.at(-1) ?? 0;
    const told = `its text from ${Math.round(first)} to ${Math.round(last)} ms after the request`;
    if (last - first >= BURST_MS) return ok(`Chunks arrive over time (${told}).`);
    return problem(
      `The whole stream arrives in one burst (${told}).`,
      'Users will wait for the whole answer; look for buffering in the gateway or a proxy before it (nginx: proxy_buffering off).',
    );
  }),
  streamProbe('stream.complete', 'block', ({ text, finishReasons }) => {
    const missing = missingNumbers(text);
    if (missing.length === 0) return ok(`A long answer is whole to its last item (${ENUMERATION_END}).`);
    if (missing.length === ENUMERATION_END) {
      return problem(
        'The streamed answer is not what was asked for.',
        'Ask the model itself by hand; the gateway may answer with a text of its own.',
        {
          evidence: [`It begins: ${text.slice(0, 80)}`],
        },
      );
    }
    const end =
      finishReasons.length === 0
        ? 'without a finish_reason'
        : `with finish_reason ${finishReasons.join(', ')} all the same`;
    return problem(
      `A long answer lacks ${missing.length} of ${ENUMERATION_END} items, the first of them ${missing[0]}; the stream ended ${end}.`,
      'Answers are cut without an error. Do not move streaming traffic before the gateway is mended.',
    );
  }),
  modelProbe({
    id: 'stream.encoding',
    severity: 'info',
    features: ['streaming'],
    async run(model, { send }) {
      const exchanges = await Promise.all([send(enumeration(model)), send(plainStream(model))]);
      const names = ['by default', 'although accept-encoding is identity'];
      const encoded = exchanges.flatMap((exchange, index) => {
        const encoding = exchange.kind === 'response' ? exchange.headers['content-encoding'] : undefined;
        return encoding === undefined || encoding === 'identity' ? [] : [`${encoding} ${names[index]}`];
      });
      if (encoded.length === 0) return ok('Streams come without compression.');
      return problem(
        `Streams come compressed: ${encoded.join(', ')}.`,
        'Clients that read the socket directly will not understand it, and compression may hold chunks back.',
      );
    },
  }),
];

const deltaText = (json: unknown): string =>
  textField(field(listField(json, 'choices')[0], 'delta'), 'content') ?? '';

/** Why `stream: true` brought no event stream. */
function noStream(exchange: Exchange): Finding {
  const answer = served(exchange);
  if (answer === null) return notServed('A streamed chat completion', exchange);
  const seen = problem(
    `stream: true is ignored: the answer is one ${answer.contentType || 'untyped'} body instead of text/event-stream.`,
    'The official client shows zero chunks and no error. Do not move streaming traffic before the gateway is mended.',
  );
  return named(seen, answer);
}

function shapeOddities(stream: ChatStream, transcript: Transcript, answer: HttpResponse): string[] {
  return [
    ...(answer.contentType === 'text/event-stream'
      ? []
      : [`its content type is ${answer.contentType || 'missing'}`]),
    ...(stream.error === null ? [] : [`an error came inside it: ${stream.error.message}`]),
    ...(transcript.end === 'cut' ? ['the connection was cut before its end'] : []),
    ...(transcript.end === 'deadline' ? ['it stalled until the deadline'] : []),
    ...(stream.ids.length > 1 ? [`its id changes between chunks (${stream.ids.length} ids)`] : []),
    ...(stream.finishReasons.length === 0 ? ['no finish_reason came'] : []),
    ...(stream.finishReasons.includes('error') ? ['its finish_reason is "error"'] : []),
    ...(transcript.done ? [] : ['[DONE] never came']),
    ...(transcript.malformed > 0 ? [`${transcript.malformed} lines are no event-stream fields`] : []),
  ];
}

/** The numbers of the enumeration that did not arrive. */
function missingNumbers(text: string): number[] {
  const seen = new Set((text.match(/\d+/g) ?? []).map(Number));
  return Array.from({ length: ENUMERATION_END }, (_, index) => index + 1).filter(
    (number) => !seen.has(number),
  );
}
