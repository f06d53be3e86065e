/** A recorder in a process of its own, so that its memory is not that of its test. Linux only. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { RecordedAttempt } from '../../src/measure/recorder/attempt.ts';

const CHILD = new URL('./recorder-child.ts', import.meta.url);

export interface RecorderProcess {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Ends it. */
  stop(): Promise<{ readonly attempts: readonly RecordedAttempt[]; readonly peakMb: number }>;
}

export async function startRecorderProcess(target: {
  readonly baseUrl: string;
  readonly apiKey: string;
}): Promise<RecorderProcess> {
  const child = spawn(process.execPath, [CHILD.pathname, target.baseUrl, target.apiKey], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? '{}');
  return {
    ...(await next()),
    stop: () => {
      child.stdin.end();
      return next();
    },
  };
}
