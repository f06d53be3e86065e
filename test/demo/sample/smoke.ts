/** The sample application's test: asks as its users do, and fails if an answer is missing. */
import OpenAI from 'openai';

const client = new OpenAI();
const model = 'gpt-4o-mini';

for (const question of ['Say hello.', 'Count from 1 to 5.', 'Name a colour.']) {
  const { choices } = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: question }],
  });
  if (!choices[0]?.message.content) throw new Error(`No answer to "${question}".`);
}

let streamed = '';
const stream = await client.chat.completions.create({
  model,
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content: 'Count from 1 to 10.' }],
});
for await (const { choices } of stream) streamed += choices[0]?.delta.content ?? '';
if (streamed === '') throw new Error('The streamed answer was empty.');
process.stdout.write('4 of 4 questions answered.\n');
