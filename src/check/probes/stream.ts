import { type ChatStream, chatStream } from '../../gateway/chat-stream.ts';
import type { Exchange, HttpResponse } from '../../gateway/exchange.ts';
import { failedMidway } from '../../gateway/incomplete.ts';
import { field, isRecord, listField, textField } from '../../gateway/json.ts';
import type { Transcript } from '../../gateway/transcript.ts';
import { classOf, notServed, served } from '../exchanges.ts';
import { firstForm, formsOf, longStream, probesResponses } from '../forms.ts';
import { modelProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem, skip } from '../probe.ts';
import { type Ask, repeatedly } from '../repeat.ts';
import { ENUMERATION_END, enumeration, plainStream } from '../requests.ts';

/** A shorter stream cannot be distinguished from a burst. */
const LEAST_TOTAL_MS = 100;
/** Half of the enumeration; a stream that breaks off earlier has its own probe. */
const LEAST_CHARACTERS = 80;
/** A hundred tokens or more within this time were not generated while they were sent. */
const BURST_MS = 15;

const DO_NOT_MOVE = 'Do not move streaming traffic until the gateway is fixed.';

/** A probe over the one long stream that this family shares. */
const streamProbe = (
  id: string,
  severity: Probe['severity'],
  forms: typeof firstForm,
  read: (stream: ChatStream, transcript: Transcript, response: HttpResponse) => ProbeFinding,
): Probe =>
  modelProbe({
    id,
    severity,
    features: ['streaming'],
    run(model, context) {
      const ask: Ask = async (send, form) => {
        const exchange = await send(longStream(model, form, context.plan));
        const response = exchange.kind === 'response' ? exchange : null;
        const { transcript = null } = response ?? {};
        if (response === null || transcript === null || transcript.chunks.length === 0) {
          return id === 'stream.shape' ? noStream(exchange) : skip('There was no stream to read.');
        }
        const stream = chatStream(transcript);
        if (form.name === 'responses' && stream.text === '' && probesResponses(context.plan))
          return skip('The stream brings no text, see responses.stream.');
        return withRequestId(read(stream, transcript, response), response);
      };
      const asked = forms(context.plan);
      return repeatedly(context, formsOf(context.plan).length / asked.length, ask, asked);
    },
  });

export const streamProbes: readonly Probe[] = [
  streamProbe('stream.shape', 'block', firstForm, (stream, transcript, response) => {
    const defects = shapeDefects(stream, transcript);
    if (defects.length > 0) {
      return problem(
        `A stream differs from the official API: ${defects.join('; ')}.`,
        `The official client fails on it, or returns partial text as if it were complete. ${DO_NOT_MOVE}`,
      );
    }
    const oddities = shapeOddities(transcript, response);
    if (oddities.length === 0) return ok('A stream has one id, a finish_reason and [DONE].');
    return problem(
      `A stream is whole, but differs from the official API: ${oddities.join('; ')}.`,
      'The official clients read it whole. Code of your own that reads the stream itself may not, or wait forever.',
      { severity: 'warn' },
    );
  }),
  streamProbe('stream.usage', 'block', firstForm, ({ usageChunks }) => {
    const fix =
      "The cost of streams cannot be counted; ask the gateway's operator to support stream_options.include_usage.";
    if (usageChunks.length === 0)
      return problem('include_usage has no effect: the stream has no usage.', fix);
    if (usageChunks.length > 1) {
      return problem(
        `The stream has ${usageChunks.length} usage chunks instead of one.`,
        'The official clients keep the last one. Code that adds them up counts tokens more than once.',
        { severity: 'warn' },
      );
    }
    const [usage] = usageChunks;
    if (usage === undefined || usage.input === 0 || usage.output === 0)
      return problem("The stream's usage counts zero tokens.", fix);
    return ok(`One usage chunk: ${usage.input} tokens in, ${usage.output} out.`);
  }),
  streamProbe('stream.incremental', 'warn', formsOf, ({ text }, { chunks, totalMs }) => {
    if (totalMs < LEAST_TOTAL_MS)
      return skip(`The whole stream took ${Math.round(totalMs)} ms, too short to judge.`);
    if (text.length < LEAST_CHARACTERS) return skip('Too little text arrived to judge.');
    // A first chunk without text may arrive alone, long before the rest.
    const arrivals = chunks.filter(({ json }) => deltaText(json) !== '').map(({ atMs }) => atMs);
    const first = arrivals[0] ?? 0;
    const last = arrivals.at(-1) ?? 0;
    const when = `text from ${Math.round(first)} to ${Math.round(last)} ms after the request`;
    if (last - first >= BURST_MS) return ok(`Chunks arrive over time (${when}).`);
    return problem(
      `The whole stream arrives in one burst (${when}).`,
      'Users will wait for the whole text. Look for buffering in the gateway or in a proxy before it (nginx: proxy_buffering off).',
    );
  }),
  streamProbe('stream.complete', 'block', formsOf, ({ text, textDefect, finishReasons }) => {
    if (textDefect !== null) {
      return problem(`A stream brings no text: ${textDefect}.`, `Users see nothing. ${DO_NOT_MOVE}`);
    }
    const missing = missingNumbers(text);
    if (missing.length === 0) return ok(`A long completion arrives complete (${ENUMERATION_END} items).`);
    if (missing.length === ENUMERATION_END) {
      return problem(
        'The streamed text is not what the prompt asks for.',
        'Call the model directly and compare; the gateway may return its own text.',
        { evidence: [`It begins: ${text.slice(0, 80)}`] },
      );
    }
    const end =
      finishReasons.length === 0
        ? 'ended without a finish_reason'
        : `still ended with finish_reason ${finishReasons.join(', ')}`;
    return problem(
      `A long completion is missing ${missing.length} of ${ENUMERATION_END} items, starting at ${missing[0]}; the stream ${end}.`,
      `Text is truncated without an error. ${DO_NOT_MOVE}`,
    );
  }),
  modelProbe({
    id: 'stream.encoding',
    severity: 'info',
    features: ['streaming'],
    async run(model, { plan, send }) {
      const [, second] = formsOf(plan);
      const plain = second?.request(longStream(model, second, plan)) ?? plainStream(model);
      const exchanges = await Promise.all([send(enumeration(model)), send(plain)]);
      const names = ['by default', 'despite accept-encoding: identity'];
      const encoded = exchanges.flatMap((exchange, index) => {
        const encoding = exchange.kind === 'response' ? exchange.headers['content-encoding'] : undefined;
        return encoding === undefined || encoding === 'identity' ? [] : [`${encoding} ${names[index]}`];
      });
      if (encoded.length === 0) return ok('Streams are not compressed.');
      return problem(
        `Streams are compressed: ${encoded.join(', ')}.`,
        'Clients that read the socket directly cannot read them, and compression may delay chunks.',
      );
    },
  }),
];

