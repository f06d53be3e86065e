/** `POST /embeddings`, in both encodings. */
import { embeddingsRequestSchema, embeddingsResponse } from '../../demo/embedding.ts';
import { kindOf } from './models.ts';
import type { Handler } from './quirk.ts';
import { readBody, refuse, unknownModel } from './refusals.ts';
import { json } from './reply.ts';

export const embeddings: Handler = (request, gateway) => {
  const reading = readBody(embeddingsRequestSchema, request.body);
  if (!reading.ok) return reading.refusal;
  const kind = kindOf(reading.body.model, gateway);
  if (kind === null) return unknownModel(reading.body.model);
  if (kind !== 'embedding') {
    return refuse(403, { message: 'You are not allowed to generate embeddings from this model' });
  }
  return json(embeddingsResponse(reading.body));
};
