/** The YAML text: its plain value, and the places of its settings. */
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
import { type Finding, fileProblem, formatPath, type Problem } from './problem.ts';

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'spaces as indentation',
  BAD_SCALAR_START: 'quotes around a text that begins with a special character',
  BAD_INDENT: 'regular indentation, and every bracket closed',
  MULTIPLE_DOCS: 'one document in the file, so no second ---',
  MISSING_CHAR: 'the character that is missing, or quotes around a text that holds special ones',
  BLOCK_AS_IMPLICIT_KEY: 'quotes around a text that holds a colon',
};

export interface ConfigDocument {
  /** The value of the file as maps, lists, texts, numbers, booleans and null. */
  readonly raw: unknown;
  /** What is no YAML. */
  readonly syntax: readonly Problem[];
  /** What is YAML, but has no place in a configuration: keys twice, tags, merge keys, endless nesting. */
  readonly structure: readonly Finding[];
  /** Gives a finding its place; a setting that is not there has the place of the map that lacks it. */
  readonly place: (finding: Finding) => Problem;
}

/** Reads a text as YAML. Never throws. */
export function readDocument(text: string, file: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parse(text, lines);
  if (document === null) {
    const deep = fileProblem(
      file,
      'the file is nested too deeply to be read',
      'a configuration of a few levels',
    );
    return { raw: null, syntax: [deep], structure: [], place: (finding) => placed(finding, file, 1, 1) };
  }
  const syntax = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    const expected = HINTS[error.code] ?? 'valid YAML';
    return {
      file,
      line,
      column: col,
      path: '',
      message: `this is not YAML: ${error.message.split(';')[0]}`,
      expected,
      suggestion: null,
    };
  });
  const reader = new PlainReader(document);
  const raw = reader.read(document.contents, []);
  const place = (finding: Finding): Problem => {
    const { line, col } = lines.linePos(offsetOf(document, finding));
    return placed(finding, file, Math.max(line, 1), Math.max(col, 1));
  };
  return { raw, syntax, structure: reader.findings, place };
}

/** null: nested so deeply that the parser gave up. */
function parse(text: string, lines: LineCounter): Document | null {
  try {
    // Keys that stand twice are found below, where their path is known.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    return document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION') ? null : document;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function placed(
  { path, message, expected, suggestion }: Finding,
  file: string,
  line: number,
  column: number,
): Problem {
  return { file, line, column, path: formatPath(path), message, expected, suggestion };
}

/** Walks the path as far as the document goes. */
function offsetOf(document: Document, { path, at }: Finding): number {
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
  if (isMap(container)) return pairsOf(container).get(String(part)) ?? null;
  if (!isSeq(container) || typeof part !== 'number' || !(part in container.items)) return null;
  return { key: container.items[part], value: container.items[part] };
}

const pairs = new WeakMap<YAMLMap, Map<string | null, Pair>>();

/** By key, the last of equal ones; remembered, since every mistake in a large map looks here. */
function pairsOf(map: YAMLMap): Map<string | null, Pair> {
  const known = pairs.get(map) ?? new Map(map.items.map((pair) => [keyOf(pair), pair]));
  pairs.set(map, known);
  return known;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** A configuration is a page or two; a larger file is something else. */
export const MAX_BYTES = 256 * 1024;
