import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A small application written for the tests, with the sites that stand in it. */
export interface AnnotatedApp {
  /** `typescript/support-desk`. */
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  /** `file:line kind value`, sorted. */
  readonly expected: readonly string[];
}

const ANNOTATION = /\s*«([^»]*)»/g;

/** The folders of `corpus/`, one for each kind of application. */
export const corpusLanguages = (): string[] => readdirSync(join(import.meta.dirname, 'corpus')).sort();

/**
 * The applications in a folder of `corpus/`. Each is one text, so that no tool takes its files for ours: after a line
 * `==== path` comes the file, and a line that holds sites ends with `«kind value»` for each of them.
 */
export function annotatedApps(language: string): AnnotatedApp[] {
  const folder = join(import.meta.dirname, 'corpus', language);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => parse(`${language}/${name.slice(0, -4)}`, readFileSync(join(folder, name), 'utf8')));
}

function parse(name: string, text: string): AnnotatedApp {
  const files = new Map<string, string>();
  const expected: string[] = [];
  for (const part of text.split(/^==== /m).slice(1)) {
    const [path = '', ...lines] = part.split('\n');
    files.set(path, lines.map((line) => line.replace(ANNOTATION, '')).join('\n'));
    for (const [at, line] of lines.entries())
      for (const [, site] of line.matchAll(ANNOTATION)) expected.push(`${path}:${at + 1} ${site}`);
  }
  return { name, files, expected: expected.sort() };
}

/** Write an application's files below a directory. */
export function writeApp({ files }: AnnotatedApp, directory: string): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}
