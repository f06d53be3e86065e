/** The file of records that `exec --out` writes, line by line as the program runs. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { formatRecord, type RequestRecord } from '../record.ts';

export interface RecordFile {
  write(record: RequestRecord): void;
  /** @returns why records were lost, or null */
  close(): Promise<string | null>;
}

/**
 * Opens the file and empties it.
 * @throws the operating system's error if the file cannot be written
 */
export async function openRecordFile(path: string): Promise<RecordFile> {
  const stream = createWriteStream(path);
  await once(stream, 'open');
  let lost: string | null = null;
  stream.on('error', (error) => {
    lost ??= error.message;
  });
  return {
    write: (record) => void stream.write(`${formatRecord(record)}\n`),
    close: async () => {
      if (lost === null) await new Promise<void>((resolve) => stream.close(() => resolve()));
      return lost;
    },
  };
}
