// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Example } from './example.ts';

export const DOTNET_EXAMPLES: readonly Example[] = [
  {
    finds: 'base_url',
    as: 'implicit',
    after: 'using Microsoft.SemanticKernel;',
    hit: [
      ['var client = new ChatClient("gpt-4o", key);', '(implicit)'],
      ['var client = new OpenAIClient(new ApiKeyCredential(key));', '(implicit)'],
      ['ChatClient client = new(model: "gpt-4o", apiKey: key);', '(implicit)'],
    ],
    trap: [
      ['new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = url })', 'Endpoint'],
      ['new OpenAIClient(new Uri(url), new AzureKeyCredential(key))', 'Endpoint'],
      ['new OpenAIClient(credential, options);\noptions.Endpoint = url;', 'Endpoint'],
      ['ChatClient client = new(model, credential, new OpenAIClientOptions { Endpoint = url });', 'Endpoint'],
    ],
  },
  {
    finds: 'base_url',
    as: 'implicit',
    hit: [['builder.AddOpenAIChatCompletion("gpt-4o", config["OpenAI:ApiKey"]!);', '(implicit)']],
    trap: [
      ['builder.AddOpenAIChatCompletion(modelId: m, apiKey: k, endpoint: new Uri(u));', 'endpoint'],
      'builder.AddOpenAIChatCompletion(model, openAIClient);',
      'builder.AddAzureOpenAIChatCompletion(d, e, k);',
    ],
  },
  {
    finds: 'base_url',
    as: 'literal',
    after: 'using Microsoft.SemanticKernel;',
    hit: [
      [
        'new OpenAIClientOptions { Endpoint = new Uri("http://localhost:11434/v1") }',
        'http://localhost:11434/v1',
      ],
      [
        'builder.AddOpenAIChatCompletion(modelId: m, endpoint: new Uri("https://llm.example.com/v1"))',
        'https://llm.example.com/v1',
      ],
    ],
    trap: ['new BlobOptions { Endpoint = new Uri("https://blob.example.com") }'],
  },
  {
    finds: 'base_url',
    as: 'option',
    after: 'using Microsoft.SemanticKernel;',
    hit: [
      ['var o = new OpenAIClientOptions { Endpoint = new Uri(settings.BaseUrl) };', 'Endpoint'],
      ['new AzureOpenAIClient(new Uri(config["AzureOpenAI:Endpoint"]!), credential)', 'AzureOpenAI:Endpoint'],
      ['builder.AddOpenAIChatCompletion(modelId: m, apiKey: k, endpoint: url)', 'endpoint'],
    ],
    trap: ['new BlobServiceClient(new Uri(endpoint))', 'var e = options.Endpoint;'],
  },
  {
    finds: 'base_url',
    as: 'accessor',
    hit: [['var url = configuration["OpenAI:BaseUrl"];', 'OpenAI:BaseUrl']],
    trap: ['var url = configuration["Sentry:BaseUrl"];', 'var m = configuration["OpenAI:Model"];'],
  },
  {
    finds: 'api_key',
    as: 'accessor',
    hit: [
      ['var key = configuration["OpenAI:ApiKey"];', 'OpenAI:ApiKey'],
      ['var key = config.GetValue<string>("AzureOpenAI:Key");', 'AzureOpenAI:Key'],
    ],
    trap: ['var key = configuration["Stripe:ApiKey"];'],
  },
  {
    finds: 'base_url',
    as: 'section',
    hit: [
      ['var cs = builder.Configuration.GetConnectionString("openai");', 'openai'],
      ['builder.AddAzureOpenAIClient("openai");', 'openai'],
    ],
    trap: ['GetConnectionString("catalogdb")', 'GetConnectionString("chatdb")'],
  },
  {
    finds: 'api_key',
    as: 'option',
    after: 'using Microsoft.SemanticKernel;',
    hit: [
      ['new OpenAIClient(new ApiKeyCredential(settings.ApiKey))', 'ApiKey'],
      ['new ApiKeyCredential(Environment.GetEnvironmentVariable("ACME_OPENAI_KEY")!)', 'ACME_OPENAI_KEY'],
    ],
    trap: ['new ApiKeyCredential("ollama")', 'new StorageSharedKeyCredential(account, key)'],
  },
  {
    finds: 'api_key',
    as: 'literal',
    after: 'using Microsoft.SemanticKernel;',
    hit: [['new ApiKeyCredential("sk-abcdefghijklmnopqrstuvwx")', '(hidden)']],
    trap: ['new ApiKeyCredential("sk-xxxxxxxxxxxxxxxxxxxxxxxx")'],
  },
  {
    finds: 'client_setting',
    after: 'using Microsoft.SemanticKernel;',
    hit: [
      ['new OpenAIClientOptions { NetworkTimeout = TimeSpan.FromSeconds(90) }', 'timeout'],
      ['options.RetryPolicy = new ClientRetryPolicy(maxRetries: 1);', 'retries'],
    ],
    trap: ['if (options.MaxRetries == 3) {'],
  },
  {
    finds: 'endpoint',
    after: 'using Microsoft.SemanticKernel;',
    hit: [
      ['var result = await client.CompleteChatAsync(messages, options);', 'chat.completions'],
      ['await foreach (var update in _chatClient.GetStreamingResponseAsync(messages))', 'chat.completions'],
      ['var r = await chatClient.GetResponseAsync<Recipe>(prompt);', 'chat.completions'],
      ['var v = await embeddingClient.GenerateEmbeddingAsync(text);', 'embeddings'],
    ],
    trap: ['var r = await request.GetResponseAsync();', 'public async Task CompleteChatAsync(string text)'],
  },
  {
    finds: 'endpoint',
    hit: [
      ['builder.AddOpenAIChatCompletion(model, key);', 'chat.completions'],
      ['builder.AddAzureOpenAITextEmbeddingGeneration(d, e, k);', 'embeddings'],
    ],
    trap: ['builder.AddOllamaChatCompletion(model, url);'],
  },
  {
    finds: 'feature',
    after: 'using Microsoft.SemanticKernel;',
    hit: [
      ['await foreach (var u in client.CompleteChatStreamingAsync(messages))', 'streaming'],
      ['var options = new ChatCompletionOptions { Tools = { weather } };', 'tools'],
      ['var options = new ChatOptions { Tools = [clock] };', 'tools'],
      ['ChatCompletionOptions options = new();\noptions.Tools.Add(weather);', 'tools'],
      ['ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("recipe", schema)', 'structured_outputs'],
      ['ChatMessageContentPart.CreateImagePart(new Uri(url))', 'vision'],
      ['var r = await chatClient.GetResponseAsync<Recipe>(prompt);', 'structured_outputs'],
      ['new OpenAIPromptExecutionSettings { ResponseFormat = typeof(Recipe) }', 'structured_outputs'],
    ],
    trap: [
      'public IAsyncEnumerable<string> CompleteChatStreamingAsync(string text)',
      'var options = new ChatOptions { Tools = [] };',
      'var options = new ChatOptions { Seed = null };',
      'var menu = new Menu { Tools = items };',
      'ResponseFormat = ChatResponseFormat.CreateTextFormat()',
      'var r = await chatClient.GetResponseAsync(prompt);',
    ],
  },
  {
    finds: 'model',
    hit: [
      ['Model = Models.Gpt_4o,', 'gpt-4o'],
      ['Model = OpenAI.ObjectModels.Models.Gpt_3_5_Turbo', 'gpt-3.5-turbo'],
    ],
    trap: ['Model = Models.TextMessage,'],
  },
  {
    finds: 'feature',
    after: 'uses_openai ;',
    hit: [
      [
        'var body = new { model, messages, stream = true }; // \nPost("/chat/completions", body);',
        'streaming',
      ],
      ['var body = @"{""messages"":[],""stream"":true}";\nPost("/chat/completions", body);', 'streaming'],
    ],
    trap: [
      'var body = @"{""messages"":[],""stream"":false}";\nPost("/chat/completions", body);',
      'var body = new { model, stream = false };\nPost("/chat/completions", body);',
    ],
  },
  {
    finds: 'feature',
    after: 'using OpenAI.Chat;',
    hit: [
      ['ChatTool.CreateFunctionTool("weather")', 'tools'],
      ['ChatResponseFormat.CreateJsonObjectFormat()', 'json_mode'],
      ['ChatMessageContentPart.CreateInputAudioPart(bytes)', 'audio_input'],
      ['ResponseContentPart.CreateInputFilePart(id)', 'file_input'],
      ['ResponseTool.CreateWebSearchTool()', 'web_search'],
      ['ResponseTool.CreateFileSearchTool(ids)', 'file_search'],
      ['ToolDefinition.CreateCodeInterpreter()', 'code_interpreter'],
      [
        'class ChatRequest { public List<Message> messages; public bool Stream { get; set; } = true; }',
        'streaming',
      ],
    ],
    trap: [
      'ChatTool.CreateNothing("weather")',
      'class ChatRequest { public List<Message> messages; public bool Stream { get; set; } = false; }',
      'class Player { public bool Stream { get; set; } = true; }',
    ],
  },
  {
    finds: 'api_key',
    as: 'accessor',
    hit: [['public class OpenAIOptions\n{\n  public string ApiKey { get; set; }\n}', 'ApiKey']],
    trap: ['public class CrmOptions\n{\n  public string ApiKey { get; set; }\n}'],
  },
  {
    finds: 'base_url',
    as: 'accessor',
    hit: [['public class OpenAIOptions\n{\n  public string Endpoint { get; set; }\n}', 'Endpoint']],
    trap: ['public class CrmOptions\n{\n  public string Endpoint { get; set; }\n}'],
  },
];
