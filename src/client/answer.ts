/** Passes an answer on, and reads what a record holds about it: model, tokens and end, never its content. */
import type { AttemptRecord } from './files.ts';
import { jsonObject } from './request.ts';

/** Characters of an answer; what follows is not read. */
const MOST_READ = 4_000_000;
/** How a failure begins whose status is 200: with nothing, a web page, or an error in the form of the API. */
const FAILURE = /^\s*($|<|(event:\s*error\s+)?(data:\s*)?\{\s*"error"\s*:\s*["{])/;
const FINISHED = new Map(Object.entries({ completed: 'stop', incomplete: 'length', failed: 'error' }));
const OUTPUT = ['content', 'text', 'tool_calls', 'function_call', 'refusal', 'audio'];

/**
 * @param started by `performance.now()`
 * @param peek whether to wait for the first byte
 * @param onEnd gets fields of the record, once
 * @returns the same response, read as its caller takes it, and how it is known to have failed: `refused` by what it was
 *   asked, or `broken`
 * @throws where the first byte does not come
 */
export async function readAlong(
  given: Response,
  started: number,
  signal: AbortSignal | null | undefined,
  peek: boolean,
  onEnd: (facts: AttemptRecord) => void,
) {
  const { ok, status, headers } = given;
  const reader = ok ? given.body?.getReader() : undefined;
  const known = { status, request_id: name(headers.get('x-request-id')) };
  if (reader === undefined) {
    onEnd(known);
    const mayPass = status === 408 || status === 429 || status >= 500;
    return { response: given, failure: ok ? null : mayPass ? 'broken' : 'refused' } as const;
  }
  const streamedSince = headers.get('content-type')?.includes('event-stream') ? started : null;
  const decoder = new TextDecoder();
  let text = '';
  let facts: AttemptRecord = {};
  let isOver = false;
  const add = (piece: Uint8Array): void => {
    if (text.length < MOST_READ) text += decoder.decode(piece, { stream: true });
    const lines = streamedSince === null ? [text] : text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) facts = merged(facts, line, streamedSince);
  };
  const end = (problem?: string): void => {
    if (isOver) return;
    isOver = true;
    const { isAnswer, error, ...rest } = merged(facts, text, streamedSince);
    const isComplete = streamedSince === null ? isAnswer || text.length >= MOST_READ : rest.finish_reason;
    const oddity = streamedSince === null ? 'not_openai_shape' : 'upstream_error';
    // After the last word of a stream its reader may well leave.
    const isEarly = problem !== undefined && !(streamedSince !== null && isComplete);
    onEnd({ ...rest, error: error ?? (isEarly ? problem : isComplete ? undefined : oddity), ...known });
  };
  let first = peek ? await reader.read() : null;
  if (first?.value !== undefined) add(first.value);
  const isBroken = first !== null && FAILURE.test(new TextDecoder().decode(first.value));
  if (isBroken) end();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      const { value } = first ?? (await reader.read());
      if (value !== undefined && first === null) add(value);
      first = null;
      if (value !== undefined) return controller.enqueue(value);
      end();
      controller.close();
    } catch (error) {
      end(signal?.aborted ? 'timeout' : 'unreachable');
      controller.error(error);
    }
  };
  const cancel = (reason: unknown): Promise<void> => {
    end('timeout');
    return reader.cancel(reason);
  };
  const body = new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  return { response: new Response(body, given), failure: isBroken ? 'broken' : null } as const;
}

/** @param streamedSince by `performance.now()`; null where the text is a whole answer, not a line of a stream */
function merged(seen: AttemptRecord, text: string, streamedSince: number | null): AttemptRecord {
  const json = Object(jsonObject(streamedSince === null ? text : text.replace(/^data:/, '')));
  const body = Object(json.response ?? json);
  const [choice] = [body.choices ?? []].flat();
  const says = hasOutput(choice) || (typeof json.delta === 'string' && json.delta !== '');
  const isFirst = says && streamedSince !== null && seen.ttft_ms === undefined;
  const found: AttemptRecord = {
    isAnswer: (body.choices ?? body.data ?? body.output ?? body.results) ? true : undefined,
    answered_model: name(body.model),
    finish_reason: name(Object(choice).finish_reason ?? FINISHED.get(body.status)),
    error: body.error || json.type === 'error' ? 'upstream_error' : undefined,
    ttft_ms: isFirst ? performance.now() - streamedSince : undefined,
    empty: choice === undefined ? undefined : !says && seen.empty !== false,
    ...usageOf(Object(body.usage)),
  };
  return { ...seen, ...Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) };
}

function usageOf(usage: Readonly<Record<string, unknown>>): AttemptRecord {
  const input = count(usage.prompt_tokens ?? usage.input_tokens);
  const { cached_tokens } = Object(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const cost = Number(usage.cost ?? Number.NaN);
  return {
    input_tokens: input,
    cached_input_tokens: count(cached_tokens),
    // Embeddings have none.
    output_tokens: count(usage.completion_tokens ?? usage.output_tokens ?? (input && 0)),
    cost_usd: cost >= 0 ? cost : undefined,
  };
}

/** Of a choice of a chunk, or of a whole completion. */
function hasOutput(choice: unknown): boolean {
  const { delta, message } = Object(choice);
  const said = Object(delta ?? message ?? choice);
  return OUTPUT.some((field) => said[field] && said[field].length !== 0);
}

const count = (value: unknown) => (Number.isInteger(value) && Number(value) >= 0 ? Number(value) : undefined);
const name = (value: unknown) => (typeof value === 'string' && value ? value.slice(0, 1_000) : undefined);
