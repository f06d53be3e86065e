import { enclosingBrackets, enclosingCall, textInBrackets } from '../brackets.ts';
import { inApiCall, isSet, usesOtherProvider } from '../call-options.ts';
import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import type { Examples, Rule, RuleMatch } from '../rule.ts';
import type { ApiFeature } from '../site.ts';
import { pattern } from '../vocabulary.ts';

/** Values that turn a parameter off, and types. */
const OFF =
  /(?:(?:false|False|None|null|undefined|boolean|bool|str|string|int|float|number|Optional|Union|List|Dict|list|dict|Any|Literal|Iterable|Sequence|Required|NotGiven|NOT_GIVEN|Field|z|0)\b|\[\s*\]|\{\s*\}|""|'')/;

/** Calls in which these names mean something else. */
const IN_CALLS_OF_OTHERS =
  /anthropic|gemini|ollama|decode$|(?<!threads\.)messages\.(?:create|stream)$|open$|^(?:z|yup)\./i;

/** Whether a parameter is part of a request to the API: in its call, in a request object, or next to its messages. */
function inRequest(found: RuleMatch, beside: RegExp): boolean {
  if (usesOtherProvider(found)) return false;
  const { code, match } = found;
  if (
    /^\[|^\w+\s*=/.test(match[0]) &&
    !/[(,{]\s*$/.test(code.slice(Math.max(0, match.index - 80), match.index))
  )
    return true;
  if (inApiCall(found)) return true;
  if (IN_CALLS_OF_OTHERS.test(enclosingCall(code, match.index))) return false;
  const [innermost] = enclosingBrackets(code, match.index);
  return innermost !== undefined && beside.test(textInBrackets(code, innermost.at));
}

/** What a request has next to a parameter with an ambiguous name. */
const BESIDE_MESSAGES = /\b(?:messages|prompt|input)\b["']?\s*(?:[:=,}]|$)/;
const BESIDE_MODEL = /\b(?:messages|model|modelName|model_name)\b["']?\s*(?:[:=,}]|$)/;

interface Parameter {
  /** The rule's ID, if the feature has several rules. */
  readonly id?: string;
  readonly feature: ApiFeature;
  readonly name: RegExp;
  /** The value it must have; by default anything that doesn't turn it off. */
  readonly set?: RegExp;
  /** The name is unique to the API, so it counts anywhere. */
  readonly distinct?: boolean;
  /** A common word: a model next to it is not enough. */
  readonly commonWord?: boolean;
  readonly hit: readonly [string, ...string[]];
  readonly trap: readonly [string, ...string[]];
}

function ruleOf({
  id,
  feature,
  name,
  set = /\S/,
  distinct = false,
  commonWord = false,
  hit,
  trap,
}: Parameter): Rule {
  return {
    id: id ?? `request-${feature.replaceAll('_', '-')}`,
    kind: 'feature',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`(?:(?<![\w$.?-])|(?<=\w\.)|\[)["']?(?<value>${name})["']?(?:\]?\s*[:=](?![=>])\s*(?!${OFF})${set}|(?=\s*[,}]))`,
    needs: 'mention',
    value: feature,
    accept: (found) =>
      isShorthand(found)
        ? inApiCall(found) && !/\w\.$/.test(found.before)
        : isSet(found) && (distinct || inRequest(found, commonWord ? BESIDE_MESSAGES : BESIDE_MODEL)),
    confidence: distinct ? 'high' : 'medium',
    examples: { hit: hitsOf(feature, hit), trap },
  };
}

const hitsOf = (feature: ApiFeature, [first, ...others]: Parameter['hit']): Examples['hit'] => [
  [first, feature],
  ...others.map((code) => [code, feature] as const),
];

/** `{ model, messages, tools }`: the name alone, between commas of an object. */
const isShorthand = ({ match }: RuleMatch): boolean => /^\w+$/.test(match[0]);

/** Request parameters that a gateway may not support or may drop, in JavaScript and Python. */
export const REQUEST_PARAMETER_RULES: readonly Rule[] = (
  [
    {
      feature: 'streaming',
      name: /stream(?:ing)?/,
      hit: [
        'client.chat.completions.create({ model, messages, stream: true })',
        'llm = ChatOpenAI(model=name, streaming=True)',
        'payload = {"model": name, "messages": messages, "stream": True}',
        'payload["stream"] = True',
        'body.stream = true;',
      ],
      trap: [
        'client.chat.completions.create({ model, messages, stream: false })',
        'decoder.decode(chunk, { stream: true })',
        "openai.createChatCompletion({ model, messages }, { responseType: 'stream' })",
        'pino({ stream: out })',
        'function f() {\n  const stream = run({ x });\n  call({ model, messages });\n}',
      ],
    },
    {
      feature: 'stream_options',
      name: /stream_options|streamOptions|streamUsage|stream_usage/,
      distinct: true,
      hit: ['create(model=m, stream=True, stream_options={"include_usage": True})'],
      trap: ['create(model=m, stream_options=None)'],
    },
    {
      feature: 'tools',
      name: /tools|functions/,
      hit: [
        'client.chat.completions.create({ model, messages, tools: [weather] })',
        'params["tools"] = schemas',
        'openai.ChatCompletion.create(model=m, messages=h, functions=specs)',
        'client.responses.create({ model, input, tools })',
      ],
      trap: [
        'client.chat.completions.create({ model, messages, tools: [] })',
        'const page = { tools: toolbar, title }',
        'import { tools, icons } from "./ui"',
      ],
    },
    {
      feature: 'parallel_tool_calls',
      name: /parallel_tool_calls|parallelToolCalls/,
      distinct: true,
      hit: ['create({ model, tools, parallel_tool_calls: true })'],
      trap: ['interface Options { parallel_tool_calls: boolean }'],
    },
    {
      feature: 'max_completion_tokens',
      name: /max_completion_tokens|maxCompletionTokens/,
      distinct: true,
      hit: ['create(model=m, messages=h, max_completion_tokens=400)'],
      trap: ['create(model=m, messages=h, max_tokens=400)'],
    },
    {
      feature: 'reasoning_effort',
      name: /reasoning_effort|reasoningEffort/,
      distinct: true,
      hit: ['create({ model, messages, reasoning_effort: level })'],
      trap: ['class Options(Base):\n    reasoning_effort: Optional[str] = None'],
    },
    {
      id: 'request-reasoning-object',
      feature: 'reasoning_effort',
      name: /reasoning/,
      set: /\{\s*["']?(?:effort|summary)\b/,
      hit: ["client.responses.create({ model, input, reasoning: { effort: 'low' } })"],
      trap: ['const card = { reasoning: { text } }'],
    },
    {
      feature: 'logprobs',
      name: /(?:top_)?logprobs/,
      distinct: true,
      hit: ['create(model=m, messages=h, logprobs=True, top_logprobs=5)'],
      trap: ['create(model=m, messages=h, logprobs=False)'],
    },
    {
      feature: 'logit_bias',
      name: /logit_bias|logitBias/,
      distinct: true,
      hit: ['create(model=m, messages=h, logit_bias={50256: -100})'],
      trap: ['create(model=m, messages=h, logit_bias={})', 'logit_bias = text.split()'],
    },
    {
      feature: 'seed',
      commonWord: true,
      name: /seed/,
      hit: ['client.chat.completions.create(model=m, messages=h, seed=42)'],
      trap: ['random.Random(seed=42)'],
    },
    {
      feature: 'multiple_choices',
      commonWord: true,
      name: /n/,
      set: /(?:[2-9]|\d\d|[a-zA-Z_$][\w$.]*)/,
      hit: ['client.chat.completions.create(model=m, messages=h, n=3)'],
      trap: ['client.chat.completions.create(model=m, messages=h, n=1)', 'range(n=3)'],
    },
    {
      feature: 'prediction',
      commonWord: true,
      name: /prediction/,
      set: /\{/,
      hit: ["client.chat.completions.create({ model, messages, prediction: { type: 'content', content } })"],
      trap: ['show({ prediction: { value } })'],
    },
    {
      feature: 'service_tier',
      name: /service_tier|serviceTier/,
      distinct: true,
      hit: ["create({ model, messages, service_tier: 'flex' })"],
      trap: ['type T = { service_tier: string }'],
    },
    {
      feature: 'prompt_cache_key',
      name: /prompt_cache_key|promptCacheKey/,
      distinct: true,
      hit: ['create({ model, input, prompt_cache_key: tenant })'],
      trap: ['type T = { prompt_cache_key: string }'],
    },
    {
      feature: 'store',
      commonWord: true,
      name: /store/,
      set: /(?:true|True)\b/,
      hit: ['client.responses.create({ model, input, store: true })'],
      trap: ['session({ store: true })'],
    },
    {
      feature: 'previous_response_id',
      name: /previous_response_id|previousResponseId/,
      distinct: true,
      hit: ['create(model=m, input=text, previous_response_id=last.id)'],
      trap: ['previous_response_id: Optional[str] = None'],
    },
    {
      feature: 'background',
      commonWord: true,
      name: /background/,
      set: /(?:true|True)\b/,
      hit: ['client.responses.create(model=m, input=text, background=True)'],
      trap: ['task(background=True)'],
    },
    {
      feature: 'audio_output',
      name: /modalities/,
      set: /\[[^\][]{0,40}["']audio["']/,
      hit: ["client.chat.completions.create({ model, modalities: ['text', 'audio'], messages })"],
      trap: ["client.chat.completions.create({ model, modalities: ['text'], messages })"],
    },
  ] as const satisfies readonly Parameter[]
).map(ruleOf);
