import { enclosingBrackets, enclosingType } from '../brackets.ts';
import { statementUpTo } from '../call-chain.ts';
import { inApiCall, usesOtherProvider } from '../call-options.ts';
import { CODE, isScript } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { isPassed, type Setting, settingAt } from '../setting.ts';
import type { ApiFeature } from '../site.ts';
import { inAnySpelling, OTHER_PROVIDER, pattern, squash } from '../vocabulary.ts';
import { buildsRequests, inRequest, type Word } from './request-context.ts';

interface Parameter {
  readonly feature: ApiFeature;
  /** Its names in snake case; clients in other languages spell the same words in their way. */
  readonly names: readonly string[];
  /** What its value must be; by default anything that doesn't turn it off. */
  readonly value?: RegExp;
  readonly word?: Word;
}

const TRUE = /^(?:Some\(|\w+\.Bool\()?true\b/i;

/** `{ effort: … }`, `Reasoning(effort = …)`, `if (thinks) ReasoningConfig(…) else null`. */
const REASONING =
  /^(?:if\s*\([^()\n]{1,60}\)\s*\{?\s*)?(?:[^\s\w]{0,3}\s*["']?(?:effort|summary)\b|&?(?:new\s+)?(?:\w+(?:\.|::))?\w*Reasoning\w*\s*[({])/i;

/** Request parameters that a gateway may not support or may drop. */
const PARAMETERS: readonly Parameter[] = [
  { feature: 'streaming', names: ['stream', 'streaming'] },
  { feature: 'stream_options', names: ['stream_options', 'stream_usage'], word: 'distinct' },
  { feature: 'tools', names: ['tools', 'functions', 'add_tool', 'add_function_tool', 'default_tools'] },
  { feature: 'tools', names: ['tool_callbacks', 'default_tool_callbacks', 'tool_specifications'] },
  { feature: 'tools', names: ['tool_call_behavior', 'function_choice_behavior'], word: 'distinct' },
  { feature: 'tools', names: ['add_tools', 'register_tool', 'with_tool'], word: 'distinct' },
  {
    feature: 'parallel_tool_calls',
    names: ['parallel_tool_calls', 'allow_parallel_tool_calls'],
    word: 'distinct',
  },
  { feature: 'max_completion_tokens', names: ['max_completion_tokens'], word: 'distinct' },
  { feature: 'reasoning_effort', names: ['reasoning_effort', 'reasoning_effort_level'], word: 'distinct' },
  { feature: 'reasoning_effort', names: ['reasoning'], value: REASONING },
  {
    feature: 'logprobs',
    names: ['logprobs', 'log_probs', 'top_logprobs', 'top_log_probs'],
    word: 'distinct',
  },
  {
    feature: 'logprobs',
    names: ['include_log_probabilities', 'top_log_probability_count'],
    word: 'distinct',
  },
  { feature: 'logit_bias', names: ['logit_bias', 'logit_biases'], word: 'distinct' },
  { feature: 'structured_outputs', names: ['strict_json_schema'], value: TRUE, word: 'distinct' },
  { feature: 'seed', names: ['seed'], word: 'common' },
  { feature: 'prediction', names: ['prediction'], value: /^(?:[{[&%]|\w+[.({]|Some\()/, word: 'common' },
  { feature: 'service_tier', names: ['service_tier'], word: 'distinct' },
  { feature: 'prompt_cache_key', names: ['prompt_cache_key'], word: 'distinct' },
  { feature: 'store', names: ['store'], value: TRUE, word: 'common' },
  { feature: 'store', names: ['stored_output_enabled'], value: TRUE, word: 'distinct' },
  { feature: 'previous_response_id', names: ['previous_response_id'], word: 'distinct' },
  { feature: 'background', names: ['background'], value: TRUE, word: 'common' },
  { feature: 'audio_output', names: ['modalities'], value: /^[^\n]{0,60}["'.]audio\b/i },
];

const BY_NAME = new Map(PARAMETERS.flatMap((one) => one.names.map((name) => [squash(name), one] as const)));
const NAMES = inAnySpelling(PARAMETERS.flatMap(({ names }) => names));

/** Values that turn a parameter off, in any language. */
const OFF =
  /^(?:(?:false|none|null|nullptr|nil|undefined|default|not_?given|emptyList|Collections\.emptyList|Array\.Empty|Vec::new|Some\(false\)|0(?!\.)|_(?=\s*[,}]))(?![\w$])|(?:List\.of|listOf|list|vec!|json!|array|c)?[([]\s*(?:\[\])?[\])](?![\w*.]+\{\s*[^\s}])|[\][\w.]*\{\s*\}|(?:\w+\.)?(?:F|Bool)\(false\)|new\s*(?:(?:ArrayList|List)\w*<[^>]*>)?\(\)\s*[,;)]|new\s+\w+\[0\]|""|''|\)|["']?(?:nullable|required|sometimes|string|array|boolean|integer)\b["'|])/i;
/** A function, in Kotlin and Swift in braces: an argument of the program's own, or of an HTTP library. */
const LAMBDA = /^(?:function\b|vim\.|\{\s*(?:\w+(?:\s*,\s*\w+)*\s*->|(?:\[weak self\]\s*)?\w+\s+in\b))/;
/** Types, where a declaration has them in place of a value. */
const TYPE =
  /^(?:[*&]?\[?\]?(?:bool|boolean|str|string|int|u?int\d+|[iuf]\d+|usize|float|number|double|dict|list|any|object|suspend)\b(?!\()|(?:Optional|Union|List|Dict|Any|Literal|Iterable|Sequence|Required|Field|Option|Vec|Array|Set|Map|z|Joi|Bool|String|Int|Double|Float|Boolean|Integer)\b(?!\())/;
const TYPE_OF_LIST = /^\[[A-Z]\w*[a-z]\w*(?:\.\w+)*\]\??\s*(?:[,)=\n]|$)/;
/** Inside a string, and not a key of JSON in it. */
const IN_SENTENCE = /^[^"]*"(?:[^"]*"[^"]*")*[^"\\]*[^"\\\s][^"\\]*$/;
const DECLARES =
  /\b(?:let|var|val|const|final|readonly|static|public|private|protected|internal|override|auto|pub|mut|local|my|bool|Bool|boolean|validates|def|type)\s+(?:[\w<>[\]?.,]+\s+){0,3}\$?$/;
const READS =
  /\b(?:opt|get|Get|TryGetProperty|GetProperty|contains|containsKey|ContainsKey|has|remove|pluck|required|rename)\w*\(\s*\\?["']?$|json:\\?["']?$/;

/** A method that sets whether to stream, not one that streams. */
const ONE_ARGUMENT = /^(?:true|\w*stream\w*)\s*\)/i;

/** Methods that other builders and repositories also have. */
const COMMON_METHOD = /^(?:store|seed|tools|functions|background|stream|streaming|prediction|reasoning)$/i;
/** What stands beside a method that other builders have too. */
const OF_REQUEST = /open_?ai|chat|complet|prompt|assistant|messages|\bmodel|gpt-/i;
const REQUEST_CHAIN =
  /open_?ai|chat|params|options|builder|prompt|assistant|AiServices|request|Args::default/i;

function isParameter(found: RuleMatch): boolean {
  const { word = 'plain', value: needed } = BY_NAME.get(squash(found.value)) ?? {};
  const setting = settingAt(found);
  if (setting === null || isOff(found, setting)) return false;
  if (needed !== undefined && !needed.test(setting.value)) return false;
  return (
    isOfRequest(found, setting, word) && !OTHER_PROVIDER.test(enclosingType(found.code, found.match.index))
  );
}

function isOfRequest(found: RuleMatch, setting: Setting, word: Word): boolean {
  if (isScript(found.path)) return isScripted(found, setting, word);
  if (setting.form === 'alone') return false;
  if (setting.form === 'call') return isOfBuilder(found, setting, word);
  return inRequest(found, setting, word) || (isPassed(setting, found) && buildsRequests(found));
}

/** Languages that write the type of a list as `[Tool]`. */
const TYPED_LISTS = /\.(?:swift|kts?|scala|rs|go)$/;

function isOff({ before, path }: RuleMatch, { form, join, value }: Setting): boolean {
  if (form === 'alone') return false;
  if (OFF.test(value) || READS.test(before) || LAMBDA.test(value)) return true;
  if (form !== 'argument') return false;
  if (IN_SENTENCE.test(before)) return true;
  if (DECLARES.test(before) || TYPE.test(value)) return true;
  return join === ':' && TYPED_LISTS.test(path) && TYPE_OF_LIST.test(value);
}

/** In JavaScript and Python, requests are objects, dictionaries and named arguments. */
function isScripted(found: RuleMatch, setting: Setting, word: Word): boolean {
  const [innermost] = enclosingBrackets(found.code, found.offset);
  if (setting.form === 'alone') return innermost?.open === '{' && inApiCall(found);
  return (setting.join === ':' || setting.join === '=') && inRequest(found, setting, word);
}

function isOfBuilder(found: RuleMatch, setting: Setting, word: Word): boolean {
  const { value, code, match } = found;
  if (/^stream(?:ing)?$/i.test(value)) {
    if (!ONE_ARGUMENT.test(setting.value)) return false;
    const near = code.slice(Math.max(0, match.index - 200), match.index + 200);
    if (/^\W*with/i.test(match[0]) && !OF_REQUEST.test(near)) return false;
  }
  return (
    (word === 'distinct' ? !usesOtherProvider(found) : buildsRequests(found)) &&
    (!COMMON_METHOD.test(value) || REQUEST_CHAIN.test(statementUpTo(code, match.index)))
  );
}

/** Request parameters in every language: as arguments, fields, keys and methods. */
export const REQUEST_PARAMETER_RULES = rulesFor(
  { families: [...CODE, 'shell'], needs: 'mention', confidence: 'medium' },
  [
    {
      id: 'request-parameter',
      kind: 'feature',
      pattern: pattern()`\b(?:[wW]ith_?|[sS]et_?)?(?<value>${NAMES})(?=\\?["'\`]{0,2}\]?\s*(?:[:=,}(]|->|to\b|\.[aA]dd))`,
      value: (name) => BY_NAME.get(squash(name))?.feature ?? null,
      accept: isParameter,
    },
    {
      id: 'request-limit-chosen',
      kind: 'feature',
      // `"max_completion_tokens" if thinks else "max_tokens"`
      pattern: /["'`](?<value>max_completion_tokens)["'`]/,
      value: 'max_completion_tokens',
      accept: ({ line }) => /["'`]max_tokens["'`]/.test(line) && /\?|\b(?:if|else|then)\b/.test(line),
    },
    {
      id: 'request-streams-by-default',
      kind: 'feature',
      // `stream: Bool = true`, `bool Stream { get; set; } = true`, `public $stream = true`
      pattern:
        /\b(?:bool(?:ean)?\??\s+(?<value>stream(?:ing)?)\s*(?:\{[^{}\n]{0,40}\}\s*)?|stream(?:ing)?\s*:\s*bool(?:ean)?\??\s*|(?:public|private|protected)\s+\$?stream(?:ing)?\s*)=\s*true\b/i,
      value: 'streaming',
      accept: ({ fileHolds }) => fileHolds(/\bmessages\b|chat\/completions|responses?_?request/i),
    },
    {
      id: 'request-several',
      kind: 'feature',
      pattern: /\b(?<value>[nN])(?=\\?["'`]?\]?\s*(?:[:=,]|=>))/,
      value: 'multiple_choices',
      accept: (found) => {
        const setting = settingAt(found);
        return (
          setting !== null &&
          !DECLARES.test(found.before) &&
          /^(?:openai\.Int\(|param\.NewOpt\(|Some\()?(?:[2-9]|\d\d|[$&*(]?[a-zA-Z_(][\w$.()]*)/.test(
            setting.value,
          ) &&
          !OFF.test(setting.value) &&
          !TYPE.test(setting.value) &&
          (inRequest(found, setting, 'common') ||
            (isPassed(setting, found) && !isScript(found.path) && buildsRequests(found)))
        );
      },
    },
  ],
);
