import { usesOtherProvider } from '../call-options.ts';
import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { pattern } from '../vocabulary.ts';

/** What may come between a resource and its method: the Python client's wrappers. */
const WRAPPER = /(?:\s*\.\s*with_(?:raw|streaming)_response)?\s*\.\s*/;

/** Receivers that are another service's client or the repository's own storage. */
const OTHER_RECEIVER =
  /prisma|\bdb\b|supabase|drive|s3|octokit|github|slack|anthropic|claude|groq|mistral|cohere|gemini|genai|google|notion|stripe|twilio|store$|repo(?:sitory)?$|service$|\bfs\b|storage|discord|jira|elevenlabs|replicate|bedrock|\.objects|mongoose|knex/i;

/** Names of receivers that are a client of the API. */
const CLIENT_RECEIVER = /openai|oai|client|llm|gpt|azure|\bai\b|(?:^|\.)api$|sdk/i;

/** Whether the receiver of a call is a client of the API. */
function isCallOfClient(found: RuleMatch): boolean {
  if (usesOtherProvider(found)) return false;
  const { code, match, sdks } = found;
  const before = code.slice(Math.max(0, match.index - 80), match.index);
  const receiver = /(?:[\w$\])!?]|\.|\([^()\n]{0,40}\)|\s*\n\s*\.)*\s*$/.exec(before)?.[0].trim() ?? '';
  if (OTHER_RECEIVER.test(receiver)) return false;
  return CLIENT_RECEIVER.test(receiver) || sdks.some((sdk) => sdk.startsWith('openai'));
}

/** A rule for methods of one of the client's resources, as both languages spell them. */
function sdkCall(
  endpoint: Endpoint,
  resource: RegExp,
  methods: RegExp,
  example: { readonly hit: string; readonly trap: string },
): Rule {
  return {
    id: `sdk-call-${endpoint.replaceAll(/[._]/g, '-')}`,
    kind: 'endpoint',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`\.\s*(?<value>${resource})${WRAPPER}${methods}\b(?!\s*[:=](?!=))`,
    needs: 'mention',
    value: endpoint,
    accept: isCallOfClient,
    examples: { hit: [[example.hit, endpoint]], trap: [example.trap] },
  };
}

