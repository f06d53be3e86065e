import type { ZodType } from 'zod';
import { textDefect } from '../../gateway/answer.ts';
import { assembleToolCalls, chatStream, type StreamedToolCall } from '../../gateway/chat-stream.ts';
import type { Exchange } from '../../gateway/exchange.ts';
import { field, isRecord, listField, parseJson, textField } from '../../gateway/json.ts';
import { notServed, served } from '../exchanges.ts';
import { type Form, formsOf } from '../forms.ts';
import { modelProbe, responseProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem, skip } from '../probe.ts';
import { type Ask, repeatedly } from '../repeat.ts';
import {
  CITIES,
  NONCE,
  parallelToolCalls,
  streamed,
  structuredOutput,
  TOOL_ARGUMENTS,
  TOOL_NAME,
  toolCall,
} from '../requests.ts';

const FIX_TOOLS = 'Agents will break or loop. Do not move workloads with tools until the gateway is fixed.';

const CALLS = [
  ['tools.call', 'A tool call', 1],
  ['tools.stream', 'A streamed tool call', 1],
  ['tools.parallel', 'A parallel tool call', CITIES.length],
  ['tools.parallel_stream', 'A streamed parallel tool call', CITIES.length],
] as const;

/** Calls that come in parallel and are right prove the single one, too. */
const REQUESTS = 2;

export const toolProbes: readonly Probe[] = [
  ...CALLS.map(([id, what, calls]) => {
    const streams = id.endsWith('stream');
    return modelProbe({
      id,
      severity: 'block',
      features: streams ? ['tools', 'streaming'] : ['tools'],
      run(model, context) {
        const requestOf = (asked: typeof toolCall) => (streams ? streamed(asked(model)) : asked(model));
        const judge = async (exchange: Exchange, form: Form): Promise<ProbeFinding> => {
          const transcript = exchange.kind === 'response' ? exchange.transcript : null;
          const response = served(exchange);
          if (response === null && transcript === null) return notServed(what, exchange);
          const stream = transcript && chatStream(transcript);
          if (form.name === 'responses' && stream?.finishReasons.length === 0)
            return skip('The stream does not end, see responses.stream.');
          // Loaded on first use: most checks ask for no tools.
          const { z } = await import('zod');
          const schema = z.fromJSONSchema(TOOL_ARGUMENTS);
          const seen = stream?.toolCalls ?? callsOf(response?.json);
          return withRequestId(judgeCalls(what, seen, calls, schema), exchange);
        };
        const ask: Ask = async (send, form) => {
          const exchange = await send(requestOf(parallelToolCalls));
          const finding = await judge(exchange, form);
          const isProved = calls > 1 || finding.kind !== 'problem' || exchange.kind === 'no-response';
          return isProved ? finding : judge(await send(requestOf(toolCall)), form);
        };
        return repeatedly(context, REQUESTS, ask, formsOf(context.plan));
      },
    });
  }),
  responseProbe({
    id: 'structured.schema',
    severity: 'block',
    features: ['structured_outputs'],
    forms: formsOf,
    request: structuredOutput,
    requestsOfFeature: 1,
    what: 'A request with a JSON schema',
    judge({ json }) {
      const message = field(listField(json, 'choices')[0], 'message');
      const content = textField(message, 'content') ?? '';
      if (field(parseJson(content), 'colour') === NONCE) {
        return ok('A JSON schema is enforced, even against the prompt.');
      }
      const defect = textDefect(message);
      return problem(
        defect === null
          ? 'A JSON schema is not enforced: the gateway returns 200 and output that does not match.'
          : `A request with a JSON schema gets no text: ${defect}.`,
        'Programs that parse the output will fail now and then. Do not move workloads with structured outputs until the gateway is fixed.',
        { evidence: [`Output: ${content.slice(0, 120)}`] },
      );
    },
  }),
];

/** Of a message, which numbers its calls by their order alone. */
function callsOf(json: unknown): StreamedToolCall[] {
  const message = field(listField(json, 'choices')[0], 'message');
  return assembleToolCalls(
    listField(message, 'tool_calls').map((call, index) => ({ ...Object(call), index })),
  );
}

function defectsOf({ id, type, name, ...call }: StreamedToolCall, schema: ZodType): string[] {
  return [
    ...(call.indexed ? [] : ['index is missing, or does not count from 0']),
    ...(id === null ? ['id is missing'] : []),
    ...(type === 'function' ? [] : ['type is not "function"']),
    ...(name === TOOL_NAME ? [] : [`its name is ${JSON.stringify(name)} instead of "${TOOL_NAME}"`]),
    ...(call.argumentsAreText ? argumentDefects(call.arguments, schema) : ['arguments is not a JSON string']),
  ];
}

/** @param schema the one that the requests send */
function argumentDefects(args: string, schema: ZodType): string[] {
  const value = parseJson(args);
  if (!isRecord(value)) return ['arguments is not a JSON object'];
  const { error } = schema.safeParse(value);
  if (error === undefined) return [];
  const why = error.issues.map(({ message, path }) => [...path, message].join(': ')).join('; ');
  return [`arguments ${args.slice(0, 80)} break the schema that was sent (${why})`];
}

function judgeCalls(
  what: string,
  calls: readonly StreamedToolCall[],
  expected: number,
  schema: ZodType,
): ProbeFinding {
  if (calls.length === 0) {
    return problem(`${what} was required, but none came: tools or tool_choice are dropped.`, FIX_TOOLS);
  }
  const defects = [...new Set(calls.flatMap((call) => defectsOf(call, schema)))];
  const ids = new Set(calls.map((call) => call.id));
  if (defects.length === 0 && ids.size < calls.length) defects.push('several calls share an id');
  if (defects.length > 0) return problem(`${what} is malformed: ${defects.join('; ')}.`, FIX_TOOLS);
  if (calls.length < expected) {
    // Some models prefer one call at a time, which is not the gateway's fault.
    return problem(
      `${expected} parallel tool calls were requested, ${calls.length} came.`,
      'If your program relies on parallel calls, compare with the official API.',
      { severity: 'warn' },
    );
  }
  return ok(
    expected === 1 ? `${what} is well-formed.` : `${calls.length} parallel tool calls are well-formed.`,
  );
}
