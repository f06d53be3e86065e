import { usesOtherProvider } from '../call-options.ts';
import { CODE } from '../languages.ts';
import type { HazardRule, RuleMatch } from '../rule.ts';
import { OFFICIAL_HOST, pattern } from '../vocabulary.ts';
import { isOwnRoute, VERSIONED_PATH } from './endpoint-paths.ts';

/** A list of hosts that a program may call, up to one of its entries. */
const ALLOW_LIST =
  /(?:\b\w{0,20}(?:allow|trusted|white_?list|permitted)\w{0,30}|\b\w{0,20}(?:hosts|domains|origins|endpoints)|connect-src|egress\w*)["']?\]?\s*(?:[:=({[]|=>|:=|\s)[^;}]{0,240}$/i;
/** A test whether a list has an entry, seen from the entry. */
const ASKED =
  /^[^"'`\n]{0,60}["'`](?:\s*,\s*["'`][^"'`\n]{1,80}["'`]){0,20}\s*,?\s*[\])}]{1,2}\s*\.\s*(?:includes|include\?|indexOf|contains|has)\(/;
const ASKED_IN = /\bin\s*[[({]\s*(?:["'][^"'\n]{1,80}["']\s*,\s*){0,20}["'](?:https:\/\/)?$/;

/** Whether a host or a URL is an entry of an allow-list, so not one that this code calls. */
export const isAllowed = ({ code, offset, before, after }: RuleMatch): boolean =>
  ASKED.test(after) ||
  ASKED_IN.test(before) ||
  // A variable of its own does not belong to the list above it.
  ALLOW_LIST.test(/^\s*\w+=/.test(before) ? before : code.slice(Math.max(0, offset - 300), offset));

/** What all comparisons with the official URL have in common. */
const COMPARISON = {
  kind: 'official_url_check',
  families: CODE,
  message: 'Compares with the official URL, which changes after the switch. Decide by configuration instead.',
} as const;

/** What all dimensions of stored vectors have in common. */
const STORED = {
  kind: 'stored_dimension',
  message:
    'Vectors of this dimension are stored. If the embedding model changes, even to one with the same dimension, recompute them.',
} as const;

/** Code and settings that only work with the official server: its URL, and what is stored on it. */
export const OFFICIAL_SERVER_HAZARD_RULES: readonly HazardRule[] = [
  {
    id: 'hazard-official-url-check',
    ...COMPARISON,
    pattern:
      /(?:[!=]==?\s*|\b(?:includes|contains|starts_?with|ends_?with|has_?prefix|indexOf|match|strpos)\s*\(\s*(?:[\w.$]{1,60},\s*)?)["'`](?<value>(?:https:\/\/)?api\.openai\.com[^"'`\n]{0,60})["'`]|["'](?:https:\/\/)?api\.openai\.com[^"'\n]{0,60}["']\s+(?:not\s+)?in\s/i,
  },
  {
    id: 'hazard-official-url-constant',
    ...COMPARISON,
    // `api_base == OPENAI_API_BASE`, `url.equals(OpenAi.DEFAULT_BASE_URL)`
    pattern:
      /(?:[!=]==?\s*&?|\b(?:equals|eq\??|is)\(\s*)(?:\w{1,30}(?:\.|::))*(?<value>(?:\w{0,20}OPEN_?AI_\w{0,20}(?:BASE|URL|HOST|ENDPOINT)|(?:DEFAULT|OFFICIAL)_(?:OPEN_?AI_|API_){0,2}(?:BASE_UR[LI]|API_BASE|UR[LI]|HOST|ENDPOINT))\w{0,10})\b/,
    needs: 'mention',
  },
  {
    id: 'hazard-host-allow-list',
    kind: 'official_url_check',
    families: [...CODE, 'config', 'shell'],
    pattern: pattern()`(?<value>(?:https://)?${OFFICIAL_HOST})`,
    accept: isAllowed,
    message: 'A list of allowed hosts: calls to a gateway are blocked until its host is added.',
  },
  {
    id: 'hazard-appended-version',
    kind: 'appended_version',
    families: CODE,
    pattern:
      /(?:(?:\{0?\}|%[sv])(?=\/v1\/[^"'`\n]{0,60}["'`]\s*[,%(]\s*[\w.&>$-]{0,30}(?:base|ur[li]|host|endpoint))|base_?ur[li]|api_?base|endpoint|host|api_?url|\{(?:\w{1,20}\.)?ur[li](?=\}))\w*(?:\(\))?(?:\s*\.\s*(?:rstrip|trimEnd|TrimEnd|replace)\([^()\n]{0,40}\))?\}?\s*(?:\+|\.|<<)?\s*["'`]?(?<value>\/v1)(?:\/|["'`])|\b(?:join|joinpath|path_join|urljoin|JoinPath)\(\s*\w*(?:base_?ur[li]|api_?base|endpoint|host)\w*\s*,\s*["'`]\/?v1/i,
    needs: 'mention',
    message:
      'Appends /v1 to the configured base URL. Gateways document base URLs that end in /v1, so the result is /v1/v1.',
  },
  {
    id: 'hazard-version-in-path',
    kind: 'appended_version',
    families: CODE,
    withBareUrl: true,
    pattern: pattern()`(?<=["'\`])(?<value>/?v1)${VERSIONED_PATH}`,
    // A batch names the endpoint of its requests, with the version.
    accept: (found) =>
      !isOwnRoute(found) &&
      !usesOtherProvider(found) &&
      (found.after.startsWith('/batches') || !/batch/i.test(found.path + found.before)),
    message:
      'The path has /v1 and the base URL has none. Gateways document base URLs that end in /v1: leave it out there, or requests go to /v1/v1.',
  },
  {
    id: 'hazard-spring-appended-version',
    kind: 'appended_version',
    families: ['config'],
    pattern:
      /spring\.ai\.openai(?:\.\w+)?\.base-url\s*=\s*(?<dotted>[^\s#]{1,200}\/v1)\/?\s*$|^[ \t]*openai:[ \t]*\n(?:[ \t][^\n]*\n){0,12}?[ \t]+base-url:[ \t]*["']?(?<value>[^\s"'#]{1,200}\/v1)\/?["']?\s*$/m,
    accept: ({ match, fileHolds }) => match.groups?.dotted !== undefined || fileHolds(/^\s*ai:/m),
    message:
      'Spring AI before 2.0 appends /v1 to this URL, so requests go to /v1/v1. Remove /v1 here, or set the completions-path.',
  },
  {
    id: 'hazard-server-side-id',
    kind: 'server_side_id',
    families: [...CODE, 'shell', 'config'],
    pattern:
      /(?:["'`=:\s](?<value>asst_[A-Za-z0-9]{20,}|thread_[A-Za-z0-9]{20,}|vs_[A-Za-z0-9]{20,}|file-[A-Za-z0-9]{20,}|ft:(?:gpt|davinci|babbage)[\w.-]*:[\w.-]*:[\w.-]*(?::\w*)?|ftjob-[A-Za-z0-9]{16,}|batch_[A-Za-z0-9]{20,})|(?<!\w)(?!HOME_)(?<name>(?:[A-Z\d]+_){0,3}(?:ASSISTANT|VECTOR_STORE)_ID))\b/,
    message:
      'An ID of something stored on the official server. A gateway does not have it: create it again there, or keep this call on the official API.',
  },
  {
    id: 'hazard-previous-response-id',
    kind: 'server_side_id',
    families: CODE,
    pattern: /\b(?<value>previous_response_id|previousResponseId|PreviousResponseID?)\b/,
    needs: 'mention',
    message:
      'Continues a response that is stored on the server that created it. Conversations started before the switch cannot continue after it, nor can those that a traffic split sends to both servers.',
  },
  {
    id: 'hazard-stored-vector',
    ...STORED,
    families: CODE,
    // A column has them for nothing else: migrations seldom name the API.
    pattern: /\b(?:half)?vec(?:tor)?\((?<value>1536|3072)\)/i,
  },
  {
    id: 'hazard-stored-dimension',
    ...STORED,
    families: [...CODE, 'config'],
    pattern:
      /(?:\b(?:vector|halfvec)\b["']?\s*[(,]\s*(?:["']\w{1,40}["'],\s*)?(?:(?:limit|size|dimensions):\s*)?|\b(?:dimensions?|dims?|vector_?size|embedding_?(?:dim|dims|dimensions?|size)|EMBEDDING_DIM\w*)["']?\s*[:=]\s*)(?<value>1536|3072)\b/i,
    needs: 'mention',
  },
  {
    id: 'hazard-billing-api',
    kind: 'billing_api',
    families: [...CODE, 'shell'],
    pattern: /(?<value>\/(?:v1\/)?dashboard\/billing\/\w+|\/v1\/organization\/(?:costs|usage)\b)/,
    message:
      'Reads the balance or usage of the official account, which does not include the gateway. Query the gateway instead.',
  },
];