/** Calls of the official clients for JavaScript and Python (version 1 and later), and of compatible ones. */
export const SDK_CALL_RULES: readonly Rule[] = [
  {
    id: 'sdk-call-chat-completions',
    kind: 'endpoint',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`\.\s*(?<value>chat\s*\.\s*completions)${WRAPPER}(?:create|parse|stream|runTools|run_tools|runFunctions|retrieve|list)\b(?!\s*=(?!=))`,
    value: 'chat.completions',
    accept: (found) =>
      !usesOtherProvider(found) &&
      (found.sdks.length > 0 || !/groq|cerebras|together|mistral/i.test(found.before)),
    examples: {
      hit: [
        ['const answer = await client.chat.completions.create({ model, messages })', 'chat.completions'],
        ['const runner = client.beta.chat.completions\n  .stream({ model, messages })', 'chat.completions'],
        ['const raw = await this.llm.chat.completions.with_raw_response.create(body)', 'chat.completions'],
      ],
      trap: [
        'const answer = await groq.chat.completions.create(body)',
        'client.completions()',
        'import Groq from "groq-sdk"\nclient.chat.completions.create(body)',
      ],
    },
  },
  sdkCall(
    'responses',
    /responses/,
    /(?:create|parse|stream|retrieve|cancel|compact|connect|inputItems|input_items)/,
    {
      hit: 'const r = await client.responses.create({ model, input })',
      trap: 'const r = await prisma.responses.create({ data })',
    },
  ),
  sdkCall('conversations', /conversations/, /(?:create|retrieve|items)/, {
    hit: 'const c = await openai.conversations.create({})',
    trap: 'const c = await slack.conversations.create({ name })',
  }),
  sdkCall('embeddings', /embeddings/, /create/, {
    hit: 'const e = await this.openai.embeddings.create({ model, input })',
    trap: 'const e = await this.prisma.embeddings.create({ data })',
  }),
  sdkCall('completions', /(?<!chat\s{0,40}\.\s{0,40})completions/, /create/, {
    hit: 'const c = await openai.completions.create({ model, prompt })',
    trap: 'const c = await openai.completions(prompt)',
  }),
  sdkCall('images.generations', /images/, /generate/, {
    hit: 'const i = await openai.images.generate({ model, prompt })',
    trap: 'const i = await store.images.generate(spec)',
  }),
  sdkCall('images.edits', /images/, /edit/, {
    hit: 'const i = await openai.images.edit({ image, prompt })',
    trap: 'const i = await store.images.edit(id)',
  }),
  sdkCall('images.variations', /images/, /(?:create_variation|createVariation)/, {
    hit: 'const i = await openai.images.createVariation({ image })',
    trap: 'const i = await store.images.createVariation(id)',
  }),
  sdkCall('audio.transcriptions', /audio\s*\.\s*transcriptions/, /create/, {
    hit: "const t = await openai.audio.transcriptions.create({ file, model: 'whisper-1' })",
    trap: 'const t = await groq.audio.transcriptions.create({ file })',
  }),
  sdkCall('audio.translations', /audio\s*\.\s*translations/, /create/, {
    hit: 'const t = await openai.audio.translations.create({ file, model })',
    trap: 'const t = await groq.audio.translations.create({ file })',
  }),
  sdkCall('audio.speech', /audio\s*\.\s*speech/, /create/, {
    hit: 'const s = await openai.audio.speech.create({ model, voice, input })',
    trap: 'const s = await groq.audio.speech.create({ input })',
  }),
  sdkCall('videos', /videos/, /(?:create\w*|remix|retrieve|downloadContent|download_content)/, {
    hit: 'const v = await openai.videos.create({ model, prompt })',
    trap: 'const v = await prisma.videos.create({ data })',
  }),
  sdkCall(
    'files',
    /(?<!vector_stores\.|vectorStores\.|containers\.)files/,
    /(?:create|retrieve\w*|content|waitForProcessing|wait_for_processing|del|delete|list)/,
    {
      hit: "const f = await openai.files.create({ file, purpose: 'batch' })",
      trap: 'const f = await drive.files.create({ media })',
    },
  ),
  sdkCall('uploads', /uploads/, /(?:create|complete|parts)/, {
    hit: 'const u = await openai.uploads.create({ bytes, filename })',
    trap: 'const u = await storage.uploads.create(bytes)',
  }),
  sdkCall('batches', /batches/, /(?:create|retrieve|cancel|list)/, {
    hit: 'const b = await openai.batches.create({ input_file_id })',
    trap: 'const b = await prisma.batches.create({ data })',
  }),
  sdkCall('assistants', /assistants/, /(?:create|retrieve|update|del|delete|list)/, {
    hit: 'const a = await openai.beta.assistants.create({ model })',
    trap: 'const a = await prisma.assistants.create({ data })',
  }),
  sdkCall('threads', /threads/, /(?:create\w*|retrieve|update|del|delete|messages|runs)/, {
    hit: 'const t = await openai.beta.threads.create()',
    trap: 'const t = await prisma.threads.create({ data })',
  }),
  sdkCall(
    'vector_stores',
    /(?:vector_stores|vectorStores)/,
    /(?:create\w*|retrieve|update|del|delete|list|search|files|fileBatches|file_batches)/,
    {
      hit: "const v = await openai.vectorStores.create({ name: 'docs' })",
      trap: 'const v = await prisma.vectorStores.create({ data })',
    },
  ),
  sdkCall('containers', /containers/, /(?:create|retrieve|list|files)/, {
    hit: 'const c = await openai.containers.create({ name })',
    trap: 'const c = await storage.containers.create({ name })',
  }),
  sdkCall('evals', /evals/, /(?:create|retrieve|runs)/, {
    hit: 'const e = await openai.evals.create({ name })',
    trap: 'const e = await prisma.evals.create({ data })',
  }),
  sdkCall(
    'realtime',
    /realtime/,
    /(?:connect|sessions|clientSecrets|client_secrets|transcriptionSessions|transcription_sessions|calls)/,
    {
      hit: 'const s = await openai.beta.realtime.sessions.create({ model })',
      trap: 'const s = await supabase.realtime.connect()',
    },
  ),
  sdkCall('fine_tuning', /(?:fine_tuning|fineTuning)/, /(?:jobs|checkpoints)/, {
    hit: 'const j = await openai.fineTuning.jobs.create({ model, training_file })',
    trap: 'const j = await prisma.fineTuning.jobs.create({ data })',
  }),
  sdkCall('moderations', /moderations/, /create/, {
    hit: 'const m = await openai.moderations.create({ input })',
    trap: 'const m = await prisma.moderations.create({ data })',
  }),
  sdkCall('models.list', /models/, /(?:list|retrieve)/, {
    hit: 'const all = await openai.models.list()',
    trap: 'const all = await anthropic.models.list()',
  }),
];
