import { chatStream, type StreamedToolCall } from '../../gateway/chat-stream.ts';
import { field, isRecord, listField, parseJson, textField } from '../../gateway/json.ts';
import { notServed, served } from '../exchanges.ts';
import { modelProbe, named, responseProbe } from '../model-probe.ts';
import { type Finding, ok, type Probe, problem, skip } from '../probe.ts';
import {
  CITIES,
  NONCE,
  parallelToolCalls,
  streamedToolCall,
  structuredOutput,
  toolCall,
} from '../requests.ts';

const FIX_TOOLS = 'Agents will break or loop. Do not move workloads with tools before the gateway is mended.';

export const toolProbes: readonly Probe[] = [
  responseProbe({
    id: 'tools.call',
    severity: 'block',
    features: ['tools'],
    request: toolCall,
    what: 'A request with tools',
    judge: ({ json }) => judgeCalls('A tool call', callsOf(json), 1),
  }),
  modelProbe({
    id: 'tools.stream',
    severity: 'block',
    features: ['tools', 'streaming'],
    async run(model, { send }) {
      const exchange = await send(streamedToolCall(model));
      const transcript = exchange.kind === 'response' ? exchange.transcript : null;
      if (transcript === null) {
        const ignored = served(exchange) !== null;
        return ignored
          ? skip('There was no stream to look at.')
          : notServed('A streamed request with tools', exchange);
      }
      const calls = chatStream(transcript).toolCalls.map(fromStream);
      return named(judgeCalls('A streamed tool call', calls, 1), exchange);
    },
  }),
  responseProbe({
    id: 'tools.parallel',
    severity: 'block',
    features: ['tools'],
    request: parallelToolCalls,
    what: 'A request with parallel tools',
    judge: ({ json }) => judgeCalls('A parallel tool call', callsOf(json), CITIES.length),
  }),
  responseProbe({
    id: 'structured.schema',
    severity: 'block',
    features: ['structured_outputs'],
    request: structuredOutput,
    what: 'A request with a JSON schema',
    judge({ json }) {
      const content = textField(field(listField(json, 'choices')[0], 'message'), 'content') ?? '';
      if (field(parseJson(content), 'colour') === NONCE) {
        return ok('A JSON schema is obeyed, against what the prompt suggests.');
      }
      return problem(
        'A JSON schema is not obeyed: the request was answered with 200 and something else.',
        'Programs that parse the answer will fail now and then. Do not move workloads with structured outputs before the gateway is mended.',
        { evidence: [`It answered: ${content.slice(0, 120)}`] },
      );
    },
  }),
];

/** A tool call as it came, with what is odd about its form. */
interface ToolCallSeen {
  readonly id: string | null;
  readonly oddities: readonly string[];
}

function callsOf(json: unknown): ToolCallSeen[] {
  const message = field(listField(json, 'choices')[0], 'message');
  return listField(message, 'tool_calls').map((call) => {
    const id = textField(call, 'id');
    return { id, oddities: formOddities(id, field(field(call, 'function'), 'arguments')) };
  });
}

function fromStream(call: StreamedToolCall): ToolCallSeen {
  const form = formOddities(call.id, call.argumentsAreText ? call.arguments : {});
  return { id: call.id, oddities: call.indexed ? form : ['index is missing', ...form] };
}

function formOddities(id: string | null, args: unknown): string[] {
  if (typeof args !== 'string')
    return [...(id === null ? ['id is missing'] : []), 'arguments is not a JSON string'];
  return [
    ...(id === null ? ['id is missing'] : []),
    ...(isRecord(parseJson(args)) ? [] : ['arguments is no JSON object']),
  ];
}

function judgeCalls(what: string, calls: readonly ToolCallSeen[], due: number): Finding {
  if (calls.length === 0) {
    return problem(`${what} was due, but the answer has none: tools or tool_choice are dropped.`, FIX_TOOLS);
  }
  const oddities = [...new Set(calls.flatMap((call) => call.oddities))];
  const ids = new Set(calls.map((call) => call.id));
  if (oddities.length === 0 && ids.size < calls.length) oddities.push('several calls share an id');
  if (oddities.length > 0) return problem(`${what} is malformed: ${oddities.join('; ')}.`, FIX_TOOLS);
  if (calls.length < due) {
    // Some models prefer one call at a time; that is no fault of the gateway's.
    return problem(
      `${due} parallel tool calls were asked for, ${calls.length} came.`,
      'If the program relies on parallel calls, compare with the official API.',
      { severity: 'warn' },
    );
  }
  return ok(
    calls.length === 1 ? `${what} is well-formed.` : `${calls.length} parallel tool calls are well-formed.`,
  );
}
