/** The YAML text: its plain value, and the positions of its settings. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { keyOf, PlainReader } from './plain.ts';
import { type ConfigFinding, type ConfigProblem, fileProblem, finding, formatPath } from './problem.ts';

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'spaces for indentation',
  BAD_SCALAR_START: 'quotes around text that starts with a special character',
  BAD_INDENT: 'consistent indentation, and every bracket closed',
  MULTIPLE_DOCS: 'one document in the file, without a second ---',
  MISSING_CHAR: 'the missing character, or quotes around text that contains special characters',
  BLOCK_AS_IMPLICIT_KEY: 'quotes around text that contains a colon',
};

export interface ConfigDocument {
  /** The value of the file as maps, lists, texts, numbers, booleans and null. */
  readonly raw: unknown;
  /** Errors of the YAML itself. */
  readonly syntax: readonly ConfigProblem[];
  /** Valid YAML that a config may not contain: repeated keys, tags, merge keys, endless nesting. */
  readonly structure: readonly ConfigFinding[];
  /** Adds line and column to a finding; a missing setting gets those of the map that lacks it. */
  readonly locate: (finding: ConfigFinding) => ConfigProblem;
}

/** Reads a text as YAML. Never throws. */
export function readDocument(text: string, file: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parse(text, lines);
  if (document === null) {
    const tooDeep = fileProblem(file, 'the file is nested too deeply', 'a config of a few levels');
    return { raw: null, syntax: [tooDeep], structure: [], locate: (finding) => located(finding, file, 1, 1) };
  }
  const syntax = document.errors.map(({ pos, code, message }) => {
    const { line, col } = lines.linePos(pos[0]);
    const invalid = `this is not valid YAML: ${message.split(';')[0]}`;
    return located(finding([], invalid, HINTS[code] ?? 'valid YAML'), file, line, col);
  });
  const reader = new PlainReader(document);
  const raw = reader.read(document.contents, []);
  const locate = (each: ConfigFinding): ConfigProblem => {
    const { line, col } = lines.linePos(offsetOf(document, each));
    return located(each, file, Math.max(line, 1), Math.max(col, 1));
  };
  return { raw, syntax, structure: reader.findings, locate };
}

/** null: nested so deeply that the parser gave up. */
function parse(text: string, lines: LineCounter): Document | null {
  try {
    // Repeated keys are found below, where their path is known.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    return document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION') ? null : document;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function located(
  { at: _, path, ...rest }: ConfigFinding,
  file: string,
  line: number,
  column: number,
): ConfigProblem {
  return { file, line, column, path: formatPath(path), ...rest };
}

/** Walks the path as far as the document goes. */
function offsetOf(document: Document, { path, at }: ConfigFinding): number {
  let value: unknown = document.contents;
  let keyOffset = startOf(value) ?? 0;
  for (const part of path) {
    const next = child(isAlias(value) ? value.resolve(document) : value, part);
    if (next === null) return keyOffset;
    keyOffset = startOf(next.key) ?? keyOffset;
    value = next.value;
  }
  // An empty value has no text to point at.
  const isEmpty = isScalar(value) && value.value === null && value.source === '';
  return at === 'key' || isEmpty ? keyOffset : (startOf(value) ?? keyOffset);
}

/** The entry of a map or a list; an entry of a list is its own key. */
function child(container: unknown, part: string | number): { key: unknown; value: unknown } | null {
  if (isMap(container)) return entriesOf(container).get(String(part)) ?? null;
  if (!isSeq(container) || typeof part !== 'number' || !(part in container.items)) return null;
  return { key: container.items[part], value: container.items[part] };
}

const entries = new WeakMap<YAMLMap, Map<string | null, Pair>>();

/** By key; of repeated keys, the last. Cached, because every mistake in a large map looks here. */
function entriesOf(map: YAMLMap): Map<string | null, Pair> {
  const known = entries.get(map) ?? new Map(map.items.map((pair) => [keyOf(pair), pair]));
  entries.set(map, known);
  return known;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** A config is a page or two; a larger file is something else. */
export const MAX_CONFIG_BYTES = 256 * 1024;
