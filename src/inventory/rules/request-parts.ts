import { enclosingCall } from '../brackets.ts';
import { inApiCall, isSet } from '../call-options.ts';
import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import type { ApiFeature } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';
import { FORMAT_TYPES, isPartType, PART_TYPES } from '../wire-names.ts';

/** Server-side tools, as the AI SDK's provider and the Agents SDK name them. */
const PROVIDER_TOOLS = byName<ApiFeature>({
  web_search: ['webSearch', 'webSearchPreview', 'WebSearchTool'],
  file_search: ['fileSearch', 'FileSearchTool'],
  code_interpreter: ['codeInterpreter', 'CodeInterpreterTool'],
  image_generation: ['imageGeneration', 'ImageGenerationTool'],
  computer_use: ['ComputerTool'],
  mcp: ['HostedMCPTool'],
});

/** The feature that a response format uses, judging by its first words. */
function formatFeature({ code, match }: RuleMatch): ApiFeature | null {
  if (/images|audio|speech|transcri|translat|dall/i.test(enclosingCall(code, match.index))) return null;
  const format = code.slice(match.index + match[0].length, match.index + match[0].length + 200);
  if (
    /^\{?\s*["']?(?:type["']?\s*:\s*)?["'](?:text|b64_json|url|json|srt|vtt|verbose_json|mp3|wav|opus|pcm)["']/.test(
      format,
    )
  )
    return null;
  if (/^(?:\{|dict\()[^{}]{0,60}["']json_object["']/.test(format)) return 'json_mode';
  return 'structured_outputs';
}

/** Message parts, server-side tools and response formats. */
export const REQUEST_PART_RULES = rulesFor({ families: JAVASCRIPT_AND_PYTHON, needs: 'mention' }, [
  {
    id: 'request-part-type',
    kind: 'feature',
    pattern: pattern()`(?<![\w$])["']?type["']?\s*[:=]\s*["'](?<value>${anyOf(PART_TYPES)})(?:_\d{4}_\d\d_\d\d)?["']`,
    value: (type) => PART_TYPES[type] ?? null,
    accept: isPartType,
  },
  {
    id: 'request-provider-tool',
    kind: 'feature',
    pattern: pattern()`\b(?:openai\.tools\.|(?=[A-Z]))(?<value>${anyOf(PROVIDER_TOOLS)})\(`,
    value: (name) => PROVIDER_TOOLS[name] ?? null,
  },
  {
    id: 'request-response-format',
    kind: 'feature',
    pattern:
      /(?:(?<![\w$.?-])|\[)["']?(?<value>response_format|responseFormat|text_format)["']?\]?\s*[:=](?![=>])\s*(?!None\b|null\b|undefined\b|Optional|str\b|string\b|Union|Type|type\[|Any|Dict|dict\[|z\.)(?=\S)/,
    value: (_, found) => formatFeature(found),
    accept: isSet,
  },
  {
    id: 'request-text-format',
    kind: 'feature',
    pattern:
      /(?<![\w$.])["']?(?<value>text)["']?\s*[:=]\s*\{\s*["']?format["']?\s*:\s*(?:(?<object>\{[^{}]{0,60}json_object)|(?!\{\s*["']?type["']?\s*:\s*["']text)\S)/,
    value: (_, { match }) => (match.groups?.object === undefined ? 'structured_outputs' : 'json_mode'),
  },
  {
    id: 'request-json-mode-value',
    kind: 'feature',
    pattern: pattern()`["']?type["']?\s*:\s*["'](?<value>${anyOf(FORMAT_TYPES)})["']`,
    value: (type) => FORMAT_TYPES[type] ?? null,
    // In response_format, the option itself is the site.
    accept: (found) => !inFormat(found),
    confidence: 'medium',
  },
  {
    id: 'request-image-detail',
    kind: 'feature',
    pattern: /(?<![\w$.])["']?(?<value>image_url)["']?\s*:\s*(?:\{\s*["']?url\b|f?["'`]data:|f?["'`]https?:)/,
    value: 'vision',
    // Next to its type, the type is the site.
    accept: (found) =>
      !/image_url["']\s*,?\s*$/.test(
        found.code.slice(Math.max(0, found.match.index - 60), found.match.index),
      ) &&
      (inApiCall(found) || found.fileHolds(/\bmessages\b|\bcontent\b/)),
  },
]);

const inFormat = ({ code, match }: RuleMatch): boolean =>
  /format["']?\]?\s*[:=][^;]{0,40}$/i.test(code.slice(Math.max(0, match.index - 60), match.index));
