/** Keeps phrases that read like a translation out of documents, messages, pages, snapshots and test titles. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Phrases that slow a reader down, and what to write instead. */
const PHRASES: readonly (readonly [found: RegExp, better: string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bails?\b/i, 'is wrong'],
  [/(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more than\b|less\b)[a-z`"*]+/i, 'is not a …'],
  [/\b(?:says?|said|must say) go\b/i, 'approve, wait for approval'],
  [/\bbeyond (?:a|an|the|its|this|that|one|any|every) (?:[a-z]+ )?limit/i, 'violates, outside a limit'],
  [/\bstands? (?:in|at|on|there|still|where|twice)\b/i, 'is, is at'],
  [/\bnobody tells\b|\bnobody knows\b|\bnobody can say\b/i, 'is unknown'],
  [/\b(?:is|are|was|were|be) told\b/i, 'is reported, is shown'],
  [/\b(?:the|at|their|its) present (?!day)[a-z]+/i, 'current'],
  [/\b(?:goes|go|going|went) on\b(?! call)/i, 'continue'],
  [/\bwhoever\b|\bwhosoever\b/i, 'name who'],
  [/\bthe numbers (?:stay|stayed|forbid|allow|say|came|come)\b/i, 'metrics fail, no measurements arrived'],
  [/\bhowever often one\b|\bleaves? possible\b/i, 'confidence interval, valid at any number of looks'],
  [/\bcan(?:not)? be (?:had|told)\b/i, 'is available, is known'],
  [/\btakes? (?:it|them) for (?:a|an|one)\b/i, 'mistakes it for'],
  [/\bof (?:yours|theirs)\b/i, 'your'],
  [/\banother [a-z]+ than\b/i, 'a different … than'],
  [/\b(?:no|has) data of\b|\bnone of (?:the|that|either) [^ ]+ arm\b/i, 'no data for'],
  [/\b(?:says?|knows?) nothing of\b/i, 'is unknown'],
  [/\ba text of\b|\bwithout end\b/i, 'a string of …, endless'],
  [/\bsuch as with\b|\ball the same\b/i, 'for example with, still'],
  [/\b(?:gateway|proxy|platform|recorder|server|api)['’]s address\b/i, 'URL'],
  [/\b(?:effective|no|readable|several) configurations?\b/i, 'config'],
];

/** Lines where such a phrase is right: a quotation, a name, third-party text. */
const EXCEPTIONS: Readonly<Record<string, readonly RegExp[]>> = {};

const DOCUMENTS = globSync(['*.md', '{src,app,test}/**/*.md', '.github/**/*.md', 'action.yml'], {
  cwd: root,
});
const SNAPSHOTS = globSync('test/**/__snapshots__/*.snap', { cwd: root });
const PROGRAMS = globSync(['{src,app}/**/*.{ts,js}', 'test/demo/*.ts'], {
  cwd: root,
  // Their examples are other people's code.
  exclude: ['src/inventory/rules/*', 'test/demo/*.test.ts'],
});

const TESTS = globSync('test/**/*.test.ts', { cwd: root });

describe.each([
  ['documents', DOCUMENTS, (text: string) => text],
  ['snapshots', SNAPSHOTS, (text: string) => text],
  ['messages', PROGRAMS, literalsOf],
  ['titles', TESTS, titlesOf],
] as const)('%s', (_, files, read) => {
  it('are found', () => expect(files.length).toBeGreaterThan(5));

  it.each(files)('%s', (file) => {
    expect(findings(file, read(readFileSync(resolve(root, file), 'utf8')))).toEqual([]);
  });
});

it('finds a phrase in a literal, but not in a comment, and nothing in plain English', () => {
  const code = '// mend it\nconst text = `Mend it`; /* ails */ const other = "there is no limit, no data";';
  expect(findings('x.ts', literalsOf(code))).toEqual(['1: "Mend" (fix)']);
});

function findings(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    PHRASES.flatMap(([found, better]) => {
      const [phrase] = found.exec(line) ?? [];
      if (phrase === undefined || EXCEPTIONS[file]?.some((exception) => exception.test(line))) return [];
      return [`${index + 1}: "${phrase}" (${better})`];
    }),
  );
}

/** A program's string and template literals, one per line, without comments and code. */
function literalsOf(code: string): string {
  const parts = code.matchAll(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)/g,
  );
  return [...parts].flatMap(([, literal]) => literal?.replaceAll('\n', ' ') ?? []).join('\n');
}

/** The titles of a file's tests, one per line. */
function titlesOf(code: string): string {
  const titles = code.matchAll(
    /^ *(?:it|test|describe)\b[^'"`\n]*(?:\[[^\n]*\][^'"`\n]*)?\((['"`])((?:\\.|(?!\1).)*)\1/gm,
  );
  return [...titles].map(([, , title]) => title).join('\n');
}
