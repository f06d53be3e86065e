/** What can be said of an answer without judging it, as flags and numbers of its record: no text is in them. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AnswerContent, ToolCall } from '../../gateway/answer-content.ts';
import { field, listField, parseJson, rawText, textField } from '../../gateway/json.ts';
import type { RequestRecord } from '../record.ts';

/** How refusals begin that are written as an answer, in English; other wordings are not seen. */
const SORRY = /^\W*(?:(?:i['’]m|i am)?\s*(?:so |very )?sorry\b.{0,20}?)?/i;
const UNABLE =
  /i(?: can(?:['’]t| ?not)| won['’]t| am (?:unable|not able) to|['’]m (?:unable|not able) to)\b/i;
const TO_HELP =
  /.{0,40}\b(?:assist|comply|continue|create|engage|fulfil|generate|help(?! but)|provide|support|write)/i;
const REFUSES = new RegExp(SORRY.source + UNABLE.source + TO_HELP.source, 'i');

type AnswerFacts = Pick<RequestRecord, 'answer_length' | 'refused' | 'valid_json' | 'valid_arguments'>;

/** @param request the body of the request, parsed */
export function answerFacts(request: unknown, { text, refusal, calls }: AnswerContent): AnswerFacts {
  const isJsonDue = rawText(formatOf(request), 'type').startsWith('json_') && calls.length === 0;
  return {
    answer_length: text.length,
    refused: refusal !== '' || REFUSES.test(text),
    valid_json: isJsonDue && refusal === '' ? isValid(text, wantedSchema(request)) : undefined,
    valid_arguments: calls.length === 0 ? undefined : calls.every((call) => isCallable(call, request)),
  };
}

/** Whether two answers call the same tools with equal arguments; undefined where neither calls any. */
export function callsSame(one: AnswerContent, other: AnswerContent): boolean | undefined {
  if (one.calls.length + other.calls.length === 0) return undefined;
  const [ours, theirs] = [one, other].map(({ calls }) => new Set(calls.map(asValue)));
  return isDeepStrictEqual(ours, theirs);
}

/** Arguments that are not JSON are compared as text. */
const asValue = ({ name, arguments: text }: ToolCall) => [name, parseJson(text) ?? text];

/** `response_format` of a chat completion, `text.format` of a response. */
const formatOf = (request: unknown): unknown =>
  field(request, 'response_format') ?? field(field(request, 'text'), 'format');

function wantedSchema(request: unknown): unknown {
  const format = formatOf(request);
  return field(format, 'schema') ?? field(field(format, 'json_schema'), 'schema');
}

/** Whether the request offers the tool, and its schema takes the arguments. */
function isCallable({ name, arguments: text }: ToolCall, request: unknown): boolean {
  const tools = [...listField(request, 'tools'), ...listField(request, 'functions')];
  const tool = tools.find((each) => textField(definitionOf(each), 'name') === name);
  if (tool === undefined) return false;
  return field(tool, 'type') === 'custom' || isValid(text, field(definitionOf(tool), 'parameters'));
}

/** Chat completions nest it, responses do not. */
const definitionOf = (tool: unknown): unknown => field(tool, 'function') ?? field(tool, 'custom') ?? tool;

/** @param schema a JSON schema; one that is missing, or that is not understood, takes every value */
function isValid(text: string, schema: unknown): boolean {
  const value = parseJson(text);
  if (value === undefined) return false;
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;
  } catch {
    return true;
  }
}
