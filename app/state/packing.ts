/** The long lists of numbers in a state are stored compressed: nobody reads them, and each commit holds them again. */
import { brotliCompressSync, brotliDecompressSync, constants, inflateRawSync } from 'node:zlib';
import { z } from 'zod';

/** Where they are: the evidence, the windows for later baselines, and the points of the chart. */
const PACKED = [['stage', 'evidence'], ['stage', 'past'], ['stage', 'points'], ['past']] as const;
/** Shorter ones stay readable. */
const LEAST = 400;
/** No state of the App is larger. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The first that models its input closely; it takes a sixth less than `deflate`, which older states have. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };

const packedSchema = z.union([
  z.strictObject({ brotli: z.base64() }),
  z.strictObject({ deflated: z.base64() }),
]);

/** @param state as JSON. A value of the state takes its place as `{ "brotli": "<base64>" }`. */
export function pack(state: unknown): unknown {
  return PACKED.reduce<unknown>(
    (packed, path) =>
      replaceAt(packed, path, (value) => {
        const text = JSON.stringify(value);
        return text === undefined || text.length < LEAST
          ? value
          : { brotli: brotliCompressSync(text, QUALITY).toString('base64') };
      }),
    state,
  );
}

/** Values that are not packed stay as they are. @throws Error where a packed value is damaged or too large */
export function unpack(state: unknown): unknown {
  return PACKED.reduce<unknown>(
    (unpacked, path) =>
      replaceAt(unpacked, path, (value) => {
        const packed = packedSchema.safeParse(value);
        if (!packed.success) return value;
        const limit = { maxOutputLength: MAX_BYTES };
        const bytes =
          'brotli' in packed.data
            ? brotliDecompressSync(Buffer.from(packed.data.brotli, 'base64'), limit)
            : inflateRawSync(Buffer.from(packed.data.deflated, 'base64'), limit);
        return JSON.parse(bytes.toString('utf8'));
      }),
    state,
  );
}

/** A copy with another value at the path; the same object where there is none. */
function replaceAt(object: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(object);
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, key)) return object;
  const before: Readonly<Record<string, unknown>> = { ...object };
  return { ...before, [key]: replaceAt(before[key], rest, change) };
}
