import { type RuleMatch, rulesFor } from '../rule.ts';
import { type Endpoint, IMPLICIT } from '../site.ts';
import { byName, pattern } from '../vocabulary.ts';

/** Methods of the client before version 4, named after the endpoint. */
const V3_METHODS: Readonly<Record<string, Endpoint>> = {
  createChatCompletion: 'chat.completions',
  createCompletion: 'completions',
  createEmbedding: 'embeddings',
  createImage: 'images.generations',
  createImageEdit: 'images.edits',
  createImageVariation: 'images.variations',
  createTranscription: 'audio.transcriptions',
  createTranslation: 'audio.translations',
  createModeration: 'moderations',
  createFile: 'files',
  createFineTune: 'fine_tuning',
  listModels: 'models.list',
};

/** Methods of Azure's older client. */
const AZURE_METHODS = byName<Endpoint>({
  'chat.completions': ['getChatCompletions', 'streamChatCompletions'],
  completions: ['getCompletions', 'streamCompletions'],
  embeddings: ['getEmbeddings'],
  'images.generations': ['getImages'],
  'audio.transcriptions': ['getAudioTranscription'],
});

/** Methods of the AI SDK's provider. */
const PROVIDER_METHODS = byName<Endpoint>({
  'chat.completions': ['chat'],
  responses: ['responses'],
  completions: ['completion'],
  embeddings: ['embedding', 'embeddingModel', 'textEmbedding', 'textEmbeddingModel'],
  'images.generations': ['image', 'imageModel'],
  'audio.transcriptions': ['transcription'],
  'audio.speech': ['speech'],
});

/** Classes of LangChain and LlamaIndex, by endpoint. */
const CLASSES = byName<Endpoint>({
  'chat.completions': ['ChatOpenAI', 'AzureChatOpenAI'],
  embeddings: ['OpenAIEmbeddings', 'AzureOpenAIEmbeddings', 'OpenAIEmbedding'],
  'images.generations': ['DallEAPIWrapper'],
  'audio.transcriptions': ['OpenAIWhisperAudio'],
  moderations: ['OpenAIModerationChain'],
  assistants: ['OpenAIAssistantRunnable'],
});

const mayUseOpenAi = ({ fileHolds }: RuleMatch): boolean =>
  fileHolds(/@ai-sdk\/(?:openai|azure)|\bopenai\b/i) || !fileHolds(/@ai-sdk\/\w+/);

