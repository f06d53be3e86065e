/** Reads the bodies of chat completions, completions and responses: how they ended, what they cost, whether they are empty. */
import { REASONING_FIELDS } from './answer.ts';
import { field, isRecord, listField, numberField, parseJson, textField } from './json.ts';

/** The last events of streamed responses, and the finish reason that each means. */
export const TERMINAL_EVENTS: Readonly<Record<string, string>> = {
  'response.completed': 'stop',
  'response.incomplete': 'length',
  'response.failed': 'error',
  'response.cancelled': 'error',
  'image_generation.completed': 'stop',
  'image_edit.completed': 'stop',
};

/** The finish reason that the `status` of a response means. */
export function finishOfResponse(json: unknown): string | null {
  if (field(json, 'object') !== 'response') return null;
  return TERMINAL_EVENTS[`response.${textField(json, 'status')}`] ?? null;
}

/**
 * The cost of the request, as the endpoint reports it: LiteLLM in a header, OpenRouter in the usage.
 * @param headers names in lower case
 * @returns US dollars, or null
 */
export function reportedCost(headers: Readonly<Record<string, string>>, json: unknown): number | null {
  const header = Number(headers['x-litellm-response-cost'] || Number.NaN);
  return costIn(json) ?? (header >= 0 ? header : null);
}

/** The same for one chunk of a stream. */
export function costIn(json: unknown): number | null {
  const cost = numberField(field(json, 'usage'), 'cost');
  return cost !== null && cost >= 0 ? cost : null;
}

/** Whether a completion has no output but reasoning; null where the body is not a completion. */
export function isEmpty(json: unknown): boolean | null {
  const choices = listField(json, 'choices');
  if (choices.length > 0) return !choices.some(hasAnswer);
  const output = field(json, 'output');
  return Array.isArray(output) ? output.every((item) => textField(item, 'type') === 'reasoning') : null;
}

/** Whether a choice of a completion or of a chunk has text, a refusal, audio, or a tool call. */
export const hasAnswer = (choice: unknown): boolean => hasSome(choice, ANSWER_FIELDS);

/** The same, or reasoning. */
export const hasOutput = (choice: unknown): boolean =>
  hasSome(choice, [...ANSWER_FIELDS, ...REASONING_FIELDS]);

function hasSome(choice: unknown, names: readonly string[]): boolean {
  const message = field(choice, 'delta') ?? field(choice, 'message') ?? choice;
  return names.some((name) => {
    const value = field(message, name);
    if (typeof value === 'string') return value !== '';
    return Array.isArray(value) ? value.length > 0 : isRecord(value);
  });
}

const ANSWER_FIELDS = ['content', 'text', 'tool_calls', 'function_call', 'refusal', 'audio'] as const;

/** Whether an event of a streamed response carries a piece of output. */
export function isDelta(event: string, json: unknown): boolean {
  const delta = field(json, 'delta');
  return (
    event.startsWith('response.') && event.endsWith('.delta') && typeof delta === 'string' && delta !== ''
  );
}

/**
 * Model and usage of a body that was too long to keep, in the shape of a whole one: they are at its ends, with vectors
 * between them.
 */
export function endsOf(head: string, tail: string): unknown {
  const usage = /"usage"\s*:\s*(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})(?![\s\S]*"usage"\s*:)/.exec(tail)?.[1];
  const model = /"model"\s*:\s*"([^"\\]+)"/.exec(head + tail)?.[1];
  return { usage: parseJson(usage ?? ''), model, data: [] };
}
