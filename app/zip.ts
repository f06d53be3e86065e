/** Reads a small zip archive from an untrusted source into memory, within limits. */
import { strFromU8, unzipSync } from 'fflate';

export interface ZipLimits {
  readonly entries: number;
  /** Unpacked size of all entries together. */
  readonly bytes: number;
}

export type Unzipped =
  /** Texts by name. */
  | { readonly ok: true; readonly files: Readonly<Record<string, string>> }
  /** What is wrong with the archive. */
  | { readonly ok: false; readonly problem: string };

/** The limits are checked against the archive's own directory, before anything is unpacked. */
export function unzip(archive: Uint8Array, limits: ZipLimits): Unzipped {
  let entries = 0;
  let bytes = 0;
  try {
    const files = unzipSync(archive, {
      filter: ({ originalSize }) => {
        entries += 1;
        bytes += originalSize;
        return entries <= limits.entries && bytes <= limits.bytes;
      },
    });
    if (entries > limits.entries) return { ok: false, problem: `it holds more than ${limits.entries} files` };
    if (bytes > limits.bytes) return { ok: false, problem: `it holds more than ${limits.bytes} bytes` };
    const texts = Object.entries(files).map(([name, content]) => [name, strFromU8(content)]);
    return { ok: true, files: Object.fromEntries(texts) };
  } catch {
    return { ok: false, problem: 'it is not a zip archive, or is damaged' };
  }
}
