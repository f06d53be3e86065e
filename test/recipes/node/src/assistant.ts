/** A service that asks a model. Only its client knows of the rollout. */
import { rolloutFetch } from 'gateway-rollout/client';
import OpenAI from 'openai';

const { env } = process;

// OPENAI_BASE_URL and OPENAI_API_KEY are the official API's, as before.
const client = new OpenAI({
  fetch: rolloutFetch({
    gateway: { baseUrl: env.GATEWAY_BASE_URL ?? '', apiKey: env.GATEWAY_API_KEY ?? '' },
    share: env.ROLLOUT_SHARE ?? 'deploy/share.json',
    records: env.ROLLOUT_RECORDS ?? `records-${process.pid}.jsonl`,
    salt: env.ROLLOUT_SALT ?? '',
    fallback: 'official',
  }),
});

export async function ask(user: string, question: string): Promise<string> {
  const { choices } = await client.chat.completions.create(
    { model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }] },
    { headers: { 'X-Rollout-Unit': user } },
  );
  return choices[0]?.message.content ?? '';
}
