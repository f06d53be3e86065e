/** A recorder in a process of its own: prints its address, then, once its input ends, its records and peak memory. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { RecordedAttempt } from '../../src/measure/recorder/attempt.ts';
import { startRecorder } from '../../src/measure/recorder/recorder.ts';

const attempts: RecordedAttempt[] = [];
const [baseUrl = '', apiKey = ''] = process.argv.slice(2);
const recorder = await startRecorder({
  arm: 'gateway',
  access: { baseUrl, apiKey, headers: {} },
  profile: 'auto',
  faults: [],
  onAttempt: (attempt) => attempts.push(attempt),
  onFailedId: () => undefined,
});
process.stdout.write(`${JSON.stringify({ baseUrl: recorder.baseUrl, apiKey: recorder.apiKey })}\n`);
await text(process.stdin);
await recorder.stop();
const peakKb = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
process.stdout.write(`${JSON.stringify({ attempts, peakMb: Number(peakKb) / 1024 })}\n`);
