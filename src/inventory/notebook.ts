import { Lines, type Position, type Positions } from './text-lines.ts';

/** A notebook's code, and the position of each of its lines in the `.ipynb` file. */
export interface NotebookCode {
  readonly code: string;
  readonly lines: Positions;
}

/** A string of a JSON text, with the keys and indexes that lead to it. */
interface JsonString {
  readonly path: readonly (string | number)[];
  readonly value: string;
  /** Of its opening quote. */
  readonly offset: number;
}

/**
 * The code cells of a Jupyter notebook (nbformat 4), concatenated, without prose and outputs. Columns are those of the
 * file; characters that JSON escapes make them inexact.
 */
export function notebookCode(json: string): NotebookCode {
  const strings = [...jsonStrings(json)].filter(({ path }) => path[0] === 'cells');
  const codeCells = new Set(
    strings
      .filter(({ path, value }) => path[2] === 'cell_type' && value === 'code')
      .map(({ path }) => path[1]),
  );
  const sources = strings.filter(
    ({ path }) => path[2] === 'source' && path.length <= 4 && codeCells.has(path[1]),
  );
  const file = new Lines(json);
  const starts: Position[] = [];
  let code = '';
  for (const [index, { path, value, offset }] of sources.entries()) {
    const next = sources[index + 1]?.path;
    const whole = next !== undefined && next[1] === path[1] ? value : `${value}\n`;
    const { line, column } = file.position(offset + 1);
    // If a source is a single string, many lines of code are on one line of the file.
    const lines = whole.split('\n').length - 1;
    for (let count = 0; count < lines; count++) starts.push({ line, column: count === 0 ? column : 1 });
    code += whole;
  }
  return { code, lines: new CellLines(code, starts) };
}

class CellLines implements Positions {
  readonly #code: Lines;
  readonly #starts: readonly Position[];

  constructor(code: string, starts: readonly Position[]) {
    this.#code = new Lines(code);
    this.#starts = starts;
  }

  position(offset: number): Position {
    const { line, column } = this.#code.position(offset);
    const start = this.#starts[line - 1] ?? { line: 1, column: 1 };
    return { line: start.line, column: start.column + column - 1 };
  }
}

/** Every string value of a JSON text, in order; of invalid JSON, those before the error. */
function* jsonStrings(json: string): Generator<JsonString> {
  const path: (string | number)[] = [];
  let key = false;
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const last = path.at(-1);
    if (token === '{') {
      path.push('');
      key = true;
    } else if (token === '[') {
      path.push(0);
    } else if (token === '}' || token === ']') {
      path.pop();
      key = false;
    } else if (token === ',') {
      if (typeof last === 'number') path[path.length - 1] = last + 1;
      key = typeof last === 'string';
    } else if (token === ':') {
      key = false;
    } else if (key) {
      path[path.length - 1] = unquote(token);
    } else {
      yield { path: [...path], value: unquote(token), offset: index };
    }
  }
}

function unquote(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
}
