// biome-ignore-all lint/suspicious/noTemplateCurlyInString: suggestions are code of other languages
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepare, scanFile } from '../../src/inventory/scan.ts';
import type { Site } from '../../src/inventory/site.ts';
import { suggestionFor, suggestionInWords } from '../../src/inventory/suggest.ts';

/** The hard-coded sites of a file with these lines. */
const sitesIn = (file: string, ...lines: string[]): Site[] =>
  scanFile(prepare(file, `${lines.join('\n')}\n`)).filter(({ hardCoded }) => hardCoded);

const suggestions = (file: string, ...lines: string[]) => sitesIn(file, ...lines).map(suggestionFor);

describe('a suggestion', () => {
  it('takes the place of the literal, and changes nothing until its variable is set', () => {
    expect(suggestions('a.ts', "import OpenAI from 'openai'", "client.chat({ model: 'gpt-4o' })")).toEqual([
      "(process.env.OPENAI_MODEL ?? 'gpt-4o')",
    ]);
  });

  it("keeps the path of a literal, since a whole endpoint isn't a base URL", () => {
    expect(suggestions('a.ts', "fetch('https://api.openai.com/v1/embeddings')")).toEqual([
      "(process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1') + '/embeddings'",
    ]);
    expect(suggestions('a.sh', 'curl https://api.openai.com/v1/chat/completions')).toEqual([
      '"${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions"',
    ]);
  });

  it('has one variable for each purpose, or that of the constant', () => {
    const model = (line: string) => suggestions('a.py', 'import openai', line)[0];
    expect(model('openai.Embedding.create(model="text-embedding-3-small")')).toContain(
      'OPENAI_EMBEDDING_MODEL',
    );
    expect(model('openai.Audio.transcribe(model="whisper-1")')).toContain('OPENAI_TRANSCRIPTION_MODEL');
    expect(model('CHAT_MODEL = "gpt-4o"')).toBe('os.getenv("CHAT_MODEL", "gpt-4o")');
  });

  it('gives a client that reads no variable its URL, and has nothing to say of one that does', () => {
    expect(
      suggestions('a.go', 'import openai "github.com/sashabaranov/go-openai"', 'c := openai.NewClient(key)'),
    ).toEqual(['config.BaseURL = cmp.Or(os.Getenv("OPENAI_BASE_URL"), "https://api.openai.com/v1")']);
    expect(suggestions('a.ts', "import OpenAI from 'openai'", 'const client = new OpenAI()')).toEqual([]);
  });

  it.each([
    ['a host', "const host = 'api.openai.com'"],
    ['a URL with an interpolation', 'fetch(`https://api.openai.com/v1/${path}`)'],
    ['a URL with a query', "fetch('https://api.openai.com/v1/models?key=abc')"],
  ])('says nothing about %s', (_, line) => {
    expect(suggestions('a.ts', line)).toEqual([null]);
  });

  it('tells a person what the code needs besides', () => {
    const [site] = sitesIn('a.py', 'import openai', 'openai.Completion.create(model="gpt-4o")');
    expect(site && suggestionInWords(site)).toBe('os.getenv("OPENAI_MODEL", "gpt-4o") (import os)');
  });

  it('never repeats a key, and asks to revoke it', () => {
    const [site] = sitesIn('a.py', 'import openai', `openai.api_key = "sk-proj-${'Ab3'.repeat(16)}"`);
    expect(site && suggestionFor(site)).toBe(
      'use os.environ["OPENAI_API_KEY"] instead of the key, and revoke this key',
    );
  });
});

/** A file with the suggestions, and the tool that reads it: a compiler, or a parser. */
type Trial = readonly [
  language: Site['language'],
  file: string,
  text: (codes: readonly string[]) => string,
  tool: string,
  args: readonly string[],
];

const each = (codes: readonly string[], line: (code: string, index: number) => string) =>
  codes.map(line).join('\n');
