/** The file of measurements, one per line. The next window starts where its last line ends. */
import { statSync } from 'node:fs';
import { appendFile, open, truncate } from 'node:fs/promises';
import { parseJson } from '../../gateway/json.ts';
import { formatMeasurement, type Measurement, measurementSchema } from '../../measure/measurement.ts';
import { type Refused, reasonOf, refuse } from '../refusal.ts';

export type LastMeasurement = Pick<Measurement, 'window' | 'stage' | 'evaluations'>;

export interface MeasurementFile {
  readonly kind: 'file';
  readonly path: string;
  /** Null where the file does not exist or is empty. */
  readonly last: LastMeasurement | null;
  /** Flaws that the next line will repair. */
  readonly notes: readonly string[];
  /**
   * Adds a line, and flushes it to disk before it returns. Refuses if another program added a line since the file was
   * opened: both lines would count the same time.
   */
  append(measurement: Measurement): Promise<Refused | null>;
}

/**
 * Reads the end of a file of measurements. Where it is refused, nothing in it was changed.
 * @param path where it is; it need not exist
 * @param name how messages call it
 * @param option how people set it
 */
export async function openMeasurementFile(
  path: string,
  name: string,
  option = '--out',
): Promise<MeasurementFile | Refused> {
  let tail: Tail;
  try {
    tail = await readTail(path);
  } catch (error) {
    return refuse('unreadable_measurements', [`${name}: ${reasonOf(error)}. Choose a file with ${option}.`]);
  }
  const found = lastOf(tail, name, option);
  if ('kind' in found) return found;
  const { last, notes, keep, before } = found;
  return {
    kind: 'file',
    path,
    last,
    notes,
    async append(measurement) {
      try {
        if (sizeOf(path) !== tail.size) {
          const message = `${name}: another program wrote to the file meanwhile, so nothing was added. Let only one program at a time write to it.`;
          return refuse('measurements_changed', [message]);
        }
        if (keep < tail.size) await truncate(path, keep);
        await appendFile(path, `${before}${formatMeasurement(measurement)}\n`, { flush: true });
        return null;
      } catch (error) {
        const message = `${name}: can't write the measurement (${reasonOf(error)}). Expected a file in a writable directory.`;
        return refuse('unwritable_measurements', [message]);
      }
    },
  };
}

interface Tail {
  /** Of the whole file, in bytes; 0 where there is none. */
  readonly size: number;
  /** The last line that is ended by a line break and not blank. */
  readonly complete: string | null;
  /** The text after the last line break. */
  readonly rest: string;
  /** Where that begins, in bytes. */
  readonly restAt: number;
}

interface Found {
  readonly last: LastMeasurement | null;
  readonly notes: readonly string[];
  /** So many bytes stay. */
  readonly keep: number;
  /** Text to write before the next line. */
  readonly before: string;
}

/** How each line begins. Only a cut line that begins so may be removed. */
const BEGINNING = '{"schema":1,"window":{"from":"';

function lastOf({ size, complete, rest, restAt }: Tail, name: string, option: string): Found | Refused {
  const whole = { notes: [], keep: size, before: '' };
  if (rest.trim() !== '') {
    const unended = readLine(rest);
    if (unended !== null) return { ...whole, last: unended, before: '\n' };
    const isOurs = BEGINNING.startsWith(rest) || rest.startsWith(BEGINNING);
    if (!isOurs) return noMeasurement(name, option);
  }
  const last = complete === null ? null : readLine(complete);
  if (complete !== null && last === null) return noMeasurement(name, option);
  if (rest.trim() === '') return { ...whole, last };
  const note = `${name}: the last line is incomplete; its window is measured again.`;
  return { last, notes: [note], keep: restAt, before: '' };
}

function readLine(line: string): LastMeasurement | null {
  const parsed = measurementSchema.safeParse(parseJson(line));
  if (!parsed.success) return null;
  const { window, stage, evaluations } = parsed.data;
  return { window, stage, evaluations };
}

function noMeasurement(name: string, option: string): Refused {
  return refuse('unreadable_measurements', [
    `${name}: the last line is not a measurement. Expected a file written by gateway-rollout observe. Choose another with ${option}, or fix the line.`,
  ]);
}

const FIRST_PIECE = 64 * 1024;
const LINE_BREAK = 0x0a;

/** Reads as much of the end as the last line needs. */
async function readTail(path: string): Promise<Tail> {
  const size = sizeOf(path);
  if (size === 0) return { size, complete: null, rest: '', restAt: 0 };
  const handle = await open(path);
  try {
    for (let length = FIRST_PIECE; ; length *= 4) {
      const from = Math.max(0, size - length);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      const bytes = buffer.subarray(0, bytesRead);
      const restAt = bytes.lastIndexOf(LINE_BREAK) + 1;
      const lines = bytes.toString('utf8', 0, restAt).split('\n');
      // The first line may have begun before this piece.
      const complete = (from === 0 ? lines : lines.slice(1)).findLast((line) => line.trim() !== '');
      if (complete === undefined && from > 0) continue;
      const rest = bytes.toString('utf8', restAt);
      return { size, complete: complete ?? null, rest, restAt: from + restAt };
    }
  } finally {
    await handle.close();
  }
}

/** In bytes; 0 for a file that does not exist. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
