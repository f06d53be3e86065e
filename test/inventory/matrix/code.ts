// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Column } from './rows.ts';

const CURL_OPTIONS = 'each call of curl has its own options';
const NO_SECTION = 'settings files are columns of their own';
const REQUESTS_ONLY = 'no widely used client of the API exists';
const NEEDS_A_KEY = 'its clients take the key as an argument';

/** Program code, by language. `/PATH` stands for each endpoint, `PARAMETER` for each ability. */
export const CODE_COLUMNS: Readonly<Record<string, Column>> = {
  Python: {
    file: 'app/chat.py',
    in: 'from openai import OpenAI',
    cells: {
      'implicit URL': ['client = OpenAI(api_key=key)', 'client = OpenAI(base_url=url)'],
      'implicit key': ['client = OpenAI(base_url=url)', 'client = OpenAI(api_key=key)'],
      literal: [
        'client = OpenAI(base_url="https://llm.example.com/v1")',
        'crm = httpx.Client(base_url="https://crm.example.com/v1")',
      ],
      option: ['client = OpenAI(base_url=settings.url)', 'crm = requests.Session(base_url=settings.url)'],
      environment: ['key = os.environ["OPENAI_API_KEY"]', 'key = os.environ["STRIPE_API_KEY"]'],
      'default of a read': [
        'url = os.getenv("OPENAI_BASE_URL", "https://api.openai.com/v1")',
        'url = os.getenv("CRM_URL", "https://crm.example.com/v1")',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        'class OpenAISettings(BaseSettings):\n    api_key: str = ""',
        'class CrmSettings(BaseSettings):\n    api_key: str = ""',
      ],
      'bare name': ['key = config.get("api_key")', 'key = weather_config.get("api_key")'],
      'model setting': ['model = settings.openai_model', 'model = settings.crm_model'],
      'own function': [
        'reply = fetch_chat_completion(messages, api_key=session.key)',
        'reply = fetch_weather(city, api_key=session.key)',
      ],
      'Authorization header': [
        'post(f"{base}/chat/completions", headers={"Authorization": f"Bearer {key}"})',
        'post(crm, headers={"Authorization": f"Bearer {access_token}"})',
      ],
      'endpoint behind a constant': ['post(f"{BASE}/PATH", json=body)', '@app.post("/PATH")'],
      'streaming by named argument': [
        'ask(model=model, messages=messages, stream=True)',
        'ask(model=model, messages=messages, stream=False)',
      ],
      tools: [
        'ask(model=model, messages=messages, tools=tools)',
        'ask(model=model, messages=messages, tools=[])',
      ],
      'structured outputs': [
        'ask(model=model, messages=messages, response_format={"type": "json_schema"})',
        'ask(model=model, messages=messages, response_format={"type": "text"})',
      ],
      'other abilities': [
        'ask(model=model, messages=messages, PARAMETER=value)',
        'ask(model=model, messages=messages, PARAMETER=None)',
      ],
      timeout: ['client = OpenAI(timeout=30)', 'requests.get(url, timeout=30)'],
      retries: ['client = OpenAI(max_retries=2)', 'crm = Crm(max_retries=2)'],
      'prefix check': ['if model.startswith("gpt-4"):', 'if path.startswith("/gpt"):'],
      'allow-list': ['if model in ("gpt-4o", "gpt-4.1", "o3-mini"):', 'if model in allowed:'],
    },
  },
  'JavaScript and TypeScript': {
    file: 'app/chat.ts',
    in: "import OpenAI from 'openai'",
    cells: {
      'implicit URL': ['const client = new OpenAI({ apiKey })', 'const client = new OpenAI({ baseURL })'],
      'implicit key': ['const client = new OpenAI({ baseURL })', 'const client = new OpenAI({ apiKey })'],
      literal: [
        "const client = new OpenAI({ apiKey: process.env.OPENAI_API_KEY, baseURL: 'https://api.openai.com/v1' })",
        "const crm = axios.create({ baseURL: 'https://crm.example.com/v1' })",
      ],
      option: [
        'const client = new OpenAI({ baseURL: settings.url })',
        'const crm = axios.create({ baseURL: settings.url })',
      ],
      environment: ['const key = process.env.OPENAI_API_KEY', 'const key = process.env.STRIPE_API_KEY'],
      'default of a read': [
        "const url = process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1'",
        "const url = process.env.CRM_URL ?? 'https://crm.example.com/v1'",
      ],
      'configuration section': NO_SECTION,
      'own accessor': ["const key = config.get('openai.apiKey')", "const key = config.get('crm.apiKey')"],
      'bare name': [
        "const key = localStorage.getItem('apiKey')",
        "const key = weatherSettings.getItem('apiKey')",
      ],
      'model setting': ["const model = config.get('openai.model')", "const model = config.get('crm.model')"],
      'own function': [
        'fetchChatCompletion({ apiKey: session.key, messages })',
        'fetchWeather({ apiKey: session.key, city })',
      ],
      'Authorization header': [
        'fetch(`${base}/chat/completions`, { headers: { Authorization: `Bearer ${key}` } })',
        'fetch(crm, { headers: { Authorization: `Bearer ${accessToken}` } })',
      ],
      'endpoint behind a constant': ['fetch(`${BASE}/PATH`, { body })', "app.post('/PATH', handle)"],
      'streaming by named argument': [
        'ask({ model, messages, stream: true })',
        'ask({ model, messages, stream: false })',
      ],
      tools: ['ask({ model, messages, tools: all })', 'ask({ model, messages, tools: [] })'],
      'structured outputs': [
        "ask({ model, messages, response_format: { type: 'json_schema' } })",
        "ask({ model, messages, response_format: { type: 'text' } })",
      ],
      'other abilities': [
        'ask({ model, messages, PARAMETER: value })',
        'ask({ model, messages, PARAMETER: undefined })',
      ],
      timeout: [
        'const client = new OpenAI({ timeout: 30_000 })',
        'const crm = axios.create({ timeout: 30_000 })',
      ],
      retries: ['const client = new OpenAI({ maxRetries: 2 })', 'const crm = create({ maxRetries: 2 })'],
      'prefix check': ["if (model.startsWith('gpt-4')) limit = 1", "if (path.startsWith('/gpt')) limit = 1"],
      'allow-list': [
        "if (['gpt-4o', 'gpt-4.1', 'o3-mini'].includes(model)) go()",
        'if (allowed.includes(model)) go()',
      ],
    },
  },
  Go: {
    file: 'app/chat.go',
    in: 'import "github.com/openai/openai-go/v3"',
    cells: {
      'implicit URL': [
        'client := openai.NewClient(option.WithAPIKey(key))',
        'client := openai.NewClient(option.WithBaseURL(url))',
      ],
      'implicit key': [
        'client := openai.NewClient(option.WithBaseURL(url))',
        'client := openai.NewClient(option.WithAPIKey(key))',
      ],
      literal: [
        'client := openai.NewClient(option.WithBaseURL("https://llm.example.com/v1"))',
        'crm := crm.New("https://crm.example.com/v1")',
      ],
      option: [
        'client := openai.NewClient(option.WithBaseURL(settings.URL))',
        'crm := crm.New(settings.URL)',
      ],
      environment: ['key := os.Getenv("OPENAI_API_KEY")', 'key := os.Getenv("STRIPE_API_KEY")'],
      'default of a read': [
        'url := cmp.Or(os.Getenv("OPENAI_BASE_URL"), "https://api.openai.com/v1")',
        'url := cmp.Or(os.Getenv("CRM_URL"), "https://crm.example.com/v1")',
      ],
      'configuration section': NO_SECTION,
      'own accessor': ['key := viper.GetString("openai.api_key")', 'key := viper.GetString("crm.api_key")'],
      'bare name': ['key := viper.GetString("api_key")', 'key := weather.GetString("api_key")'],
      'model setting': [
        '_ = viper.BindPFlag("openai.model", flag)',
        '_ = viper.BindPFlag("crm.model", flag)',
      ],
      'own function': [
        'bot := ChatGPTClient{APIKey: session.Key}',
        'bot := WeatherClient{APIKey: session.Key}',
      ],
      'Authorization header': [
        'req.Header.Set("Authorization", "Bearer "+key)\nurl := base + "/chat/completions"',
        'req.Header.Set("Authorization", "Bearer "+githubToken)',
      ],
      'endpoint behind a constant': [
        'req, err := http.NewRequest("POST", BaseURL+"/PATH", body)',
        'router.POST("/PATH", handle)',
      ],
      'streaming by named argument': [
        'req := ChatCompletionRequest{Model: model, Messages: messages, Stream: true}',
        'req := ChatCompletionRequest{Model: model, Messages: messages, Stream: false}',
      ],
      tools: [
        'req := ChatCompletionRequest{Model: model, Tools: tools}',
        'req := ChatCompletionRequest{Model: model, Tools: nil}',
      ],
      'structured outputs': [
        'format := map[string]any{"type": "json_schema"}',
        'format := map[string]any{"type": "text"}',
      ],
      'other abilities': [
        'req := ChatCompletionRequest{Model: model, PARAMETER: value}',
        'req := ChatCompletionRequest{Model: model, PARAMETER: nil}',
      ],
      timeout: [
        'client := openai.NewClient(option.WithRequestTimeout(time.Minute))',
        'server := http.Server{ReadTimeout: time.Minute}',
      ],
      retries: [
        'client := openai.NewClient(option.WithMaxRetries(2))',
        'crm := crm.New(crm.WithAttempts(2))',
      ],
      'prefix check': ['if strings.HasPrefix(model, "gpt-4") {', 'if strings.HasPrefix(path, "/gpt") {'],
      'allow-list': [
        'var allowed = []string{"gpt-4o", "gpt-4.1", "o3-mini"}',
        'if slices.Contains(allowed, model) {',
      ],
    },
  },
  Java: {
    file: 'app/Chat.java',
    in: 'import com.openai.client.OpenAIClient;',
    cells: {
      'implicit URL': [
        'var client = OpenAIOkHttpClient.builder().apiKey(key).build();',
        'var client = OpenAIOkHttpClient.builder().baseUrl(url).build();',
      ],
      'implicit key': [
        'var client = OpenAIOkHttpClient.fromEnv();',
        'var client = OpenAIOkHttpClient.builder().apiKey(key).build();',
      ],
      literal: [
        'OpenAIOkHttpClient.builder().baseUrl("https://llm.example.com/v1")',
        'RestClient.builder().baseUrl("https://crm.example.com/v1")',
      ],
      option: [
        'OpenAIOkHttpClient.builder().baseUrl(settings.url())',
        'RestClient.builder().baseUrl(settings.url())',
      ],
      environment: [
        'String key = System.getenv("OPENAI_API_KEY");',
        'String key = System.getenv("STRIPE_API_KEY");',
      ],
      'default of a read': [
        'String url = System.getenv().getOrDefault("OPENAI_BASE_URL", "https://api.openai.com/v1");',
        'String url = System.getenv().getOrDefault("CRM_URL", "https://crm.example.com/v1");',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        '@Value("${app.openai.api-key}") String key;',
        '@Value("${app.crm.api-key}") String key;',
      ],
      'bare name': [
        'String key = properties.getProperty("api.key");',
        'String key = weather.getProperty("api.key");',
      ],
      'model setting': [
        '@Value("${app.openai.model}") String model;',
        '@Value("${app.crm.model}") String model;',
      ],
      'own function': [
        'var bot = ChatGPT.builder().apiKey(session.getKey()).build();',
        'var bot = Weather.builder().apiKey(session.getKey()).build();',
      ],
      'Authorization header': [
        'request.header("Authorization", "Bearer " + key).uri(base + "/chat/completions");',
        'request.header("Authorization", "Bearer " + githubToken);',
      ],
      'endpoint behind a constant': ['post(BASE_URL + "/PATH", body);', '@PostMapping("/PATH")'],
      'streaming by named argument': [
        'var request = ChatRequest.builder().model(model).messages(messages).stream(true).build();',
        'var request = ChatRequest.builder().model(model).messages(messages).stream(false).build();',
      ],
      tools: [
        'var request = ChatRequest.builder().model(model).tools(tools).build();',
        'var request = ChatRequest.builder().model(model).tools(List.of()).build();',
      ],
      'structured outputs': [
        'body.put("response_format", Map.of("type", "json_schema"));',
        'body.put("response_format", Map.of("type", "text"));',
      ],
      'other abilities': [
        'var request = ChatRequest.builder().model(model).PARAMETER(value).build();',
        'var request = ChatRequest.builder().model(model).PARAMETER(null).build();',
      ],
      timeout: [
        'OpenAIOkHttpClient.builder().timeout(Duration.ofSeconds(30))',
        'HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30))',
      ],
      retries: ['OpenAIOkHttpClient.builder().maxRetries(2)', 'Crm.builder().maxRetries(2)'],
      'prefix check': ['if (model.startsWith("gpt-4")) {', 'if (path.startsWith("/gpt")) {'],
      'allow-list': ['List.of("gpt-4o", "gpt-4.1", "o3-mini").contains(model)', 'allowed.contains(model)'],
    },
  },
  Kotlin: {
    file: 'app/Chat.kt',
    in: 'import com.aallam.openai.client.OpenAI',
    cells: {
      'implicit URL': [
        'val openai = OpenAI(token = key)',
        'val openai = OpenAI(token = key, host = OpenAIHost(baseUrl = url))',
      ],
      'implicit key': NEEDS_A_KEY,
      literal: [
        'val host = OpenAIHost(baseUrl = "https://llm.example.com/v1/")',
        'val crm = Crm("https://crm.example.com/v1/")',
      ],
      option: ['val host = OpenAIHost(baseUrl = settings.url)', 'val crm = Crm(url = settings.url)'],
      environment: ['val key = System.getenv("OPENAI_API_KEY")', 'val key = System.getenv("STRIPE_API_KEY")'],
      'default of a read': [
        'val url = System.getenv("OPENAI_BASE_URL") ?: "https://api.openai.com/v1"',
        'val url = System.getenv("CRM_URL") ?: "https://crm.example.com/v1"',
      ],
      'configuration section': NO_SECTION,
      'own accessor': ['val openAiKey = BuildConfig.OPENAI_KEY', 'val mapsKey = BuildConfig.MAPS_KEY'],
      'bare name': [
        'val key = prefs.getString("api_key", "")',
        'val key = weatherPrefs.getString("api_key", "")',
      ],
      'model setting': ['val model = BuildConfig.openAiModel', 'val model = BuildConfig.crmModel'],
      'own function': [
        'val bot = ChatGptApi(apiKey = session.key)',
        'val bot = WeatherApi(apiKey = session.key)',
      ],
      'Authorization header': [
        'builder.addHeader("Authorization", "Bearer ${BuildConfig.KEY}").url("https://api.openai.com/v1/models")',
        'builder.addHeader("Authorization", "Bearer $githubToken")',
      ],
      'endpoint behind a constant': ['client.post("$BASE_URL/PATH")', 'routing { post("/PATH") { } }'],
      'streaming by named argument': [
        'ChatRequest(model = model, messages = messages, stream = true)',
        'ChatRequest(model = model, messages = messages, stream = false)',
      ],
      tools: [
        'ChatRequest(model = model, messages = messages, tools = tools)',
        'ChatRequest(model = model, messages = messages, tools = null)',
      ],
      'structured outputs': [
        'put("response_format", mapOf("type" to "json_schema"))',
        'put("response_format", mapOf("type" to "text"))',
      ],
      'other abilities': [
        'ChatRequest(model = model, messages = messages, PARAMETER = value)',
        'ChatRequest(model = model, messages = messages, PARAMETER = null)',
      ],
      timeout: [
        'val openai = OpenAI(token = key, timeout = Timeout(socket = 60.seconds))',
        'val crm = Crm(timeout = Timeout(socket = 60.seconds))',
      ],
      retries: [
        'val openai = OpenAI(token = key, retry = RetryStrategy(maxRetries = 2))',
        'val crm = Crm(retry = RetryStrategy(2))',
      ],
      'prefix check': ['if (model.startsWith("gpt-4")) {', 'if (path.startsWith("/gpt")) {'],
      'allow-list': ['if (model in listOf("gpt-4o", "gpt-4.1", "o3-mini")) {', 'if (model in allowed) {'],
    },
  },
  'C#': {
    file: 'app/Chat.cs',
    in: 'using OpenAI.Chat;',
    cells: {
      'implicit URL': [
        'var client = new ChatClient(model, key);',
        'var client = new ChatClient(model, credential, new OpenAIClientOptions { Endpoint = url });',
      ],
      'implicit key': NEEDS_A_KEY,
      literal: [
        'var o = new OpenAIClientOptions { Endpoint = new Uri("https://llm.example.com/v1") };',
        'var o = new CrmOptions { Endpoint = new Uri("https://crm.example.com/v1") };',
      ],
      option: [
        'var o = new OpenAIClientOptions { Endpoint = new Uri(settings.Url) };',
        'var o = new CrmOptions { Endpoint = new Uri(settings.Url) };',
      ],
      environment: [
        'var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");',
        'var key = Environment.GetEnvironmentVariable("STRIPE_API_KEY");',
      ],
      'default of a read': [
        'var url = Environment.GetEnvironmentVariable("OPENAI_BASE_URL") ?? "https://api.openai.com/v1";',
        'var url = Environment.GetEnvironmentVariable("CRM_URL") ?? "https://crm.example.com/v1";',
      ],
      'configuration section': NO_SECTION,
      'own accessor': ['var key = configuration["OpenAI:ApiKey"];', 'var key = configuration["Crm:ApiKey"];'],
      'bare name': ['var key = configuration["ApiKey"];', 'var key = weather["ApiKey"];'],
      'model setting': [
        'var model = configuration["OpenAI:Model"];',
        'var model = configuration["Crm:Model"];',
      ],
      'own function': [
        'var bot = new ChatGptApi { ApiKey = session.Key };',
        'var bot = new WeatherApi { ApiKey = session.Key };',
      ],
      'Authorization header': [
        'request.SetRequestHeader("Authorization", "Bearer " + auth.ApiKey);',
        'request.SetRequestHeader("Authorization", "Bearer " + githubToken);',
      ],
      'endpoint behind a constant': ['var path = $"{BASE_PATH}/PATH";', 'app.MapPost("/PATH", Handle);'],
      'streaming by named argument': ['request.Stream = true;', 'request.Stream = false;'],
      tools: [
        'var request = new ChatRequest { Model = model, Tools = tools };',
        'var request = new ChatRequest { Model = model, Tools = null };',
      ],
      'structured outputs': [
        'ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("a", schema)',
        'ResponseFormat = ChatResponseFormat.CreateTextFormat()',
      ],
      'other abilities': [
        'var request = new ChatRequest { Model = model, PARAMETER = value };',
        'var request = new ChatRequest { Model = model, PARAMETER = null };',
      ],
      timeout: [
        'var o = new OpenAIClientOptions { NetworkTimeout = TimeSpan.FromSeconds(30) };',
        'var o = new CrmOptions { Timeout = TimeSpan.FromSeconds(30) };',
      ],
      retries: ['options.RetryPolicy = new ClientRetryPolicy(maxRetries: 2);', 'crm.Attempts = 2;'],
      'prefix check': ['if (model.StartsWith("gpt-4")) {', 'if (path.StartsWith("/gpt")) {'],
      'allow-list': ['if (model is "gpt-4o" or "gpt-4.1" or "o3-mini") {', 'if (allowed.Contains(model)) {'],
    },
  },
  Ruby: {
    file: 'app/chat.rb',
    in: 'require "openai"',
    cells: {
      'implicit URL': [
        'client = OpenAI::Client.new(access_token: key)',
        'client = OpenAI::Client.new(access_token: key, uri_base: url)',
      ],
      'implicit key': [
        'client = OpenAI::Client.new\nclient.chat.completions.create(model: model)',
        'client = OpenAI::Client.new(api_key: key)\nclient.chat.completions.create(model: model)',
      ],
      literal: [
        'client = OpenAI::Client.new(uri_base: "https://llm.example.com/v1")',
        'crm = Crm.new("https://crm.example.com/v1")',
      ],
      option: [
        'client = OpenAI::Client.new(uri_base: settings.url)',
        'crm = Crm.new(uri_base: settings.url)',
      ],
      environment: ['key = ENV.fetch("OPENAI_API_KEY")', 'key = ENV.fetch("STRIPE_API_KEY")'],
      'default of a read': [
        'url = ENV.fetch("OPENAI_BASE_URL", "https://api.openai.com/v1")',
        'url = ENV.fetch("CRM_URL", "https://crm.example.com/v1")',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        'key = Rails.application.credentials.openai[:api_key]',
        'key = Rails.application.credentials.crm[:api_key]',
      ],
      'bare name': ["key = settings['api_key']", "key = weather['api_key']"],
      'model setting': [
        'model = Rails.application.config.openai[:model]',
        'model = Rails.application.config.crm[:model]',
      ],
      'own function': [
        'reply = chat_completion(messages, api_key: session.key)',
        'reply = weather(city, api_key: session.key)',
      ],
      'Authorization header': [
        'request["Authorization"] = "Bearer #{key}"\nuri = base + "/chat/completions"',
        'request["Authorization"] = "Bearer #{github_token}"',
      ],
      'endpoint behind a constant': ['post("#{BASE_URL}/PATH", body)', 'get "/PATH", to: "chats#index"'],
      'streaming by named argument': [
        'ask(model: model, messages: messages, stream: true)',
        'ask(model: model, messages: messages, stream: false)',
      ],
      tools: [
        'ask(model: model, messages: messages, tools: tools)',
        'ask(model: model, messages: messages, tools: [])',
      ],
      'structured outputs': [
        'ask(model: model, response_format: { type: "json_schema" })',
        'ask(model: model, response_format: { type: "text" })',
      ],
      'other abilities': [
        'ask(model: model, messages: messages, PARAMETER: value)',
        'ask(model: model, messages: messages, PARAMETER: nil)',
      ],
      timeout: ['client = OpenAI::Client.new(request_timeout: 30)', 'crm = Crm.new(request_timeout: 30)'],
      retries: ['client = OpenAI::Client.new(api_key: key, max_retries: 2)', 'crm = Crm.new(max_retries: 2)'],
      'prefix check': ['if model.start_with?("gpt-4")', 'if path.start_with?("/gpt")'],
      'allow-list': ['if %w[gpt-4o gpt-4.1 o3-mini].include?(model)', 'if allowed.include?(model)'],
    },
  },
  PHP: {
    file: 'app/Chat.php',
    in: '<?php use OpenAI\\Client;',
    cells: {
      'implicit URL': [
        '$client = OpenAI::client($key);',
        '$client = OpenAI::factory()->withApiKey($key)->withBaseUri($url)->make();',
      ],
      'implicit key': NEEDS_A_KEY,
      literal: [
        "$client = OpenAI::factory()->withBaseUri('https://llm.example.com/v1')->make();",
        "$crm = new Crm('https://crm.example.com/v1');",
      ],
      option: [
        '$client = OpenAI::factory()->withBaseUri($url)->make();',
        '$crm = Crm::factory()->withUrl($url)->make();',
      ],
      environment: ["$key = getenv('OPENAI_API_KEY');", "$key = getenv('STRIPE_API_KEY');"],
      'default of a read': [
        "$url = getenv('OPENAI_BASE_URL') ?: 'https://api.openai.com/v1';",
        "$url = getenv('CRM_URL') ?: 'https://crm.example.com/v1';",
      ],
      'configuration section': NO_SECTION,
      'own accessor': ["$key = config('services.openai.key');", "$key = config('services.crm.key');"],
      'bare name': ["$key = $config['api_key'];", "$key = $weather['api_key'];"],
      'model setting': [
        "$model = config('services.openai.model');",
        "$model = config('services.crm.model');",
      ],
      'own function': [
        "$bot = new ChatGpt(['api_key' => $session->key]);",
        "$bot = new Weather(['api_key' => $session->key]);",
      ],
      'Authorization header': [
        "curl_setopt($ch, CURLOPT_HTTPHEADER, ['Authorization: Bearer ' . $key]);\ncurl_init($base . '/chat/completions');",
        "['Authorization: Bearer ' . $githubToken]",
      ],
      'endpoint behind a constant': [
        '$this->post("{$this->baseUrl}/PATH", $body);',
        "Route::post('/PATH', [Chat::class, 'store']);",
      ],
      'streaming by named argument': [
        'new ChatRequest(model: $model, messages: $messages, stream: true);',
        'new ChatRequest(model: $model, messages: $messages, stream: false);',
      ],
      tools: [
        "$this->ask(['model' => $model, 'messages' => $messages, 'tools' => $tools]);",
        "$this->ask(['model' => $model, 'messages' => $messages, 'tools' => []]);",
      ],
      'structured outputs': [
        "['response_format' => ['type' => 'json_schema']]",
        "['response_format' => ['type' => 'text']]",
      ],
      'other abilities': [
        "$this->ask(['model' => $model, 'messages' => $messages, 'PARAMETER' => $value]);",
        "$this->ask(['model' => $model, 'messages' => $messages, 'PARAMETER' => null]);",
      ],
      timeout: [
        "OpenAI::factory()->withHttpClient(new Client(['timeout' => 30]))->make();",
        "new Client(['timeout' => 30]);",
      ],
      retries: 'its client has no option for retries',
      'prefix check': ["if (str_starts_with($model, 'gpt-4')) {", "if (str_starts_with($path, '/gpt')) {"],
      'allow-list': [
        "if (in_array($model, ['gpt-4o', 'gpt-4.1', 'o3-mini'])) {",
        'if (in_array($model, $allowed)) {',
      ],
    },
  },
  Rust: {
    file: 'src/chat.rs',
    in: 'use async_openai::Client;',
    cells: {
      'implicit URL': [
        'let client = Client::new();',
        'let client = Client::with_config(OpenAIConfig::new().with_api_base(url));',
      ],
      'implicit key': [
        'let client = Client::new();',
        'let client = Client::with_config(OpenAIConfig::new().with_api_key(key));',
      ],
      literal: [
        'OpenAIConfig::new().with_api_base("https://llm.example.com/v1")',
        'Crm::new("https://crm.example.com/v1")',
      ],
      option: ['OpenAIConfig::new().with_api_base(url)', 'Crm::new(url)'],
      environment: ['let key = env::var("OPENAI_API_KEY")?;', 'let key = env::var("STRIPE_API_KEY")?;'],
      'default of a read': [
        'let url = env::var("OPENAI_BASE_URL").unwrap_or_else(|_| "https://api.openai.com/v1".into());',
        'let url = env::var("CRM_URL").unwrap_or_else(|_| "https://crm.example.com/v1".into());',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        'let key = config.get_string("openai.api_key")?;',
        'let key = config.get_string("crm.api_key")?;',
      ],
      'bare name': ['let key = config.get_string("api_key")?;', 'let key = weather.get_string("api_key")?;'],
      'model setting': [
        'let model = config.get_string("openai.model")?;',
        'let model = config.get_string("crm.model")?;',
      ],
      'own function': [
        'let bot = ChatGptClient { api_key: session.key };',
        'let bot = WeatherClient { api_key: session.key };',
      ],
      'Authorization header': [
        'http.post(format!("{base}/chat/completions")).bearer_auth(&key)',
        'http.get(github).bearer_auth(&github_token)',
      ],
      'endpoint behind a constant': [
        'http.post(format!("{base_url}/PATH"))',
        '.route("/PATH", post(handle))',
      ],
      'streaming by named argument': [
        'ChatRequest { model, messages, stream: true }',
        'ChatRequest { model, messages, stream: false }',
      ],
      tools: [
        'ChatRequest { model, messages, tools: Some(tools) }',
        'ChatRequest { model, messages, tools: None }',
      ],
      'structured outputs': [
        'json!({"response_format": {"type": "json_schema"}})',
        'json!({"response_format": {"type": "text"}})',
      ],
      'other abilities': [
        'ChatRequest { model, messages, PARAMETER: Some(value) }',
        'ChatRequest { model, messages, PARAMETER: None }',
      ],
      timeout: [
        'Client::new().with_http_client(reqwest::Client::builder().timeout(t).build()?)',
        'reqwest::Client::builder().timeout(t).build()?',
      ],
      retries: ['Client::new().with_backoff(backoff)', 'retry(backoff, call)'],
      'prefix check': ['if model.starts_with("gpt-4") {', 'if path.starts_with("/gpt") {'],
      'allow-list': ['matches!(model, "gpt-4o" | "gpt-4.1" | "o3-mini")', 'allowed.contains(&model)'],
    },
  },
  Swift: {
    file: 'App/Chat.swift',
    in: 'import OpenAI',
    cells: {
      'implicit URL': [
        'let openAI = OpenAI(apiToken: key)',
        'let openAI = OpenAI(configuration: .init(token: key, host: host))',
      ],
      'implicit key': NEEDS_A_KEY,
      literal: [
        'let c = OpenAI.Configuration(token: key, host: "llm.example.com")',
        'let crm = Crm(host: "crm.example.com")',
      ],
      option: [
        'let c = OpenAI.Configuration(token: key, host: settings.host)',
        'let crm = Crm(host: settings.host)',
      ],
      environment: [
        'let key = ProcessInfo.processInfo.environment["OPENAI_API_KEY"]',
        'let key = ProcessInfo.processInfo.environment["STRIPE_API_KEY"]',
      ],
      'default of a read': [
        'let url = environment["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1"',
        'let url = environment["CRM_URL"] ?? "https://crm.example.com/v1"',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        'let key = UserDefaults.standard.string(forKey: "openai_api_key")',
        'let key = UserDefaults.standard.string(forKey: "crm_api_key")',
      ],
      'bare name': [
        'let key = UserDefaults.standard.string(forKey: "apiKey")',
        'let key = weather.string(forKey: "apiKey")',
      ],
      'model setting': [
        'UserDefaults.standard.set(model, forKey: "openai_model")',
        'UserDefaults.standard.set(model, forKey: "crm_model")',
      ],
      'own function': [
        'let bot = ChatGPTAPI(apiKey: "YOUR_API_KEY")',
        'let bot = WeatherAPI(apiKey: "YOUR_API_KEY")',
      ],
      'Authorization header': [
        '["Authorization": "Bearer \\(apiKey)"]\nlet url = base + "/chat/completions"',
        '["Authorization": "Bearer \\(githubToken)"]',
      ],
      'endpoint behind a constant': [
        'let url = URL(string: "\\(baseURL)/PATH")',
        'app.post("/PATH") { request in }',
      ],
      'streaming by named argument': [
        'let request = Request(model: model, messages: messages, stream: true)',
        'let request = Request(model: model, messages: messages, stream: false)',
      ],
      tools: [
        'let query = ChatQuery(messages: messages, model: model, tools: tools)',
        'let query = ChatQuery(messages: messages, model: model, tools: nil)',
      ],
      'structured outputs': [
        'let query = ChatQuery(messages: messages, model: model, responseFormat: .jsonSchema(schema))',
        'let query = ChatQuery(messages: messages, model: model, responseFormat: .text)',
      ],
      'other abilities': [
        'let query = ChatQuery(messages: messages, model: model, PARAMETER: value)',
        'let query = ChatQuery(messages: messages, model: model, PARAMETER: nil)',
      ],
      timeout: [
        'let c = OpenAI.Configuration(token: key, timeoutInterval: 60)',
        'let r = URLRequest(url: url, timeoutInterval: 60)',
      ],
      retries: 'its clients have no option for retries',
      'prefix check': ['if model.hasPrefix("gpt-4") {', 'if path.hasPrefix("/gpt") {'],
      'allow-list': ['if ["gpt-4o", "gpt-4.1", "o3-mini"].contains(model) {', 'if allowed.contains(model) {'],
    },
  },
  Elixir: {
    file: 'lib/chat.ex',
    in: 'alias OpenaiEx.Chat',
    cells: {
      'implicit URL': [
        'client = OpenaiEx.new(key)',
        'client = OpenaiEx.new(key) |> OpenaiEx.with_base_url(url)',
      ],
      'implicit key': NEEDS_A_KEY,
      literal: [
        'client = OpenaiEx.with_base_url(client, "https://llm.example.com/v1")',
        'crm = Crm.new("https://crm.example.com/v1")',
      ],
      option: ['client = OpenaiEx.with_base_url(client, url)', 'crm = Crm.with_url(crm, url)'],
      environment: ['key = System.fetch_env!("OPENAI_API_KEY")', 'key = System.fetch_env!("STRIPE_API_KEY")'],
      'default of a read': [
        'url = System.get_env("OPENAI_BASE_URL", "https://api.openai.com/v1")',
        'url = System.get_env("CRM_URL", "https://crm.example.com/v1")',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        'key = Application.get_env(:my_app, :openai_api_key)',
        'key = Application.get_env(:my_app, :crm_api_key)',
      ],
      'bare name': ['key = settings["api_key"]', 'key = weather["api_key"]'],
      'model setting': [
        'model = Application.get_env(:my_app, :openai_model)',
        'model = Application.get_env(:my_app, :crm_model)',
      ],
      'own function': [
        'ChatGPT.ask(prompt, api_key: session.key)',
        'Weather.today(city, api_key: session.key)',
      ],
      'Authorization header': [
        '[{"authorization", "Bearer #{api_key}"}]\nurl = base <> "/chat/completions"',
        '[{"authorization", "Bearer #{github_token}"}]',
      ],
      'endpoint behind a constant': [
        'Req.post("#{@base_url}/PATH", json: body)',
        'post "/PATH", ChatController, :create',
      ],
      'streaming by named argument': [
        'ask(model: model, messages: messages, stream: true)',
        'ask(model: model, messages: messages, stream: false)',
      ],
      tools: [
        '%{model: model, messages: messages, tools: tools}',
        '%{model: model, messages: messages, tools: []}',
      ],
      'structured outputs': [
        '%{response_format: %{type: "json_schema"}}',
        '%{response_format: %{type: "text"}}',
      ],
      'other abilities': [
        '%{model: model, messages: messages, PARAMETER: value}',
        '%{model: model, messages: messages, PARAMETER: nil}',
      ],
      timeout: [
        'client = OpenaiEx.with_receive_timeout(client, 30_000)',
        'Req.get(crm, receive_timeout: 30_000)',
      ],
      retries: 'its client has no option for retries',
      'prefix check': [
        'if String.starts_with?(model, "gpt-4") do',
        'if String.starts_with?(path, "/gpt") do',
      ],
      'allow-list': ['if model in ["gpt-4o", "gpt-4.1", "o3-mini"] do', 'if model in allowed do'],
    },
  },
  shell: {
    file: 'bin/chat.sh',
    in: 'export OPENAI_MODEL=house-model',
    cells: {
      'implicit URL': REQUESTS_ONLY,
      'implicit key': REQUESTS_ONLY,
      literal: ['curl https://api.openai.com/v1/models', 'curl https://crm.example.com/v1/models'],
      option: ['curl "$OPENAI_BASE_URL/chat/completions"', 'curl "$CRM_URL/contacts"'],
      environment: ['key=$OPENAI_API_KEY', 'key=$STRIPE_API_KEY'],
      'default of a read': [
        'url="${OPENAI_BASE_URL:-https://api.openai.com/v1}"',
        'url="${CRM_URL:-https://crm.example.com/v1}"',
      ],
      'configuration section': NO_SECTION,
      'own accessor': ['key=$(pass show openai/api-key)', 'key=$(pass show crm/api-key)'],
      'bare name': 'scripts read variables, see “environment”',
      'model setting': 'scripts read variables, see “environment”',
      'own function': 'its functions have no named arguments',
      'Authorization header': [
        'curl -H "Authorization: Bearer $TOKEN" https://api.openai.com/v1/models',
        'curl -H "Authorization: Bearer $GITHUB_TOKEN" https://api.github.com/user',
      ],
      'endpoint behind a constant': ['curl "$BASE_URL/PATH" -d "$body" # openai', 'echo "see /PATH"'],
      'streaming by named argument': [
        'curl "$base/chat/completions" -d \'{"model": "x", "stream": true}\'',
        'curl "$base/chat/completions" -d \'{"model": "x", "stream": false}\'',
      ],
      tools: [
        'curl "$base/chat/completions" -d \'{"model": "x", "tools": [{"type": "function"}]}\'',
        'curl "$base/chat/completions" -d \'{"model": "x", "tools": []}\'',
      ],
      'structured outputs': [
        'curl "$base/chat/completions" -d \'{"response_format": {"type": "json_schema"}}\'',
        'curl "$base/chat/completions" -d \'{"response_format": {"type": "text"}}\'',
      ],
      'other abilities': [
        'curl "$base/chat/completions" -d \'{"model": "x", "PARAMETER": 1}\'',
        'curl "$base/chat/completions" -d \'{"model": "x", "PARAMETER": null}\'',
      ],
      timeout: CURL_OPTIONS,
      retries: CURL_OPTIONS,
      'prefix check': ['case "$model" in gpt-4*) limit=1 ;; esac', 'case "$path" in gpt/*) limit=1 ;; esac'],
      'allow-list': [
        'case "$model" in gpt-4o|gpt-4.1|o3-mini) ;; *) exit 1 ;; esac',
        'case "$model" in $allowed) ;; esac',
      ],
    },
  },
  Dart: {
    file: 'lib/chat.dart',
    in: "import 'package:dart_openai/dart_openai.dart';",
    cells: {
      'implicit URL': [
        'final client = OpenAIClient(apiKey: key);',
        'final client = OpenAIClient(apiKey: key, baseUrl: url);',
      ],
      'implicit key': NEEDS_A_KEY,
      literal: [
        "OpenAI.baseUrl = 'https://llm.example.com/v1';",
        "crm.baseUrl = 'https://crm.example.com/v1';",
      ],
      option: [
        'final client = OpenAIClient(apiKey: key, baseUrl: url);',
        'final crm = Dio(BaseOptions(baseUrl: url));',
      ],
      environment: [
        "final key = Platform.environment['OPENAI_API_KEY'];",
        "final key = Platform.environment['STRIPE_API_KEY'];",
      ],
      'default of a read': [
        "const url = String.fromEnvironment('OPENAI_BASE_URL', defaultValue: 'https://api.openai.com/v1');",
        "const url = String.fromEnvironment('CRM_URL', defaultValue: 'https://crm.example.com/v1');",
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        "final key = prefs.getString('openai_api_key');",
        "final key = prefs.getString('crm_api_key');",
      ],
      'bare name': ["final key = prefs.getString('api_key');", "final key = weather.getString('api_key');"],
      'model setting': ["prefs.setString('openai_model', model);", "prefs.setString('crm_model', model);"],
      'own function': [
        'final bot = ChatGPTApi(apiKey: session.key);',
        'final bot = WeatherApi(apiKey: session.key);',
      ],
      'Authorization header': [
        "post(Uri.parse('$baseUrl/chat/completions'), headers: {'Authorization': 'Bearer $apiKey'});",
        "get(crm, headers: {'Authorization': 'Bearer $githubToken'});",
      ],
      'endpoint behind a constant': [
        "post(Uri.parse('$baseUrl/PATH'), body: body);",
        "router.post('/PATH', handle);",
      ],
      'streaming by named argument': [
        'ChatRequest(model: model, messages: messages, stream: true);',
        'ChatRequest(model: model, messages: messages, stream: false);',
      ],
      tools: [
        "final body = {'model': model, 'messages': messages, 'tools': tools};",
        "final body = {'model': model, 'messages': messages, 'tools': []};",
      ],
      'structured outputs': [
        "{'response_format': {'type': 'json_schema'}}",
        "{'response_format': {'type': 'text'}}",
      ],
      'other abilities': [
        'ChatRequest(model: model, messages: messages, PARAMETER: value);',
        'ChatRequest(model: model, messages: messages, PARAMETER: null);',
      ],
      timeout: [
        'OpenAI.requestsTimeOut = Duration(seconds: 60);',
        'crm.requestsTimeOut = Duration(seconds: 60);',
      ],
      retries: ['final client = OpenAIClient(apiKey: key, retries: 2);', 'final crm = Crm(retries: 2);'],
      'prefix check': ["if (model.startsWith('gpt-4')) {", "if (path.startsWith('/gpt')) {"],
      'allow-list': [
        "if (['gpt-4o', 'gpt-4.1', 'o3-mini'].contains(model)) {",
        'if (allowed.contains(model)) {',
      ],
    },
  },
  Scala: {
    file: 'app/Chat.scala',
    in: 'import io.cequence.openaiscala.service.OpenAIServiceFactory',
    cells: {
      'implicit URL': [
        'val service = OpenAIServiceFactory(apiKey = key)',
        'val service = OpenAIServiceFactory(coreUrl = url, apiKey = key)',
      ],
      'implicit key': [
        'val service = OpenAIServiceFactory()',
        'val service = OpenAIServiceFactory(apiKey = key)',
      ],
      literal: ['val url = "https://api.openai.com/v1"', 'val url = "https://crm.example.com/v1"'],
      option: [
        'val service = OpenAIServiceFactory(coreUrl = url, apiKey = key)',
        'val crm = CrmFactory(coreUrl = url)',
      ],
      environment: ['val key = sys.env("OPENAI_API_KEY")', 'val key = sys.env("STRIPE_API_KEY")'],
      'default of a read': [
        'val url = sys.env.getOrElse("OPENAI_BASE_URL", "https://api.openai.com/v1")',
        'val url = sys.env.getOrElse("CRM_URL", "https://crm.example.com/v1")',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        'val key = config.getString("openai.api-key")',
        'val key = config.getString("crm.api-key")',
      ],
      'bare name': ['val key = config.getString("api_key")', 'val key = weather.getString("api_key")'],
      'model setting': [
        'val model = config.getString("openai.model")',
        'val model = config.getString("crm.model")',
      ],
      'own function': [
        'val bot = ChatGptApi(apiKey = session.key)',
        'val bot = WeatherApi(apiKey = session.key)',
      ],
      'Authorization header': [
        'request.header("Authorization", s"Bearer $key").post(uri"$base/chat/completions")',
        'request.header("Authorization", s"Bearer $githubToken")',
      ],
      'endpoint behind a constant': ['post(s"$baseUrl/PATH", body)', 'path("/PATH") { post { } }'],
      'streaming by named argument': [
        'ChatRequest(model = model, messages = messages, stream = true)',
        'ChatRequest(model = model, messages = messages, stream = false)',
      ],
      tools: [
        'ChatRequest(model = model, messages = messages, tools = tools)',
        'ChatRequest(model = model, messages = messages, tools = null)',
      ],
      'structured outputs': [
        'Map("response_format" -> Map("type" -> "json_schema"))',
        'Map("response_format" -> Map("type" -> "text"))',
      ],
      'other abilities': [
        'ChatRequest(model = model, messages = messages, PARAMETER = Some(value))',
        'ChatRequest(model = model, messages = messages, PARAMETER = None)',
      ],
      timeout: [
        'OpenAIServiceFactory(apiKey = key, timeouts = Some(timeouts))',
        'CrmFactory(timeouts = Some(timeouts))',
      ],
      retries: 'its client has no option for retries',
      'prefix check': ['if (model.startsWith("gpt-4")) {', 'if (path.startsWith("/gpt")) {'],
      'allow-list': [
        'if (Set("gpt-4o", "gpt-4.1", "o3-mini").contains(model)) {',
        'if (allowed.contains(model)) {',
      ],
    },
  },
  R: {
    file: 'R/chat.R',
    in: 'library(openai)',
    cells: {
      'implicit URL': [
        'chat <- chat_openai(model = model)',
        'chat <- chat_openai(base_url = url, model = model)',
      ],
      'implicit key': [
        'chat <- chat_openai(model = model)',
        'chat <- chat_openai(api_key = key, model = model)',
      ],
      literal: [
        'chat <- chat_openai(base_url = "https://llm.example.com/v1")',
        'crm <- crm(base_url = "https://crm.example.com/v1")',
      ],
      option: ['chat <- chat_openai(base_url = url)', 'crm <- crm(base_url = url)'],
      environment: ['key <- Sys.getenv("OPENAI_API_KEY")', 'key <- Sys.getenv("STRIPE_API_KEY")'],
      'default of a read': [
        'url <- Sys.getenv("OPENAI_BASE_URL", unset = "https://api.openai.com/v1")',
        'url <- Sys.getenv("CRM_URL", unset = "https://crm.example.com/v1")',
      ],
      'configuration section': NO_SECTION,
      'own accessor': ['key <- getOption("openai_api_key")', 'key <- getOption("crm_api_key")'],
      'bare name': ['key <- config[["api_key"]]', 'key <- weather[["api_key"]]'],
      'model setting': ['model <- getOption("openai_model")', 'model <- getOption("crm_model")'],
      'own function': [
        'reply <- ask_chatgpt(prompt, api_key = session$key)',
        'reply <- get_weather(city, api_key = session$key)',
      ],
      'Authorization header': [
        'POST(paste0(base, "/chat/completions"), add_headers(Authorization = paste("Bearer", key)))',
        'GET(github, add_headers(Authorization = paste("Bearer", github_token)))',
      ],
      'endpoint behind a constant': ['POST(paste0(base_url, "/PATH"), body = body)', '#* @post /PATH'],
      'streaming by named argument': [
        'body <- list(model = model, messages = messages, stream = TRUE)',
        'body <- list(model = model, messages = messages, stream = FALSE)',
      ],
      tools: [
        'body <- list(model = model, messages = messages, tools = tools)',
        'body <- list(model = model, messages = messages, tools = NULL)',
      ],
      'structured outputs': [
        'list(response_format = list(type = "json_schema"))',
        'list(response_format = list(type = "text"))',
      ],
      'other abilities': [
        'body <- list(model = model, messages = messages, PARAMETER = value)',
        'body <- list(model = model, messages = messages, PARAMETER = NULL)',
      ],
      timeout: 'its clients leave it to the HTTP library',
      retries: 'its clients leave it to the HTTP library',
      'prefix check': ['if (startsWith(model, "gpt-4")) {', 'if (startsWith(path, "/gpt")) {'],
      'allow-list': ['if (model %in% c("gpt-4o", "gpt-4.1", "o3-mini")) {', 'if (model %in% allowed) {'],
    },
  },
  Lua: {
    file: 'lua/chat.lua',
    in: 'local openai = require("openai")',
    cells: {
      'implicit URL': REQUESTS_ONLY,
      'implicit key': REQUESTS_ONLY,
      literal: ['local url = "https://api.openai.com/v1"', 'local url = "https://crm.example.com/v1"'],
      option: ['local client = openai.new({ base_url = url })', 'local crm = crm.new({ base_url = url })'],
      environment: ['local key = os.getenv("OPENAI_API_KEY")', 'local key = os.getenv("STRIPE_API_KEY")'],
      'default of a read': [
        'local url = os.getenv("OPENAI_BASE_URL") or "https://api.openai.com/v1"',
        'local url = os.getenv("CRM_URL") or "https://crm.example.com/v1"',
      ],
      'configuration section': NO_SECTION,
      'own accessor': ['local key = config.openai_api_key', 'local key = config.crm_api_key'],
      'bare name': ['local key = config["api_key"]', 'local key = weather["api_key"]'],
      'model setting': ['local model = config.openai_model', 'local model = config.crm_model'],
      'own function': [
        'local bot = chatgpt.new({ api_key = session.key })',
        'local bot = weather.new({ api_key = session.key })',
      ],
      'Authorization header': [
        'local headers = { ["Authorization"] = "Bearer " .. key }\nlocal url = base .. "/chat/completions"',
        'local headers = { ["Authorization"] = "Bearer " .. github_token }',
      ],
      'endpoint behind a constant': ['curl.post(base_url .. "/PATH", body)', 'app:post("/PATH", handle)'],
      'streaming by named argument': [
        'local body = { model = model, messages = messages, stream = true }',
        'local body = { model = model, messages = messages, stream = false }',
      ],
      tools: [
        'local body = { model = model, messages = messages, tools = tools }',
        'local body = { model = model, messages = messages, tools = {} }',
      ],
      'structured outputs': [
        'local body = { response_format = { type = "json_schema" } }',
        'local body = { response_format = { type = "text" } }',
      ],
      'other abilities': [
        'local body = { model = model, messages = messages, PARAMETER = value }',
        'local body = { model = model, messages = messages, PARAMETER = nil }',
      ],
      timeout: REQUESTS_ONLY,
      retries: REQUESTS_ONLY,
      'prefix check': ['if vim.startswith(model, "gpt-4") then', 'if vim.startswith(path, "/gpt") then'],
      'allow-list': ['local allowed = { "gpt-4o", "gpt-4.1", "o3-mini" }', 'if allowed[model] then'],
    },
  },
  'C++': {
    file: 'src/chat.cpp',
    in: '#include "openai.hpp"',
    cells: {
      'implicit URL': REQUESTS_ONLY,
      'implicit key': REQUESTS_ONLY,
      literal: [
        'std::string url = "https://api.openai.com/v1";',
        'std::string url = "https://crm.example.com/v1";',
      ],
      option: ['openai.setBaseUrl(url);', 'crm.setBaseUrl(url);'],
      environment: ['auto key = std::getenv("OPENAI_API_KEY");', 'auto key = std::getenv("STRIPE_API_KEY");'],
      'default of a read': [
        'auto url = getenv_or("OPENAI_BASE_URL", "https://api.openai.com/v1");',
        'auto url = getenv_or("CRM_URL", "https://crm.example.com/v1");',
      ],
      'configuration section': NO_SECTION,
      'own accessor': [
        'auto key = settings.value("openai/api_key");',
        'auto key = settings.value("crm/api_key");',
      ],
      'bare name': [
        'auto key = settings.value("apiKey").toString();',
        'auto key = weather.value("apiKey").toString();',
      ],
      'model setting': [
        'auto model = settings.value("openai/model");',
        'auto model = settings.value("crm/model");',
      ],
      'own function': [
        'ChatGptOptions options{ .api_key = session.key };',
        'WeatherOptions options{ .api_key = session.key };',
      ],
      'Authorization header': [
        'headers.append("Authorization: Bearer " + key);\npost(base + "/chat/completions");',
        'headers.append("Authorization: Bearer " + github_token);',
      ],
      'endpoint behind a constant': ['post(base_url + "/PATH", body);', 'server.Post("/PATH", handle);'],
      'streaming by named argument': [
        'json body = {{"model", model}, {"messages", messages}, {"stream", true}};',
        'json body = {{"model", model}, {"messages", messages}, {"stream", false}};',
      ],
      tools: [
        'body["tools"] = tools; post(base + "/chat/completions", body);',
        'body["tools"] = nullptr; post(base + "/chat/completions", body);',
      ],
      'structured outputs': [
        'body["response_format"] = {{"type", "json_schema"}};',
        'body["response_format"] = {{"type", "text"}};',
      ],
      'other abilities': [
        'body["PARAMETER"] = value; post(base + "/chat/completions", body);',
        'body["PARAMETER"] = nullptr; post(base + "/chat/completions", body);',
      ],
      timeout: REQUESTS_ONLY,
      retries: REQUESTS_ONLY,
      'prefix check': ['if (model.starts_with("gpt-4")) {', 'if (path.starts_with("/gpt")) {'],
      'allow-list': [
        'std::set<std::string> allowed = {"gpt-4o", "gpt-4.1", "o3-mini"};',
        'if (allowed.contains(model)) {',
      ],
    },
  },
};
