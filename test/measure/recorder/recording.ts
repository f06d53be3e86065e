/** A recorder before a gateway of the test, those who ask it, and all that it recorded. */
import OpenAI from 'openai';
import { expect, onTestFinished, vi } from 'vitest';
import type { RequestRecord } from '../../../src/measure/record.ts';
import type { RecordedAttempt } from '../../../src/measure/recorder/attempt.ts';
import { type Fault, parseFaults } from '../../../src/measure/recorder/fault.ts';
import {
  type Recorder,
  type RecorderOptions,
  startRecorder,
} from '../../../src/measure/recorder/recorder.ts';
import {
  type QuirkyGateway,
  type QuirkyGatewayOptions,
  startQuirkyGateway,
} from '../../support/quirky-gateway.ts';

export interface Recording extends Recorder {
  readonly attempts: readonly RecordedAttempt[];
  readonly failedIds: readonly string[];
  /** Once the recorder has stopped, in the order in which the requests came. */
  records(): Promise<readonly RequestRecord[]>;
}

/** Starts a recorder; it ends with the test. */
export async function record(
  endpoint: { readonly baseUrl: string; readonly apiKey: string; readonly headers?: Record<string, string> },
  overrides: Partial<RecorderOptions> & { readonly fault?: string } = {},
): Promise<Recording> {
  const { fault, ...options } = overrides;
  const attempts: RecordedAttempt[] = [];
  const failedIds: string[] = [];
  const recorder = await startRecorder({
    arm: 'gateway',
    access: { headers: {}, ...endpoint },
    profile: 'auto',
    faults: fault === undefined ? [] : faultsOf(fault),
    onAttempt: (attempt) => attempts.push(attempt),
    onFailedId: (id) => failedIds.push(id),
    ...options,
  });
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= recorder.stop();
    return stopped;
  };
  onTestFinished(stop);
  return {
    ...recorder,
    attempts,
    failedIds,
    stop,
    records: async () => {
      await stop();
      return attempts.toSorted((a, b) => a.request - b.request).map((attempt) => attempt.record);
    },
  };
}

export const MODEL = 'gpt-4o-mini';
const MESSAGES = [{ role: 'user' as const, content: 'Reply with the single word: pong' }];
export const CHAT = { model: MODEL, messages: MESSAGES };
export const STREAM = { ...CHAT, stream: true as const, stream_options: { include_usage: true } };

/** A gateway of the test, with the given quirks; it ends with the test. */
export async function quirky(options: QuirkyGatewayOptions = {}) {
  const gateway = await startQuirkyGateway({ streamMs: 20, ...options });
  onTestFinished(() => gateway.stop());
  return gateway;
}

/** Asks the recorder for a chat completion, as a client without retries does. */
export const post = (
  recording: Pick<Recording, 'baseUrl' | 'apiKey'>,
  body: unknown,
  init: RequestInit = {},
) =>
  fetch(`${recording.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: {
      authorization: `Bearer ${recording.apiKey}`,
      'content-type': 'application/json',
      ...init.headers,
    },
  });

/** A client that gives up as soon as the gateway has its request. */
export async function askAndLeave(recording: Recording, gateway: QuirkyGateway): Promise<void> {
  const leaving = new AbortController();
  const before = gateway.count('/chat/completions');
  const asked = post(recording, CHAT, { signal: leaving.signal });
  await vi.waitFor(() => expect(gateway.count('/chat/completions')).toBe(before + 1), { timeout: 10_000 });
  leaving.abort();
  await expect(asked).rejects.toThrow();
}

/** The official client, before the recorder. */
export const client = (
  { baseUrl, apiKey }: Recording,
  options: { timeout?: number; maxRetries?: number } = {},
) => new OpenAI({ baseURL: baseUrl, apiKey, ...options });

export function faultsOf(...specs: readonly string[]): readonly Fault[] {
  const parsed = parseFaults(specs);
  if (!parsed.ok) throw new Error(parsed.messages.join('\n'));
  return parsed.faults;
}
