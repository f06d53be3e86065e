/**
 * A scripted model: answers a chat request as a good model would, always the same way, without a network. The demo's
 * and the tests' servers use it, so that any oddity comes from the gateway.
 */
import type { ChatMessage, ChatRequest, FunctionTool } from './chat-request.ts';
import { fillSchema } from './fill-schema.ts';
import { countTokens, tokenize } from './tokens.ts';

export interface ToolCall {
  readonly name: string;
  /** A JSON object as text, as the API sends it. */
  readonly arguments: string;
}

/** One choice. A limit truncates text, never a tool call. */
export type ModelAnswer =
  | { readonly kind: 'text'; readonly content: string; readonly finishReason: 'stop' | 'length' }
  | { readonly kind: 'tools'; readonly toolCalls: readonly ToolCall[]; readonly finishReason: 'tool_calls' };

/**
 * The model's answer to one request. It calls tools where the request or the prompt asks for them. Otherwise it follows
 * the response format's schema, whatever the prompt says, and then the prompt.
 */
export function modelAnswer(request: ChatRequest): ModelAnswer {
  const prompt = lastPrompt(request.messages);
  const tool = chooseTool(request, prompt);
  if (tool !== null) {
    return {
      kind: 'tools',
      toolCalls: callsOf(tool, prompt, request.parallel_tool_calls !== false),
      finishReason: 'tool_calls',
    };
  }
  return limited(contentOf(request, prompt), request);
}

/** Output tokens of an answer. */
export function completionTokens(given: ModelAnswer): number {
  if (given.kind === 'text') return countTokens(given.content);
  return given.toolCalls.reduce((sum, call) => sum + 4 + countTokens(call.name + call.arguments), 0);
}

/** Input tokens of a request: the texts, the tools as JSON, 4 more per message and 3 for the answer. */
export function promptTokens(request: ChatRequest): number {
  const messages = request.messages.reduce((sum, message) => sum + 4 + countTokens(textOf(message)), 3);
  const tools = request.tools?.length ? countTokens(JSON.stringify(request.tools)) : 0;
  return messages + tools;
}

function contentOf(request: ChatRequest, prompt: string): string {
  const format = request.response_format;
  if (format?.type === 'json_schema') return JSON.stringify(fillSchema(format.json_schema?.schema ?? {}));
  const text = reply(prompt, request.messages);
  return format?.type === 'json_object' ? JSON.stringify({ answer: text }) : text;
}

function reply(prompt: string, messages: readonly ChatMessage[]): string {
  const range = /\bfrom (-?\d{1,6}) to (-?\d{1,6})\b/i.exec(prompt);
  if (range !== null && /\b(integers?|numbers?|count)\b/i.test(prompt)) {
    return enumerate(Number(range[1]), Number(range[2]), separator(prompt));
  }
  const word = /\bsingle word:?\s+["'“]?(\p{L}+)/iu.exec(prompt)?.[1];
  if (word !== undefined) return word;
  const last = messages.at(-1);
  if (last?.role === 'tool') return `The tool says: ${textOf(last).slice(0, 200)}`;
  return `This is a scripted answer to: ${prompt.slice(0, 200)}`;
}

function enumerate(from: number, to: number, between: string): string {
  const step = from <= to ? 1 : -1;
  const length = Math.min(Math.abs(to - from), 9_999) + 1;
  return Array.from({ length }, (_, index) => from + index * step).join(between);
}

function separator(prompt: string): string {
  if (/\b(commas?|comma-separated)\b/i.test(prompt)) return ', ';
  return /\b(new ?lines?|one per line)\b/i.test(prompt) ? '\n' : ' ';
}

/** The tool to call, or null when the answer is prose. */
function chooseTool(request: ChatRequest, prompt: string): FunctionTool | null {
  const tools = request.tools ?? [];
  const choice = request.tool_choice ?? 'auto';
  if (tools.length === 0 || choice === 'none') return null;
  const wanted = typeof choice === 'object' ? (choice.function?.name ?? choice.name) : undefined;
  const named = tools.find((tool) => tool.function.name === wanted);
  if (named !== undefined) return named;
  const fitting = tools.find((tool) => concerns(prompt, tool.function.name)) ?? null;
  if (choice === 'required') return fitting ?? tools[0] ?? null;
  // After a tool result, the model reports the result instead of calling again.
  return request.messages.at(-1)?.role === 'tool' ? null : fitting;
}

/** Whether a prompt mentions a tool: its name, or one of its longer words (`get_weather`: weather). */
function concerns(prompt: string, toolName: string): boolean {
  const text = prompt.toLowerCase();
  const words = toolName
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 3);
  return text.includes(toolName.toLowerCase()) || words.some((word) => text.includes(word));
}

function callsOf(tool: FunctionTool, prompt: string, parallel: boolean): ToolCall[] {
  const subjects = subjectsOf(prompt);
  return (parallel ? subjects : subjects.slice(0, 1)).map((subject) => ({
    name: tool.function.name,
    arguments: JSON.stringify(fillSchema(tool.function.parameters ?? {}, subject)),
  }));
}

/** What a prompt is about: the list after "each of these …:", or the proper name after in, for, of or at. */
function subjectsOf(prompt: string): string[] {
  const list = /\beach of (?:these|the following)[^:]*:\s*([^.\n]+)/i.exec(prompt)?.[1];
  if (list !== undefined) return list.split(/\s*,\s*|\s+and\s+/).filter((item) => item !== '');
  const name = /\b(?:in|for|of|at) (\p{Lu}[\p{L}-]*(?: \p{Lu}[\p{L}-]*)*)/u.exec(prompt)?.[1];
  return [name ?? 'example'];
}

function limited(content: string, request: ChatRequest): ModelAnswer {
  const stops = typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []);
  const ends = stops.map((stop) => content.indexOf(stop)).filter((index) => index >= 0);
  const tokens = tokenize(content.slice(0, Math.min(content.length, ...ends)));
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  return {
    kind: 'text',
    content: tokens.slice(0, limit).join(''),
    finishReason: tokens.length > limit ? 'length' : 'stop',
  };
}

function lastPrompt(messages: readonly ChatMessage[]): string {
  const last = messages.findLast((message) => message.role === 'user') ?? messages.at(-1);
  return last === undefined ? '' : textOf(last);
}

function textOf(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  return (message.content ?? []).map((part) => part.text ?? '').join('\n');
}
