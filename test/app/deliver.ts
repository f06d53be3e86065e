/** A webhook that the emulated GitHub does not send by itself, signed as GitHub signs. */
import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Scenario } from './rollout-scenario.ts';

export async function deliver(scenario: Scenario, event: string, payload: object): Promise<void> {
  const body = JSON.stringify(payload);
  const { webhookSecret } = scenario.github.app;
  const response = await fetch(scenario.app().url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`,
    },
    body,
  });
  expect(response.status).toBeLessThan(300);
  await scenario.settled();
}
