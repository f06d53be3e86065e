/** YAML nodes as plain values, and what a config may not contain. */
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { type ConfigFinding, finding, type SettingPath } from './problem.ts';

// Far above any real config: more is an accident or an attack.
const MAX_DEPTH = 20;
const MAX_ALIASES = 100;

/**
 * Turns nodes into maps, lists, texts, numbers, booleans and null. `yaml`'s own conversion would silently
 * resolve tags and aliases; here each of them is a finding, and the rest is still read.
 */
export class PlainReader {
  readonly findings: ConfigFinding[] = [];
  readonly #document: Document;
  readonly #anchors = new Map<string, Node>();
  #aliases = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  read(node: unknown, path: SettingPath): unknown {
    if (path.length > MAX_DEPTH) {
      return this.#refuse(path, 'key', 'the settings are nested too deeply', `at most ${MAX_DEPTH} levels`);
    }
    if (isAlias(node)) return this.#readAlias(node, path);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    this.#noteAnchor(node, path);
    if (node.tag !== undefined) {
      return this.#refuse(path, 'value', 'the value has a YAML tag', 'a plain value, without !');
    }
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index]));
    const seen = new Set<string>();
    return Object.fromEntries(node.items.flatMap((pair) => this.#readEntry(pair, path, seen)));
  }

  #readAlias(alias: Alias, path: SettingPath): unknown {
    this.#aliases += 1;
    if (this.#aliases > MAX_ALIASES) {
      // Reported once: a bomb of aliases must not become a bomb of messages.
      if (this.#aliases > MAX_ALIASES + 1) return null;
      return this.#refuse(path, 'value', 'the file uses too many aliases', `at most ${MAX_ALIASES}`);
    }
    const aliased = alias.resolve(this.#document);
    if (aliased !== undefined) return this.read(aliased, path);
    const message = `the alias *${alias.source} has no anchor before it`;
    return this.#refuse(path, 'value', message, 'the anchor first');
  }

  #noteAnchor(node: Node & { anchor?: string | undefined }, path: SettingPath): void {
    if (node.anchor === undefined) return;
    const first = this.#anchors.get(node.anchor) ?? node;
    this.#anchors.set(node.anchor, node);
    if (first === node) return;
    this.#refuse(path, 'value', `the anchor &${node.anchor} is defined twice`, 'another name');
  }

  #readEntry(pair: Pair, path: SettingPath, seen: Set<string>): [string, unknown][] {
    const key = keyOf(pair);
    const refuse = (message: string, expected: string): [] => {
      this.#refuse(key === null ? path : [...path, key], key === null ? 'value' : 'key', message, expected);
      return [];
    };
    if (key === null) return refuse('a key of this map is not plain text', 'text keys');
    if (key === '<<') return refuse('merge keys are not supported', 'the settings written out');
    if (key === '__proto__') return refuse('this key is not allowed', 'another name');
    if (seen.has(key)) refuse(`the key ${key} is in this map twice`, 'each key once');
    seen.add(key);
    return [[key, this.read(pair.value, [...path, key])]];
  }

  #refuse(path: SettingPath, at: ConfigFinding['at'], message: string, expected: string): null {
    this.findings.push(finding(path, message, expected, { at }));
    return null;
  }
}

/** The key of a pair as text, or null where it is not plain text. */
export function keyOf(pair: Pair): string | null {
  return isScalar(pair.key) && pair.key.value !== null ? String(pair.key.value) : null;
}
