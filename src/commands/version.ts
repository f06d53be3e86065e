import { readFileSync } from 'node:fs';

/** The version in package.json: one directory up from `dist/`, two up from the sources. */
export function version(): string {
  const candidates = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url));
  for (const candidate of candidates) {
    try {
      return String(JSON.parse(readFileSync(candidate, 'utf8')).version);
    } catch {
      // Not here.
    }
  }
  throw new Error('package.json is missing');
}
