/** JSON, also with comments and trailing commas. */
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { indexOf, isWholeOnly, type Lookup, lookupProblem, NOWHERE, type ShareFile } from './position.ts';

export function parseJsonFile(text: string): ShareFile {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (root === undefined || error !== undefined) {
    const line = text.slice(0, error?.offset ?? 0).split('\n').length;
    return lookupProblem(`is not valid JSON (line ${line}: ${error ? reasonOf(error) : 'it is empty'})`);
  }
  return { kind: 'parsed', find: (steps) => find(root, steps) };
}

/** `CloseBraceExpected` → `close brace expected` */
function reasonOf({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

const KINDS: Readonly<Record<string, string>> = { array: 'a list', object: 'a map', null: 'empty' };

function find(root: Node, steps: readonly string[]): Lookup {
  let node = root;
  for (const step of steps) {
    const next = childrenAt(node, step);
    const [child] = next;
    if (child === undefined) return NOWHERE;
    if (next.length > 1) return lookupProblem(`is ambiguous: the key "${step}" appears ${next.length} times`);
    node = child;
  }
  const value: unknown = getNodeValue(node);
  if (typeof value !== 'number' && typeof value !== 'string') {
    return lookupProblem(`is ${KINDS[node.type] ?? String(value)}`);
  }
  const rootKeys = root.type === 'object' ? (root.children ?? []).map(keyOf) : [];
  const wholeOnly = isWholeOnly(steps, rootKeys);
  const quote = typeof value === 'string' ? '"' : '';
  const position = { start: node.offset, end: node.offset + node.length, value, quote, wholeOnly };
  return { kind: 'found', position };
}

/** The values at a key or an index; several if the key is repeated. */
function childrenAt(node: Node, step: string): readonly Node[] {
  const children = node.children ?? [];
  if (node.type === 'object') {
    return children
      .filter((property) => keyOf(property) === step)
      .flatMap(({ children: [, value] = [] }) => (value === undefined ? [] : [value]));
  }
  const index = node.type === 'array' ? indexOf(step) : null;
  const child = index === null ? undefined : children[index];
  return child === undefined ? [] : [child];
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value);
}
