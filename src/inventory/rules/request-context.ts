import { enclosingBrackets, enclosingCall, textInBrackets } from '../brackets.ts';
import { inApiCall, isSpread, usesOtherProvider } from '../call-options.ts';
import type { RuleMatch } from '../rule.ts';
import { isPassed, type Setting } from '../setting.ts';

/** Plain HTTP calls to the API. In files with them, words such as `stream` are request parameters. */
export const CALLS_OVER_HTTP =
  /chat\/completions|api\.openai\.com|\/v1\/(?:responses|embeddings|completions|images|audio)|openai\.azure\.com|\[\{\s*\\?["']role/i;

/** Packages and classes named after the API. */
export const DECLARED_NAME =
  /\b(?:namespace|package|module|class|struct|object|interface|enum|extension)\s+[\w.\\]*(?:open_?ai|chat_?gpt)/i;

/** Files with such names, or that import them, speak of nothing else. */
export const NAMED_FILE =
  /\b(?:namespace|package|module|class|struct|object|interface|enum|extension|import|use|using|alias)\s+[\w.\\]*(?:open_?ai|chat_?gpt)|\b(?:include|require|library)\s?[(<"']{1,2}[\w.\\/]*(?:open_?ai|chat_?gpt)/i;

/** Whether a file is named after the API, or calls it. */
export const speaksOfApi = ({ fileHolds, path }: RuleMatch): boolean =>
  /open_?-?ai|gpt/i.test(path) || fileHolds(NAMED_FILE) || fileHolds(CALLS_OVER_HTTP);

/** Types of requests, as clients name them. */
const REQUEST_TYPE =
  /\b(?:(?:Create)?(?:Chat|ChatCompletions?|Completions?|Responses?|BetaAssistant|Assistant|Run)(?:Create|Creation|New)?(?:Request|Params|Parameters|Args|Options|Query|Body)\w*|Create(?:Chat)?Completion\w*|Create(?:Response|Assistant|Run)\w*|ChatCompletion(?=\.builder)|\w*PromptExecutionSettings|\w*ChatOptions|AiServices)\b|\bparameters:\s*\{|\bparameters\[|\bchat\(\)\s*->|\bchat\.completions\b|\bresponses\.(?:create|stream)|\bChat\.Completions\b/;

/** What a request has beside a parameter with an ambiguous name. */
const BESIDE = {
  common: /\b(?:[mM]essages|[pP]rompt|[iI]nput)\b\\?["']?\s*(?:[:=,}(]|=>|->|$)/,
  any: /\b(?:[mM]essages|[mM]odel(?:_?[nN]ame|_?[iI]d)?)\b\\?["']?\s*(?:[:=,}(]|=>|->|$)/,
};

/** Calls in which these names mean something else. */
const IN_CALLS_OF_OTHERS =
  /anthropic|gemini|ollama|decode$|(?<!threads\.)messages\.(?:create|stream)$|open$|^(?:z|yup)\./i;

/** A program's own functions around the API: `llm.ask(…)`, `generateAnswer(…)`. */
const OWN_CALL =
  /(?:^|[._])(?:(?:call|ask|query|run|invoke|get|send)_?)?(?:llm|gpt|openai|chat_?completion\w*|completion|generate_?(?:answer|reply|response|text|completion)?|complete_?chat|ask_?(?:ai|model)?)(?:_\w+|[A-Z]\w*)?(?:\.\w+)?$|(?:get|send|stream|request|create|fetch|post)_?[cC]hat(?:_|[A-Z]|$)\w*$|(?:[pP]repare|[bB]uild|[mM]ake|[cC]reate)_?(?:[rR]equest|[pP]ayload)(?:_?[bB]ody)?$/;

/** Whether a match is in the arguments of a call of the API, or of a program's own function around it. */
export const inAnyCall = (found: RuleMatch): boolean =>
  inApiCall(found) ||
  (!usesOtherProvider(found) && OWN_CALL.test(enclosingCall(found.code, found.match.index)));

/**
 * How sure a name is to be a parameter of the API: `distinct` ones count anywhere, `common` words need messages beside
 * them, others a model.
 */
export type Word = 'distinct' | 'common' | 'plain';

/** Whether a setting is a parameter of a request to the API: in its call, in its object, or beside its messages. */
export function inRequest(found: RuleMatch, setting: Setting, word: Word): boolean {
  if (!isPassed(setting, found) || usesOtherProvider(found)) return false;
  if (word === 'distinct' || setting.form === 'entry' || setting.form === 'field') return true;
  if (inApiCall(found)) return true;
  const { code, match } = found;
  const call = enclosingCall(code, match.index);
  if (IN_CALLS_OF_OTHERS.test(call)) return false;
  return (
    (word === 'plain' && OWN_CALL.test(call)) || isBeside(found, word) || (call === '' && isSpread(found))
  );
}

/** Whether a model or messages are in the same brackets. */
export function isBeside({ code, match }: RuleMatch, word: Word): boolean {
  const [innermost] = enclosingBrackets(code, match.index);
  const beside = word === 'common' ? BESIDE.common : BESIDE.any;
  return innermost !== undefined && beside.test(textInBrackets(code, innermost.at));
}

/** Whether a file of another language than JavaScript and Python builds requests, with a client or as JSON. */
export const buildsRequests = (found: RuleMatch): boolean =>
  !usesOtherProvider(found) &&
  (((found.sdks.length > 0 || found.fileHolds(NAMED_FILE)) && found.fileHolds(REQUEST_TYPE)) ||
    found.fileHolds(CALLS_OVER_HTTP) ||
    (found.fileHolds(/["']messages\\?["']/) && found.fileHolds(/["']model\\?["']/)));
