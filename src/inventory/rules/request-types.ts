import { enclosingCall } from '../brackets.ts';
import { usesOtherProvider } from '../call-options.ts';
import { CODE, isScript, JAVASCRIPT_AND_PYTHON, OTHER_CODE } from '../languages.ts';
import { type Rule, type RuleMatch, rulesFor } from '../rule.ts';
import { isPassed, settingAt } from '../setting.ts';
import type { ApiFeature } from '../site.ts';
import { anyOf, byName, inAnySpelling, OTHER_PROVIDER, pattern } from '../vocabulary.ts';
import { mayUseOpenAi } from './javascript-frameworks.ts';
import { IMAGE_RULES } from './request-images.ts';

/** What client libraries have types, constants and factories for, by feature. */
const CONSTRUCTS: Readonly<Partial<Record<ApiFeature, readonly string[]>>> = {
  tools: [
    'AIFunctionFactory.Create',
    'UseFunctionInvocation',
    'ChatTool.CreateFunctionTool',
    'ResponseTool.CreateFunctionTool',
    'ChatCompletionToolParam',
  ],
  vision: [
    'ChatMessagePartTypeImageURL',
    'ChatMessageImageURL',
    'ImageContentPart',
    'ChatCompletionContentPartImageParam',
    'ChatCompletionContentPartImageImageURLParam',
    'ResponseInputImageParam',
    'ChatCompletionContentPartImage.builder',
    'ChatCompletionContentPart.ofImageUrl',
    'ImageContent.from',
    'ResponseInputImage.builder',
    'ChatMessageContentPart.CreateImagePart',
    'ResponseContentPart.CreateInputImagePart',
    'ChatCompletionRequestMessageContentPartImageArgs::default',
    'ChatCompletionRequestUserMessageContentPart::ImageUrl',
    'ChatCompletionMessageContentPart.image',
  ],
  audio_input: [
    'InputAudioContentPart',
    'ChatCompletionContentPartInputAudioParam',
    'ChatMessageContentPart.CreateInputAudioPart',
    'ChatCompletionRequestMessageContentPartAudioArgs::default',
  ],
  file_input: [
    'ResponseInputFileParam',
    'ResponseInputFile.builder',
    'ResponseContentPart.CreateInputFilePart',
  ],
  web_search: [
    'WebSearchToolParam',
    'WebSearchPreviewToolParam',
    'WebSearchTool.builder',
    'ResponseTool.CreateWebSearchTool',
    'ResponseTool.CreateWebSearchPreviewTool',
  ],
  file_search: [
    'FileSearchToolParam',
    'AssistantToolTypeFileSearch',
    'FileSearchTool.builder',
    'ResponseTool.CreateFileSearchTool',
    'ToolDefinition.CreateFileSearch',
  ],
  code_interpreter: ['AssistantToolTypeCodeInterpreter', 'ToolDefinition.CreateCodeInterpreter'],
  streaming: [
    'OpenAiStreamingChatModel.builder',
    'AzureOpenAiStreamingChatModel.builder',
    'OpenAiStreamingLanguageModel.builder',
  ],
};

/** Formats with a schema and without, in clients of every language: `ResponseFormat::JsonSchema`. */
const FORMATS_OF_CLIENTS = {
  structured_outputs:
    /(?<=(?:Format(?:Type)?(?:\.|::)|FormatType|Configuration::|FORMAT_|\bType\.|ParamOf)(?:Create|For)?)[jJ](?:son|SON)_?S(?:chema|CHEMA)|(?<=Format(?:Text)?)J(?:son|SON)Schema(?=(?:Config)?Param|\.builder)/,
  json_mode:
    /(?<=(?:Format\w*|FORMAT|\bType)(?:\.|::|_)?(?:Create)?)[jJ](?:son|SON)(?:_?O(?:bject|BJECT)|(?<=Format(?:Type)?\.\w{4})\b)/,
} as const;

