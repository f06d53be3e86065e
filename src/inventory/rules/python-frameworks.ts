import { isLocalClass } from '../local-classes.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';

/** Classes of the client before version 1, with methods such as `create` and `acreate`. */
const V0_CLASSES: Readonly<Record<string, Endpoint>> = {
  ChatCompletion: 'chat.completions',
  Completion: 'completions',
  Embedding: 'embeddings',
  Image: 'images.generations',
  Audio: 'audio.transcriptions',
  Moderation: 'moderations',
  File: 'files',
  FineTune: 'fine_tuning',
  FineTuningJob: 'fine_tuning',
  Model: 'models.list',
  Engine: 'models.list',
};

/** Methods whose endpoint differs from their class's. */
const V0_METHODS: Readonly<Record<string, Endpoint>> = {
  'Audio.translate': 'audio.translations',
  'Image.create_edit': 'images.edits',
  'Image.create_variation': 'images.variations',
};

/** Classes of LangChain, LlamaIndex and others, by endpoint. */
const CLASSES = byName<Endpoint>({
  'chat.completions': [
    'ChatOpenAI',
    'AzureChatOpenAI',
    'OpenAILike',
    'OpenAIChatModel',
    'OpenAIServerModel',
    'OpenAIChatGenerator',
    'OpenAIChatCompletionClient',
    'ChatLiteLLM',
  ],
  responses: ['OpenAIResponsesModel'],
  embeddings: [
    'OpenAIEmbeddings',
    'AzureOpenAIEmbeddings',
    'OpenAIEmbedding',
    'OpenAIEmbeddingFunction',
    'OpenAITextEmbedder',
    'OpenAIDocumentEmbedder',
  ],
  'audio.transcriptions': ['OpenAIWhisperParser'],
  'images.generations': ['DallEAPIWrapper'],
  moderations: ['OpenAIModerationChain'],
  assistants: ['OpenAIAssistantRunnable'],
});

/** Functions of LiteLLM. */
const LITELLM = byName<Endpoint>({
  'chat.completions': ['completion', 'acompletion', 'batch_completion', 'completion_with_retries'],
  completions: ['text_completion'],
  responses: ['responses', 'aresponses'],
  embeddings: ['embedding', 'aembedding'],
  'images.generations': ['image_generation', 'aimage_generation'],
  'audio.transcriptions': ['transcription', 'atranscription'],
  'audio.speech': ['speech', 'aspeech'],
  moderations: ['moderation', 'amoderation'],
});

const isDefinition = (found: RuleMatch): boolean =>
  isLocalClass(found.value, found) || /\b(?:class|def|import)\s+[\w, ]*$/.test(found.before);