/** The older OpenAI client, the AI SDK, LangChain and LlamaIndex in JavaScript and TypeScript. */
export const JAVASCRIPT_FRAMEWORK_RULES = rulesFor({ families: ['javascript'] }, [
  {
    id: 'openai-node-v3-call',
    kind: 'endpoint',
    pattern:
      /(?:openai|api|client|ai)\w*\s*\.\s*(?<value>create(?:Chat)?Completion|createEmbedding|createImage(?:Edit|Variation)?|createTranscription|createTranslation|createModeration|createFile|createFineTune|listModels)\s*\(/i,
    needs: 'mention',
    value: (method) => V3_METHODS[method] ?? null,
    examples: {
      hit: [
        ['const r = await openai.createChatCompletion({ model, messages })', 'chat.completions'],
        ['const r = await openai.createEmbedding({ model, input })', 'embeddings'],
      ],
      trap: ['async function createChatCompletion(messages) {}', 'const r = await gallery.createImage(file)'],
    },
  },
  {
    id: 'azure-openai-node-call',
    kind: 'endpoint',
    pattern:
      /\.\s*(?<value>(?:get|stream)ChatCompletions|(?:get|stream)Completions|getEmbeddings|getImages|getAudioTranscription)\s*\(/,
    needs: 'mention',
    value: (method) => AZURE_METHODS[method] ?? null,
    accept: ({ fileHolds }) => fileHolds(/@azure\/openai|AzureKeyCredential/),
    examples: {
      hit: [
        [
          "import '@azure/openai'\nconst r = await client.getChatCompletions(deployment, messages)",
          'chat.completions',
        ],
      ],
      trap: ['const r = await cache.getEmbeddings(texts)'],
    },
  },
  {
    id: 'vercel-ai-provider',
    kind: 'base_url',
    sdk: 'vercel-ai',
    pattern:
      /import\s*\{[^{}]{0,80}(?<![\w$])(?<value>openai)(?:\s+as\s+\w+)?\s*[,}][^;\n]{0,80}['"]@ai-sdk\/openai['"]/,
    needs: ['vercel-ai'],
    value: IMPLICIT,
    hardCoded: true,
    confidence: 'medium',
    note: 'The default provider calls the official API unless OPENAI_BASE_URL is set.',
    examples: {
      hit: [["import { openai } from '@ai-sdk/openai';", IMPLICIT]],
      trap: [
        "import { createOpenAI } from '@ai-sdk/openai';",
        "import { anthropic } from '@ai-sdk/anthropic';",
      ],
    },
  },
  {
    id: 'vercel-ai-endpoint',
    kind: 'endpoint',
    sdk: 'vercel-ai',
    pattern:
      /\b(?:openai|azure)\w*\s*\.\s*(?<value>chat|responses|completion|embedding(?:Model)?|textEmbedding(?:Model)?|image(?:Model)?|transcription|speech)\(/i,
    needs: ['vercel-ai'],
    value: (method) => PROVIDER_METHODS[method] ?? null,
    examples: {
      hit: [
        ["const model = openai.responses('gpt-5')", 'responses'],
        ["const model = openai.textEmbeddingModel('text-embedding-3-small')", 'embeddings'],
      ],
      trap: [
        "const model = cohere.embedding('embed-english-v3.0')",
        'const tool = openai.tools.webSearch({})',
      ],
    },
  },
  {
    id: 'vercel-ai-generate',
    kind: 'endpoint',
    pattern:
      /(?<![\w.$])(?<value>generateText|streamText|generateObject|streamObject|streamUI)\s*(?:<[^<>()]{0,80}>)?\(\s*\{/,
    needs: ['vercel-ai'],
    value: 'chat.completions',
    accept: mayUseOpenAi,
    confidence: 'medium',
    note: 'From version 5, the AI SDK calls /responses unless openai.chat() creates the model.',
    examples: {
      hit: [["const { text } = await generateText({ model: openai('gpt-4o'), prompt })", 'chat.completions']],
      trap: ['export async function generateText(prompt) {}', 'import { generateText } from "ai"'],
    },
  },
  {
    id: 'vercel-ai-embed',
    kind: 'endpoint',
    sdk: 'vercel-ai',
    pattern: /(?<![\w.$])(?<value>embed|embedMany)\s*\(\s*\{/,
    needs: ['vercel-ai'],
    value: 'embeddings',
    accept: mayUseOpenAi,
    examples: {
      hit: [['const { embeddings } = await embedMany({ model: embedder, values })', 'embeddings']],
      trap: ['await embed(document)'],
    },
  },
  {
    id: 'javascript-framework-class',
    kind: 'endpoint',
    pattern:
      /\bnew\s+(?<value>(?:Azure)?ChatOpenAI|(?:Azure)?OpenAIEmbeddings?|DallEAPIWrapper|OpenAIWhisperAudio|OpenAIModerationChain|OpenAIAssistantRunnable)\s*(?:<[^<>()]{0,80}>)?\(/,
    needs: 'mention',
    value: (name) => CLASSES[name] ?? null,
    examples: {
      hit: [
        ['const llm = new ChatOpenAI({ temperature: 0 })', 'chat.completions'],
        ['const embedder = new OpenAIEmbeddings()', 'embeddings'],
      ],
      trap: ['const llm = new ChatOllama({ baseUrl })', 'const embedder = new HuggingFaceEmbeddings()'],
    },
  },
  {
    id: 'javascript-framework-streaming',
    kind: 'feature',
    pattern:
      /(?<![\w.$])(?<value>streamText|streamObject|streamUI|toDataStreamResponse|OpenAIStream)\s*(?:<[^<>()]{0,80}>)?\(/,
    needs: ['vercel-ai'],
    accept: (found) => mayUseOpenAi(found) && !/function\s+$/.test(found.before),
    value: 'streaming',
    examples: {
      hit: [['const result = streamText({ model, messages })', 'streaming']],
      trap: ['export async function streamText(res) {}', 'const result = await generateText({ model })'],
    },
  },
  {
    id: 'langchain-js-streaming',
    kind: 'feature',
    pattern: /\.(?<value>stream|streamEvents|streamLog)\s*\(/,
    needs: ['langchain-js', 'llamaindex-ts'],
    accept: ({ before }) =>
      /(?:llm|model|chat|chain|agent|executor|graph|app|runnable|sequence|rag)\w*(?:\([^()\n]*\))?\s*\.$/i.test(
        before,
      ),
    value: 'streaming',
    confidence: 'medium',
    examples: {
      hit: [['for await (const chunk of await chain.stream({ question })) write(chunk)', 'streaming']],
      trap: ['const file = await response.body.stream()'],
    },
  },
  {
    id: 'javascript-structured-call',
    kind: 'feature',
    pattern: pattern()`(?<value>(?<![\w.$])(?:generateObject|streamObject)\s*(?:<[^<>()]{0,80}>)?\(\s*\{|\bOutput\.object\(|\.withStructuredOutput\b|\bzodResponseFormat\(|\bzodTextFormat\(|\.(?:chat\s*\.\s*completions|responses)\s*\.\s*parse\()`,
    needs: 'mention',
    value: 'structured_outputs',
    accept: mayUseOpenAi,
    examples: {
      hit: [
        ['const { object } = await generateObject({ model, schema, prompt })', 'structured_outputs'],
        ['const extractor = llm.withStructuredOutput(schema)', 'structured_outputs'],
        ["response_format: zodResponseFormat(Answer, 'answer'),", 'structured_outputs'],
      ],
      trap: ['const data = JSON.parse(text)', 'const answer = await schema.parse(body)'],
    },
  },
  {
    id: 'javascript-tools-bound',
    kind: 'feature',
    pattern:
      /(?:\.(?<value>bindTools|bind_tools|runTools|runFunctions)\s*\(|\bcreate(?:ToolCalling|React|OpenAIFunctions|OpenAITools)Agent\s*\()/,
    needs: 'mention',
    value: 'tools',
    examples: {
      hit: [['const withTools = llm.bindTools([search])', 'tools']],
      trap: ['editor.bindToolbar(element)'],
    },
  },
]);
