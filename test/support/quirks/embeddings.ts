/** `POST /embeddings`, in both encodings. */
import { z } from 'zod';
import { dimensionsOf, embed, toBase64 } from '../../../src/commands/demo/embedding.ts';
import { countTokens } from '../../../src/commands/demo/tokens.ts';
import { kindOf } from './models.ts';
import type { Handler } from './quirk.ts';
import { readBody, refuse, unknownModel } from './refusals.ts';
import { json } from './reply.ts';

const embeddingsSchema = z.looseObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string()).min(1)]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).max(3072).nullish(),
});

export const embeddings: Handler = (request, gateway) => {
  const reading = readBody(embeddingsSchema, request.body);
  if (!reading.ok) return reading.refusal;
  const { model, input, encoding_format, dimensions } = reading.body;
  const kind = kindOf(model, gateway);
  if (kind === null) return unknownModel(model);
  if (kind !== 'embedding') {
    return refuse(403, { message: 'You are not allowed to generate embeddings from this model' });
  }
  const texts = typeof input === 'string' ? [input] : input;
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const vectors = texts.map((text) => embed(text, dimensions ?? dimensionsOf(model)));
  return json({
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding_format === 'base64' ? toBase64(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
};
