/** Files of a test, in directories that are gone when it is over. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

/** What is in each file, by its path inside a directory. */
export type Files = Readonly<Record<string, string | Buffer>>;

const PREFIX = path.join(tmpdir(), 'gateway-rollout-test-');

/**
 * An empty directory for one test, made in it or in its beforeEach; gone after its afterEach. Concurrent tests take a
 * `sharedDirectory`: Vitest cannot tell which of them asks.
 */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(PREFIX);
  onTestFinished(() => remove(directory));
  return directory;
}

/** One directory for all tests of a file or a describe, declared there; it is there from beforeAll to afterAll. */
export function sharedDirectory(): string {
  const directory = `${PREFIX}${randomUUID()}`;
  beforeAll(() => void mkdirSync(directory, { mode: 0o700 }));
  afterAll(() => remove(directory));
  return directory;
}

/** A directory for one test with these files in it. */
export function tree(files: Files): string {
  const directory = temporaryDirectory();
  writeFiles(directory, files);
  return directory;
}

/** Writes files below a directory, and makes the directories on the way to them. */
export function writeFiles(directory: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function remove(directory: string): void {
  // What a test left running may still write a line.
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
