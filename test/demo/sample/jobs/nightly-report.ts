/** The sample application's nightly job, before the move: its address is hard-coded. */
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: 'https://api.openai.com/v1' });
const { choices } = await client.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Summarise the day in one sentence.' }],
});
process.stdout.write(`${choices[0]?.message.content ?? ''}\n`);