/** An import, or a type in a signature or a declaration, which mentions it without using it. */
const MENTIONED = /^\s*(?:import|use|using|func|type|var)\b|\*\s*openai\.\w+\)?\s*\{?$/;

const constructRule = ([feature, names]: [string, RegExp | readonly string[]]): Rule => ({
  id: `construct-${feature.replaceAll('_', '-')}`,
  kind: 'feature',
  families: OTHER_CODE,
  pattern:
    names instanceof RegExp
      ? names
      : pattern()`\b(?<value>${anyOf(Object.fromEntries(names.map((name) => [name, name])))})(?!\w)`,
  needs: 'client',
  value: feature as ApiFeature,
  accept: ({ line }) => !MENTIONED.test(line),
});

/** Server-side tools, as the AI SDK's provider and the Agents SDK name them. */
const PROVIDER_TOOLS = byName<ApiFeature>({
  web_search: ['webSearch', 'webSearchPreview', 'WebSearchTool'],
  file_search: ['fileSearch', 'FileSearchTool'],
  code_interpreter: ['codeInterpreter', 'CodeInterpreterTool'],
  image_generation: ['imageGeneration', 'ImageGenerationTool'],
  computer_use: ['ComputerTool'],
  mcp: ['HostedMCPTool'],
});

/** Types of message parts and of tools that the server runs. */
const PART_TYPES: Readonly<Record<string, ApiFeature>> = {
  image_url: 'vision',
  input_image: 'vision',
  input_audio: 'audio_input',
  input_file: 'file_input',
  web_search: 'web_search',
  web_search_preview: 'web_search',
  file_search: 'file_search',
  code_interpreter: 'code_interpreter',
  image_generation: 'image_generation',
  computer_use_preview: 'computer_use',
  mcp: 'mcp',
};

/** Types of response formats. */
const FORMAT_TYPES: Readonly<Record<string, ApiFeature>> = {
  json_schema: 'structured_outputs',
  json_object: 'json_mode',
};

/** Types such as `mcp` are common words: they only count in files that use server-side tools. */
const isPartType = ({ value, fileHolds }: RuleMatch): boolean =>
  !/^(?:mcp|web_search|image_generation|file_search)$/.test(value) ||
  fileHolds(/\bresponses\b|\bassistants\b|\btools\b/);

const TYPES = { ...PART_TYPES, ...FORMAT_TYPES };
const FORMATS = inAnySpelling(['response_format', 'text_format']);

/** Formats of text without a schema, and of images and sounds. */
const OTHER_FORMAT =
  /^[^\w"'.]{0,3}\s*(?:["']?type\\?["']?\s*(?:[:=]|=>|->|to)\s*)?(?:["']|\w*\.|:)\\?(?:text|b64_?json|url|json|srt|vtt|verbose_?json|mp3|wav|opus|pcm|CreateTextFormat)\b/i;

/** The feature that a response format uses, judging by its first words. */
function formatFeature(found: RuleMatch): ApiFeature | null {
  const { code, match, path } = found;
  const setting = settingAt(found);
  if (setting === null || !isPassed(setting, found) || /\b(?:va[lr]|let|final)\s+$/.test(found.before))
    return null;
  if (/images|audio|speech|transcri|translat|dall/i.test(enclosingCall(code, match.index))) return null;
  if (OF_IMAGE.test(code.slice(Math.max(0, match.index - 240), match.index))) return null;
  const { value } = setting;
  const start = /^[^;]{0,120}/.exec(value)?.[0] ?? '';
  if (/json_?object|ResponseFormat\.JSON\b/i.test(start)) return 'json_mode';
  if (value.startsWith('&') || OTHER_FORMAT.test(value) || NO_FORMAT.test(value)) return null;
  return isScript(path) || SCHEMA.test(start) ? 'structured_outputs' : null;
}

/** What requests for pictures and speech have before their format. */
const OF_IMAGE = /["'](?:size|voice|prompt)["']\s*(?::|=>)/;
const NO_FORMAT =
  /^(?:none|null|nil|undefined|optional|str|string|union|type\b|type\[|any|dict\b|dict\[|z\.|Option<|ResponseFormat\s*[,;}\n]|\w+(?:::|\.)Text\b)/i;
const SCHEMA = /json_?schema|\bschema|\.class\b|::class\b|typeof\(|^[A-Z]\w*(?:::\w+)*\s*(?:[,)}\n]|$)/i;

/** A program's own functions that send a request, and clients that it names after the API. */
const OWN_CALL = /chat|gpt|llm|open_?ai|\bai\b|complet|ask|prompt|generat|answer/i;

/** Methods that stream, named after their endpoint or, in client libraries, after nothing. */
const STREAMS =
  /(?:(?:chat|completions?|prompt|messages?)_?\w{0,12}|run_?(?:and_?)?)stream|stream(?:ed|ing)?_?\w{0,3}(?:chat|completion|prompt|response|message|text)/i;
const STREAMS_OF_CLIENT =
  /^(?:create|generate|new|speech|transcribe|edit)_?stream(?:ed|ing)?(?:_byot)?$|^stream_raw$/i;

/** What LangChain and LlamaIndex stream from, and what their users call it. */
const CHAIN =
  /(?:llm|model|chat|chain|agent|executor|graph|app|runnable|sequence|rag)\w*(?:\([^()\n]*\))?\s*\.\s*$/i;

/** Whether a method that streams is one of a client, or of a framework around it. */
function streams({ value, before, path, sdks }: RuleMatch): boolean {
  if (/anthropic|ollama|\bdef\b|service\w*\.$/i.test(before)) return false;
  if (/^astream(?!_c)|^createAnd/.test(value) || /(?:completions|responses|runs)\s*\.\s*$/.test(before))
    return true;
  if (value.includes('_')) return sdks.includes('llama-index');
  const isKnown = sdks.some((sdk) => /^(?:langchain-js|llamaindex-ts)$/.test(sdk));
  return isKnown
    ? CHAIN.test(before)
    : /\.(?:py|ipynb)$/.test(path) && /(?:llm|model|chat|chain|agent|graph|executor)\.$/.test(before);
}

const OF_API = /open_?-?ai|\bgpt-|chat\/completions|chat\.completions/i;

/** Types of message parts, tools and formats, and methods that stream, in every language. */
export const REQUEST_TYPE_RULES: readonly Rule[] = [
  ...IMAGE_RULES,
  ...Object.entries({ ...CONSTRUCTS, ...FORMATS_OF_CLIENTS }).map(constructRule),
  ...rulesFor({ families: [...CODE, 'shell'], needs: 'mention' }, [
    {
      id: 'request-type',
      kind: 'feature',
      pattern: pattern()`(?:\b[tT]ype\\?["']?\s*(?::|=>|->|,|=|\]\s*=|\bto\b)\s*|\b(?:rename\s*=\s*|json:|(?:SerialName|JsonProperty(?:Name)?|SerializedName|JsonKey)\(\s*(?:\w+\s*[:=]\s*)?|case\s+\w+\s*=\s*))\\?[:"'](?<value>${anyOf(TYPES)})(?:_\d{4}_\d\d_\d\d)?\b`,
      value: (type) => TYPES[type] ?? null,
      // In a response format, that is the site.
      accept: (found) => isPartType(found) && !(found.value in FORMAT_TYPES && isInFormat(found)),
    },
    {
      id: 'request-response-format',
      kind: 'feature',
      pattern: pattern()`\b(?:[wW]ith|[sS]et)?(?<value>${FORMATS})(?=\\?["']?\]?\s*(?:[:=,(]|->|to\b))`,
      value: (_, found) => formatFeature(found),
    },
    {
      id: 'request-text-format',
      kind: 'feature',
      pattern:
        /(?<![\w$.])["']?(?<value>text)["']?\s*(?:[:=]|=>|->)\s*[^\w\s"']{1,2}\s*["']?format["']?\s*(?::|=>|->)\s*(?:(?<object>[^\w\s"']{1,2}[^{}]{0,60}json_object)|(?![^\w\s"']{1,2}\s*["']?type["']?\s*(?::|=>|->)\s*["']text)\S)/,
      value: (_, { match }) => (match.groups?.object === undefined ? 'structured_outputs' : 'json_mode'),
    },
  ]),
  {
    id: 'request-provider-tool',
    kind: 'feature',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`\b(?:openai\.tools\.|(?=[A-Z]))(?<value>${anyOf(PROVIDER_TOOLS)})\(`,
    needs: 'mention',
    value: (name) => PROVIDER_TOOLS[name] ?? null,
  },
  {
    id: 'request-format-passed',
    kind: 'feature',
    families: CODE,
    // To a program's own function: `ask(text, response_type="json_object")`, `complete(text, 'json_object')`.
    pattern: pattern()`(?:\b\w{0,20}(?<name>(?:[rR]esponse|[fF]ormat|[oO]utput)_?(?:[tT]ype|[fF]ormat|[mM]ode)?)["']?\s*(?:[:=]|=>)|[(,])\s*["'](?<value>${anyOf(FORMAT_TYPES)})["'](?=\s*(?:[,;)}\n]|$))`,
    value: (type) => FORMAT_TYPES[type] ?? null,
    accept: (found) =>
      !usesOtherProvider(found) && OWN_CALL.test(enclosingCall(found.code, found.match.index + 1)),
    onlyAlone: true,
    confidence: 'medium',
  },
  {
    id: 'request-structured-call',
    kind: 'feature',
    families: [...JAVASCRIPT_AND_PYTHON, 'ruby', 'php', 'other'],
    pattern:
      /(?<value>(?:->|\.)with_?[sS](?:tructured_?[oO]utput|chema)\b|\b(?:completions|responses)\s*\.\s*parse(?=\()|(?<![\w.])response_model(?=\s*=[^=]|:)|\binstructor\.(?:from_openai|patch|from_litellm|apatch)(?=\()|\bOutput\.object\(|\bzod(?:Response|Text)Format\(|(?<![\w.$])(?:generate|stream)Object\s*(?:<[^<>()]{0,80}>)?\(\s*\{)/,
    needs: 'mention',
    value: 'structured_outputs',
    accept: (found) => {
      if (found.value === 'response_model') return found.fileHolds(/\binstructor\b/i);
      return /schema/i.test(found.value) ? /ruby-llm|prism/.test(found.sdks.join()) : mayUseOpenAi(found);
    },
  },
  {
    id: 'request-tools-bound',
    kind: 'feature',
    families: JAVASCRIPT_AND_PYTHON,
    pattern:
      /(?<value>\.bind_?(?:[tT]ools|functions)|\.run(?:Tools|Functions)|\bcreate_?(?:[tT]ool_?[cC]alling|[rR]eact|[oO]pen_?[aA][iI]_?[tT]ools|[oO]pen_?[aA][iI]_?[fF]unctions)_?[aA]gent|\bAgentType\.OPENAI_(?:MULTI_)?FUNCTIONS|@function_tool)\b/,
    needs: 'mention',
    value: 'tools',
    accept: ({ before }) => !/\bimport\b/.test(before),
  },
  {
    id: 'request-streaming-method',
    kind: 'feature',
    families: JAVASCRIPT_AND_PYTHON,
    pattern:
      /\.\s*(?<value>astream(?:_events|_log)?|a?stream_(?:chat|complete)|stream(?:Events|Log)?|createAndStream)\s*\(/,
    needs: 'mention',
    value: 'streaming',
    accept: streams,
    confidence: 'medium',
  },
  {
    id: 'request-streaming-call',
    kind: 'feature',
    families: OTHER_CODE,
    pattern: /(?:\.|->|\w\$)\s*(?<value>[a-zA-Z_]{0,30}[sS]tream[a-zA-Z_]{0,30})\s*(?:<[^<>()\n]{0,60}>)?\(/,
    value: 'streaming',
    accept: ({ value, sdks, before, after, fileHolds, path }) => {
      const name = value.replace(/Async$/, '');
      if (/^(?:receive|handle|on[A-Z]|is|has|parse|process|read|close|set|cancel|stop|abort)/.test(name))
        return false;
      if (/http|file|anthropic|ollama|ResponseStream$/i.test(value + before.slice(-40))) return false;
      if (OTHER_PROVIDER.test(after.slice(0, 40))) return false;
      if (/open_?ai[\w.]*\.$/i.test(before) || (sdks.length > 0 && !path.endsWith('.dart')))
        if (STREAMS_OF_CLIENT.test(name)) return true;
      if (/\w\$$/.test(before)) return /^stream(?:_async)?$/.test(name) && fileHolds(/\bchat_openai\b/);
      if (value === 'createStreamed') return true;
      if (sdks.length === 0 && !fileHolds(OF_API)) return false;
      return STREAMS.test(name) || (name === 'stream' && /(?:completions|responses)\.$/.test(before));
    },
  },
];

const isInFormat = ({ code, match }: RuleMatch): boolean =>
  /format\\?["']?\]?\s*(?:[:=,](?!=)|=>|->|to\b)[^;]{0,40}$/i.test(
    code.slice(Math.max(0, match.index - 60), match.index),
  );
