/** Vectors of the scripted model: meaningless, but equal for equal texts. */
import { z } from 'zod';
import { countTokens } from './tokens.ts';

const DEFAULT_DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};

export const embeddingsRequestSchema = z.looseObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string()).min(1)]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).max(3072).nullish(),
});

/** The response body of `POST /embeddings`: one vector per input, in the requested encoding. */
export function embeddingsResponse(
  request: z.infer<typeof embeddingsRequestSchema>,
): Record<string, unknown> {
  const { model, input, encoding_format, dimensions } = request;
  const texts = typeof input === 'string' ? [input] : input;
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const vectors = texts.map((text) => embed(text, dimensions ?? DEFAULT_DIMENSIONS[model] ?? 1536));
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding_format === 'base64' ? toBase64(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/**
 * A vector of length 1 that depends only on the text and the dimensions. Every number is a float32, so the base64
 * encoding is exact.
 */
export function embed(text: string, dimensions: number): number[] {
  const next = randomFrom(hash(text));
  const raw = Array.from({ length: dimensions }, () => next() * 2 - 1);
  const norm = Math.hypot(...raw) || 1;
  return raw.map((value) => Math.fround(value / norm));
}

/** A vector as the API's `encoding_format: base64` sends it: little-endian float32. */
export function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  return [...Buffer.from(text)].reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

/** Mulberry32: numbers in [0, 1) from a 32-bit seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
