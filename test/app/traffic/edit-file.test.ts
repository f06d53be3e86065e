import fc from 'fast-check';
import { parse as parseJsonc } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { compareFile, describe as described, editFile, type Wanted } from '../../../app/traffic/edit-file.ts';
import { stepsOf } from '../../../src/config/share-file/position.ts';

const share = (pointer: string, amount: number): Wanted => ({ pointer, value: 'share', amount });

function edited(path: string, text: string, ...wanted: Wanted[]): string {
  const result = editFile(path, text, wanted);
  if (result.kind === 'problem') throw new Error(result.problem);
  return result.text;
}

function problemOf(path: string, text: string, ...wanted: Wanted[]): string {
  const result = editFile(path, text, wanted);
  return result.kind === 'problem' ? result.problem : `no problem: ${result.text}`;
}

/** Lines that differ, as a diff shows them. */
function diff(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  expect(b).toHaveLength(a.length);
  return a.flatMap((line, index) => (line === b[index] ? [] : [`-${line}`, `+${b[index]}`]));
}

const ROUTE = `# The road of the assistant's traffic.
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: assistant,   labels: {team: "core"}}
spec:
    rules:
    - backendRefs:
      - name: official   # stays until the end
        port: 8080
        weight: 100      # percent

      - name: llm-gateway
        port: 8080
        weight: 0        # written by gateway-rollout
---
apiVersion: v1
kind: ConfigMap
data:
  note: >-
    folded
    text
`;

describe('a YAML file', () => {
  it('keeps comments, blank lines and odd indentation: the diff shows only numbers', () => {
    const after = edited('deploy/route.yaml', ROUTE, share('spec.rules[0].backendRefs[1].weight', 25), {
      pointer: '/spec/rules/0/backendRefs/0/weight',
      value: 'rest',
      amount: 75,
    });
    expect(diff(ROUTE, after)).toEqual([
      '-        weight: 100      # percent',
      '+        weight: 75      # percent',
      '-        weight: 0        # written by gateway-rollout',
      '+        weight: 25        # written by gateway-rollout',
    ]);
  });

  it('keeps CRLF, a byte order mark and a missing last line end', () => {
    const before = '\ufeffshare: 0 # a\r\nother: "x"';
    expect(edited('values.yml', before, share('share', 5))).toBe('\ufeffshare: 5 # a\r\nother: "x"');
  });

  it.each([
    ['share: "5"', 'share: "25"'],
    ["share: '5'", "share: '25'"],
    ['share: 5%', 'share: 25%'],
    ['share: "5 %"', 'share: "25 %"'],
    ['share: !!str 5 # text', 'share: !!str 25 # text'],
    ['share: &unused 5', 'share: &unused 25'],
    ['{share: 5}', '{share: 25}'],
  ])('keeps the notation of the file: %s', (before, after) => {
    expect(edited('values.yaml', before, share('share', 25))).toBe(after);
  });

  it.each([
    ['a: 1\nb: {c: [1, 2]}', '/b/c/5', '/b/c/5 does not exist'],
    ['a: 1', '/a/b', '/a/b does not exist'],
    ['a: [1]', '/a/01', '/a/01 does not exist'],
    ['a: {b: 1}', '/a', '/a is a map'],
    ['a: [1]', '/a', '/a is a list'],
    ['a: true', '/a', '/a is true'],
    ['a:', '/a', '/a is empty'],
    ['a: official', '/a', '/a is text that is not a number'],
    ['a: |\n  5\n', '/a', '/a is a block of text'],
    ['x: &s 5\na: *s', '/a', '/a is an alias; expected the path of its anchor'],
    ['x: &s {a: 5}\ny: *s', '/y/a', '/y/a is behind an alias; expected the path of its anchor'],
    ['a: &s 5\nx: *s', '/a', '/a has the anchor &s, so other parts of the file would change with it'],
    ['a: 1\n---\na: 2\n', '/a', '/a is ambiguous: 2 documents in the file have it'],
  ])('refuses %j at %s', (text, pointer, problem) => {
    expect(problemOf('values.yaml', text, share(pointer, 5))).toBe(
      `In values.yaml, ${pointer} ${problem.slice(pointer.length + 1)}; expected a number, or text that is a number.`,
    );
  });

  it('refuses what is not YAML, such as a template or a duplicate key', () => {
    expect(problemOf('t.yaml', '{{- if .Values.canary }}\na: 1\n{{- end }}\n', share('a', 5))).toMatch(
      /^t\.yaml is not valid YAML \(.+\)\.$/,
    );
    const conflict = 'a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> main\n';
    expect(problemOf('t.yaml', conflict, share('a', 5))).toMatch(
      /^t\.yaml is not valid YAML \(.+ at line 2, column 1\)\.$/,
    );
    expect(problemOf('t.yaml', 'a: 1\na: 2', share('a', 5))).toMatch(
      /^t\.yaml is not valid YAML \(Map keys must be unique at line 2, column 1\)\.$/,
    );
  });
});

