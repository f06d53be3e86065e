import type { Example } from './example.ts';

const implicit = (file: string, after: string, hit: string, trap: string, other?: string): Example => ({
  finds: 'base_url',
  as: 'implicit',
  file,
  after,
  hit: [[hit, '(implicit)']],
  trap: [other === undefined ? trap : [trap, other]],
});

const GO = 'import "github.com/PullRequestInc/go-gpt3"';
const RUST = 'use openai_api_rs::v1::api::OpenAIClient;';
const DART = "import 'package:chat_gpt_sdk/chat_gpt_sdk.dart';";
const SWIFT = 'import OpenAISwift';
const SCALA = 'import sttp.openai.OpenAISyncClient';

/** Clients that are less common than their language's official one. */
export const CLIENT_EXAMPLES: readonly Example[] = [
  implicit(
    'cmd/quiz.go',
    GO,
    'writer := gpt3.NewClient(key)',
    'writer := gpt3.NewClient(key, gpt3.WithBaseURL(url))',
    'WithBaseURL',
  ),
  implicit(
    'cmd/quiz.go',
    'import "github.com/otiai10/openaigo"',
    'writer := openaigo.NewClient(key)',
    'mail := smtp.NewClient(key)',
  ),
  implicit(
    'src/quiz.rs',
    RUST,
    'let quiz = OpenAIClient::builder().with_api_key(key).build()?;',
    'let quiz = OpenAIClient::builder().with_endpoint(url).with_api_key(key).build()?;',
    'with_endpoint',
  ),
  implicit(
    'src/quiz.rs',
    'use chatgpt::prelude::*;',
    'let quiz = ChatGPT::new(secret)?;',
    'let quiz = ChatGPT::new_with_config(secret, Config::default().api_url(url).build()?)?;',
    'api_url',
  ),
  implicit(
    'Quiz.swift',
    SWIFT,
    'let quiz = OpenAISwift(authToken: secret)',
    'let quiz = QuizSwift(authToken: secret)',
  ),
  // Without the import, it is the program's own class.
  implicit(
    'Quiz.swift',
    'import ChatGPTSwift',
    'let quiz = ChatGPTAPI(apiKey: secret)',
    'let quiz = QuizAPI(apiKey: secret)',
  ),
  { ...implicit('Quiz.swift', 'import SwiftUI', '', 'let quiz = ChatGPTAPI(apiKey: secret)'), hit: [] },
  implicit(
    'quiz.dart',
    DART,
    'final quiz = OpenAI.instance.build(token: secret, enableLog: true);',
    'final quiz = OpenAI.instance.build(token: secret, apiUrl: url);',
    'apiUrl',
  ),
  implicit(
    'quiz.dart',
    "import 'package:dart_openai/dart_openai.dart';",
    'OpenAI.apiKey = Env.secret;',
    'OpenAI.organization = Env.team;',
  ),
  implicit(
    'Quiz.java',
    'import io.github.sashirestela.openai.SimpleOpenAI;',
    'var quiz = SimpleOpenAI.builder().apiKey(secret).build();',
    'var quiz = SimpleOpenAI.builder().apiKey(secret).baseUrl(url).build();',
    'baseUrl',
  ),
  implicit(
    'Quiz.java',
    'import com.azure.ai.openai.OpenAIClientBuilder;',
    'var quiz = new OpenAIClientBuilder().credential(new KeyCredential(secret)).buildClient();',
    'var quiz = new OpenAIClientBuilder().credential(new KeyCredential(secret)).endpoint(url).buildClient();',
    'endpoint',
  ),
  implicit(
    'Quiz.scala',
    SCALA,
    'val quiz = OpenAISyncClient(secret)',
    'val quiz = OpenAISyncClient(secret, address)',
  ),
  {
    finds: 'api_key',
    file: 'src/quiz.rs',
    after: 'use chatgpt::prelude::*;',
    hit: [['let quiz = ChatGPT::new(&settings.quiz_key)?;', 'quiz_key']],
    trap: ['let quiz = Quiz::new(&settings.quiz_key)?;'],
  },
  {
    finds: 'api_key',
    as: 'implicit',
    file: 'src/quiz.rs',
    after: 'use openai_dive::v1::api::Client;',
    hit: [['let quiz = Client::new_from_env();', '(implicit)']],
    trap: [['let quiz = Client::new(api_key);', 'api_key']],
  },
  ...(
    [
      ['cmd/quiz.go', GO, 's.client.CompletionStreamWithEngine(ctx, engine, request, show)', 'completions'],
      ['cmd/quiz.go', GO, 'client.Embeddings(ctx, request)', 'embeddings'],
      ['src/quiz.rs', RUST, 'client.chat_completion(request).await?', 'chat.completions'],
      ['src/quiz.rs', RUST, 'client.audio_speech(request).await?', 'audio.speech'],
      ['Quiz.swift', SWIFT, 'client?.sendChat(with: turns) { show($0) }', 'chat.completions'],
      ['Quiz.swift', SWIFT, 'openAI.sendImages(with: text) { show($0) }', 'images.generations'],
      ['quiz.dart', DART, 'openAI.onChatCompletionSSE(request: request)', 'chat.completions'],
      ['Quiz.scala', SCALA, 'client.createEmbeddings(body)', 'embeddings'],
    ] as const
  ).map(
    ([file, after, code, value]): Example => ({
      finds: 'endpoint',
      file,
      after,
      hit: [[code, value]],
      trap: [code.replace(/^\w+/, 'mailbox').replace('.client.', '.mailbox.')],
    }),
  ),
  {
    finds: 'model',
    file: 'src/quiz.rs',
    after: RUST,
    hit: [['let request = ChatCompletionRequest::new(GPT4_O_MINI.to_string(), turns);', 'gpt-4o-mini']],
    trap: ['use openai_api_rs::v1::common::GPT4_O_MINI;', 'let size = GPT_PARTITION_SIZE;'],
  },
  {
    finds: 'model',
    file: 'quiz.dart',
    after: DART,
    hit: [
      ['final request = ChatCompleteText(messages: turns, model: Gpt4ChatModel());', 'gpt-4'],
      ['final request = ChatCompleteText(messages: turns, model: GptTurboChatModel());', 'gpt-3.5-turbo'],
    ],
    trap: ['final view = QuizChatModel();'],
  },
  {
    finds: 'model',
    file: 'cmd/quiz.go',
    after: GO,
    hit: [['engine := gpt3.TextDavinci003Engine', 'text-davinci-003']],
    trap: ['engine := gpt3.DefaultEngine'],
  },
  {
    finds: 'endpoint',
    file: 'Quiz.cs',
    after: 'using OpenAI.GPT3.Managers;',
    hit: [
      ['var reply = await sdk.ChatCompletion.CreateCompletion(request);', 'chat.completions'],
      ['await foreach (var part in sdk.Completions.CreateCompletionAsStream(request)) { }', 'completions'],
      ['var reply = await api.ChatEndpoint.GetCompletionAsync(request);', 'chat.completions'],
      ['var picture = await sdk.Image.CreateImage(request);', 'images.generations'],
    ],
    trap: ['var card = printer.CreateImage(request);'],
  },
];