/** The older OpenAI client, LangChain, LlamaIndex, LiteLLM and similar frameworks in Python. */
export const PYTHON_FRAMEWORK_RULES = rulesFor({ families: ['python'] }, [
  {
    id: 'openai-python-v0-call',
    kind: 'endpoint',
    pattern: pattern()`(?<![\w.])(?:\w*openai\w*\.)(?<value>${anyOf(V0_CLASSES)})\.(?<method>a?(?:create|list|transcribe|translate|retrieve|create_edit|create_variation|upload))\b`,
    needs: 'mention',
    value: (name, { match }) =>
      V0_METHODS[`${name}.${(match.groups?.method ?? '').replace(/^a/, '')}`] ?? V0_CLASSES[name] ?? null,
    examples: {
      hit: [
        ['r = await openai.ChatCompletion.acreate(model=m, messages=h)', 'chat.completions'],
        ['t = openai.Audio.translate("whisper-1", f)', 'audio.translations'],
        ['i = openai.Image.create(prompt=p, n=1)', 'images.generations'],
      ],
      trap: ['def f(c: openai.types.Completion) -> None: ...', 'i = pil.Image.create(size)'],
    },
  },
  {
    id: 'openai-python-v0-imported',
    kind: 'endpoint',
    pattern: /(?<![\w.])(?<value>ChatCompletion)\.a?create\b/,
    needs: ['openai-python'],
    value: 'chat.completions',
    examples: {
      hit: [['r = ChatCompletion.create(model=m, messages=h)', 'chat.completions']],
      trap: ['r = self.ChatCompletion.create(h)'],
    },
  },
  {
    id: 'python-framework-class',
    kind: 'endpoint',
    pattern: pattern()`(?<![\w])(?<value>${anyOf(CLASSES)})\(`,
    needs: 'mention',
    value: (name) => CLASSES[name] ?? null,
    accept: (found) => !isDefinition(found),
    examples: {
      hit: [
        ['llm = ChatOpenAI(temperature=0)', 'chat.completions'],
        ['store = FAISS.from_texts(texts, OpenAIEmbeddings())', 'embeddings'],
        ['Settings.llm = OpenAILike(model=m, api_base=b)', 'chat.completions'],
      ],
      trap: ['class ChatOpenAI(Base):\n    pass', 'llm = ChatOllama(model=m)'],
    },
  },
  {
    id: 'llama-index-llm',
    kind: 'endpoint',
    sdk: 'llama-index',
    pattern: /(?<![\w.])(?<value>OpenAI|AzureOpenAI|OpenAIMultiModal)\(/,
    needs: ['llama-index'],
    value: 'chat.completions',
    accept: (found) =>
      !isDefinition(found) &&
      found.fileHolds(/llama_index\.(?:llms|multi_modal_llms)\S*\s+import\b[^)]{0,200}OpenAI/),
    examples: {
      hit: [['Settings.llm = OpenAI(model="gpt-4o-mini")', 'chat.completions']],
      trap: ['from llama_index.llms.openai import OpenAI'],
    },
  },
  {
    id: 'langchain-python-llm',
    kind: 'endpoint',
    sdk: 'langchain-python',
    pattern: /(?<![\w.])(?<value>OpenAI|AzureOpenAI)\(/,
    needs: ['langchain-python'],
    value: 'completions',
    accept: (found) =>
      !isDefinition(found) && found.fileHolds(/langchain\S*\s+import\b[^\n]*\b(?:Azure)?OpenAI\b(?!Embed)/),
    confidence: 'medium',
    examples: {
      hit: [['from langchain.llms import OpenAI\nllm = OpenAI(temperature=0)', 'completions']],
      trap: ['from openai import OpenAI\nclient = OpenAI()'],
    },
  },
  {
    id: 'python-init-chat-model',
    kind: 'endpoint',
    pattern: /(?<![\w.])(?<value>init_chat_model)\(/,
    needs: 'mention',
    value: 'chat.completions',
    accept: ({ inside }) => /openai|gpt-|["']o\d/i.test(inside),
    examples: {
      hit: [['llm = init_chat_model("openai:gpt-4o", temperature=0)', 'chat.completions']],
      trap: ['llm = init_chat_model("anthropic:claude-sonnet-4")'],
    },
  },
  {
    id: 'litellm-call',
    kind: 'endpoint',
    sdk: 'litellm',
    pattern: pattern()`(?:(?<![\w.])litellm\.|(?<![\w.]))(?<value>${anyOf(LITELLM)})\(`,
    needs: ['litellm'],
    value: (name) => LITELLM[name] ?? null,
    accept: (found) => !isDefinition(found) && (/litellm\.$/.test(found.before) || isImported(found)),
    examples: {
      hit: [
        ['r = litellm.completion(model="openai/gpt-4o", messages=h)', 'chat.completions'],
        ['from litellm import acompletion\nr = await acompletion(model=m, messages=h)', 'chat.completions'],
      ],
      trap: ['r = completion(text)', 'r = self.completion(text)'],
    },
  },
  {
    id: 'litellm-router-call',
    kind: 'endpoint',
    sdk: 'litellm',
    pattern: /\brouter\.(?<value>a?completion|a?embedding)\(/,
    needs: ['litellm'],
    value: (name) => LITELLM[name] ?? null,
    examples: {
      hit: [['r = await router.acompletion(model="fast", messages=h)', 'chat.completions']],
      trap: ['@router.completion_route("/x")'],
    },
  },
  {
    id: 'python-structured-call',
    kind: 'feature',
    pattern:
      /(?<value>\.with_structured_output|\bcompletions\s*\.\s*parse(?=\()|\bresponses\s*\.\s*parse(?=\()|(?<![\w.])response_model(?=\s*=[^=])|\binstructor\.(?:from_openai|patch|from_litellm|apatch)(?=\())/,
    needs: 'mention',
    value: 'structured_outputs',
    accept: ({ value, fileHolds }) => value !== 'response_model' || fileHolds(/\binstructor\b/),
    examples: {
      hit: [
        ['extract = llm.with_structured_output(Invoice)', 'structured_outputs'],
        ['r = client.beta.chat.completions.parse(model=m, messages=h)', 'structured_outputs'],
        ['client = instructor.from_openai(OpenAI())', 'structured_outputs'],
      ],
      trap: ['@app.get("/x", response_model=Item)', 'data = parser.parse(text)'],
    },
  },
  {
    id: 'python-tools-bound',
    kind: 'feature',
    pattern:
      /(?<value>\.bind_tools|\.bind_functions|\bcreate_(?:tool_calling|react|openai_tools|openai_functions)_agent|\bAgentType\.OPENAI_(?:MULTI_)?FUNCTIONS|@function_tool)\b/,
    needs: 'mention',
    value: 'tools',
    accept: ({ before }) => !/\bimport\b/.test(before),
    examples: {
      hit: [['model = ChatOpenAI().bind_tools([search])', 'tools']],
      trap: ['from langchain.agents import create_tool_calling_agent', 'editor.bind_toolbar(x)'],
    },
  },
  {
    id: 'llama-index-streaming',
    kind: 'feature',
    pattern: /\.(?<value>a?stream_(?:chat|complete))\(/,
    needs: ['llama-index'],
    value: 'streaming',
    accept: ({ before }) => !/service\w*\.$|\bdef\b/i.test(before),
    confidence: 'medium',
    examples: {
      hit: [['reply = Settings.llm.stream_chat(messages)', 'streaming']],
      trap: ['def stream_chat(self, messages): ...', 'reply = self._chat_service.stream_chat(messages)'],
    },
  },
  {
    id: 'python-streaming-call',
    kind: 'feature',
    pattern:
      /\.(?<value>astream(?:_events|_log)?|(?<=(?:completions|responses|chat|threads\.runs)\.)stream|(?<=(?:llm|model|chain|agent|graph|executor)\.)stream)\(/,
    needs: 'mention',
    value: 'streaming',
    accept: ({ before }) => !/anthropic|ollama|\bdef\b/.test(before),
    confidence: 'medium',
    examples: {
      hit: [
        ['async for chunk in chain.astream({"question": q}):\n    yield chunk', 'streaming'],
        ['with client.responses.stream(model=m, input=i) as events:\n    pass', 'streaming'],
      ],
      trap: ['with httpx.stream("GET", url) as r:\n    pass'],
    },
  },
]);

/** Whether a name is imported from LiteLLM. */
const isImported = ({ value, fileHolds }: RuleMatch): boolean =>
  fileHolds(new RegExp(`from\\s+litellm\\s+import\\s+(?:\\([^)]*|[^\\n]*)\\b${value}\\b`));
