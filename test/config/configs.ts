/** Short ways to write a config and to read what the loader says of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { type ConfigProblem, formatProblem } from '../../src/config/problem.ts';
import type { Config } from '../../src/config/schema.ts';

/** Name of the file in messages; short, so that snapshots are read with ease. */
export const FILE = 'rollout.yml';

export const LEAST = 'gateway: { base_url: "https://zivv.pro/v1" }\nmodels: [gpt-4o-mini, o3]\n';

export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
}

/** The config of a text that must be valid. */
export function valid(text: string): Config {
  const loaded = loadConfig(text, FILE);
  if (!loaded.ok) throw new Error(`the text should be valid:\n${lines(loaded.problems)}`);
  return loaded.config;
}

/** Every problem of a text, one a line. */
export function problemsOf(text: string): string {
  const loaded = loadConfig(text, FILE);
  return loaded.ok ? 'valid' : lines(loaded.problems);
}

/** Every warning of a text that must be valid, one a line. */
export function warningsOf(text: string): string {
  const loaded = loadConfig(text, FILE);
  return loaded.ok ? lines(loaded.warnings) : problemsOf(text);
}

/** What the loader says of each text put behind the least config that works. */
export function withLeast(texts: readonly string[], read: (text: string) => string = problemsOf): string {
  return texts.map((text) => `${text.trim()}\n→ ${read(LEAST + text)}`).join('\n\n');
}

function lines(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join('\n');
}
