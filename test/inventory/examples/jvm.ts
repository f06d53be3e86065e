// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const JVM_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      ['var client = OpenAIOkHttpClient.builder()\n    .apiKey(key)\n    .build();', '(implicit)'],
      ['return OpenAiChatModel.builder().apiKey(key).modelName(name).build();', '(implicit)'],
      ['OpenAiService service = new OpenAiService(token, Duration.ofSeconds(30));', '(implicit)'],
      ['var api = new OpenAiApi(apiKey);', '(implicit)'],
    ],
    trap: [
      [
        'OpenAIOkHttpClient.builder()\n  .timeout(Timeout.builder().connect(c).build())\n  .baseUrl(url)\n  .build();',
        'baseUrl',
      ],
      [
        'var builder = OpenAIOkHttpClient.builder().apiKey(key);\nif (url != null) builder.baseUrl(url);',
        'baseUrl',
      ],
      'OpenAiChatModel.builder().openAiApi(api).build()',
      ['var api = new OpenAiApi(baseUrl, apiKey);', 'baseUrl'],
      'new OpenAiService(api, executor)',
      'new Retrofit(url)',
    ],
  },
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'import com.openai.client.OpenAIClient;',
    hit: [['OpenAIClient client = OpenAIOkHttpClient.fromEnv();', '(implicit)']],
    trap: ['Config config = Config.fromEnv();'],
  },
  {
    finds: 'base_url',
    as: 'literal',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      [
        'OpenAIOkHttpClient.builder()\n  .baseUrl("https://gateway.example.com/v1")',
        'https://gateway.example.com/v1',
      ],
      ['val host = OpenAIHost(baseUrl = "http://localhost:8080/v1/")', 'http://localhost:8080/v1/'],
    ],
    trap: ['RestClient.builder().baseUrl("https://api.weather.gov")'],
  },
  {
    finds: 'base_url',
    as: 'option',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      ['OpenAIOkHttpClient.builder()\n  .apiKey(key)\n  .baseUrl(settings.url())', 'baseUrl'],
      ['OpenAiChatModel.builder().baseUrl(System.getenv("LLM_GATEWAY_URL"))', 'LLM_GATEWAY_URL'],
      ['if (url != null) {\n  builder.baseUrl(url);\n}', 'baseUrl'],
      ['var api = new OpenAiApi(baseUrl, apiKey);', 'baseUrl'],
    ],
    trap: ['WebClient.builder().baseUrl(weatherUrl)', 'OllamaChatModel.builder().baseUrl(url)'],
  },
  {
    finds: 'base_url',
    as: 'default',
    after: 'uses_openai ;',
    hit: [['@Value("${openai.url:https://api.openai.com/v1}") String url', 'https://api.openai.com/v1']],
    trap: ['@Value("${weather.url:https://api.weather.gov}") String url'],
  },
  {
    finds: 'base_url',
    as: 'accessor',
    hit: [
      ['@Value("${spring.ai.openai.base-url}") String url', 'spring.ai.openai.base-url'],
      ['env.getProperty("app.openai.base-url")', 'app.openai.base-url'],
    ],
    trap: [
      '@Value("${weather.base-url}") String url',
      '@Value("${openai.api-key}") String key',
      'label(message("settings.openAi.host"))',
    ],
  },
  {
    finds: 'api_key',
    as: 'accessor',
    hit: [
      ['@Value("${openai.api.key}") String key', 'openai.api.key'],
      ['@Value("${spring.ai.openai.api-key:none}") String key', 'spring.ai.openai.api-key'],
    ],
    trap: [
      '@Value("${stripe.api-key}") String key',
      '@Value("${openai.model}") String model',
      'label(message("settings.openAi.token"))',
    ],
  },
  {
    finds: 'api_key',
    as: 'option',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      ['OpenAiChatModel.builder()\n  .apiKey(properties.apiKey())', 'apiKey'],
      ['OpenAiChatModel.builder().apiKey(System.getenv("OPENAI_API_KEY"))', 'OPENAI_API_KEY'],
      ['val client = OpenAI(token = settings.token)', 'token'],
    ],
    trap: ['AnthropicChatModel.builder().apiKey(key)'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [['OpenAiChatModel.builder().apiKey("sk-abcdefghijklmnopqrstuvwx")', '(hidden)']],
    trap: [
      'OpenAiChatModel.builder().apiKey("demo")',
      'OpenAiChatModel.builder().apiKey("your-api-key-goes-here-1")',
    ],
  },
  {
    finds: 'client_setting',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      ['OpenAiChatModel.builder().timeout(Duration.ofSeconds(60))', 'timeout'],
      ['OpenAIOkHttpClient.builder()\n  .maxRetries(4)', 'retries'],
    ],
    trap: ['HttpClient.newBuilder().connectTimeout(t)', 'future.timeout(5)'],
  },
  {
    finds: 'endpoint',
    after: 'import com.openai.client.OpenAIClient;',
    hit: [
      ['client.chat().completions().create(params)', 'chat.completions'],
      ['client.async()\n  .responses()\n  .createStreaming(params)', 'responses'],
      ['client.images().edit(params)', 'images.edits'],
      ['client.models().list()', 'models.list'],
    ],
    trap: ['repository.files().find(name)', 'completion.choices().get(0)'],
  },
  {
    finds: 'endpoint',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      ['ChatModel model = OpenAiChatModel.builder()', 'chat.completions'],
      ['return OpenAiEmbeddingModel.builder()', 'embeddings'],
      ['return AzureOpenAiChatModel.builder()', 'chat.completions'],
    ],
    trap: ['private final OpenAiChatModel model;', 'OllamaChatModel.builder()'],
  },
  {
    finds: 'endpoint',
    after: 'import org.springframework.ai.openai.OpenAiChatModel;',
    hit: [
      ['return chatClient.prompt()\n  .user(text).call().content();', 'chat.completions'],
      ['float[] vector = embeddingModel.embed(text);', 'embeddings'],
      ['ImageResponse image = imageModel.call(prompt);', 'images.generations'],
    ],
    trap: ['String name = console.prompt("name");', 'list.stream().map(f)'],
  },
  {
    finds: 'endpoint',
    after: 'import com.aallam.openai.client.OpenAI',
    hit: [
      ['val answer = openAI.chatCompletion(request)', 'chat.completions'],
      ['openAiService.streamChatCompletion(request)', 'chat.completions'],
    ],
    trap: ['fun chatCompletion(request: Request) {', 'val n = stats.embeddings()'],
  },
  {
    finds: 'feature',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      ['ChatCompletionCreateParams.builder()\n  .addTool(Weather.class)', 'tools'],
      ['AiServices.builder(Assistant.class).chatModel(model).tools(new Calculator())', 'tools'],
      ['client.chat().completions().createStreaming(params)', 'streaming'],
      ['OpenAiChatOptions.builder().reasoningEffort("low")', 'reasoning_effort'],
      ['ChatCompletionCreateParams.builder().responseFormat(Recipe.class)', 'structured_outputs'],
      ['OpenAiChatModel.builder().responseFormat("json_object")', 'json_mode'],
      ['StreamingChatModel model = OpenAiStreamingChatModel.builder()', 'streaming'],
      ['return AzureOpenAiStreamingChatModel.builder()', 'streaming'],
      ['UserMessage.from(ImageContent.from(url))', 'vision'],
      ['ResponseFormat.builder().type(ResponseFormat.Type.JSON_SCHEMA)', 'structured_outputs'],
      ['@Tool("Adds two numbers")\ndouble add(double a, double b) {', 'tools'],
    ],
    trap: [
      'ChatOptions.builder().tools(List.of())',
      'repository.store(item)',
      'options.logprobs(false)',
      'OpenAiChatModel.builder().responseFormat("text")',
      'label.text("Recipe")',
      'import static a.b.Capability.RESPONSE_FORMAT_JSON_SCHEMA;',
      'private ImageContent image;',
      '@ToolWindow\nclass Panel {',
    ],
  },
  {
    finds: 'feature',
    after: 'import org.springframework.ai.openai.OpenAiChatModel;',
    hit: [['return chatClient.prompt().user(text).stream().content();', 'streaming']],
    trap: ['return chatClient.prompt().user(text).call().content();'],
  },
  {
    finds: 'model',
    after: 'import dev.langchain4j.model.openai.OpenAiChatModel;',
    hit: [
      ['.model(ChatModel.GPT_4O_MINI)', 'gpt-4o-mini'],
      ['.modelName(OpenAiChatModelName.GPT_4_O)', 'gpt-4o'],
      ['.model(OpenAiApi.EmbeddingModel.TEXT_EMBEDDING_3_SMALL.getValue())', 'text-embedding-3-small'],
      ['agent(llmModel = OpenAIModels.Chat.GPT4o)', 'gpt-4o'],
      [
        'import static dev.langchain4j.model.openai.OpenAiChatModelName.GPT_4_O_MINI;\nvar m = b.modelName(GPT_4_O_MINI);',
        'gpt-4o-mini',
      ],
    ],
    trap: [
      'import com.openai.models.ChatModel.GPT_4O',
      '.model(ChatModel.of(name))',
      '.size(ImageModel.LARGE)',
      'String name = GPT_4_O;',
    ],
  },
  {
    finds: 'base_url',
    as: 'section',
    file: 'app/Network.kt',
    hit: [
      ['Retrofit.Builder()\n  .baseUrl(baseUrlOpenAI)', 'baseUrl'],
      ['WebClient.builder().baseUrl(settings.openAiBaseUrl)', 'baseUrl'],
    ],
    trap: ['Retrofit.Builder().baseUrl(weatherUrl)'],
  },
  {
    finds: 'base_url',
    as: 'accessor',
    file: 'app/Settings.kt',
    hit: [
      ['val url = BuildConfig.OPENAI_BASE_URL', 'OPENAI_BASE_URL'],
      ['val url = settings.openAiEndpoint', 'openAiEndpoint'],
      ['settings.openAiEndpoint = url', 'openAiEndpoint'],
    ],
    trap: ['val url = BuildConfig.CRM_BASE_URL', 'settings.crmEndpoint = url'],
  },
  {
    finds: 'feature',
    after: 'import org.springframework.ai.chat.client.ChatClient;',
    hit: [
      ['chatClient.prompt().user(text).call().entity(Film.class)', 'structured_outputs'],
      ['chatClient.prompt(text).tools(new Clock()).call()', 'tools'],
    ],
    trap: ['chatClient.prompt().user(text).call().content()'],
  },
];
