/**
 * A program under test as teams have it: knows its endpoint from the environment alone, and asks by the official
 * client. Arguments: how many questions, and the names of what it does besides.
 */
import OpenAI from 'openai';

const [count = '1', ...habits] = process.argv.slice(2);
const client = new OpenAI({ timeout: habits.includes('hurries') ? 1_000 : 20_000, maxRetries: 2 });
const question = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Reply with the single word: pong' }],
};

for (let index = 0; index < Number(count); index += 1) {
  try {
    const text = index % 2 === 1 && habits.includes('streams') ? await streamed() : await whole();
    process.stdout.write(`${index + 1}: ${text}\n`);
  } catch (error) {
    const id = error instanceof OpenAI.APIError && habits.includes('logs-ids') ? ` (${error.requestID})` : '';
    process.stderr.write(`${index + 1}: ${error}${id}\n`);
    if (habits.includes('gives-up')) process.exitCode = 3;
  }
}

async function whole(): Promise<string> {
  const completion = await client.chat.completions.create(question);
  return completion.choices[0]?.message.content ?? '';
}

async function streamed(): Promise<string> {
  const stream = await client.chat.completions.create({
    ...question,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}