describe('a JSON file', () => {
  it('keeps comments, trailing commas, tabs and the order of keys', () => {
    const before =
      '{\n\t// who goes where\n\t"b": [1, 2,],  "a": {"share": 0, /* percent */ "text": "5",},\n}\n';
    const after = edited('flags.json', before, share('/a/share', 12.5), share('a.text', 12.5));
    expect(diff(before, after)).toEqual([
      '-\t"b": [1, 2,],  "a": {"share": 0, /* percent */ "text": "5",},',
      '+\t"b": [1, 2,],  "a": {"share": 12.5, /* percent */ "text": "12.5",},',
    ]);
  });

  it('understands escapes of JSON pointers', () => {
    expect(edited('f.json', '{"a/b": {"m~n": {"": 1}}}', share('/a~1b/m~0n/', 2))).toBe(
      '{"a/b": {"m~n": {"": 2}}}',
    );
  });

  it.each([
    ['{"a": 1, "a": 2}', 'In f.json, /a is ambiguous: the key "a" appears 2 times; '],
    ['{"a": null}', 'In f.json, /a is empty; '],
    ['{"b": 1}', 'In f.json, /a does not exist; '],
    ['{"a": 1', 'f.json is not valid JSON (line 1: close brace expected).'],
    ['{\n  "b": 2\n<<<<<<< HEAD\n  "a": 1\n}', 'f.json is not valid JSON (line 3: invalid symbol).'],
    ['', 'f.json is not valid JSON (line 1: '],
  ])('refuses %j', (text, problem) => {
    expect(problemOf('f.json', text, share('/a', 5))).toContain(problem);
  });

  it('is recognized by its first character if its name has no extension', () => {
    expect(edited('flags', ' {"a": 1,}', share('/a', 5))).toBe(' {"a": 5,}');
    expect(edited('flags', 'a: 1', share('/a', 5))).toBe('a: 5');
  });
});

describe('numbers', () => {
  it('never writes a fraction where only whole numbers are valid', () => {
    const flag = '{"flags": {"f": {"targeting": {"fractional": [["gateway", 0], ["official", 100]]}}}}';
    const pointer = '/flags/f/targeting/fractional/0/1';
    expect(problemOf('flags.json', flag, share(pointer, 0.5))).toBe(
      `In flags.json, ${pointer} can only hold whole numbers, not 0.5; expected stages of whole percents.`,
    );
    expect(problemOf('route.yaml', ROUTE, share('spec.rules[0].backendRefs[1].weight', 0.5))).toContain(
      'whole numbers',
    );
    expect(edited('values.yaml', 'share: 0', share('share', 0.5))).toBe('share: 0.5');
  });

  it('leaves an equal number alone in any notation', () => {
    expect(edited('v.yaml', 'a: 5.0\nb: 5e0\nc: "5.00"', share('a', 5), share('b', 5), share('c', 5))).toBe(
      'a: 5.0\nb: 5e0\nc: "5.00"',
    );
  });

  it('refuses a fraction where the file holds a percentage', () => {
    expect(problemOf('v.yaml', 'a: 5%', { pointer: '/a', value: 'fraction', amount: 0.05 })).toBe(
      'In v.yaml, /a is the percentage 5%, not a fraction; expected a number, or text that is a number.',
    );
  });

  it('refuses two different values for one place', () => {
    expect(problemOf('v.yaml', 'a: 5', share('/a', 6), { pointer: 'a', value: 'rest', amount: 94 })).toBe(
      'v.yaml would not hold the wanted values: two pointers name the same place.',
    );
  });

  it('describes the differences', () => {
    const compared = compareFile('v.yaml', 'a: 25\nb: "75"', [share('/a', 5), share('/b', 75)]);
    expect(compared.kind === 'compared' && described(compared.different)).toBe('/a is 25, expected 5');
  });
});

describe('of any file', () => {
  const scalar = fc.oneof(
    fc.nat(10_000).map((hundredths) => hundredths / 100),
    fc.nat(100).map(String),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.constantFrom(null, true, 'text'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z/~]{1,3}$/), tie('tree'), { maxKeys: 3 }),
    ),
  }));
  const files = fc.tuple(
    fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tree, { minKeys: 1 }),
    fc.nat(),
    fc.nat(100),
  );

  it('only the values at the pointers change, and a second edit changes nothing more', () => {
    fc.assert(
      fc.property(
        files,
        fc.constantFrom('f.json', 'f.yaml'),
        fc.boolean(),
        ([value, choice, amount], path, indent) => {
          const pointers = numbersIn(value, '');
          fc.pre(pointers.length > 0);
          const pointer = pointers[choice % pointers.length] ?? '';
          const before = JSON.stringify(value, null, indent ? 2 : 0);
          const once = edited(path, before, share(pointer, amount));
          const read = path === 'f.json' ? parseJsonc(once) : parseAllDocuments(once)[0]?.toJS();
          const expected = structuredClone(value);
          set(expected, stepsOf(pointer), amount);
          expect(read).toEqual(expected);
          expect(edited(path, once, share(pointer, amount))).toBe(once);
        },
      ),
      { numRuns: 150 },
    );
  });
});

function numbersIn(value: unknown, pointer: string): string[] {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) return [pointer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    numbersIn(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** Sets the plain value in place; a text stays a text, and what is the amount already stays as it is written. */
function set(root: unknown, steps: readonly string[], amount: number): void {
  const last = steps.at(-1) ?? '';
  let holder = root;
  for (const step of steps.slice(0, -1)) holder = member(holder, step);
  const old = member(holder, last);
  if (Number(old) === amount || typeof holder !== 'object' || holder === null) return;
  Reflect.set(holder, last, typeof old === 'string' ? String(amount) : amount);
}

function member(holder: unknown, step: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
}
