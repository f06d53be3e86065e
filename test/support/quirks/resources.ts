/**
 * The endpoints beside those of the models. They exist, list nothing, and refuse an incomplete request as the official
 * API does; a complete one is refused because this gateway has neither the file nor the model.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { kindOf } from './models.ts';
import type { Handler } from './quirk.ts';
import { readBody, refuse, unknownModel } from './refusals.ts';
import { json } from './reply.ts';

const emptyList: Handler = () =>
  json({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });

/** Requires the given texts, and a model that this gateway does not serve here. */
function needsModel(...names: string[]): Handler {
  const schema = z.looseObject({
    model: z.string().default('dall-e-2'),
    ...Object.fromEntries(names.map((name) => [name, z.string()])),
  });
  return (request) => {
    const reading = readBody(schema, request.body);
    return reading.ok ? unknownModel(reading.body.model) : reading.refusal;
  };
}

/** Requires the id of an uploaded file; there is none. */
function needsFile(name: string): Handler {
  const schema = z.looseObject({ [name]: z.string() });
  return (request) => {
    const reading = readBody(schema, request.body);
    if (!reading.ok) return reading.refusal;
    return refuse(400, { message: `No such File object: ${String(reading.body[name])}`, param: name });
  };
}

/** Uploads are multipart; no request of the tests is. */
const needsUpload: Handler = () =>
  refuse(400, {
    message: "Missing required parameter: 'file'.",
    param: 'file',
    code: 'missing_required_parameter',
  });

const assistants =
  (next: Handler): Handler =>
  (request, gateway) =>
    request.headers['openai-beta'] === 'assistants=v2'
      ? next(request, gateway)
      : refuse(400, {
          message:
            "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
          code: 'invalid_beta',
        });

const moderationSchema = z.looseObject({
  input: z.union([z.string(), z.array(z.string())]),
  model: z.string().default('omni-moderation-latest'),
});
const moderations: Handler = (request, gateway) => {
  const reading = readBody(moderationSchema, request.body);
  if (!reading.ok) return reading.refusal;
  const { input, model } = reading.body;
  if (kindOf(model, gateway) === null) return unknownModel(model);
  const result = {
    flagged: false,
    categories: { violence: false, hate: false },
    category_scores: { violence: 0.0001, hate: 0.0001 },
  };
  const results = typeof input === 'string' ? [result] : input.map(() => result);
  return json({ id: `modr-${randomUUID()}`, model, results });
};

const realtimeSchema = z.looseObject({
  session: z.looseObject({ type: z.enum(['realtime', 'transcription']) }).optional(),
});
const clientSecrets: Handler = (request) => {
  const reading = readBody(realtimeSchema, request.body);
  if (!reading.ok) return reading.refusal;
  return json({
    value: `ek_${randomUUID()}`,
    expires_at: Math.floor(Date.now() / 1000) + 600,
    session: { object: 'realtime.session', ...(reading.body.session ?? { type: 'realtime' }) },
  });
};

const vectorStore: Handler = () =>
  json({
    id: `vs_${randomUUID().replaceAll('-', '')}`,
    object: 'vector_store',
    created_at: Math.floor(Date.now() / 1000),
    name: null,
    status: 'completed',
    usage_bytes: 0,
    file_counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
  });

export const RESOURCES: Readonly<Record<string, Handler>> = {
  'GET /files': emptyList,
  'POST /files': needsUpload,
  'GET /batches': emptyList,
  'POST /batches': needsFile('input_file_id'),
  'GET /assistants': assistants(emptyList),
  'POST /assistants': assistants(needsModel('model')),
  'GET /vector_stores': emptyList,
  'POST /vector_stores': vectorStore,
  'GET /fine_tuning/jobs': emptyList,
  'POST /fine_tuning/jobs': needsFile('training_file'),
  'POST /images/generations': needsModel('prompt'),
  'POST /images/edits': needsUpload,
  'POST /audio/speech': needsModel('model', 'input', 'voice'),
  'POST /audio/transcriptions': needsUpload,
  'POST /audio/translations': needsUpload,
  'POST /moderations': moderations,
  'POST /realtime/client_secrets': clientSecrets,
};
