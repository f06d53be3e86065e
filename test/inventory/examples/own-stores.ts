import type { Example } from './example.ts';

/** Where programs keep their settings: stores, functions and fields of their own, clients in a file of their own. */
export const OWN_STORE_EXAMPLES: readonly Example[] = [
  {
    file: 'app/Settings.kt',
    finds: 'api_key',
    after: 'val url = "https://api.openai.com/v1/chat/completions"',
    hit: [
      ['val key = prefs.getString(PREF_API_KEY, "")', 'PREF_API_KEY'],
      ['prefs.edit().putString(PREF_API_KEY, text)', 'PREF_API_KEY'],
      ['val key = read() ?: getStoredApiKey()', 'getStoredApiKey'],
      ['onClick { storeApiKey(text) }', 'storeApiKey'],
      ['PasswordSafe.instance.setPassword(attributes, text)', 'PasswordSafe'],
      ['api.ask("Bearer " + apiKey, body)', 'Authorization'],
    ],
    trap: [
      'val key = prefs.getString(PREF_WEATHER_API_KEY, "")',
      'MessageBox.show(MESSAGE_API_KEY)',
      'fun storeApiKey(text: String) = Unit',
      'val key = mapConfig.getApiKey()',
      'import com.intellij.ide.passwordSafe.PasswordSafe',
      'api.ask("Bearer " + account, body)',
      'if (is_valid_bearer_key(text)) return',
    ],
  },
  {
    file: 'app/Limits.kt',
    finds: 'client_setting',
    after: 'package app.chatgpt.net',
    hit: [
      ['val client = OkHttpClient.Builder().readTimeout(90, SECONDS)', 'timeout'],
      ['class OpenAiSettings {\n    var timeout: Int = 30\n}', 'timeout'],
    ],
    trap: [
      'val pool = Pool.Builder().readTimeout(90, SECONDS)',
      'class CrmSettings {\n    var timeout: Int = 30\n}',
    ],
  },
  {
    file: 'app/Legacy.kt',
    finds: 'model',
    hit: [['val url = "https://api.openai.com/v1/engines/text-davinci-003/completions"', 'text-davinci-003']],
    trap: ['val url = "https://crm.example.com/engines/v8/completions"'],
  },
  {
    file: 'lib/open_ai.dart',
    finds: 'endpoint',
    after: 'class OpenAi {',
    hit: [["await dio().post(\n      '/completions',\n      data: body);", 'completions']],
    trap: ["await cache().load('/completions');"],
  },
  {
    file: 'src/settings.h',
    finds: 'api_key',
    after: 'constexpr auto first = "gpt-4o";',
    hit: [['struct ai_settings_t {\n  std::string api_key{};\n};', 'api_key']],
    trap: ['struct map_tiles_t {\n  std::string api_key{};\n};'],
  },
  {
    file: 'src/openai.hpp',
    finds: 'endpoint',
    after: 'std::string base{"https://api.openai.com/v1/"};',
    hit: [['return openai_.post("fine-tunes", input);', 'fine_tuning']],
    trap: ['return crm_.post("files", input);'],
  },
  {
    file: 'src/Plugin.java',
    finds: 'client_setting',
    after: 'import com.theokanning.openai.service.OpenAiService;',
    hit: [['var service = new OpenAiService(token, Duration.ofMinutes(5));', 'timeout']],
    trap: ['var service = new CrmService(token, Duration.ofMinutes(5));'],
  },
  {
    file: 'src/Plugin.java',
    finds: 'base_url',
    after: 'import com.theokanning.openai.client.OpenAiApi;',
    hit: [['new Retrofit.Builder().baseUrl(requireNonNull(address))', 'baseUrl']],
    trap: ['RestClient.builder().baseUrl(requireNonNull(address))'],
  },
  {
    file: 'src/Answers.scala',
    finds: 'endpoint',
    after: 'import io.cequence.openaiscala.service.OpenAIServiceFactory',
    hit: [['aiService\n  .createChatCompletion(messages = messages)', 'chat.completions']],
    trap: ['history.createChatCompletion(messages)'],
  },
  {
    file: 'src/Ask.kt',
    finds: 'feature',
    after: 'val path = "/v1/chat/completions"',
    hit: [['Ask(responseFormat = Format("json_object"))', 'json_mode']],
    trap: ['class Ask(@SerialName("response_format") val responseFormat: Format)'],
  },
  {
    file: 'src/config.yml',
    finds: 'api_key',
    hit: [['chatgpt:\n  token: ""\n', 'token']],
    trap: ['telegram:\n  token: ""\n'],
  },
  {
    file: 'pubspec.yaml',
    finds: 'base_url',
    hit: [],
    trap: ['  chat_gpt_sdk:\n    git:\n      url: https://github.com/shop/chat_gpt_sdk.git\n'],
  },
];
