import { field, isRecord, numberField } from './json.ts';

/** Tokens of one request, as the endpoint counts them. */
export interface Usage {
  /** All prompt tokens, cached ones included. */
  readonly input: number;
  /** Those of `input` that were read from a cache. */
  readonly cachedInput: number;
  readonly output: number;
}

/**
 * The usage in a body, a stream's chunk, or a `response.completed` event: chat completions and embeddings
 * (`prompt_tokens`, `completion_tokens`), responses (`input_tokens`, `output_tokens`).
 *
 * @returns null where there is none, or where a count is not a whole number of 0 or more
 */
export function readUsage(json: unknown): Usage | null {
  const usage = field(json, 'usage') ?? field(field(json, 'response'), 'usage');
  if (!isRecord(usage)) return null;
  const input = count(usage, 'prompt_tokens') ?? count(usage, 'input_tokens');
  // Embeddings have no output, and their usage does not count it.
  const hasOutput = 'completion_tokens' in usage || 'output_tokens' in usage;
  const output = hasOutput ? (count(usage, 'completion_tokens') ?? count(usage, 'output_tokens')) : 0;
  if (input === null || output === null) return null;
  const details = usage.prompt_tokens_details ?? usage.input_tokens_details;
  const cachedInput = count(details, 'cached_tokens') ?? 0;
  return { input, cachedInput: Math.min(cachedInput, input), output };
}

function count(value: unknown, name: string): number | null {
  const found = numberField(value, name);
  return found !== null && Number.isInteger(found) && found >= 0 ? found : null;
}
