/** The two files that the application shares with the rollout. Neither may break a request. */
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

/** The fields of src/measure/README.md, of one attempt. */
export type AttemptRecord = Readonly<Record<string, string | number | boolean | undefined>>;

const REREAD_MS = 1_000;
/** Characters of records that wait for the disk; above that, records are dropped. */
const MOST_WAITING = 32_000_000;

/** @returns a model's shares in percent, as of a second ago at most; 0 where the source is missing or wrong */
export function shareReader(source: string | (() => unknown), report: (problem: string) => void) {
  let json: unknown;
  let readAt = Number.NEGATIVE_INFINITY;
  return (model: string): { readonly gateway: number; readonly shadow: number } => {
    try {
      if (typeof source === 'function') json = source();
      else if (performance.now() - readAt >= REREAD_MS) {
        readAt = performance.now();
        json = 0;
        json = JSON.parse(readFileSync(source, 'utf8'));
      }
      const { gateway = json, shadow = 0, models } = Object(json);
      const own = new Map(Object.entries(Object(models))).get(model);
      return { gateway: percentage(own ?? gateway), shadow: percentage(shadow) };
    } catch (error) {
      report(`The share can't be read, so everything goes to the official API: ${error}`);
      return { gateway: 0, shadow: 0 };
    }
  };
}

/** Of `5`, `"5"` or `"5%"`. @throws for anything else */
function percentage(value: unknown): number {
  const isText = typeof value === 'string' && /^\d+(\.\d+)?%?$/.test(value);
  const share = isText ? Number.parseFloat(value) : value;
  if (typeof share === 'number' && share >= 0 && share <= 100) return share;
  throw new Error('expected a number from 0 to 100');
}

/** @returns a function that writes a line per record, in their order, without waiting for the disk */
export function recordWriter(
  target: string | ((record: AttemptRecord) => void),
  report: (problem: string) => void,
) {
  let waiting = '';
  let last = Promise.resolve();
  const failed = (error: unknown) => report(`A record can't be written: ${error}`);
  const flush = async (file: string): Promise<void> => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') await appendFile(file, lines).catch(failed);
  };
  return (record: AttemptRecord): void => {
    try {
      if (typeof target === 'function') target(record);
      else if (waiting.length > MOST_WAITING) failed('the disk is too slow');
      else {
        waiting += `${JSON.stringify(record)}\n`;
        last = last.then(() => flush(target));
      }
    } catch (error) {
      failed(error);
    }
  };
}
