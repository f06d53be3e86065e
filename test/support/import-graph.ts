/**
 * Who imports whom in src/ and app/, lazy imports and types included.
 * @example node test/support/import-graph.ts   prints the rooms, what each imports, and every circle
 */
import { globSync, readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface Import {
  /** Relative to the repository, with forward slashes, as `target` is. */
  readonly file: string;
  readonly specifier: string;
  /** The file that a relative specifier names; null for a package. */
  readonly target: string | null;
  readonly typesOnly: boolean;
  readonly lazy: boolean;
}

export function readImports(): Import[] {
  return globSync('{src,app}/**/*.{ts,mjs}', { cwd: root }).sort().flatMap(importsOf);
}

/** `src/check/probes/auth.ts` belongs to `src/check`; a file directly in src is a room of its own; app is one room. */
export function roomOf(file: string): string {
  return file.startsWith('app/') ? 'app' : file.split('/').slice(0, 2).join('/');
}

/** Files that import each other by any way round, each group once; empty where there is no circle. */
export function circlesIn(imports: readonly Import[]): string[][] {
  const targets = groupBy(imports, ({ file }) => file);
  const reached = new Map<string, Set<string>>();
  const reachableFrom = (file: string): Set<string> => {
    const known = reached.get(file);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const open = [file];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const { target } of targets.get(next) ?? []) {
        if (target === null || seen.has(target)) continue;
        seen.add(target);
        open.push(target);
      }
    }
    reached.set(file, seen);
    return seen;
  };
  const inCircles = [...targets.keys()].filter((file) => reachableFrom(file).has(file));
  const groups = groupBy(inCircles, (file) =>
    inCircles.filter((other) => reachableFrom(file).has(other) && reachableFrom(other).has(file)).join(' '),
  );
  return [...groups.values()];
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(resolve(root, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[\w\s{},*$]+\sfrom\s+)?['"]([^'"]+)['"]/gm,
  );
  const lazy = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  const made = (specifier = '', typesOnly: boolean, isLazy: boolean): Import => ({
    file,
    specifier,
    target: specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : null,
    typesOnly,
    lazy: isLazy,
  });
  return [
    ...[...statements].map(([, type, specifier]) => made(specifier, type !== undefined, false)),
    ...[...lazy].map(([, specifier]) => made(specifier, false, true)),
  ];
}

if (import.meta.main) {
  const imports = readImports();
  const byRoom = groupBy(imports, ({ file }) => roomOf(file));
  for (const [room, own] of byRoom) {
    const others = own.flatMap(({ target }) => (target === null ? [] : [roomOf(target)]));
    const names = [...new Set(others)].filter((each) => each !== room).sort();
    process.stdout.write(`${room} -> ${names.join(', ') || '(nothing)'}\n`);
  }
  const circles = circlesIn(imports);
  process.stdout.write(`\n${circles.length} circles in ${imports.length} imports\n`);
  for (const circle of circles) process.stdout.write(`  ${circle.join(' <-> ')}\n`);
}
