import { usesOtherProvider } from '../call-options.ts';
import { CODE, isScript } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { API_KEY_VARIABLE, pattern } from '../vocabulary.ts';
import { speaksOfApi } from './request-context.ts';

/** A variable or a setting with the key, which other rules report. */
const KEY_NAMED = pattern()`(?:["'\`{:$]|\b[eE][nN][vV]\W{1,3})${API_KEY_VARIABLE}|(?:config\(|credentials|[cC]onfiguration\[)[^\n]{0,60}[oO]pen_?[aA][iI]`;

/** What follows `Bearer` if the key is not written out: an interpolation, an operator, a separate argument. */
const FILLED_IN =
  /^(?:\s*["'`]\)?\s*(?:\+|\.|<<|<>|~|,\s*[&*$]?[a-z_])|\s*[#$%]?\{|\s*\$\w|\s*\\\(|\s*\\?["'`]?\s*%[@sv]|["'`]?\)?\s*\(?&?[a-z_]|,\s*[@a-z_]|\s+["'`]?\s*\+)/i;
const HEADER =
  /authorization|bearerauth|auth_?header|auth_?token\s*=|header_?value|\bauth(?:: ?\{|\(["'])|\bheaders?\b|\breturn\s+[a-z]?["'`]$/i;

/** Keys of users and of other services. */
const OTHER_KEY =
  /anthropic|git_?hub|supabase|slack|stripe|hugging|cohere|mistral|notion|serper|tavily|session|user_?token|access_?token|jwt|auth_?token|id_?token/i;
/** The last URL before a header belongs to another service. */
const OTHER_HOST =
  /https?:\/\/(?!localhost|127\.|[^\s"'`]*(?:openai|chat\/completions))[^\s"'`]+(?:(?!https?:\/\/)[\s\S])*$/i;
const OF_API = /open_?-?ai|\bgpt-|chat_?gpt|gpt_?(?:api_?)?(?:token|key|model)|chat\/completions|LLM_/i;
function isOfApi(found: RuleMatch): boolean {
  const { code, match } = found;
  if (usesOtherProvider(found)) return false;
  if (OTHER_HOST.test(code.slice(Math.max(0, match.index - 300), match.index))) return false;
  if (speaksOfApi(found)) return true;
  return OF_API.test(code.slice(Math.max(0, match.index - 1_500), match.index + 1_500));
}

/** The name of a function, a method or a class, where it is declared. */
const DECLARED = /(?:^|[{;]|\s)(?!(?:return|new|await|else|in|and|or|not)\s)[\w<>[\]?]+[ \t]+\w*$/;

/** Whether a word starts or names a header whose key comes from elsewhere. */
function isHeader(found: RuleMatch): boolean {
  const { value, code, offset, match, line, path, before } = found;
  const end = offset + value.length;
  if (DECLARED.test(before)) return false;
  const rest = code.slice(end, end + 120).replace(/https?:\/\/\S+/g, '');
  if (OTHER_KEY.test(rest.split('\n', 2).join('\n'))) return false;
  if (!isScript(path) && KEY_NAMED.test(line)) return false;
  if (/^bearer$/i.test(value) && !/^[({]/.test(rest)) {
    if (!FILLED_IN.test(rest)) return false;
    const around = code.slice(Math.max(0, match.index - 160), match.index) + rest;
    if (!HEADER.test(around) && !/^\s*["'`]?\s*\+?\s*[${\\(]{0,2}[\w.]*api_?key/i.test(rest)) return false;
  }
  return isOfApi(found);
}

/** Headers with a key that is filled in, in every language. */
export const AUTHORIZATION_RULES = rulesFor(
  { families: [...CODE, 'shell', 'config'], hardCoded: false, confidence: 'medium' },
  [
    {
      id: 'authorization-header',
      kind: 'api_key',
      pattern:
        /(?<value>\b[bB]earer(?=[\s"'`:,])|(?<!(?:[gG]et|[eE]xtract|[pP]arse|[vV]erify|[vV]alidate|[cC]heck|[rR]ead|[iI]s|[hH]as|[rR]equire|[sS]trip|[vV]alid|[jJ]wt)\w{0,12})[bB]earer(?!\w*[pP]rovider)\w{0,20}(?=[({]{1,2}\s*[\w$@&*"'])|\b[bB]earer_?[aA]uth(?=,\s*token:)|\bbearerToken(?=:)|\bSetAuthToken(?=\()|\bopenai-insecure-api-key(?=\.)|\bwithToken(?=\()|(?<=[@[]Header\(["'])Authorization(?=["'])|\bAuthorization(?=["'`]?\]?\s*[:=,]\s*\w*[kK]ey\b))/,
      accept: isHeader,
      value: 'Authorization',
    },
    {
      id: 'authorization-azure-key',
      kind: 'api_key',
      families: CODE,
      pattern: /(?<!\w["']?\s?[:=]>?\s?)["'](?<value>api-key)["']\]?\s*(?:=>|[:=,](?!=))\s*(?=\S)/,
      accept: ({ fileHolds }) => fileHolds(/azure/i),
      note: 'azure: the key has its own header.',
    },
  ],
);
