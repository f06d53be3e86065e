/**
 * One request for each ability that code may use, by which it shows whether the gateway honours it: many gateways drop
 * what they do not know, and answer 200.
 */
import { field, isRecord, listField, numberField, parseJson, textField } from '../../gateway/json.ts';
import { CHAT, type Form, formsOf, responseRequest } from '../forms.ts';
import { modelProbe } from '../model-probe.ts';
import { modelKind } from '../models-in-use.ts';
import type { CheckPlan, ModelInUse } from '../plan.ts';
import type { Probe } from '../probe.ts';
import { type Ask, repeatedly } from '../repeat.ts';
import { chat, isReasoningModel, NONCE, outputLimit, type ProbeRequest } from '../requests.ts';
import { type Ability, askOnce } from './ask-ability.ts';
import { RESPONSES_REQUESTS } from './responses.ts';
import { DOCUMENT, PICTURE, SILENT_AUDIO } from './samples.ts';

type Body = Readonly<Record<string, unknown>>;

const PONG = 'Reply with the single word: pong';
const ECHO = 'one two three four five six seven eight nine ten';
const RECALL = 'Which word did you have to remember? Reply with that word alone.';
const RECALL_REPLY = 'Which word did you reply with? Reply with that word alone.';

const answers = (model: ModelInUse): boolean => !isReasoningModel(model);
const hears = ({ name, gatewayName }: ModelInUse): boolean =>
  [name, gatewayName].some((each) => /audio|omni(?!-moderation)/i.test(each));

/** A chat with more parameters. */
const chatWith =
  (parameters: Body, content: unknown = PONG, tokens = 16) =>
  (model: ModelInUse) => [chat(model, content, { ...outputLimit(model, tokens), ...parameters })];

const responseWith = (model: ModelInUse, parameters: Body): ProbeRequest => {
  const request = responseRequest(model);
  return { ...request, body: { ...request.body, ...parameters } };
};

const choiceOf = (json: unknown): unknown => listField(json, 'choices')[0];
const messageOf = (json: unknown): unknown => field(choiceOf(json), 'message');
const contentOf = (json: unknown): string => textField(messageOf(json), 'content') ?? '';
const tokens = (json: unknown, kind: string, name: string): number | null =>
  numberField(field(field(json, 'usage'), `${kind}_tokens_details`), name);
const says = (word: string) => (json: unknown) =>
  contentOf(json).toLowerCase().includes(word) ? null : `the answer is "${contentOf(json).slice(0, 60)}"`;
const recalls = (word: string) => (json: unknown) =>
  JSON.stringify(field(json, 'output') ?? '')
    .toLowerCase()
    .includes(word)
    ? null
    : 'the first turn is forgotten';

const FIRST_TURN = { input: `Remember the word ${NONCE}. Reply with the single word: noted` };

/** The program keeps the conversation itself; a model's reasoning then comes encrypted. */
const stateless = (model: ModelInUse, parameters: Body): ProbeRequest =>
  responseWith(model, {
    ...parameters,
    store: false,
    ...(isReasoningModel(model) && { include: ['reasoning.encrypted_content'] }),
  });

