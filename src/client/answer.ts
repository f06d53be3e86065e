/** Passes an answer on, and reads what a record holds about it: model, tokens and end, never its content. */
import type { AttemptRecord } from './files.ts';
import { jsonObject } from './request.ts';

/** Characters of an answer; what follows is not read. */
const MOST_READ = 4_000_000;
/** How a failure begins whose status is 200: with nothing, a web page, or an error in the form of the API. */
const FAILURE = /^\s*($|<|(event:\s*error\s+)?(data:\s*)?\{\s*"error"\s*:\s*["{])/;
const FINISHED: Readonly<Record<string, string>> = {
  completed: 'stop',
  incomplete: 'length',
  failed: 'error',
};
const OUTPUT = ['content', 'text', 'tool_calls', 'function_call', 'refusal', 'audio'];

/**
 * @param started by `performance.now()`
 * @param peek whether to wait for the first byte
 * @param onEnd gets fields of the record, once
 * @returns the same response, read as its caller takes it, and whether it is known to be a failure
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
  const known = { status, request_id: headers.get('x-request-id')?.slice(0, 1_000) };
  if (reader === undefined) {
    onEnd(known);
    return { response: given, isFailure: !ok };
  }
  const answer = new Answer(headers.get('content-type')?.includes('event-stream') ? started : null);
  let isOver = false;
  const end = (problem?: string): void => {
    if (!isOver) onEnd({ ...answer.facts(problem), ...known });
    isOver = true;
  };
  let first = peek ? await reader.read() : null;
  if (first?.value !== undefined) answer.add(first.value);
  const isFailure = first !== null && FAILURE.test(new TextDecoder().decode(first.value));
  if (isFailure) end();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      const { value } = first ?? (await reader.read());
      if (value !== undefined && first === null) answer.add(value);
      first = null;
      if (value === undefined) {
        end();
        controller.close();
      } else controller.enqueue(value);
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
  return { response: new Response(body, given), isFailure };
}

/** What an answer has said so far. */
class Answer {
  readonly #streamedSince: number | null;
  readonly #decoder = new TextDecoder();
  #text = '';
  readonly #facts: Record<string, AttemptRecord[string]> = {};
  #isAnswer = false;

  /** @param streamedSince by `performance.now()`; null where it is one JSON value */
  constructor(streamedSince: number | null) {
    this.#streamedSince = streamedSince;
  }

  add(piece: Uint8Array): void {
    if (this.#text.length < MOST_READ) this.#text += this.#decoder.decode(piece, { stream: true });
    if (this.#streamedSince === null) return;
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  /** @param problem why it ended early */
  facts(problem: string | undefined): AttemptRecord {
    this.#read(this.#text);
    const { error, finish_reason } = this.#facts;
    // After the last word of a stream its reader may well leave.
    if (this.#streamedSince !== null) {
      return { ...this.#facts, error: error ?? (finish_reason ? undefined : (problem ?? 'upstream_error')) };
    }
    const isOdd = !this.#isAnswer && this.#text.length < MOST_READ;
    return { ...this.#facts, error: error ?? problem ?? (isOdd ? 'not_openai_shape' : undefined) };
  }

  #read(text: string): void {
    const json = Object(jsonObject(this.#streamedSince === null ? text : text.replace(/^data:/, '')));
    const body = Object(json.response ?? json);
    const [choice] = [body.choices ?? []].flat();
    const says = hasOutput(choice) || (typeof json.delta === 'string' && json.delta !== '');
    this.#isAnswer ||= Boolean(body.choices ?? body.data ?? body.output ?? body.results);
    if (says && this.#streamedSince !== null) this.#facts.ttft_ms ??= performance.now() - this.#streamedSince;
    const found: AttemptRecord = {
      answered_model: name(body.model),
      finish_reason: name(Object(choice).finish_reason) ?? FINISHED[body.status],
      error: body.error || json.type === 'error' ? 'upstream_error' : undefined,
      empty: choice === undefined ? undefined : !says && this.#facts.empty !== false,
      ...usageOf(Object(body.usage)),
    };
    for (const [field, value] of Object.entries(found)) if (value !== undefined) this.#facts[field] = value;
  }
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
