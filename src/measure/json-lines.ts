/** Reads a JSONL file against a schema, and says which lines do not fit. */
import type { z } from 'zod';
import { parseJson } from '../gateway/json.ts';

export interface JsonLines<Value> {
  /** Lines count from 1. */
  readonly lines: readonly { readonly line: number; readonly value: Value }[];
  /** Each with its line. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * @param file how messages call it
 * @param what one line is, such as `measurement`
 */
export function parseJsonLines<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  what: string,
): JsonLines<z.output<Schema>> {
  const lines: { line: number; value: z.output<Schema> }[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  const texts = text.split('\n');
  for (const [index, written] of texts.entries()) {
    if (written.trim() === '') continue;
    const location = `${file}:${index + 1}`;
    const json = parseJson(written);
    if (json === undefined && index === texts.length - 1) {
      warnings.push(`${location}: the last line is incomplete and was left out`);
      continue;
    }
    if (json === undefined) {
      problems.push(`${location}: not JSON; expected one ${what} per line`);
      continue;
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) lines.push({ line: index + 1, value: parsed.data });
    else {
      const [issue] = parsed.error.issues;
      problems.push(`${location}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? `not a ${what}`}`);
    }
  }
  return { lines, problems, warnings };
}