const ABILITIES: readonly Ability[] = [
  {
    feature: 'json_mode',
    asks: chatWith(
      { response_format: { type: 'json_object' } },
      'In one short sentence: what colour is the sky? (A test of JSON mode.)',
      100,
    ),
    seen: (json) => (isRecord(parseJson(contentOf(json))) ? null : says('a JSON object')(json)),
  },
  {
    feature: 'vision',
    asks: chatWith({}, [
      { type: 'text', text: 'Which colour fills this picture? Answer with one word.' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PICTURE}` } },
    ]),
    seen: says('orange'),
  },
  {
    feature: 'audio_input',
    on: 'chat',
    of: hears,
    asks: chatWith({ modalities: ['text'] }, [
      { type: 'text', text: PONG },
      { type: 'input_audio', input_audio: { data: SILENT_AUDIO, format: 'wav' } },
    ]),
    seen: (json) => (tokens(json, 'prompt', 'audio_tokens') === 0 ? 'no audio token was counted' : null),
  },
  {
    feature: 'audio_output',
    on: 'chat',
    of: hears,
    asks: chatWith({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }, PONG, 200),
    seen: (json) => (textField(field(messageOf(json), 'audio'), 'data') ? null : 'the message has no audio'),
  },
  {
    feature: 'file_input',
    asks: chatWith({}, [
      { type: 'text', text: 'Which word does the file name? Answer with that word alone.' },
      { type: 'file', file: { filename: 'word.pdf', file_data: `data:application/pdf;base64,${DOCUMENT}` } },
    ]),
    seen: says(NONCE),
  },
  {
    feature: 'reasoning_effort',
    of: isReasoningModel,
    asks: (model) =>
      ['high', 'low'].flatMap((effort) =>
        chatWith({ reasoning_effort: effort }, 'How many primes lie between 1000 and 1100?', 500)(model),
      ),
    seen: (...efforts) => {
      const [low, high] = efforts.map((json) => tokens(json, 'completion', 'reasoning_tokens') ?? 0);
      return Number(high) > Number(low)
        ? null
        : `low effort took ${low} reasoning tokens, and high effort ${high}`;
    },
    isOptional: true,
  },
  {
    feature: 'logprobs',
    of: answers,
    asks: chatWith({ logprobs: true, top_logprobs: 2 }),
    seen: (json) => {
      const first = listField(field(choiceOf(json), 'logprobs'), 'content')[0];
      const top = listField(first, 'top_logprobs').map((each) => Math.exp(numberField(each, 'logprob') ?? 1));
      const sum = top.reduce((total, share) => total + share, 0);
      return top.length === 2 && sum > 0 && sum < 1.01 ? null : 'the choice has no distribution of tokens';
    },
  },
  {
    feature: 'logit_bias',
    on: 'chat',
    of: answers,
    // Whatever word this is in the model's vocabulary, it leaves no room for another one.
    asks: chatWith({ logit_bias: { 1000: 100 } }),
    seen: (json) => (/pong/i.test(contentOf(json)) ? 'the answer is the same as without it' : null),
    isOptional: true,
  },
  { feature: 'seed', on: 'chat', asks: chatWith({ seed: 7 }) },
  { feature: 'prompt_cache_key', asks: chatWith({ prompt_cache_key: 'gateway-rollout' }) },
  {
    feature: 'multiple_choices',
    on: 'chat',
    of: answers,
    asks: chatWith({ n: 2 }),
    seen: (json) =>
      listField(json, 'choices').length === 2 ? null : 'n: 2 brought another number of choices',
  },
  {
    feature: 'prediction',
    on: 'chat',
    of: answers,
    // It does not go together with a token limit.
    asks: (model) => [
      chat(model, `Repeat exactly: ${ECHO}`, { prediction: { type: 'content', content: ECHO } }),
    ],
    seen: (json) =>
      ['accepted', 'rejected'].some((kind) => tokens(json, 'completion', `${kind}_prediction_tokens`))
        ? null
        : 'no predicted token was counted',
    isOptional: true,
  },
  {
    feature: 'service_tier',
    asks: chatWith({ service_tier: 'default' }),
    seen: (json) =>
      textField(json, 'service_tier') === 'default' ? null : 'the response names another tier, or none',
    isOptional: true,
  },
  {
    feature: 'store',
    asks: chatWith({ store: true }),
    next: (json) => ({ method: 'GET', path: `/chat/completions/${textField(json, 'id')}` }),
    seen: () => null,
    isOptional: true,
  },
  {
    feature: 'background',
    on: 'responses',
    asks: (model) => [responseWith(model, { background: true, store: true })],
    next: (json) => ({ method: 'GET', path: `/responses/${textField(json, 'id')}` }),
    seen: (json) => (field(json, 'background') === true ? null : 'the response is not marked so'),
    isOptional: 'effect',
  },
  {
    feature: 'previous_response_id',
    on: 'responses',
    id: 'responses.continue',
    asks: (model) => [responseWith(model, { ...FIRST_TURN, store: true })],
    next: (json, model) =>
      responseWith(model, { previous_response_id: field(json, 'id'), input: RECALL, store: true }),
    seen: recalls(NONCE),
  },
  {
    feature: 'responses',
    on: 'responses',
    id: 'responses.continue_stateless',
    // Without reasoning, the same request as that of responses.basic.
    asks: (model) => [stateless(model, {})],
    requestsOfFeature: RESPONSES_REQUESTS,
    next: (json, model) => {
      const said = [{ role: 'user', content: PONG }, ...listField(json, 'output')];
      return stateless(model, { input: [...said, { role: 'user', content: RECALL_REPLY }] });
    },
    seen: recalls('pong'),
    isOptional: true,
  },
];

/** A request to the Responses API needs no translation. */
const formsFor = ({ on }: Ability, plan: CheckPlan): readonly Form[] =>
  on === 'responses' ? [CHAT] : formsOf(plan).filter(({ name }) => on === undefined || name === on);

export const abilityProbes: readonly Probe[] = ABILITIES.map((ability) => {
  const { feature, of, asks, next } = ability;
  return modelProbe({
    id: ability.id ?? `ability.${feature}`,
    severity: 'block',
    ...(of && { of }),
    features: [feature],
    run: (model, context) => {
      // Not every model in use need have it: one that does decides.
      const others = context.plan.models.filter(
        (other) => other !== model && modelKind(other) === 'chat' && of?.(other) !== false,
      );
      const requests = ability.requestsOfFeature ?? (next === undefined ? asks(model).length : 2);
      const ask: Ask = (send, form) => askOnce(ability, [model, ...others], context, { send, form });
      return repeatedly(context, requests, ask, formsFor(ability, context.plan));
    },
  });
});
