import { chatStream, type StreamedToolCall } from '../../gateway/chat-stream.ts';
import { field, isRecord, listField, parseJson, textField } from '../../gateway/json.ts';
import { notServed, served } from '../exchanges.ts';
import { modelProbe, responseProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem, skip } from '../probe.ts';
import {
  CITIES,
  NONCE,
  parallelToolCalls,
  streamedToolCall,
  structuredOutput,
  toolCall,
} from '../requests.ts';

const FIX_TOOLS = 'Agents will break or loop. Do not move workloads with tools until the gateway is fixed.';

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
          ? skip('There was no stream to read.')
          : notServed('A streamed request with tools', exchange);
      }
      const calls = chatStream(transcript).toolCalls.map(fromStream);
      return withRequestId(judgeCalls('A streamed tool call', calls, 1), exchange);
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
        return ok('A JSON schema is enforced, even against the prompt.');
      }
      return problem(
        'A JSON schema is not enforced: the gateway returns 200 and output that does not match.',
        'Programs that parse the output will fail now and then. Do not move workloads with structured outputs until the gateway is fixed.',
        { evidence: [`Output: ${content.slice(0, 120)}`] },
      );
    },
  }),
];

/** A tool call, and what is wrong with its form. */
interface ToolCallSeen {
  readonly id: string | null;
  readonly defects: readonly string[];
}

function callsOf(json: unknown): ToolCallSeen[] {
  const message = field(listField(json, 'choices')[0], 'message');
  return listField(message, 'tool_calls').map((call) => {
    const id = textField(call, 'id');
    return { id, defects: formDefects(id, field(field(call, 'function'), 'arguments')) };
  });
}

function fromStream(call: StreamedToolCall): ToolCallSeen {
  const form = formDefects(call.id, call.argumentsAreText ? call.arguments : {});
  return { id: call.id, defects: call.indexed ? form : ['index is missing', ...form] };
}

function formDefects(id: string | null, args: unknown): string[] {
  const isText = typeof args === 'string';
  return [
    ...(id === null ? ['id is missing'] : []),
    ...(isText ? [] : ['arguments is not a JSON string']),
    ...(isText && !isRecord(parseJson(args)) ? ['arguments is not a JSON object'] : []),
  ];
}

function judgeCalls(what: string, calls: readonly ToolCallSeen[], expected: number): ProbeFinding {
  if (calls.length === 0) {
    return problem(`${what} was required, but none came: tools or tool_choice are dropped.`, FIX_TOOLS);
  }
  const defects = [...new Set(calls.flatMap((call) => call.defects))];
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
    calls.length === 1 ? `${what} is well-formed.` : `${calls.length} parallel tool calls are well-formed.`,
  );
}
