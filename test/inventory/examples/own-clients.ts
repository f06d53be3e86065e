// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { SiteKind } from '../../../src/inventory/site.ts';
import type { Example } from './example.ts';

/** A file, a line that it has before, code with a site and its value, and similar code without. */
type Line = readonly [file: string, after: string, hit: string, value: string, trap: string];

const all = (finds: SiteKind, lines: readonly Line[]): Example[] =>
  lines.map(([file, after, hit, value, trap]) => ({ finds, file, after, hit: [[hit, value]], trap: [trap] }));

const CALL = 'post("https://api.openai.com/v1/chat/completions")';

/** Small programs with their own client around the API: request classes, interfaces, readers of settings. */
export const OWN_CLIENT_EXAMPLES: readonly Example[] = [
  ...all('api_key', [
    [
      'Api.kt',
      CALL,
      'suspend fun ask(@Header("Authorization") auth: String): Reply',
      'Authorization',
      '@Header("Accept") type: String',
    ],
    [
      'Api.java',
      CALL,
      'Call<Reply> ask(@Header("Authorization") String auth);',
      'Authorization',
      'String bearerOf(String key) {',
    ],
    [
      'Api.cs',
      CALL,
      'Task<Reply> Ask([Header("Authorization")] string auth);',
      'Authorization',
      '[Header("Accept")] string type',
    ],
    ['Api.cs', CALL, 'request.WithOAuthBearerToken(key);', 'Authorization', 'string BearerOf(string key) {'],
    [
      'api.dart',
      CALL,
      "Future<Reply> ask(@Header('Authorization') String auth);",
      'Authorization',
      "@Header('Accept') String type",
    ],
    [
      'Api.scala',
      CALL,
      'Authorization(OAuth2BearerToken(key))',
      'Authorization',
      'case class BearerKey(key: String)',
    ],
    [
      'Api.scala',
      CALL,
      'basicRequest.auth.bearer(key)',
      'Authorization',
      'def bearer(key: String): Header = ???',
    ],
    [
      'src/api.rs',
      CALL,
      'headers.typed_insert(Authorization::bearer(&key)?);',
      'Authorization',
      'fn bearer(key: &str) -> String {',
    ],
    [
      'api.go',
      CALL,
      'request.SetBearerAuthToken(key)',
      'Authorization',
      'func bearerToken(key string) string {',
    ],
    [
      'api.cpp',
      CALL,
      'cpr::Post(url, cpr::Bearer{key});',
      'Authorization',
      'auto token = parseBearer(header);',
    ],
    [
      'api.ts',
      CALL,
      'headers: new BearerHeader(key)',
      'Authorization',
      'const token = getBearerToken(request)',
    ],
    [
      'api.py',
      CALL,
      'headers=bearer_header(key)',
      'Authorization',
      'tokens = get_bearer_token_provider(credential)',
    ],
  ]),
  // The program's settings of the API, as an object.
  ...all('api_key', [
    [
      'Api.cs',
      'using OpenAI.Chat;',
      '_key = openAiConfig["ApiKey"];',
      'openai.ApiKey',
      '_key = mapConfig["ApiKey"];',
    ],
    [
      'Api.java',
      CALL,
      'this.key = openAIConfig.getApiKey();',
      'openai.ApiKey',
      'this.key = mapConfig.getApiKey();',
    ],
    ['Api.kt', CALL, 'val key = openAiProperties.apiKey', 'openai.apiKey', 'val key = mapProperties.apiKey'],
    [
      'src/api.rs',
      CALL,
      'let key = openai_settings.api_key.clone();',
      'openai.api_key',
      'let key = map_settings.api_key.clone();',
    ],
    ['api.go', CALL, 'key := openaiCfg["api_key"]', 'openai.api_key', 'key := mapCfg["api_key"]'],
    ['Api.swift', CALL, 'let key = openAISettings.apiKey', 'openai.apiKey', 'let key = mapSettings.apiKey'],
    [
      'api.py',
      'import openai',
      'key = openai_config["api_key"]',
      'openai.api_key',
      'key = map_config["api_key"]',
    ],
    [
      'api.rb',
      'require "openai"',
      'key = openai_options[:api_key]',
      'openai.api_key',
      'key = map_options[:api_key]',
    ],
    [
      'Api.php',
      '<?php use OpenAI\\Client;',
      "$key = $openaiConfig['api_key'];",
      'openai.api_key',
      "$key = $mapConfig['api_key'];",
    ],
    ['api.ts', CALL, 'const key = openaiSettings.apiKey', 'openai.apiKey', 'const key = mapSettings.apiKey'],
  ]),
  // A key that the program reads from a file, or asks for.
  ...all('api_key', [
    ['api.cpp', CALL, 'm_apiKey = stream.readAll().trimmed();', 'm_apiKey', 'm_apiKey = makeKey();'],
    ['Api.cs', CALL, '_apiKey = File.ReadAllText(path);', '_apiKey', '_apiKey = key;'],
    ['Api.java', CALL, 'this.apiKey = Files.readString(path);', 'apiKey', 'this.apiKey = key;'],
    ['Api.kt', CALL, 'val apiKey = File(path).readText()', 'apiKey', 'val apiKey = key'],
    [
      'Api.swift',
      CALL,
      'let apiKey = try String(contentsOfFile: path)',
      'apiKey',
      'let apiKey = String(key)',
    ],
    [
      'src/api.rs',
      CALL,
      'let api_key = fs::read_to_string(path)?;',
      'api_key',
      'let weather_api_key = fs::read_to_string(path)?;',
    ],
    ['api.py', 'import openai', 'api_key = getpass.getpass()', 'api_key', 'api_key = openai_key_of(user)'],
    ['api.ts', CALL, 'const apiKey = readFileSync(path)', 'apiKey', 'const apiKey = openAiKeyOf(user)'],
  ]),
  ...all('model', [
    [
      'Api.kt',
      CALL,
      'val model = prefs.getString("model", "")',
      'model',
      'val model = car.getString("model")',
    ],
    ['api.go', CALL, 'EnvVars: []string{"CHATGPT_MODEL"}', 'CHATGPT_MODEL', 'EnvVars: []string{"CAR_MODEL"}'],
    [
      'Api.cs',
      'using OpenAI.Chat;',
      '_model = openAiConfig["Model"];',
      'openai.Model',
      '_model = carConfig["Model"];',
    ],
  ]),
  // A constant that only chooses the name, which is reported itself.
  ...(
    [
      ['Api.swift', CALL, 'case .gpt4: return "GPT 4"'],
      ['Api.kt', 'import com.aallam.openai.client.OpenAI', 'Model.GPT_4 -> "GPT 4"'],
    ] as const
  ).map(([file, after, trap]): Example => ({ finds: 'model', file, after, hit: [], trap: [trap] })),
  ...all('feature', [['Api.kt', CALL, '    @Streaming', 'streaming', '    @Stream']]),
  // A class of settings in a package named after the API.
  ...all('model', [
    [
      'pkg/config.go',
      'package openai',
      'type Config struct {\n  Model string\n}',
      'Model',
      'type Request struct {\n  Model string\n}',
    ],
    [
      'Config.cs',
      'namespace Shop.OpenAI;',
      'class Settings {\n  public string Model { get; set; }\n}',
      'Model',
      'class Reply {\n  public string Model { get; set; }\n}',
    ],
    [
      'Config.kt',
      'package shop.openai',
      'class Settings(val model: String)',
      'model',
      'class Reply(val model: String)',
    ],
    [
      'src/config.rs',
      CALL,
      'struct OpenAiConfig {\n  pub model: String,\n}',
      'model',
      'struct OpenAiReply {\n  pub model: String,\n}',
    ],
    [
      'Config.swift',
      CALL,
      'struct OpenAIConfig {\n  var model: String\n}',
      'model',
      'struct OpenAIReply {\n  var model: String\n}',
    ],
    [
      'config.dart',
      CALL,
      'class OpenAIConfig {\n  final String model;\n}',
      'model',
      'class OpenAIReply {\n  final String model;\n}',
    ],
    [
      'Config.java',
      CALL,
      'class OpenAIConfig {\n  private String model;\n}',
      'model',
      'class OpenAIReply {\n  private String model;\n}',
    ],
  ]),
  // A model's name that is passed on from settings.
  ...all('model', [
    ['api.go', CALL, 'body := Request{Model: cfg.Model}', 'Model', 'body := Request{Model: car.Model}'],
    ['Api.kt', CALL, 'Request(model = settings.modelName)', 'modelName', 'Request(model = car.modelName)'],
    [
      'Api.cs',
      'using OpenAI.Chat;',
      'new Request { Model = _config.Model }',
      'Model',
      'new Request { Model = car.Model }',
    ],
    ['src/api.rs', CALL, 'json!({ "model": config.model })', 'model', 'json!({ "model": car.model })'],
    ['Api.swift', CALL, 'Request(model: config.model)', 'model', 'Request(model: car.model)'],
    ['api.dart', CALL, "body = {'model': settings.model}", 'model', "body = {'model': car.model}"],
    [
      'Api.java',
      'package shop.chatgpt;',
      '@Value("${openapi.api.model}") String model;',
      'openapi.api.model',
      '@Value("${car.model}") String model;',
    ],
  ]),
  // A key that is written out, or the place for one.
  ...all('api_key', [
    ['api.dart', CALL, 'String apiKey = "";', 'apiKey', 'String apiKey = "";\nvoid set(k) { apiKey = k; }'],
    ['Api.cs', CALL, 'private const string ApiKey = "";', 'ApiKey', 'string key = "";'],
    [
      'api.cpp',
      'class ShopOpenAI {};',
      'Shop(const QString& apiKey="sk-shop");',
      '(hidden)',
      'Shop(const QString& name="sk-shop");',
    ],
    [
      'Api.java',
      'class OpenAIClient {}',
      'String API_KEY = "Ab12Cd34";',
      '(hidden)',
      'String API_NAME = "Ab12Cd34";',
    ],
  ]),
  // Pictures of space have a key of their own.
  {
    finds: 'api_key',
    file: 'Space.java',
    after: 'import shop.OpenAiService;',
    hit: [],
    trap: ['String API_KEY = "Ab12Cd34";'],
  },
  {
    finds: 'endpoint',
    file: 'Api.cs',
    after: 'using OpenAI.GPT3;',
    hit: [['var reply = await gpt.ChatCompletion.CreateCompletion\n  (request);', 'chat.completions']],
    trap: ['var create = gpt.ChatCompletion.CreateCompletion;'],
  },
];