const TRIALS: readonly Trial[] = [
  [
    'typescript',
    'a.ts',
    (codes) =>
      `declare const process: { env: Record<string, string | undefined> };\n${each(codes, (code, at) => `export const v${at}: string = ${code};`)}`,
    join(import.meta.dirname, '../../node_modules/.bin/tsc'),
    ['--noEmit', '--strict', '--types', '', 'a.ts'],
  ],
  [
    'javascript',
    'a.mjs',
    (codes) => each(codes, (code) => `f(${code});`),
    process.execPath,
    ['--check', 'a.mjs'],
  ],
  [
    'python',
    'a.py',
    (codes) => `import os\nv: list[str] = [\n${each(codes, (code) => `${code},`)}\n]`,
    'python3',
    ['a.py'],
  ],
  [
    'go',
    'a.go',
    (codes) =>
      `package main\n\nimport (\n\t"cmp"\n\t"os"\n)\n\nfunc main() {\n${each(codes, (code) => `\tvar _ string = ${code}`)}\n}`,
    'go',
    ['build', '-o', 'a.out', 'a.go'],
  ],
  [
    'java',
    'A.java',
    (codes) => `class A {\n${each(codes, (code, at) => `static final String V${at} = ${code};`)}\n}`,
    'javac',
    ['-d', '.', 'A.java'],
  ],
  [
    'rust',
    'a.rs',
    (codes) => `pub fn f() -> Vec<String> { vec![\n${each(codes, (code) => `${code},`)}\n] }`,
    'rustc',
    ['--crate-type=lib', '--emit=metadata', 'a.rs'],
  ],
  ['ruby', 'a.rb', (codes) => each(codes, (code) => `f(${code})`), 'ruby', ['-c', 'a.rb']],
  ['php', 'a.php', (codes) => `<?php\n${each(codes, (code) => `f(${code});`)}`, 'php', ['-l', 'a.php']],
  ['shell', 'a.sh', (codes) => each(codes, (code) => `f ${code}`), 'bash', ['-n', 'a.sh']],
  [
    'make',
    'Makefile',
    (codes) => `${each(codes, (code, at) => `V${at} := ${code}`)}\nall:\n`,
    'make',
    ['-s'],
  ],
  [
    'csharp',
    'a.cs',
    (codes) => `class A {\n${each(codes, (code, at) => `static readonly string V${at} = ${code};`)}\n}`,
    'mcs',
    ['-target:library', 'a.cs'],
  ],
  [
    'kotlin',
    'a.kt',
    (codes) => each(codes, (code, at) => `val v${at}: String = ${code}`),
    'kotlinc',
    ['a.kt', '-d', 'out'],
  ],
  [
    'swift',
    'a.swift',
    (codes) => `import Foundation\n${each(codes, (code, at) => `let v${at}: String = ${code}`)}`,
    'swiftc',
    ['-parse', 'a.swift'],
  ],
  [
    'dart',
    'a.dart',
    (codes) => each(codes, (code, at) => `const String v${at} = ${code};`),
    'dart',
    ['analyze', 'a.dart'],
  ],
  ['elixir', 'a.exs', (codes) => each(codes, (code) => `IO.inspect(${code})`), 'elixir', ['a.exs']],
  ['lua', 'a.lua', (codes) => each(codes, (code) => `f(${code})`), 'luac', ['-p', 'a.lua']],
  [
    'powershell',
    'a.ps1',
    (codes) => each(codes, (code) => `Write-Output ${code}`),
    'pwsh',
    ['-File', 'a.ps1'],
  ],
];

describe('the suggested code', () => {
  it.for(TRIALS)(
    'of $0 is read by its compiler',
    { timeout: 60_000 },
    ([language, file, text, tool, args], { skip }) => {
      const site = (over: Partial<Site>): Site => ({
        ...{ file, line: 1, column: 1, language, sdk: null, confidence: 'high', scope: 'code' },
        ...{
          note: null,
          rule: 'any',
          kind: 'base_url',
          value: 'https://api.openai.com/v1',
          hardCoded: true,
          role: null,
        },
        ...over,
      });
      const codes = [
        site({}),
        site({ rest: '/chat/completions' }),
        site({ kind: 'model', value: 'gpt-4o', role: 'use' }),
      ].map((each) => suggestionFor(each) ?? '');
      expect(codes.filter((code) => !/OPENAI_(?:BASE_URL|MODEL)/.test(code))).toEqual([]);
      const folder = mkdtempSync(join(tmpdir(), 'suggest-'));
      try {
        writeFileSync(join(folder, file), `${text(codes)}\n`);
        const run = spawnSync(tool, args, { cwd: folder, encoding: 'utf8' });
        skip(
          run.error !== undefined && 'code' in run.error && run.error.code === 'ENOENT',
          `${tool} is not installed`,
        );
        expect(run.error).toBeUndefined();
        expect({ status: run.status, output: run.stdout + run.stderr }).toMatchObject({ status: 0 });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
