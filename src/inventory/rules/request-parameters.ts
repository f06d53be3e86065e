import { enclosingBrackets, enclosingCall, textInBrackets } from '../brackets.ts';
import { inApiCall, isSet, usesOtherProvider } from '../call-options.ts';
import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
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
}

function ruleOf({ id, feature, name, set = /\S/, distinct = false, commonWord = false }: Parameter): Rule {
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
  };
}

/** `{ model, messages, tools }`: the name alone, between commas of an object. */
const isShorthand = ({ match }: RuleMatch): boolean => /^\w+$/.test(match[0]);

/** Request parameters that a gateway may not support or may drop, in JavaScript and Python. */
export const REQUEST_PARAMETER_RULES: readonly Rule[] = (
  [
    {
      feature: 'streaming',
      name: /stream(?:ing)?/,
    },
    {
      feature: 'stream_options',
      name: /stream_options|streamOptions|streamUsage|stream_usage/,
      distinct: true,
    },
    {
      feature: 'tools',
      name: /tools|functions/,
    },
    {
      feature: 'parallel_tool_calls',
      name: /parallel_tool_calls|parallelToolCalls/,
      distinct: true,
    },
    {
      feature: 'max_completion_tokens',
      name: /max_completion_tokens|maxCompletionTokens/,
      distinct: true,
    },
    {
      feature: 'reasoning_effort',
      name: /reasoning_effort|reasoningEffort/,
      distinct: true,
    },
    {
      id: 'request-reasoning-object',
      feature: 'reasoning_effort',
      name: /reasoning/,
      set: /\{\s*["']?(?:effort|summary)\b/,
    },
    {
      feature: 'logprobs',
      name: /(?:top_)?logprobs/,
      distinct: true,
    },
    {
      feature: 'logit_bias',
      name: /logit_bias|logitBias/,
      distinct: true,
    },
    {
      feature: 'seed',
      commonWord: true,
      name: /seed/,
    },
    {
      feature: 'multiple_choices',
      commonWord: true,
      name: /n/,
      set: /(?:[2-9]|\d\d|[a-zA-Z_$][\w$.]*)/,
    },
    {
      feature: 'prediction',
      commonWord: true,
      name: /prediction/,
      set: /\{/,
    },
    {
      feature: 'service_tier',
      name: /service_tier|serviceTier/,
      distinct: true,
    },
    {
      feature: 'prompt_cache_key',
      name: /prompt_cache_key|promptCacheKey/,
      distinct: true,
    },
    {
      feature: 'store',
      commonWord: true,
      name: /store/,
      set: /(?:true|True)\b/,
    },
    {
      feature: 'previous_response_id',
      name: /previous_response_id|previousResponseId/,
      distinct: true,
    },
    {
      feature: 'background',
      commonWord: true,
      name: /background/,
      set: /(?:true|True)\b/,
    },
    {
      feature: 'audio_output',
      name: /modalities/,
      set: /\[[^\][]{0,40}["']audio["']/,
    },
  ] as const satisfies readonly Parameter[]
).map(ruleOf);
