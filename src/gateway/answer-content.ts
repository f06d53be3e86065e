/** What an answer says, whole or streamed: chat completions, completions and responses. It stays in memory. */
import { assembleToolCalls } from './chat-stream.ts';
import { field, listField, numberField, rawText, textField } from './json.ts';

/** A tool that the model wants called. */
export interface ToolCall {
  readonly name: string;
  /** As the model wrote them, normally JSON; of a custom tool any text. */
  readonly arguments: string;
}

/** The first choice of an answer. */
export interface AnswerContent {
  readonly text: string;
  /** What the model says instead of an answer that it refuses; `''` where it refuses none. */
  readonly refusal: string;
  readonly calls: readonly ToolCall[];
}

/** @returns null where the body generates nothing, such as embeddings */
export function contentOf(json: unknown): AnswerContent | null {
  const choice = firstChoice(json)[0];
  if (choice !== undefined) return ofPieces([field(choice, 'message') ?? choice]);
  const output = field(json, 'output');
  return Array.isArray(output) ? ofItems(output) : null;
}

/** @param events the payloads of a stream, parsed */
export function contentOfEvents(events: readonly unknown[]): AnswerContent | null {
  const choices = events.flatMap(firstChoice);
  if (choices.length > 0) return ofPieces(choices.map((choice) => field(choice, 'delta') ?? choice));
  const whole = events.findLast((event) => listField(field(event, 'response'), 'output').length > 0);
  if (whole !== undefined) return contentOf(field(whole, 'response'));
  const items = events.filter((event) => textField(event, 'type') === 'response.output_item.done');
  return items.length === 0 ? null : ofItems(items.map((event) => field(event, 'item')));
}

const firstChoice = (json: unknown): readonly unknown[] =>
  listField(json, 'choices').filter((choice, at) => (numberField(choice, 'index') ?? at) === 0);

/** @param pieces a message, or the deltas of its chunks */
function ofPieces(pieces: readonly unknown[]): AnswerContent {
  const calls = pieces.flatMap((piece) => {
    // A message numbers its calls by their order alone.
    const tools = listField(piece, 'tool_calls').map((call, index) => ({ index, ...Object(call) }));
    const legacy = field(piece, 'function_call');
    return legacy ? [...tools, { index: -1, function: legacy }] : tools;
  });
  return {
    text: joined(pieces, 'content') || joined(pieces, 'text'),
    refusal: joined(pieces, 'refusal'),
    calls: assembleToolCalls(calls).map(({ name, ...call }) => ({
      name: name ?? '',
      arguments: call.arguments,
    })),
  };
}

/** @param items the output of a response */
function ofItems(items: readonly unknown[]): AnswerContent {
  const parts = items.flatMap((item) => listField(item, 'content'));
  const calls = items.filter((item) => /^(function|custom_tool)_call$/.test(rawText(item, 'type')));
  return {
    text: joined(
      parts.filter((part) => field(part, 'type') !== 'reasoning_text'),
      'text',
    ),
    refusal: joined(parts, 'refusal'),
    calls: calls.map((item) => ({
      name: rawText(item, 'name'),
      arguments: rawText(item, 'arguments') || rawText(item, 'input'),
    })),
  };
}

const joined = (pieces: readonly unknown[], name: string): string =>
  pieces.map((piece) => rawText(piece, name)).join('');
