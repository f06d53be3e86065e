/** `POST /completions`, the older text endpoint. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { completionTokens, modelAnswer } from '../../demo/model.ts';
import { countTokens, tokenize } from '../../demo/tokens.ts';
import { usageOf } from './chat.ts';
import { kindOf } from './models.ts';
import type { Handler } from './quirk.ts';
import { readBody, refuse, unknownModel } from './refusals.ts';
import { json, stream } from './reply.ts';

const completionsSchema = z.looseObject({
  model: z.string(),
  prompt: z.string(),
  // The endpoint's own default.
  max_tokens: z.int().min(0).nullish().default(16),
  temperature: z.number().min(0).max(2).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  stream: z.boolean().nullish(),
});

export const completions: Handler = (request, gateway) => {
  const reading = readBody(completionsSchema, request.body);
  if (!reading.ok) return reading.refusal;
  const { model, prompt, max_tokens, stop, stream: streamed } = reading.body;
  const kind = kindOf(model, gateway);
  if (kind === null) return unknownModel(model);
  if (kind !== 'completion') {
    return refuse(404, {
      message: 'This is a chat model and not supported in the v1/completions endpoint.',
      param: 'model',
    });
  }
  const given = modelAnswer({ messages: [{ role: 'user', content: prompt }], max_tokens, stop });
  const text = given.kind === 'text' ? given.content : '';
  const frame = {
    id: `cmpl-${randomUUID().replaceAll('-', '')}`,
    object: 'text_completion',
    created: Math.floor(Date.now() / 1000),
    model,
  };
  const choice = (piece: string, finish_reason: string | null) => [
    { text: piece, index: 0, logprobs: null, finish_reason },
  ];
  if (streamed) {
    const chunks = tokenize(text).map((piece) => ({ data: { ...frame, choices: choice(piece, null) } }));
    const last = { data: { ...frame, choices: choice('', given.finishReason) } };
    return stream([...chunks, last, { data: '[DONE]' }], gateway.streamMs);
  }
  return json({
    ...frame,
    choices: choice(text, given.finishReason),
    usage: usageOf(countTokens(prompt), completionTokens(given)),
  });
};
