import { enclosingCall } from '../brackets.ts';
import { statementUpTo } from '../call-chain.ts';
import { usesOtherProvider } from '../call-options.ts';
import { CODE } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { MENTION } from '../sdks.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, ENDPOINT_PATH, endpointOfPath, OTHER_PROVIDER, pattern } from '../vocabulary.ts';
import { CALLS_OVER_HTTP, DECLARED_NAME, NAMED_FILE } from './request-context.ts';

/** The rules for any language find complete URLs of the official API. */
const AFTER_KNOWN_HOST = /:\/\/[^\s"'`]*(?:api\.openai\.com|openai\.azure\.com)[^\s"'`]*$/i;

/** Calls that declare a route of the repository's own server. */
const OWN_SERVER =
  /^(?:app|router|server|api|fastify|blueprint|bp|route\w*|r|mux|engine|group|srv|\w*[rR]outer|\w*_bp|\w*App|hono|web)(?:\.|->|::|:)(?:\w+\.)*(?:get|post|put|patch|delete|all|any|use|match|route|group|mount|handle\w*|add\w*|map\w*|include_router|websocket|head|options|http)$|^(?:path|re_path|Route|APIRoute|scope|namespace|resources?)$/i;
const ROUTE =
  /\bRoute::\w+\(|\bregister_rest_route\(|HandleFunc\(|@(?:\w*Mapping|Path|Post|Get|Route)\(|@\w+\.(?:get|post|route)\(|\[(?:Http(?:Get|Post)|Route)\(|\bMap(?:Get|Post|Group)\(|#\[(?:get|post|route)|^\s*(?:get|post|put|match|resources?|namespace|scope)\s+["']|(?<!\w)(?:app|router|server)\s*(?:\.|:|->)\s*\w+\(|\.(?:GET|POST|PUT|Any|Handle|route|get|post)\(\s*["`]?$(?<=(?:r|router|app|mux|server|api|engine|group)\.\w+\(\s*["`]?)|\.route\(|matchers?::path|\bpath\(|wiremock|stub_request|\.stub|httpmock|\bServer?\.(?:Post|Get)\(/;
/** Languages in which `@client.post(…)` is a call, not a decorator. */
const INSTANCE_VARIABLES = /\.(?:rb|rake|cr|coffee)$/;
const ROUTES_FILE = /(?:^|\/)routes?(?:\/|\.\w+$)/;
const COMPARED =
  /(?:pathname|\.path|\burl)\s*(?:===?|!==?)\s*["'`]|(?:(?:starts|ends)_?with|includes\??|contains|has_?(?:prefix|suffix))\s?\(\s*[^()"'`]{0,40}["'`]\/?$|\bCONTAINS\b|[!=]==?\s*["'`][^"'`]*$|\bin\s+request|\/api["'`]?\/?$/;
/** Text that is shown or logged, or taken apart. */
const PRINTED =
  /\b(?:println|printf?|puts|echo|console\.\w+|log(?:ger)?\.\w+|info|debug|warn|error)!?\([^)]*$|\.(?:split|replace\w*|remove\w+|\w*strip|trim\w*|ends_?with|starts_?with)\(\s*["'`]$/i;
/** Text before a path in a sentence, but not an option of curl. */
const SENTENCE = /["'`][^"'`]*\w[^"'`\w]*\s[^"'`\s]*$/;

/** Resource names that many services use. */
const COMMON_WORD =
  /(?:responses|conversations|completions|files|uploads|batches|assistants|threads|containers|evals|models|videos|realtime|moderations)$/;
const API_NEARBY = /open_?ai|api_?base|base_?ur[li]|api_?ur[li]|endpoint|llm/i;
/** Other services with the same paths, and the repository's own. */
const OTHER_SERVICE = pattern('i')`${OTHER_PROVIDER}|elevenlabs|jina|pinecone|/api/`;
const OTHER_HOST = /:\/\/(?!localhost|127\.|0\.0)[\w.-]+\.[a-z]{2,}[^\s"'`]*$/i;

/** What a path is joined to: the end of an interpolation, or a name before an operator. */
const JOINED =
  /(?<inside>[\w$.@?!()'"-]{1,60}|\{)(?:\)|\})\/?(?:v1)?$|\$(?<name>\w{1,40})\/?(?:v1)?$|(?<before>[\w$.>@()-]{1,60})\s*(?:\+|\.\.?|<>|,|<<|~)\s*["'`]\/?(?:v1)?$/;
const BASE = /base|open_?ai|\bllm|gpt|oai/i;
const URL_NAME = /ur[li]|host|endpoint|api|root|server|prefix|address|%/i;

/** Whether a base is a folder of files: `BASE_PATH = os.path.expanduser("~/.app")`. */
const isFolder = (base: string, { fileHolds }: RuleMatch): boolean =>
  fileHolds(
    new RegExp(
      `\\b${/\w+/.exec(base)?.[0]}\\s*:?=[^\\n]*(?:["'\`]~?/|~/|expanduser|homedir|os\\.path|Path\\()`,
    ),
  );

/** The official URL with something else joined to it. */
const JOINED_TO_URL = /api\.openai\.com\/v1\/(?:[{$]|#\{|\\\(|%[sv]|["'`]\s*[,+.<~])/;

/** A client with the official URL, which paths are joined to, and calls or constants with a path. */
const CLIENT_OF_URL = /api\.openai\.com(?:\/v1)?\/?["'`]/;
const PASSED =
  /\b(?:post|get|put|delete|request|fetch|send|call|path|ur[li]|endpoint|case)\w*[^\w"'`]{0,8}(?:\w+[^\w"'`]{1,4}){0,2}["'`]?\/?$/i;

export function isOwnRoute({ before, after, code, match, path }: RuleMatch): boolean {
  const call = enclosingCall(code, match.index);
  // A route's file may send requests itself.
  if ((ROUTES_FILE.test(path) && !/^(?:fetch$|axios)/.test(call)) || OWN_SERVER.test(call)) return true;
  if (
    ROUTE.test(INSTANCE_VARIABLES.test(path) ? before.replaceAll('@', '') : before) ||
    (/^\s*(?:get|post|put|delete|path)\(["']/.test(before.replace(/^.*\{\s*/, '')) &&
      /^["']\)\s*\{/.test(after))
  )
    return true;
  return /\b(?:route|path)\s*(?:\(|=)\s*$/.test(code.slice(Math.max(0, match.index - 60), match.index));
}

/** Whether a path is in an import, a sentence, a comparison or a route, or is reported by another rule. */
function isElsewhere(found: RuleMatch): boolean {
  const { before, code, match, value } = found;
  if (AFTER_KNOWN_HOST.test(before) || COMPARED.test(before) || PRINTED.test(before) || isOwnRoute(found))
    return true;
  if (/\bfrom\s|\bimport\b|\brequire\(|github\.com/.test(before)) return true;
  if (
    /\w/.test(code[match.index - 1] ?? '') &&
    !INTERPOLATED.test(before) &&
    !value.endsWith('chat/completions')
  )
    return true;
  const sentence = SENTENCE.exec(before)?.[0] ?? '';
  return sentence !== '' && !/\bcurl\b|%[sv]|\{/.test(sentence);
}

const INTERPOLATED = /(?:\$\w{1,40}|%[sv@])\/?$|\/?v1\/?$/;

function isCall(found: RuleMatch): boolean {
  const { before, value, line, fileHolds } = found;
  if (isElsewhere(found) || usesOtherProvider(found)) return false;
  if (value.endsWith('chat/completions')) return true;
  const common = COMMON_WORD.test(value);
  if (OTHER_SERVICE.test(line) || (common && OTHER_HOST.test(before) && !/openai/i.test(before)))
    return false;
  if (/v1\/?$/.test(before)) return true;
  const joined = Object.values(JOINED.exec(before)?.groups ?? {}).find((name) => name !== undefined);
  // The arguments after a format name what its placeholder stands for.
  const base = joined !== undefined && /^\W*\d*\W*$/.test(joined) ? found.after : joined;
  if (base === undefined) return isPassedToClient(found, common);
  if (common && isFolder(base, found)) return false;
  if (BASE.test(base)) return true;
  return (!common || URL_NAME.test(base)) && (fileHolds(CALLS_OVER_HTTP) || API_NEARBY.test(line));
}

const isPassedToClient = ({ before, line, fileHolds, code, offset }: RuleMatch, common: boolean): boolean =>
  common
    ? API_NEARBY.test(before) ||
      ((fileHolds(CLIENT_OF_URL) || fileHolds(DECLARED_NAME)) &&
        PASSED.test(code.slice(Math.max(0, offset - 80), offset).replace(/\s+/g, ' ')))
    : API_NEARBY.test(line) || fileHolds(CALLS_OVER_HTTP);

/** What comes before a path of one word: a request, or a method that appends it to a URL. */
const REQUESTS =
  /@(?:GET|POST|DELETE)\(\s*["']$|\b(?:request\w*|(?:\w{1,20}_)?append\w*|(?<!(?:[pP]ath|File)\.)join\w*|resolve|url_for|with_?[pP]ath\w*)\([^()\n]{0,60}?["']$/;
/** The same in files that join words to the official URL: a client's method, or a constant. */
const SENDS =
  /(?:\b(?:\w*[cC]lient|\w*[oO]pen_?[aA][iI]_?|http|api|this|self)(?:\.|->|::)(?:get|post|delete)|\b(?:\w+_)?(?:call|send|exec|fetch|make|do|query|completion)\w*)\(\s*[^()\n]{0,60}?["']$|(?:\w*(?:[eE]ndpoint|[pP]ath|[uU]r[li]|[rR]oute|[bB]ase)|(?<!\w)(?!\w*(?:KEY|CACHE|TABLE|DIR|TAB)\b)[A-Z_]+)["']?\s*(?:<-|[:=]>?|\.|\+|<>|,)\s*["']$/;
const SETS = /\w["']?\s*(?:<-|[:=]>?|\.|\+|<>|,)\s*["']$/;

function isWordOfPath(found: RuleMatch): boolean {
  if (usesOtherProvider(found) || isOwnRoute(found)) return false;
  const { code, offset, fileHolds } = found;
  const before = code.slice(Math.max(0, offset - 120), offset);
  if (REQUESTS.test(before))
    return (
      fileHolds(CALLS_OVER_HTTP) ||
      fileHolds(NAMED_FILE) ||
      /open_?ai/i.test(statementUpTo(code, offset).slice(-300))
    );
  return (SENDS.test(before) && fileHolds(CLIENT_OF_URL)) || (SETS.test(before) && fileHolds(JOINED_TO_URL));
}

/** What stands for a group of endpoints, until a path is joined to it. */
const GROUPS: Readonly<Record<string, Endpoint>> = {
  '/audio': 'audio.transcriptions',
  '/images': 'images.generations',
  '/fine_tuning': 'fine_tuning',
};
export const VERSIONED_PATH = pattern()`(?:${ENDPOINT_PATH}|${anyOf(GROUPS)})(?=["'\`])`;

/** Paths of endpoints, joined to a base URL or passed to a client, in every language. */
export const ENDPOINT_PATH_RULES = rulesFor({ families: [...CODE, 'shell'], confidence: 'medium' }, [
  {
    id: 'path-of-endpoint',
    kind: 'endpoint',
    pattern: pattern()`(?<=["'\`}){\w])(?:/?v1)?(?<value>${ENDPOINT_PATH})(?![\w-]|/\w)`,
    needs: 'mention',
    value: (path) => endpointOfPath(path),
    accept: isCall,
  },
  {
    id: 'path-without-slash',
    kind: 'endpoint',
    // For clients that join a path to their base URL.
    pattern: pattern()`(?:["'\`](?:v1/)?|\bv1/)(?<value>chat/completions|images/(?:generations|edits|variations)|audio/(?:transcriptions|translations|speech))(?=["'\`?])`,
    value: (path) => endpointOfPath(`/${path}`),
    accept: isCall,
  },
  {
    id: 'path-of-one-word',
    kind: 'endpoint',
    pattern:
      /(?<=["'])(?<value>completions|embeddings|responses|models|moderations|files|batches|assistants|threads|conversations|uploads|vector_stores|fine-tunes)(?=["']|\/[{$#%])/,
    needs: 'mention',
    value: (word) => endpointOfPath(`/${word}`),
    accept: isWordOfPath,
  },
  ...rulesFor({ families: CODE, withBareUrl: true }, [
    {
      id: 'path-with-version',
      kind: 'endpoint',
      // Routes in a file of their own: `const filesRoute = "/v1/files"`.
      pattern: pattern()`(?<=["'\`])/?v1(?<value>${VERSIONED_PATH})`,
      value: (path) => GROUPS[path] ?? endpointOfPath(path),
      accept: (found) => !found.fileHolds(MENTION) && !isElsewhere(found) && !usesOtherProvider(found),
    },
    {
      id: 'path-in-group',
      kind: 'endpoint',
      pattern:
        /(?<=\w\)?\s*(?:\+|\.|<>|,)\s*["'`])\/(?<value>speech|transcriptions|translations|generations|edits|variations)(?=["'`])/,
      value: (word) => endpointOfPath(`/${/^(?:gen|ed|var)/.test(word) ? 'images' : 'audio'}/${word}`),
      accept: ({ fileHolds }) => fileHolds(/["'`]\/v1\/(?:audio|images)["'`]/),
    },
  ]),
]);
