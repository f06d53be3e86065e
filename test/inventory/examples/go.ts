// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const GO_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'environment',
    hit: [
      ['base := os.Getenv("OPENAI_BASE_URL")', 'OPENAI_BASE_URL'],
      ['@Value("${OPENAI_API_BASE:http://localhost}")', 'OPENAI_API_BASE'],
    ],
    trap: [
      'base := os.Getenv("SENTRY_BASE_URL")',
      'log.Fatal("OPENAI_BASE_URL is not set")',
      'if base == OPENAI_API_BASE {',
    ],
  },
  {
    finds: 'api_key',
    as: 'environment',
    hit: [
      ['key, ok := os.LookupEnv("OPENAI_API_KEY")', 'OPENAI_API_KEY'],
      ['let key = env::var("MYAPP_OPENAI_API_KEY")?;', 'MYAPP_OPENAI_API_KEY'],
      ['required := []string{"DATABASE_URL", "OPENAI_KEY"}', 'OPENAI_KEY'],
    ],
    trap: [
      'key := os.Getenv("STRIPE_API_KEY")',
      'panic("OPENAI_API_KEY is not set")',
      'fmt.Println("OPENAI_API_KEY: missing")',
      'OPENAI_API_KEY.isEmpty()',
      'errors.New("set `OPENAI_API_KEY` first")',
    ],
  },
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['client := openai.NewClient(token)', '(implicit)'],
      ['cfg := openai.DefaultConfig(token)\ncfg.HTTPClient = hc', '(implicit)'],
    ],
    trap: [
      ['cfg := openai.DefaultConfig(token)\ncfg.BaseURL = base', 'BaseURL'],
      'rdb := redis.NewClient(&redis.Options{})',
    ],
  },
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'import "github.com/openai/openai-go/v3"',
    hit: [
      ['client := openai.NewClient()', '(implicit)'],
      ['client := openai.NewClient(\n\toption.WithAPIKey(key),\n)', '(implicit)'],
    ],
    trap: [
      ['client := openai.NewClient(option.WithAPIKey(key), option.WithBaseURL(url))', 'WithBaseURL'],
      'client := openai.NewClient(opts...)',
      'rdb := redis.NewClient()',
    ],
  },
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'import "github.com/tmc/langchaingo/llms/openai"',
    hit: [['llm, err := openai.New(openai.WithModel(name))', '(implicit)']],
    trap: [['llm, err := openai.New(openai.WithBaseURL(url))', 'WithBaseURL'], 'err := errors.New("no key")'],
  },
  {
    finds: 'base_url',
    as: 'literal',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['cfg.BaseURL = "https://gateway.example.com/v1"', 'https://gateway.example.com/v1'],
      ['option.WithBaseURL("http://localhost:8080/v1/")', 'http://localhost:8080/v1/'],
      ['openai.DefaultAzureConfig(key, "https://acme.openai.azure.com")', 'https://acme.openai.azure.com'],
    ],
    trap: ['site.HomeURL = "https://example.com"', ['cfg.BaseURL = base', 'BaseURL']],
  },
  {
    finds: 'base_url',
    as: 'option',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['cfg.BaseURL = baseURL', 'BaseURL'],
      ['opts = append(opts, option.WithBaseURL(os.Getenv("LLM_GATEWAY_URL")))', 'LLM_GATEWAY_URL'],
      ['cfg := openai.DefaultAzureConfig(key, endpoint)', 'DefaultAzureConfig'],
    ],
    trap: ['if cfg.BaseURL == other {', 'fmt.Println(cfg.BaseURL)'],
  },
  {
    finds: 'api_key',
    as: 'option',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['client := openai.NewClient(cfg.OpenAI.Token)', 'Token'],
      ['option.WithAPIKey(apiKey)', 'apiKey'],
    ],
    trap: ['client := openai.NewClient(opts...)', 'rdb := redis.NewClient(addr)'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [['client := openai.NewClient("sk-abcdefghijklmnopqrstuvwx")', '(hidden)']],
    trap: ['client := openai.NewClient("your-openai-api-key-goes-here")', 'option.WithAPIKey("ollama")'],
  },
  {
    finds: 'client_setting',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['option.WithMaxRetries(5)', 'retries'],
      ['cfg.HTTPClient = &http.Client{Timeout: time.Minute}', 'timeout'],
    ],
    trap: ['server.WithMaxConns(5)', 'cfg.HTTPClient = instrumented'],
  },
  {
    finds: 'endpoint',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['stream, err := c.api.CreateChatCompletionStream(ctx, req)', 'chat.completions'],
      ['resp, err := client.CreateEmbeddings(ctx, openai.EmbeddingRequest{', 'embeddings'],
      ['resp, err := client.Moderations(ctx, req)', 'moderations'],
    ],
    trap: [
      'func (c *Client) CreateChatCompletion(ctx context.Context) error {',
      'store.CreateFileIndex(ctx)',
      'name := config.GetModel()',
    ],
  },
  {
    finds: 'endpoint',
    after: 'import "github.com/openai/openai-go/v3"',
    hit: [
      ['stream := client.Chat.Completions.NewStreaming(ctx, params)', 'chat.completions'],
      ['resp, err := s.client.Responses.New(ctx, params)', 'responses'],
      ['page, err := client.Models.List(ctx)', 'models.list'],
    ],
    trap: ['page, err := repo.Models.ListAll(ctx)', 'metrics.Responses.Observe(1)'],
  },
  {
    finds: 'endpoint',
    after: 'import "github.com/tmc/langchaingo/llms/openai"',
    hit: [
      ['text, err := llms.GenerateFromSinglePrompt(ctx, llm, prompt)', 'chat.completions'],
      ['vectors, err := llm.CreateEmbedding(ctx, texts)', 'embeddings'],
    ],
    trap: ['page.GenerateContents(ctx)'],
  },
  {
    finds: 'feature',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['req := openai.ChatCompletionRequest{\n\tModel: model,\n\tStream: true,\n}', 'streaming'],
      ['req := openai.ChatCompletionRequest{}\nreq.Tools = toolset', 'tools'],
      ['openai.ChatCompletionNewParams{MaxCompletionTokens: openai.Int(500)}', 'max_completion_tokens'],
      ['openai.ChatCompletionRequest{Model: model, N: 3}', 'multiple_choices'],
      ['Type: openai.ChatCompletionResponseFormatTypeJSONSchema,', 'structured_outputs'],
      ['Type: openai.ChatMessagePartTypeImageURL,', 'vision'],
      ['stream := client.Chat.Completions.NewStreaming(ctx, params)', 'streaming'],
    ],
    trap: [
      'openai.ChatCompletionRequest{Stream: false, Tools: nil}',
      'openai.ChatCompletionRequest{Tools: []openai.Tool{}}',
      'type Flags struct {\n\tStream bool\n}',
      'opts := docker.Options{Stream: true}',
      'openai.ChatCompletionRequest{Model: model, N: 1}',
      'Type: openai.ChatCompletionResponseFormatTypeText,',
      'func image(u *openai.ChatMessageImageURL) {',
    ],
  },
  {
    finds: 'model',
    after: 'import openai "github.com/sashabaranov/go-openai"',
    hit: [
      ['Model: openai.GPT4oMini,', 'gpt-4o-mini'],
      ['Model: openai.ChatModelGPT4_1,', 'gpt-4.1'],
      ['Model: openai.SmallEmbedding3,', 'text-embedding-3-small'],
      ['Model: gogpt.GPT3Dot5Turbo0613,', 'gpt-3.5-turbo-0613'],
    ],
    trap: ['style.TextAlign,', 'level.LargeObject,', ['config.GPTModelName', 'GPTModelName']],
  },
  {
    finds: 'model',
    hit: [
      ['const defaultModel = "gpt-4o"', 'gpt-4o'],
      ['model := "openai/gpt-4o-mini"', 'openai/gpt-4o-mini'],
      ['body := `{"model": "o1"}`', 'o1'],
      ['payload := "{\\"model\\":\\"gpt-3.5-turbo\\"}"', 'gpt-3.5-turbo'],
    ],
    trap: [
      'log.Println("gpt-4o is not available")',
      'header := "o1"',
      'image := "all-minilm"',
      'hint := "for example \'gpt-4o\'"',
      'path := "gpt-4o/prompts"',
    ],
  },
  {
    finds: 'model',
    file: 'app/models/picture.rb',
    hit: [
      ['if model.start_with?("gpt-image-")', 'gpt-image-'],
      ['if strings.HasPrefix(model, "gpt-") {', 'gpt-'],
      ['model.match?(/\\Agpt-5(?:-|\\z)/)', 'gpt-5'],
    ],
    trap: ['if name.start_with?("gptimage")', 'if path.match?(/\\A\\/v1/)'],
  },
  {
    finds: 'model',
    file: 'src/main/java/AiConfig.java',
    hit: [
      ['@Value("${app.openai.model:gpt-4o-mini}") String model', 'gpt-4o-mini'],
      ['@Value("${app.openai.model}") String model', 'app.openai.model'],
    ],
    trap: ['@Value("${app.crm.model}") String model'],
  },
  {
    finds: 'base_url',
    as: 'literal',
    hit: [
      [
        'req, err := http.NewRequest("POST", "https://api.openai.com/v1/chat/completions", body)',
        'https://api.openai.com/v1',
      ],
      ['base := getEnv("OPENAI_BASE_URL", "https://api.openai.com/v1")', 'https://api.openai.com/v1'],
      ['post("https://openrouter.ai/api/v1/chat/completions", body)', 'https://openrouter.ai/api/v1'],
    ],
    trap: [
      'docs := "https://platform.openai.com/docs"',
      'flag.String("url", "", "for example https://api.openai.com")',
      'post("https://api.example.com/v1/charges", body)',
    ],
  },
  {
    finds: 'endpoint',
    after: 'uses_openai ;',
    hit: [
      ['url := fmt.Sprintf("%s/embeddings", c.baseURL)', 'embeddings'],
      ['resp = http.post("/v1/images/generations", body)', 'images.generations'],
      ['let url = format!("{}/chat/completions", self.base_url);', 'chat.completions'],
      ['client.post(openai_base_url + "/responses")', 'responses'],
      ["$this->request($user, 'chat/completions', $params)", 'chat.completions'],
    ],
    trap: [
      'r.POST("/v1/chat/completions", handler)',
      'router.get("/models")',
      'fetch("/responses")',
      'if path == "/v1/embeddings" {',
      'log.Println("Embeddings at http://localhost/v1/embeddings")',
      '@PostMapping("/v1/embeddings")',
      "Route::post('chat/completions', [ChatController::class, 'store'])",
      '"audio/mpeg"',
    ],
  },
  {
    finds: 'api_key',
    as: 'header',
    after: 'uses_openai ;',
    hit: [
      [
        'req.Header.Set("Authorization", "Bearer "+key) // /chat/completions\npost("/chat/completions")',
        'Authorization',
      ],
      ["post('/v1/embeddings', ['Authorization' => 'Bearer ' . $key])", 'Authorization'],
      ["post('/v1/embeddings');\nfunction header() { return 'Bearer ' . $this->key(); }", 'Authorization'],
    ],
    trap: [
      [
        'req.Header.Set("Authorization", "Bearer "+os.Getenv("OPENAI_API_KEY"))\npost("/chat/completions")',
        'OPENAI_API_KEY',
      ],
      'req.Header.Set("Authorization", "Bearer "+githubToken)',
    ],
  },
  {
    finds: 'feature',
    after: 'uses_openai ;',
    hit: [
      ['post(url + "/chat/completions", map[string]any{"model": m, "stream": true})', 'streaming'],
      ['body.put("tools", tools); // to chat/completions\ncall("/chat/completions")', 'tools'],
      [
        'json!({"model": m, "max_completion_tokens": 100}); post("/chat/completions")',
        'max_completion_tokens',
      ],
      ['"response_format": map[string]any{"type": "json_object"}', 'json_mode'],
      ['{"type": "image_url", "image_url": url}', 'vision'],
      ['{"tools": [{"type": "web_search"}]}', 'web_search'],
      ['body = "{\\"response_format\\":{\\"type\\":\\"json_schema\\"}}"', 'structured_outputs'],
    ],
    trap: [
      'call("/chat/completions", map[string]any{"stream": false})',
      'Stream bool `json:"stream"` // chat/completions',
      'docker(map[string]any{"stream": true})',
      'info_span!("stream", kind = "chat/completions")',
      '"response_format": map[string]any{"type": "text"}',
      '{"type": "mcp", "port": 80}',
    ],
  },
  {
    finds: 'feature',
    file: 'app/Chat.php',
    after: 'uses_openai ;',
    hit: [
      ["$this->ask(['model' => $model, 'messages' => $messages, 'n' => (int) $count])", 'multiple_choices'],
    ],
    trap: [
      "$this->ask(['model' => $model, 'messages' => $messages, 'n' => 1])",
      "$this->chart(['n' => $count])",
    ],
  },
  {
    finds: 'api_key',
    as: 'section',
    file: 'app/Constants.kt',
    hit: [
      ['const val openAIApiKey = "<api_key_here>"', '(hidden)'],
      ['val openAiToken: String = "sk-abcdefghijklmnopqrstuvwx"', '(hidden)'],
    ],
    trap: [
      'const val mapsApiKey = "AIza0123456789"',
      ['val openAIApiKey = "OPENAI_API_KEY"', 'OPENAI_API_KEY'],
      'val openAiKey = "openai_api_key"',
    ],
  },
  {
    finds: 'api_key',
    as: 'header',
    file: 'app/Network.kt',
    hit: [
      ['.addHeader("Authorization", "Bearer $openAIApiKey")', 'Authorization'],
      ['.header("Authorization", "Bearer " + settings.openAiKey)', 'Authorization'],
    ],
    trap: ['.addHeader("Authorization", "Bearer $githubToken")'],
  },
  {
    finds: 'endpoint',
    file: 'R/embed.R',
    after: 'url <- glue("https://api.openai.com/v1/{task}")',
    hit: [['task <- "embeddings"', 'embeddings']],
    trap: ['task <- "cleaning"'],
  },
  {
    finds: 'feature',
    after: 'url := "https://api.openai.com/v1/chat/completions"',
    hit: [['body["stream"] = true', 'streaming']],
    trap: [
      'flags := []Flag{{"stream", "set-stream", 0, "Streams answers"}}',
      'err := client.Stream(ctx, input)',
    ],
  },
  {
    finds: 'api_key',
    as: 'header',
    file: 'app/chatgpt/GPTInterceptor.kt',
    hit: [['addHeader("Authorization", "Bearer ${BuildConfig.GPT_API_KEY}") // ChatGPT', 'Authorization']],
    trap: ['flag("auth-prefix", "Bearer ", "The prefix of Authorization")'],
  },
];
