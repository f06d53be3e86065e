/** Passes an answer on, and reads what a record holds about it as the recorder does; never its content. */
import type { Asked } from '../gateway/answer.ts';
import { findRequestId } from '../gateway/request-id.ts';
import { type Ending, type ResponseFacts, ResponseReader } from '../gateway/response-reader.ts';
import type { AttemptRecord } from './files.ts';

/** How a failure begins whose status is 200: with nothing, a web page, or an error in the form of the API. */
const FAILURE = /^\s*($|<|(event:\s*error\s+)?(data:\s*)?\{\s*"error"\s*:\s*["{])/;

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
  asked: Asked,
  started: number,
  signal: AbortSignal | null | undefined,
  peek: boolean,
  onEnd: (facts: AttemptRecord) => void,
) {
  const { ok, status } = given;
  const head = { status, headers: Object.fromEntries(given.headers) };
  const source = ok ? given.body?.getReader() : undefined;
  if (source === undefined) {
    onEnd({ status, request_id: text(findRequestId(head.headers, undefined, '')?.value ?? null) });
    const mayPass = status === 408 || status === 429 || status >= 500;
    return { response: given, failure: ok ? null : mayPass ? 'broken' : 'refused' } as const;
  }
  const reader = new ResponseReader(head, started, null, asked);
  let isOver = false;
  const end = (ending: Ending): void => {
    if (!isOver) onEnd({ status, ...factsOf(reader.end(ending)) });
    isOver = true;
  };
  let first = peek ? await source.read() : null;
  if (first?.value !== undefined) reader.feed(first.value);
  const isBroken = first !== null && FAILURE.test(new TextDecoder().decode(first.value));
  if (isBroken) end('complete');
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      const { value } = first ?? (await source.read());
      if (value !== undefined && first === null && !isOver) reader.feed(value);
      first = null;
      if (value !== undefined) return controller.enqueue(value);
      end('complete');
      controller.close();
    } catch (error) {
      end(signal?.aborted ? 'left' : 'broken');
      controller.error(error);
    }
  };
  const cancel = (reason: unknown): Promise<void> => {
    end('left');
    return source.cancel(reason);
  };
  const body = new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  return { response: new Response(body, given), failure: isBroken ? 'broken' : null } as const;
}

function factsOf({ usage, refusal, ...facts }: ResponseFacts): AttemptRecord {
  return {
    answered_model: text(facts.model),
    finish_reason: text(facts.finishReason),
    error: refusal?.class,
    ttft_ms: facts.firstTokenMs ?? undefined,
    empty: refusal === null ? (facts.empty ?? undefined) : undefined,
    input_tokens: usage?.input,
    cached_input_tokens: usage?.cachedInput,
    output_tokens: usage?.output,
    cost_usd: facts.reportedCostUsd ?? undefined,
    request_id: text(facts.requestId),
  };
}

const text = (value: string | null) => value?.slice(0, 1_000) || undefined;
