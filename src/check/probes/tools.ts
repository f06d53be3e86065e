import { z } from 'zod';
import { textDefect } from '../../gateway/answer.ts';
import { chatStream, type StreamedToolCall } from '../../gateway/chat-stream.ts';
import { field, isRecord, listField, parseJson, textField } from '../../gateway/json.ts';
import { notServed } from '../exchanges.ts';
import { modelProbe, responseProbe, withRequestId } from '../model-probe.ts';
import type { ModelInUse } from '../plan.ts';
import { ok, type Probe, type ProbeFinding, problem } from '../probe.ts';
import { repeatedly } from '../repeat.ts';
import {
  CITIES,
  NONCE,
  type ProbeRequest,
  parallelToolCalls,
  streamed,
  structuredOutput,
  TOOL_ARGUMENTS,
  TOOL_NAME,
  toolCall,
} from '../requests.ts';

const FIX_TOOLS = 'Agents will break or loop. Do not move workloads with tools until the gateway is fixed.';

/** `tools.call`, `tools.stream`, and both of `tools.parallel`. */
const REQUESTS = 4;

export const toolProbes: readonly Probe[] = [
  responseProbe({
    id: 'tools.call',
    severity: 'block',
    features: ['tools'],
    request: toolCall,
    requestsOfFeature: REQUESTS,
    what: 'A request with tools',
    judge: ({ json }) => judgeCalls('A tool call', callsOf(json), 1),
  }),
  streamedCalls('tools.stream', (model) => streamed(toolCall(model)), 'A streamed tool call', 1),
  responseProbe({
    id: 'tools.parallel',
    severity: 'block',
    features: ['tools'],
    request: parallelToolCalls,
    requestsOfFeature: REQUESTS,
    what: 'A request with parallel tools',
    judge: ({ json }) => judgeCalls('A parallel tool call', callsOf(json), CITIES.length),
  }),
  streamedCalls(
    'tools.parallel_stream',
    (model) => streamed(parallelToolCalls(model)),
    'A streamed parallel tool call',
    CITIES.length,
  ),
  responseProbe({
    id: 'structured.schema',
    severity: 'block',
    features: ['structured_outputs'],
    request: structuredOutput,
    requestsOfFeature: 1,
    what: 'A request with a JSON schema',
    judge({ json }) {
      const message = field(listField(json, 'choices')[0], 'message');
      const content = textField(message, 'content');
      if (content === null) {
        return problem(
          `A request with a JSON schema gets no text: ${textDefect(message)}.`,
          'Programs that parse the output fail; see chat.basic.',
        );
      }
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

function streamedCalls(
  id: string,
  request: (model: ModelInUse) => ProbeRequest,
  what: string,
  expected: number,
): Probe {
  return modelProbe({
    id,
    severity: 'block',
    features: ['tools', 'streaming'],
    run: (model, context) =>
      repeatedly(context, REQUESTS, async (inTurn) => {
        const exchange = await context.send(inTurn(request(model)));
        const transcript = exchange.kind === 'response' ? exchange.transcript : null;
        if (transcript === null) return notServed('A streamed request with tools', exchange);
        const calls = chatStream(transcript).toolCalls.map(fromStream);
        return withRequestId(judgeCalls(what, calls, expected), exchange);
      }),
  });
}

/** A tool call, and what is wrong with its form. */
interface ToolCallSeen {
  readonly id: string | null;
  readonly defects: readonly string[];
}

function callsOf(json: unknown): ToolCallSeen[] {
  const message = field(listField(json, 'choices')[0], 'message');
  return listField(message, 'tool_calls').map((call) => {
    const id = textField(call, 'id');
    const called = field(call, 'function');
    return { id, defects: defectsOf(id, field(called, 'name'), field(called, 'arguments')) };
  });
}

function fromStream(call: StreamedToolCall): ToolCallSeen {
  const defects = defectsOf(call.id, call.name, call.argumentsAreText ? call.arguments : {});
  return { id: call.id, defects: call.indexed ? defects : ['index is missing', ...defects] };
}

function defectsOf(id: string | null, name: unknown, args: unknown): string[] {
  return [
    ...(id === null ? ['id is missing'] : []),
    ...(name === TOOL_NAME ? [] : [`its name is ${JSON.stringify(name)} instead of "${TOOL_NAME}"`]),
    ...argumentDefects(args),
  ];
}

/** The schema that the requests send. */
const ARGUMENTS = z.fromJSONSchema(TOOL_ARGUMENTS);

function argumentDefects(args: unknown): string[] {
  if (typeof args !== 'string') return ['arguments is not a JSON string'];
  const value = parseJson(args);
  if (!isRecord(value)) return ['arguments is not a JSON object'];
  const { error } = ARGUMENTS.safeParse(value);
  if (error === undefined) return [];
  return [`arguments ${args.slice(0, 80)} break the schema that was sent (${z.prettifyError(error)})`];
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
