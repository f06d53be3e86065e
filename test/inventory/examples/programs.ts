// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

/** How whole programs set and pass on what a request needs: behind their own functions, objects, names and HTTP clients. */
export const PROGRAM_EXAMPLES: readonly Example[] = [
  {
    file: 'bot/answers.py',
    finds: 'feature',
    after: 'import openai',
    hit: [
      ['reply = await self._get_chat_reply(user, text, stream=True)', 'streaming'],
      ['limit = "max_completion_tokens" if thinks else "max_tokens"', 'max_completion_tokens'],
    ],
    trap: [
      'page = requests.get(url, stream=True)',
      'KNOWN = ["max_tokens", "max_completion_tokens", "top_p"]',
    ],
  },
  {
    file: 'App/Answers.swift',
    finds: 'feature',
    after: 'class OpenAIAnswers: Answers {',
    hit: [
      ['let request = makeRequest(for: turns, stream: true)', 'streaming'],
      ['bodyDict["stream"] = true', 'streaming'],
      ['requestJson["tools"] = [search]', 'tools'],
    ],
    trap: [
      'let player = makePlayer(for: track, stream: true)',
      'run(messages: m, stream: { part in show(part) })',
    ],
  },
  {
    file: 'App/GeminiAnswers.swift',
    finds: 'feature',
    after: '// like OpenAI\nlet url = base + "/openai/chat/completions"\nlet like = "OpenAI"',
    hit: [],
    trap: ['let request = makeRequest(for: turns, stream: true)'],
  },
  {
    file: 'app/src/main/kotlin/Answers.kt',
    finds: 'feature',
    after: 'import com.shop.openai.ResponsesRequest',
    hit: [
      [
        'ResponsesRequest(model = m, reasoning = if (deep) { ReasoningSettings(effort = "low") } else null)',
        'reasoning_effort',
      ],
      ['val body = AnswerBody.Builder().setMaxCompletionTokens(limit)', 'max_completion_tokens'],
      ['data class ResponsesRequest(val model: String, val stream: Boolean = true)', 'streaming'],
      ['content.add(ImagePart(imageUrl = ImageUrl(url = "data:image/png;base64,$bytes")))', 'vision'],
    ],
    trap: [
      'AnswerBody.Builder().setServiceTier(null)',
      'ResponsesRequest(model = m, reasoning = null)',
      'collectAnswer(messages = m, stream = { request -> api.open(request) })',
      'Avatar(imageUrl = user.picture)',
    ],
  },
  {
    file: 'app/src/main/kotlin/Answers.kt',
    finds: 'base_url',
    as: 'accessor',
    after: 'import com.shop.openai.OpenAIClient',
    hit: [
      ['openAIClient.setServerUrl(profile.server)', 'setServerUrl'],
      ['private var url: String = ShopDefaults.OPENAI_API_URL', 'OPENAI_API_URL'],
    ],
    trap: ['import com.shop.ShopDefaults.OPENAI_API_URL', 'weatherClient.setServerUrl(profile.server)'],
  },
  {
    file: 'app/src/main/kotlin/Answers.kt',
    finds: 'api_key',
    as: 'accessor',
    hit: [
      ['@JsonProperty(value = "openaiApiKey") val key: String', 'openaiApiKey'],
      ['val key = ShopDefaults.OPENAI_KEY', 'OPENAI_KEY'],
      ['val key = vault.read(VaultKey.OpenAiApiKey)', 'OpenAiApiKey'],
    ],
    trap: [
      '@JsonProperty(value = "openaiUserName") val name: String',
      'val done = ShopDefaults.openAiImportCompletedKey',
    ],
  },
  {
    file: 'lib/answers.rb',
    finds: 'base_url',
    as: 'option',
    after: 'OpenAI::Client',
    hit: [['@api = self.class.client.new(uri_base: site.url, access_token: site.token)', 'uri_base']],
    trap: ['@api = S3::Client.new(bucket, endpoint_of(site))'],
  },
  {
    file: 'answers.go',
    finds: 'base_url',
    as: 'option',
    after: 'import "github.com/sashabaranov/go-openai"',
    hit: [['oc.BaseURL = settings.Gateway', 'BaseURL']],
    trap: ['weather.BaseURL = settings.Weather'],
  },
  {
    file: 'Shop/Answers.cs',
    finds: 'base_url',
    as: 'option',
    after: 'const string Path = "/v1/chat/completions"; // OpenAI',
    hit: [['HttpClient client = new(handler) { BaseAddress = new Uri(settings.Server) };', 'BaseAddress']],
    trap: ['var printer = new Printer { BaseAddress = new Uri(settings.Printer) };'],
  },
  {
    file: 'Shop/Answers.cs',
    finds: 'client_setting',
    after: 'const string Path = "/v1/chat/completions"; // OpenAI',
    hit: [['var client = new HttpClient { Timeout = TimeSpan.FromSeconds(40) };', 'timeout']],
    trap: ['var door = new Door { Timeout = TimeSpan.FromSeconds(40) };'],
  },
  {
    file: 'src/answers.rs',
    finds: 'client_setting',
    after: 'use async_openai::Client;\nlet client = Client::new().with_http_client(http);',
    hit: [['let http = reqwest::Client::builder().timeout(Duration::from_secs(40)).build()?;', 'timeout']],
    trap: ['let lock = Lock::new().timeout(Duration::from_secs(40));'],
  },
  {
    file: 'App/Models.swift',
    finds: 'endpoint',
    after: 'class OpenAIModels {',
    hit: [['let url = base.appendingPathComponent("models")', 'models.list']],
    trap: ['let url = base.appendingPathComponent("pictures")'],
  },
  {
    file: 'App/Answers.swift',
    finds: 'api_key',
    as: 'header',
    after: 'let host = "shop" // answers by ChatGPT',
    hit: [['request.setValue("Bearer \\(gptToken)", forHTTPHeaderField: "Authorization")', 'Authorization']],
    trap: ['request.setValue("Bearer \\(shopToken)", forHTTPHeaderField: "Authorization")'],
  },
  {
    file: 'src/answers.ts',
    finds: 'api_key',
    as: 'header',
    after: "import OpenAI from 'openai';",
    hit: [
      [
        "headers: {\n  Authorization: `Bearer ${config.apiKey}`,\n  Referer: 'https://github.com/acme/shop',\n}",
        'Authorization',
      ],
    ],
    trap: ['headers: {\n  Authorization: `Bearer ${githubToken}`,\n}'],
  },
  {
    file: 'src/settings.ts',
    finds: 'api_key',
    as: 'environment',
    after: "import OpenAI from 'openai';",
    hit: [['return { model: process.env.SHOP_MODEL, key: process.env.SHOP_API_KEY };', 'SHOP_API_KEY']],
    trap: [
      'return { carrier: process.env.SHOP_CARRIER, key: process.env.SHOP_API_KEY };',
      'return { model: process.env.DEEPSEEK_MODEL, key: process.env.DEEPSEEK_API_KEY };',
    ],
  },
  {
    file: 'src/settings.ts',
    finds: 'base_url',
    as: 'environment',
    after: "import OpenAI from 'openai';",
    hit: [['return { model: process.env.SHOP_MODEL, url: process.env.SHOP_API_URL };', 'SHOP_API_URL']],
    trap: ['return { carrier: process.env.SHOP_CARRIER, url: process.env.SHOP_API_URL };'],
  },
  {
    file: 'src/settings.ts',
    finds: 'api_key',
    as: 'accessor',
    after: "import OpenAI from 'openai';",
    hit: [
      ['const keys = { shop: () => getSettings().openAIApiKey };', 'openAIApiKey'],
      ['const options = { openAIApiKey: profile.key };', 'openAIApiKey'],
    ],
    trap: ['interface Options {\n  openAIApiKey: string;\n}', 'const page = getSettings().openAIPage;'],
  },
  {
    file: 'App/Pictures.swift',
    finds: 'feature',
    after: 'class OpenAIPictures { var content: [Part] = []',
    hit: [['content.append(.init(image_url: .init(url: picture)))', 'vision']],
    trap: ['avatar = .init(image_url: picture)'],
  },
  {
    file: 'App/Azure.kt',
    finds: 'endpoint',
    hit: [
      [
        'val url = "https://{resource}.openai.azure.com/openai/deployments/{deployment}/chat/completions"',
        'chat.completions',
      ],
    ],
    trap: ['val url = "https://{resource}.search.azure.com/chat/completions-of-search"'],
  },
  ...(
    [
      [
        'lib/shop.ex',
        'Application.get_env(:shop, :openai)[:api_key]',
        'Application.get_env(:shop, :mailer)[:api_key]',
      ],
      ['lib/shop.rb', 'Settings.openai.api_key', 'Settings.openai.api_page'],
      ['src/shop.php', "config('services.openai')['api_key']", "config('services.mailer')['api_key']"],
      ['src/shop.ts', 'config.openai.api_key', 'config.openai.api_keyboard'],
      ['shop.py', 'settings["openai"]["api_key"]', 'settings["openai"]["api_page"]'],
      ['shop.go', 'cfg.OpenAI.api_key', 'cfg.Mailer.api_key'],
      [
        'Shop.cs',
        'configuration.GetSection("OpenAI")["api_key"]',
        'configuration.GetSection("Mailer")["api_key"]',
      ],
      ['Shop.java', 'properties.getOpenai().get("api_key")', 'properties.getMailer().get("api_key")'],
      [
        'Shop.kt',
        'config.getConfig("openai").getString("api_key")',
        'config.getConfig("openai").getString("page")',
      ],
      ['src/shop.rs', 'settings.openai.api_key.clone()', 'settings.mailer.api_key.clone()'],
      ['Shop.swift', 'Config.shared.openAI.api_key', 'Config.shared.mailer.api_key'],
    ] as const
  ).map(
    ([file, hit, trap]): Example => ({
      file,
      finds: 'api_key',
      as: 'accessor',
      hit: [[hit, 'openai.api_key']],
      trap: [trap],
    }),
  ),
  {
    file: 'Shop.cs',
    finds: 'base_url',
    as: 'accessor',
    hit: [['var server = settings.OpenAI.Endpoint;', 'openai.Endpoint']],
    trap: ['var server = settings.Mailer.Endpoint; // OpenAI', 'show(i18n("settings.openai.endpoint"))'],
  },
  {
    file: 'lib/answers.ex',
    finds: 'api_key',
    as: 'header',
    after: 'defmodule Shop.OpenAI do',
    hit: [
      ['Req.post(@url, json: body, auth: {:bearer, key()})', 'Authorization'],
      ['plug Tesla.Middleware.BearerAuth, token: key', 'Authorization'],
    ],
    trap: ['Req.post(@url, json: body, auth: {:basic, pair})', 'stands for {:bearer, of_the_news}'],
  },
  {
    file: 'App/Calls.swift',
    finds: 'api_key',
    as: 'header',
    after: 'class OpenAICalls {',
    hit: [['let headers: HTTPHeaders = [.authorization(bearerToken: key)]', 'Authorization']],
    trap: ['let headers: HTTPHeaders = [.authorization(username: name, password: word)]'],
  },
  {
    file: 'calls.go',
    finds: 'api_key',
    as: 'header',
    after: 'package openai',
    hit: [['r := resty.New().R().SetAuthToken(key)', 'Authorization']],
    trap: ['r := resty.New().R().SetAuthScheme(scheme)'],
  },
  ...(
    [
      [
        'src/calls.ts',
        'axios.create({ baseURL, timeout: 40_000 })',
        'Door.open(url, body, { timeout: 40_000 })',
      ],
      ['calls.py', 'httpx.AsyncClient(timeout=40)', 'door.open(url, json=body, timeout=40)'],
      [
        'Calls.java',
        'new OkHttpClient.Builder().readTimeout(40, SECONDS)',
        'new Door.Builder().readTimeout(40, SECONDS)',
      ],
      [
        'Calls.kt',
        'OkHttpClient.Builder().callTimeout(40, SECONDS)',
        'Door.Builder().callTimeout(40, SECONDS)',
      ],
      ['calls.php', "new GuzzleHttp\\Client(['timeout' => 40])", 'Door::withBells($some)->timeout(40)'],
      [
        'Calls.swift',
        'let http = URLSession(); http.config.timeoutIntervalForRequest = 40',
        'door.timeoutIntervalForRequest = 40',
      ],
      [
        'calls.dart',
        'Dio(BaseOptions(connectTimeout: Duration(seconds: 40)))',
        'Door(connectTimeout: Duration(seconds: 40))',
      ],
    ] as const
  ).map(
    ([file, hit, trap]): Example => ({
      file,
      finds: 'client_setting',
      after: 'var url = "https://api.openai.com/v1/chat/completions";',
      hit: [[hit, 'timeout']],
      trap: [trap],
    }),
  ),
  ...(
    [
      ['src/settings.ts', 'const limit = Number(process.env.OPENAI_TIMEOUT_MS ?? 9000)', 'timeout'],
      ['src/settings.ts', 'const tries = settings.openaiRetries', 'retries'],
      ['src/settings.ts', 'const n = config.get("openai_retries")', 'retries'],
      [
        'src/settings.ts',
        'start({ apiKey: env.OPENAI_API_KEY, model: "gpt-4o", timeoutMs: 9000 })',
        'timeout',
      ],
      ['settings.py', 'limit = os.getenv("OPENAI_TIMEOUT", "30")', 'timeout'],
      ['settings.py', 'def ask(text, openai_timeout_ms=9000): ...', 'timeout'],
      ['settings.py', '    openai_retries: int = 3', 'retries'],
      ['settings.py', 'def make(api_key, model="gpt-4o", timeout: float = 30.0): ...', 'timeout'],
      ['settings.go', 'limit := os.Getenv("OPENAI_TIMEOUT")', 'timeout'],
      ['settings.go', '\tOpenAITimeout time.Duration', 'timeout'],
      ['settings.go', 'flag.Int("openai-timeout", 30, "in seconds")', 'timeout'],
      ['Settings.java', '@Value("${openai.api.timeout:30}") int limit;', 'timeout'],
      ['src/settings.ts', 'new Limits(read("openai_retries"), read("openai_timeout_ms"))', 'retries'],
      ['src/settings.ts', 'new Limits(read("openai_retries"), read("openai_timeout_ms"))', 'timeout'],
      ['settings.rb', 'limit = ENV.fetch("OPENAI_TIMEOUT", 30)', 'timeout'],
      ['Settings.cs', 'public int OpenAITimeoutSeconds { get; set; } = 30;', 'timeout'],
      ['Settings.java', 'int limit = config.getInt("openai_timeout_ms");', 'timeout'],
      ['settings.rs', 'let limit = env::var("OPENAI_TIMEOUT")?;', 'timeout'],
      ['calls.php', 'curl_setopt($c, CURLOPT_TIMEOUT, 40);', 'timeout'],
      ['calls.php', 'curl_setopt_array($c, [CURLOPT_CONNECTTIMEOUT => 4]);', 'timeout'],
      ['calls.php', 'curl_setopt($c, CURLOPT_TIMEOUT_MS, $limit);', 'timeout'],
      ['settings.yml', 'openai_timeout_ms: 9000', 'timeout'],
      ['settings.json', '{ "openaiRetries": 3 }', 'retries'],
      ['app.properties', 'openai.request-timeout=30s', 'timeout'],
      ['app.properties', 'shop.openai.max-retries=3', 'retries'],
      ['action.yml', 'inputs:\n  openai_timeout_ms:\n    default: "9000"', 'timeout'],
    ] as const
  ).map(
    ([file, hit, value]): Example => ({
      file,
      finds: 'client_setting',
      after: 'url = "https://api.openai.com/v1/chat/completions"',
      hit: [[hit, value]],
      trap: [
        'const waits = setTimeout(stop, openaiTimeout)',
        'log("OPENAI_TIMEOUT must be a number")',
        'start({ apiKey: env.CRM_API_KEY, model: "van", timeoutMs: 9000 })',
        'curl_getinfo($c, CURLINFO_TOTAL_TIME)',
        'openai_timeout_title: How long to wait for it',
        'crm.request-timeout=30s',
      ],
    }),
  ),
  ...(
    [
      ['src/calls.ts', 'await axios.post(url, body, { headers, timeout: 40_000 })', 'timeout'],
      ['src/calls.ts', 'await fetch(url, { body, signal: AbortSignal.timeout(40_000) })', 'timeout'],
      ['calls.py', 'requests.post(url, json=body, timeout=40)', 'timeout'],
      ['Calls.java', 'HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(40))', 'timeout'],
      ['Calls.java', 'connection.setReadTimeout(40_000);', 'timeout'],
      ['Calls.kt', 'HttpClient(CIO) { install(HttpTimeout) { requestTimeoutMillis = 40_000 } }', 'timeout'],
      ['Calls.cs', 'client.Timeout = TimeSpan.FromSeconds(40);', 'timeout'],
      ['calls.rb', 'http.read_timeout = 40', 'timeout'],
      ['calls.rb', 'HTTParty.post(url, body: body, timeout: 40)', 'timeout'],
      ['calls.php', 'Http::withToken($key)->timeout(40)->post($url)', 'timeout'],
      ['calls.php', 'Http::withToken($key)->retry(3, 100)->post($url)', 'retries'],
      ['calls.php', "wp_remote_post($url, ['body' => $body, 'timeout' => 40])", 'timeout'],
      ['calls.rs', 'client.post(url).timeout(Duration::from_secs(40)).send()', 'timeout'],
      ['Calls.swift', 'request.timeoutInterval = 40', 'timeout'],
      ['calls.ex', 'Req.post(url, json: body, receive_timeout: 40_000)', 'timeout'],
      ['calls.ex', 'Req.new(base_url: url, max_retries: 3)', 'retries'],
      ['calls.dart', 'http.post(url).timeout(const Duration(seconds: 40))', 'timeout'],
      ['calls.R', 'request |> req_timeout(40)', 'timeout'],
      ['calls.R', 'httr::POST(url, body = body, httr::timeout(40))', 'timeout'],
      ['calls.lua', 'curl.post(url, { body = body, timeout = 40000 })', 'timeout'],
    ] as const
  ).map(
    ([file, hit, value]): Example => ({
      file,
      finds: 'client_setting',
      after: 'url = "https://api.openai.com/v1/chat/completions"',
      hit: [[hit, value]],
      trap: [
        'redisClient.connect(timeout: 40)',
        'window.setTimeout(stop, 40)',
        'client.connect("https://crm.example.com", timeout = 40)',
      ],
    }),
  ),
  {
    file: 'calls.php',
    finds: 'client_setting',
    after: '$title = "openai";',
    hit: [],
    trap: ['curl_setopt($c, CURLOPT_TIMEOUT, 40);'],
  },
  {
    file: 'calls.php',
    finds: 'api_key',
    as: 'header',
    after: '$url = "https://api.openai.com/v1/chat/completions";',
    hit: [
      ["$h = ['Authorization: Bearer ' . $OPENAI_API_KEY];", 'OPENAI_API_KEY'],
      ['$h = ["Authorization: Bearer {$OPENAI_KEY}"];', 'OPENAI_KEY'],
      ['$h = ["Authorization: Bearer $OPENAI_API_KEY"];', 'OPENAI_API_KEY'],
    ],
    trap: ["$h = ['X-Shop: ' . $SHOP_KEY];", 'echo "No $OPENAI_API_KEY";'],
  },
  ...(
    [
      ["return $this->post('moderations', $data);", 'moderations'],
      ["$this->client->get('models')", 'models.list'],
      ["$this->call('embeddings', $data)", 'embeddings'],
      ["const EMBEDDINGS = 'embeddings';", 'embeddings'],
      ["$url = self::BASE . 'embeddings';", 'embeddings'],
      ["'endpoint' => 'embeddings',", 'embeddings'],
    ] as const
  ).map(
    ([hit, value]): Example => ({
      file: 'calls.php',
      finds: 'endpoint',
      after: "private $base = 'https://api.openai.com/v1/';",
      hit: [[hit, value]],
      trap: ["$this->validate('models', $x)", "$tab = 'files';", "Arr::get($row, 'embeddings')"],
    }),
  ),
  ...(
    [
      ['calls.php', "$open_ai->chat(['model' => $model])", 'chat.completions'],
      ['calls.ex', 'OpenAI.images_generations(prompt: text)', 'images.generations'],
      ['calls.ex', 'OpenaiEx.Chat.Completions.create(client, request)', 'chat.completions'],
      ['calls.dart', 'OpenAI.instance.chat.create(model: model)', 'chat.completions'],
      ['calls.dart', 'openAI.createChatCompletion(request: request)', 'chat.completions'],
      ['calls.R', 'create_chat_completion(model = model)', 'chat.completions'],
    ] as const
  ).map(
    ([file, hit, value]): Example => ({
      file,
      finds: 'endpoint',
      after: 'uses_openai ;',
      hit: [[hit, value]],
      trap: ['room.chat(model)', 'func createChatCompletion(request)', 'Album.instance.images.create(model)'],
    }),
  ),
  {
    file: 'src/keys.ts',
    finds: 'api_key',
    as: 'accessor',
    after: 'import OpenAI from "openai"',
    hit: [
      ['const key = process.env.OPEN_API_KEY', 'OPEN_API_KEY'],
      ['const key = config.openApiKey', 'openApiKey'],
      ['const key = settings.get("open_api_key")', 'open_api_key'],
    ],
    trap: ['const spec = settings.openApiKeywords', 'fail("open_api_key is missing")'],
  },
  ...(['Calls.java', 'calls.go', 'src/calls.ts', 'calls.py', 'calls.rb'] as const).map(
    (file): Example => ({
      file,
      finds: 'base_url',
      as: 'environment',
      hit: [['read("OPENAI_API_BASE")', 'OPENAI_API_BASE']],
      trap: ['fail("OPENAI_API_BASE: http only with a host")', 'fail("set OPENAI_API_BASE first")'],
    }),
  ),
  ...(
    [
      [
        'src/prompts.rs',
        'GptPrompt { stream: true, model: m }',
        'AnthropicPrompt { stream: true, model: m }',
      ],
      [
        'prompts.go',
        'body := GptBody{Model: m, Stream: true}',
        'body := AnthropicPrompt{Model: m, Stream: true}',
      ],
      [
        'Prompts.cs',
        'new ChatBody { Model = m, Stream = true }',
        'new AnthropicPrompt { Model = m, Stream = true }',
      ],
      ['calls.go', 'r := newChat(m).WithStream(true)', 'v := camera.Open(id).WithStream(true)'],
    ] as const
  ).map(
    ([file, hit, trap]): Example => ({
      file,
      finds: 'feature',
      after: `let url = "https://api.openai.com/v1/chat/completions";${'\n'.repeat(250)}`,
      hit: [[hit, 'streaming']],
      trap: [trap],
    }),
  ),
  {
    file: 'App/Client.swift',
    finds: 'endpoint',
    after: 'import OpenAI',
    hit: [
      ['let r = try await openAI.chats(query: query)', 'chat.completions'],
      ['for try await part in openAI.chatsStream(query: query) {', 'chat.completions'],
      ['let all = try await openAI.models()', 'models.list'],
      ['let v = try await client.embeddings(query: query)', 'embeddings'],
      ['let i = try await client.images(query: query)', 'images.generations'],
      ['let t = try await client.audioTranscriptions(query: query)', 'audio.transcriptions'],
    ],
    trap: ['let r = try await store.chats(of: user)', 'let all = garage.models()'],
  },
  {
    file: 'App/Client.swift',
    finds: 'feature',
    after: 'import OpenAI',
    hit: [['for try await part in openAI.chatsStream(query: query) {', 'streaming']],
    trap: ['let r = try await openAI.chats(query: query)'],
  },
  {
    file: 'Bot.java',
    finds: 'endpoint',
    after: 'import com.unfbx.chatgpt.OpenAiStreamClient;',
    hit: [
      ['openAiStreamClient.streamChatCompletion(body, listener);', 'chat.completions'],
      ['openAiClient.chatCompletion(body);', 'chat.completions'],
    ],
    trap: ['this.chatCompletion(body);'],
  },
  {
    file: 'Bot.java',
    finds: 'base_url',
    as: 'implicit',
    after: 'import com.unfbx.chatgpt.OpenAiStreamClient;',
    hit: [['OpenAiStreamClient.builder().apiKey(keys).build();', '(implicit)']],
    trap: ['ShopClient.builder().apiKey(keys).build();'],
  },
  {
    file: 'Bot.java',
    finds: 'base_url',
    as: 'option',
    after: 'import com.unfbx.chatgpt.OpenAiClient;',
    hit: [
      [
        'OpenAiClient.builder().apiKey(keys).apiHost("https://llm.example.com/").build();',
        'https://llm.example.com/',
      ],
    ],
    trap: ['ShopClient.builder().apiHost("https://shop.example.com/").build();'],
  },
  {
    file: 'src/bot.ts',
    finds: 'endpoint',
    after: "import { ChatGPTAPI } from 'chatgpt'",
    hit: [['const reply = await api.sendMessage(text)', 'chat.completions']],
    trap: ['const reply = await api.sendMail(text)'],
  },
  {
    file: 'src/bot.ts',
    finds: 'base_url',
    as: 'option',
    after: "import { ChatGPTAPI } from 'chatgpt'",
    hit: [
      ['new ChatGPTAPI({ apiKey, apiBaseUrl: process.env.BOT_URL })', 'BOT_URL'],
      ['new ChatGPTAPI({ apiKey })', '(implicit)'],
    ],
    trap: ['new ShopAPI({ apiKey, apiBaseUrl: process.env.BOT_URL })'],
  },
  {
    file: 'src/bot.ts',
    finds: 'api_key',
    as: 'option',
    after: "import { ChatGPTAPI } from 'chatgpt'",
    hit: [['new ChatGPTAPI({ apiKey: keys.bot })', 'apiKey']],
    trap: ['new ShopAPI({ apiKey: keys.bot })'],
  },
  {
    file: 'src/Answers.php',
    finds: 'base_url',
    as: 'implicit',
    after: 'use Acme\\Shop\\OpenAI;',
    hit: [],
    trap: ['$client = OpenAI::factory()->make();'],
  },
  {
    file: 'answers.py',
    finds: 'feature',
    hit: [
      ['ask_model(text, response_type="json_object")', 'json_mode'],
      ["complete(text, 'json_schema')", 'structured_outputs'],
    ],
    trap: ['field(text, kind="json_object")', 'if kind == "json_object": pass', 'column("json_schema")'],
  },
  {
    file: 'src/answers.ts',
    finds: 'feature',
    hit: [["await askModel(text, { responseType: 'json_object' })", 'json_mode']],
    trap: ["const column = { type: 'json_object' }", "valueOf(row, 'json_schema')"],
  },
  {
    file: 'settings.py',
    finds: 'api_key',
    as: 'accessor',
    after: 'import openai\nclass OpenAISettings(BaseSettings):',
    hit: [['    api_key: str', 'api_key']],
    trap: [
      '    def start(self, api_key: str): ...',
      '        self.api_key: str = key',
      '        token: str = page',
    ],
  },
];
