import type { Client } from '@openfeature/server-sdk';

/** Everything stays on the official API if the flag is missing or has an unknown value. */
export async function armOf(user: string, flags: Client): Promise<'official' | 'gateway'> {
  const arm = await flags.getStringValue('llm-gateway', 'official', { targetingKey: user });
  return arm === 'gateway' ? 'gateway' : 'official';
}
