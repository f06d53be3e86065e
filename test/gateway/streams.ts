/** Event streams as text, and how they are read. */
import { readTranscript, type Transcript } from '../../src/gateway/transcript.ts';

/** @param death how the connection breaks after the last part */
export async function* partsOf(parts: readonly Uint8Array[], death?: Error): AsyncGenerator<Uint8Array> {
  yield* parts;
  if (death) throw death;
}

export async function readText(text: string): Promise<Transcript> {
  const options = { startedAtMs: performance.now(), limitBytes: 1e6 };
  return (await readTranscript(partsOf([Buffer.from(text)]), options)).transcript;
}

/** A stream without names of events: one event for each payload. */
export const sse = (...payloads: unknown[]): string =>
  payloads.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');
