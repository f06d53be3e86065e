import { readFileSync } from 'node:fs';

/**
 * The version in package.json, which stands beside `dist/` in a release and two directories up in the sources.
 */
export function version(): string {
  const candidates = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url));
  for (const candidate of candidates) {
    try {
      return String(JSON.parse(readFileSync(candidate, 'utf8')).version);
    } catch {
      // Not in this one.
    }
  }
  throw new Error('package.json is missing beside the program');
}
