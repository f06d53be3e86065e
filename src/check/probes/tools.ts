import { field, isRecord, listField, parseJson, textField } from '../../gateway/json.ts';
import { chatStream, type StreamedToolCall } from '../../gateway/transcript.ts';
import { notServed, requestIdOf, served } from '../answers.ts';
import { type Finding, ok, type Probe, type ProbeContext, problem, skip } from '../probe.ts';
import {
  CITIES,
  NONCE,
  parallelToolCalls,
  streamedToolCall,
  structuredOutput,
  toolCall,
} from '../questions.ts';

const FIX_TOOLS = 'Agents will break or loop. Do not move workloads with tools before the gateway is mended.';

const notUsed =
  (feature: 'tools' | 'structured_outputs', what: string) =>
  ({ plan, chatModel }: ProbeContext): string | null => {
    if (!plan.features.includes(feature)) return `${what} not used.`;
    return chatModel === null ? 'No chat model is in use.' : null;
  };

export const toolProbes: readonly Probe[] = [
  {
    id: 'tools.call',
    severity: 'block',
    needs: 'model',
    phase: 'ask',
    notConcerned: notUsed('tools', 'Tools are'),
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(toolCall(chatModel.gatewayName));
      const answer = served(exchange);
      if (answer === null) return notServed('A request with tools', exchange);
      return judgeCalls('A tool call', callsOf(answer.json), 1, requestIdOf(answer));
    },
  },
  {
    id: 'tools.stream',
    severity: 'block',
    needs: 'model',
    phase: 'ask',
    notConcerned: (context) =>
      notUsed('tools', 'Tools are')(context) ??
      (context.plan.features.includes('streaming') ? null : 'Streaming is not used.'),
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(streamedToolCall(chatModel.gatewayName));
      if (exchange.kind === 'no-answer' || (exchange.refusal !== null && exchange.transcript === null)) {
        return notServed('A streamed request with tools', exchange);
      }
      if (exchange.transcript === null) return skip('There was no stream to look at.');
      const calls = chatStream(exchange.transcript).toolCalls.map(fromStream);
      return judgeCalls('A streamed tool call', calls, 1, requestIdOf(exchange));
    },
  },
  {
    id: 'tools.parallel',
    severity: 'block',
    needs: 'model',
    phase: 'ask',
    notConcerned: notUsed('tools', 'Tools are'),
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(parallelToolCalls(chatModel.gatewayName));
      const answer = served(exchange);
      if (answer === null) return notServed('A request with parallel tools', exchange);
      return judgeCalls('Parallel tool calls', callsOf(answer.json), CITIES.length, requestIdOf(answer));
    },
  },
  {
    id: 'structured.schema',
    severity: 'block',
    needs: 'model',
    phase: 'ask',
    notConcerned: notUsed('structured_outputs', 'Structured outputs are'),
    async run({ ask, chatModel }) {
      if (chatModel === null) return skip('No chat model is in use.');
      const exchange = await ask(structuredOutput(chatModel.gatewayName));
      const answer = served(exchange);
      if (answer === null) return notServed('A request with a JSON schema', exchange);
      const content = textField(field(listField(answer.json, 'choices')[0], 'message'), 'content') ?? '';
      const requestId = requestIdOf(answer);
      if (field(parseJson(content), 'colour') === NONCE) {
        return ok('A JSON schema is obeyed, against what the prompt suggests.', { requestId });
      }
      return problem(
        'A JSON schema is not obeyed: the request was answered with 200 and something else.',
        'Programs that parse the answer will fail now and then. Do not move workloads with structured outputs before the gateway is mended.',
        { evidence: [`It answered: ${content.slice(0, 120)}`], requestId },
      );
    },
  },
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

function judgeCalls(
  what: string,
  calls: readonly ToolCallSeen[],
  due: number,
  requestId: string | null,
): Finding {
  if (calls.length === 0) {
    return problem(`${what} was due, but the answer has none: tools or tool_choice are dropped.`, FIX_TOOLS, {
      requestId,
    });
  }
  const oddities = [...new Set(calls.flatMap((call) => call.oddities))];
  const ids = new Set(calls.map((call) => call.id));
  if (oddities.length === 0 && ids.size < calls.length) oddities.push('several calls share an id');
  if (oddities.length > 0)
    return problem(`${what} is malformed: ${oddities.join('; ')}.`, FIX_TOOLS, { requestId });
  if (calls.length < due) {
    // Some models prefer one call at a time; that is no fault of the gateway's.
    return problem(
      `${due} parallel tool calls were asked for, ${calls.length} came.`,
      'If the program relies on parallel calls, compare with the official API.',
      { requestId, severity: 'warn' },
    );
  }
  return ok(
    calls.length === 1 ? `${what} is well-formed.` : `${calls.length} parallel tool calls are well-formed.`,
    { requestId },
  );
}
