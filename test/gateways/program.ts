/** The program whose requests `exec` counts: a completion, a streamed one, and an embedding, by the official client. */
import OpenAI from 'openai';

const [chatModel = '', embeddingModel = ''] = process.argv.slice(2);
const client = new OpenAI({ organization: null, project: null });
const messages = [{ role: 'user' as const, content: 'Reply with the single word: pong' }];

await client.chat.completions.create({ model: chatModel, messages });
const stream = await client.chat.completions.create({
  model: chatModel,
  messages,
  stream: true,
  stream_options: { include_usage: true },
});
for await (const _ of stream);
await client.embeddings.create({ model: embeddingModel, input: 'a small step' });
