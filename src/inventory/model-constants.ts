/** The models that client libraries have constants for. Dated snapshots (`-2024-08-06`) need no entry. */
const MODELS: readonly string[] = [
  'gpt-3.5-turbo gpt-3.5-turbo-0125 gpt-3.5-turbo-0301 gpt-3.5-turbo-0613 gpt-3.5-turbo-1106 gpt-3.5-turbo-16k',
  'gpt-3.5-turbo-16k-0613 gpt-3.5-turbo-instruct gpt-3.5-turbo-instruct-0914',
  'gpt-4 gpt-4-0125-preview gpt-4-0314 gpt-4-0613 gpt-4-1106-preview gpt-4-1106-vision-preview gpt-4-32k',
  'gpt-4-32k-0314 gpt-4-32k-0613 gpt-4-turbo gpt-4-turbo-preview gpt-4-vision-preview',
  'gpt-4o gpt-4o-mini gpt-4o-audio-preview gpt-4o-mini-audio-preview gpt-4o-realtime-preview',
  'gpt-4o-mini-realtime-preview gpt-4o-search-preview gpt-4o-mini-search-preview gpt-4o-transcribe',
  'gpt-4o-mini-transcribe gpt-4o-transcribe-diarize gpt-4o-mini-tts chatgpt-4o-latest',
  'gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-4.5-preview',
  'gpt-5 gpt-5-mini gpt-5-nano gpt-5-pro gpt-5-codex gpt-5-chat-latest gpt-5.1 gpt-5.1-mini gpt-5.1-codex',
  'gpt-5.1-codex-mini gpt-5.1-codex-max gpt-5.1-chat-latest gpt-5.2 gpt-5.2-pro gpt-5.2-codex gpt-5.2-chat-latest',
  'gpt-5.3-codex gpt-5.3-chat-latest gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.4-pro gpt-5.5 gpt-5.5-pro',
  'gpt-5.6 gpt-5.6-luna gpt-5.6-sol gpt-5.6-terra gpt-oss-20b gpt-oss-120b',
  'gpt-image-1 gpt-image-1-mini gpt-image-1.5 gpt-image-2 chatgpt-image-latest dall-e-2 dall-e-3 sora-2 sora-2-pro',
  'gpt-audio gpt-audio-mini gpt-audio-1.5 gpt-transcribe gpt-realtime gpt-realtime-mini gpt-realtime-1.5',
  'gpt-realtime-2 gpt-realtime-2.1 gpt-realtime-2.1-mini whisper-1 tts-1 tts-1-hd tts-1-1106 tts-1-hd-1106',
  'o1 o1-mini o1-preview o1-pro o3 o3-mini o3-pro o3-deep-research o4-mini o4-mini-deep-research',
  'codex-mini-latest computer-use-preview davinci-002 babbage-002 text-davinci-001 text-davinci-002',
  'text-davinci-003 text-embedding-3-small text-embedding-3-large text-embedding-ada-002',
  'omni-moderation-latest text-moderation-latest text-moderation-stable text-moderation-007 omni-moderation',
].flatMap((line) => line.split(' '));

/** Constants whose name differs from the model's. */
const IRREGULAR: readonly (readonly [constant: string, model: string])[] = [
  ['kTranslateModelV3', 'text-davinci-003'],
  ['kTranslateModelV2', 'text-davinci-002'],
  ['SmallEmbedding3', 'text-embedding-3-small'],
  ['LargeEmbedding3', 'text-embedding-3-large'],
  ['AdaEmbeddingV2', 'text-embedding-ada-002'],
  ['AdaTextEmbedding', 'text-embedding-ada-002'],
  ['TTSModelGPT4oMini', 'gpt-4o-mini-tts'],
  ['GPT4Turbo0125', 'gpt-4-0125-preview'],
  ['GPT4Turbo1106', 'gpt-4-1106-preview'],
  ['ModerationOmniLatest', 'omni-moderation-latest'],
  ['ModerationTextLatest', 'text-moderation-latest'],
  ['ModerationTextStable', 'text-moderation-stable'],
  ['ChatGPTTurbo', 'gpt-3.5-turbo'],
  ['GptTurbo', 'gpt-3.5-turbo'],
  ['WhisperV1', 'whisper-1'],
];

const squash = (name: string): string => name.toLowerCase().replace(/dot(?=\d)|[^a-z\d]/g, '');

const MODEL_OF = new Map(
  [...MODELS.map((name) => [name, name] as const), ...IRREGULAR].map(([constant, model]) => [
    squash(constant),
    model,
  ]),
);

/** Words before the model in a constant's name: `ChatModelGPT4o`, `CreateImageModelDallE3`, `TTSModel1`. */
const LEADING_WORDS = /^(?:chat|createimage|image|embedding|audio|speech|moderation|realtime)?models?(?=.)/;
const DATE = /(\d{4})(\d{2})(\d{2})$/;

/**
 * The model behind a client library's constant, in any library's style: `GPT3Dot5Turbo0613`, `GPT_4_O_MINI`,
 * `ChatModelGPT4_1`, `Gpt_4o`, `TEXT_EMBEDDING_3_SMALL`. Null if the name is not a model's.
 */
export function modelOfConstant(name: string): string | null {
  const squashed = squash(name);
  const bare = squashed
    .replace(LEADING_WORDS, '')
    .replace(/^ttsmodel(?=1)/, 'tts')
    .replace(/^chat(?=gpt\d)|^gpt3(?=text)|(?:engine|model)$/g, '');
  return known(squashed) ?? known(bare);
}

function known(squashed: string): string | null {
  const model = MODEL_OF.get(squashed);
  if (model !== undefined) return model;
  const [date, ...parts] = DATE.exec(squashed) ?? [''];
  const undated = date === '' ? undefined : MODEL_OF.get(squashed.slice(0, -date.length));
  return undated === undefined ? null : [undated, ...parts].join('-');
}
