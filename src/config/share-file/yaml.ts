/** YAML, also several documents in one file. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  parseAllDocuments,
  visit,
} from 'yaml';
import { indexOf, isWholeOnly, type Lookup, lookupProblem, NOWHERE, type ShareFile } from './position.ts';

const QUOTES: Readonly<Record<string, string>> = { PLAIN: '', QUOTE_SINGLE: "'", QUOTE_DOUBLE: '"' };

export function parseYamlFile(text: string): ShareFile {
  const documents = [...parseAllDocuments<ParsedNode>(text, { prettyErrors: true })];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined)
    return lookupProblem(`is not valid YAML (${error.message.split('\n')[0]?.replace(/:$/, '')})`);
  return { kind: 'parsed', find: (steps) => findInAll(documents, steps) };
}

/** The pointer must match in exactly one document. */
function findInAll(documents: readonly Document.Parsed[], steps: readonly string[]): Lookup {
  const found = documents.map((document) => find(document, steps)).filter((each) => each !== NOWHERE);
  if (found.length <= 1) return found[0] ?? NOWHERE;
  return lookupProblem(`is ambiguous: ${found.length} documents in the file have it`);
}

function find(document: Document.Parsed, steps: readonly string[]): Lookup {
  let node: unknown = document.contents;
  for (const step of steps) {
    if (isAlias(node)) return lookupProblem('is behind an alias; expected the path of its anchor');
    node = childAt(node, step);
    if (node === undefined) return NOWHERE;
  }
  if (isAlias(node)) return lookupProblem('is an alias; expected the path of its anchor');
  if (isMap(node)) return lookupProblem('is a map');
  if (isSeq(node)) return lookupProblem('is a list');
  if (!isScalar(node)) return lookupProblem('is empty');
  const { value, range, type, anchor } = node;
  if (value === null) return lookupProblem('is empty');
  const quote = QUOTES[type ?? ''];
  if ((typeof value !== 'number' && typeof value !== 'string') || quote === undefined || !range) {
    return lookupProblem(`is ${typeof value === 'boolean' ? String(value) : 'a block of text'}`);
  }
  if (anchor !== undefined && isReferred(document, anchor)) {
    return lookupProblem(`has the anchor &${anchor}, so other parts of the file would change with it`);
  }
  const wholeOnly = isWholeOnly(steps, rootKeys(document));
  return { kind: 'found', position: { start: range[0], end: range[1], value, quote, wholeOnly } };
}

function childAt(node: unknown, step: string): unknown {
  if (isMap(node)) {
    const entry = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    return entry === undefined ? undefined : (entry.value ?? null);
  }
  const index = isSeq(node) ? indexOf(step) : null;
  return isSeq(node) && index !== null ? node.items[index] : undefined;
}

function isReferred(document: Document.Parsed, anchor: string): boolean {
  let referred = false;
  visit(document, {
    Alias(_key, alias) {
      referred ||= alias.source === anchor;
    },
  });
  return referred;
}

function rootKeys({ contents }: Document.Parsed): string[] {
  return isMap(contents) ? contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
}
