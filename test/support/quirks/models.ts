/** `GET /models` and `GET /models/{id}`, and what a model may be used for. */
import type { Gateway, Handler } from './quirk.ts';
import { refuse } from './refusals.ts';
import { type JsonObject, json } from './reply.ts';

/** What a model is for, by its name; null for a model that the gateway does not have. */
export function kindOf(
  model: string,
  gateway: Gateway,
): 'chat' | 'embedding' | 'completion' | 'other' | null {
  if (!gateway.models.includes(model)) return null;
  if (/embedding|vectors/.test(model)) return 'embedding';
  if (/instruct|^babbage|^davinci/.test(model)) return 'completion';
  return /moderation|image|dall-e|whisper|tts|transcribe|realtime/.test(model) ? 'other' : 'chat';
}

export const listModels: Handler = (_request, gateway) =>
  json({ object: 'list', data: gateway.models.map(modelObject) });

export const oneModel: Handler = (request, gateway) => {
  const id = decodeURIComponent(request.route?.slice('/models/'.length) ?? '');
  if (gateway.models.includes(id)) return json(modelObject(id));
  return refuse(404, {
    message: `The model '${id}' does not exist`,
    param: 'model',
    code: 'model_not_found',
  });
};

const modelObject = (id: string): JsonObject => ({
  id,
  object: 'model',
  created: 1_721_172_717,
  owned_by: 'system',
});