const deltaText = (json: unknown): string =>
  textField(field(listField(json, 'choices')[0], 'delta'), 'content') ?? '';

/** Why `stream: true` brought no event stream, or one without an event. */
function noStream(exchange: Exchange): ProbeFinding {
  const fix = `The official client returns zero chunks and no error. ${DO_NOT_MOVE}`;
  if (served(exchange) !== null) return withRequestId(problem('A stream has no events.', fix), exchange);
  const isIgnored = classOf(exchange) === 'not_openai_shape';
  return { ...notServed('A streamed chat completion', exchange), ...(isIgnored ? { fix } : {}) };
}

/** What breaks a program with an official client; each was seen to do so (test/check/programs.ts). */
function shapeDefects(stream: ChatStream, { chunks, end }: Transcript): string[] {
  const lists = chunks.map(({ json }) => field(json, 'choices'));
  const deltas = lists.flatMap((choices) =>
    Array.isArray(choices) ? choices.map((choice) => field(choice, 'delta')) : [],
  );
  return [
    ...(stream.error === null ? [] : [`it contains an error: ${stream.error.message}`]),
    ...(end === 'cut' ? ['the connection broke before its end'] : []),
    ...(end === 'deadline' ? ['it stalled until the deadline'] : []),
    ...(chunks.every(({ json }) => isRecord(json)) ? [] : ['an event is not a JSON object']),
    ...(stream.error !== null || lists.every(Array.isArray) ? [] : ['a chunk has no list of choices']),
    ...(deltas.every(isRecord) ? [] : ['a choice has no delta']),
    ...(deltas.some((delta) => textField(delta, 'role') !== null) ? [] : ['role is missing']),
    ...(stream.ids.length > 1 ? [`its id changes between chunks (${stream.ids.length} ids)`] : []),
    ...(stream.finishReasons.length === 0 ? ['finish_reason is missing'] : []),
    ...stream.finishReasons.filter(failedMidway).map((reason) => `its finish_reason is "${reason}"`),
  ];
}

function shapeOddities({ malformed, done }: Transcript, { contentType }: HttpResponse): string[] {
  return [
    ...(contentType === 'text/event-stream' ? [] : [`its content type is ${contentType || 'missing'}`]),
    ...(malformed > 0 ? [`${malformed} lines are not event-stream fields`] : []),
    ...(done ? [] : ['it ends without [DONE]']),
  ];
}

function missingNumbers(text: string): number[] {
  const seen = new Set((text.match(/\d+/g) ?? []).map(Number));
  return Array.from({ length: ENUMERATION_END }, (_, index) => index + 1).filter(
    (number) => !seen.has(number),
  );
}
