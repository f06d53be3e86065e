import { messageDefect, textDefect } from './answer.ts';
import { finishReasonOf } from './incomplete.ts';
import { field, isRecord, listField, numberField, rawText, textField } from './json.ts';
import type { Refusal } from './refusal.ts';
import { errorInside, type Transcript } from './transcript.ts';
import { readUsage, type Usage } from './usage.ts';

/** A tool call assembled from the pieces of a stream, and what is wrong with the pieces. */
export interface StreamedToolCall {
  readonly id: string | null;
  readonly type: string | null;
  readonly name: string | null;
  /** The pieces of `arguments` joined; normally JSON. */
  readonly arguments: string;
  /** Whether every piece had an `index`, counted from 0; clients cannot assemble pieces otherwise. */
  readonly indexed: boolean;
  /** Whether every piece of `arguments` was text, as it must be; an object is serialised as JSON. */
  readonly argumentsAreText: boolean;
}

/** The first choice of a streamed chat completion. */
export interface ChatStream {
  readonly text: string;
  /** Why there is no text; null where there is one. */
  readonly textDefect: string | null;
  readonly finishReasons: readonly string[];
  /** Distinct `id` values, in the order of their first appearance. */
  readonly ids: readonly string[];
  /** One entry for each chunk with a usage, zeros included. */
  readonly usageChunks: readonly Usage[];
  readonly toolCalls: readonly StreamedToolCall[];
  /** The first error inside the stream, under HTTP 200. */
  readonly error: Refusal | null;
}

/** Reads a transcript as a streamed chat completion; pure, and tolerant of every defect. */
export function chatStream(transcript: Transcript): ChatStream {
  const chunks = transcript.chunks.map((chunk) => chunk.json);
  const choices = chunks.flatMap((json) => listField(json, 'choices').slice(0, 1));
  const deltas = choices.map((choice) => field(choice, 'delta'));
  const text = deltas.map((delta) => rawText(delta, 'content')).join('');
  const odd = deltas.find((delta) => isRecord(delta) && messageDefect(delta) !== null);
  return {
    text,
    textDefect: textDefect(odd ?? Object.assign({}, ...deltas.filter(isRecord), { content: text })),
    finishReasons: choices.flatMap((choice) => finishReasonOf(choice) ?? []),
    ids: [...new Set(chunks.flatMap((json) => textField(json, 'id') ?? []))],
    usageChunks: chunks.flatMap((json) => readUsage(json) ?? []),
    toolCalls: assembleToolCalls(deltas.flatMap((delta) => listField(delta, 'tool_calls'))),
    error: errorInside(transcript),
  };
}

/** @param pieces of function calls and of custom tools, whose `input` counts as arguments */
export function assembleToolCalls(pieces: readonly unknown[]): StreamedToolCall[] {
  const calls = new Map<number, unknown[]>();
  for (const piece of pieces) {
    // Without an index, a piece with an id begins a new call, and a piece without one continues the last call.
    const guessed = textField(piece, 'id') === null ? Math.max(calls.size - 1, 0) : calls.size;
    const index = numberField(piece, 'index') ?? guessed;
    calls.set(index, [...(calls.get(index) ?? []), piece]);
  }
  return [...calls].map(([index, all], position) => assembleToolCall(all, index === position));
}

function assembleToolCall(pieces: readonly unknown[], isNext: boolean): StreamedToolCall {
  const functions = pieces.map((piece) => field(piece, 'function') ?? field(piece, 'custom'));
  const given = functions
    .map((each) => field(each, 'arguments') ?? field(each, 'input'))
    .filter((each) => each !== undefined && each !== null);
  return {
    id: firstText(pieces, 'id'),
    type: firstText(pieces, 'type'),
    // The official client for Python joins what is repeated.
    name: functions.map((each) => rawText(each, 'name')).join('') || null,
    arguments: given.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(''),
    indexed: isNext && pieces.every((piece) => numberField(piece, 'index') !== null),
    argumentsAreText: given.every((each) => typeof each === 'string'),
  };
}

const firstText = (pieces: readonly unknown[], name: string): string | null =>
  pieces.map((piece) => textField(piece, name)).find((text) => text !== null) ?? null;
