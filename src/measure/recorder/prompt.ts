/** Where a request has its prompt, which no report may show. */
import { field, isRecord } from '../../gateway/json.ts';

const PARTS = ['instructions', 'messages', 'input', 'prompt'];

/** As the request has it, by endpoint. */
export function promptOf(request: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(PARTS.map((name) => [name, field(request, name)]));
}

/** What stands there is the API's, not the team's. */
const NAMES = /^(role|type|name|status|detail|(.*_)?id)$/;
/** A shorter text stands in messages by chance. */
const LEAST_QUOTED = 4;
/** So much of a longer text is a quotation. */
const QUOTED = 12;

/** Endpoints quote what they refuse: a message without what it has from the prompt. */
export function withoutPrompt(message: string, request: unknown): string {
  const quoted = new Set<number>();
  for (const text of textsIn(promptOf(request))) {
    const length = Math.min(text.length, QUOTED);
    for (let at = 0; at + length <= message.length; at += 1) {
      if (!text.includes(message.slice(at, at + length))) continue;
      for (let each = at; each < at + length; each += 1) quoted.add(each);
    }
  }
  return message
    .replace(/./gs, (letter, at: number) => (quoted.has(at) ? '\0' : letter))
    .replace(/\0+/g, '[…]');
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < LEAST_QUOTED ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  const entries = isRecord(value) ? Object.entries(value) : [];
  return entries.flatMap(([name, each]) => (NAMES.test(name) ? [] : textsIn(each)));
}
