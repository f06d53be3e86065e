import { basename, extname } from 'node:path/posix';

/** The languages of most applications. Rules for these two look at the call around a value. */
export const JAVASCRIPT_AND_PYTHON = ['javascript', 'python'] as const;

/** All other code; `other` are languages without their own rules. Rules look at what a string contains. */
export const OTHER_CODE = ['go', 'jvm', 'rust', 'ruby', 'php', 'dotnet', 'other'] as const;

/** All families of program code, except shell scripts. */
export const CODE = [...JAVASCRIPT_AND_PYTHON, ...OTHER_CODE] as const;

/**
 * Languages similar enough to share a set of rules. `config` are files that programs read as data (YAML, JSON, TOML, env
 * files, Terraform); `docs` is text for people.
 */
export type LanguageFamily = (typeof CODE)[number] | 'shell' | 'config' | 'docs';

/** How a language writes comments and strings. */
export interface CommentSyntax {
  /** Marks of a comment that ends with its line. See `hashNeedsSpace` for `#`. */
  readonly line: readonly string[];
  readonly block: readonly (readonly [open: string, close: string])[];
  /** String delimiters, longer ones first; nothing inside a string is a comment. */
  readonly strings: readonly string[];
  /** Strings that may span lines (others end with their line at the latest). */
  readonly longStrings: readonly string[];
  /** Strings that are documentation: long ones that are a statement of their own, or those after a mark. */
  readonly docstrings: 'statements' | RegExp | null;
  /** `#` starts a comment only after white space or at the start of a line (shell, YAML). */
  readonly hashNeedsSpace: boolean;
}

export interface Language {
  readonly id: LanguageId;
  readonly family: LanguageFamily;
  readonly comments: CommentSyntax;
}

const NONE: CommentSyntax = {
  line: [],
  block: [],
  strings: [],
  longStrings: [],
  docstrings: null,
  hashNeedsSpace: false,
};
const QUOTES = ['"', "'"] as const;
const C_LIKE: CommentSyntax = { ...NONE, line: ['//'], block: [['/*', '*/']], strings: QUOTES };
const ECMASCRIPT: CommentSyntax = { ...C_LIKE, strings: [...QUOTES, '`'], longStrings: ['`'] };
const TEXT_BLOCKS: CommentSyntax = { ...C_LIKE, strings: ['"""', ...QUOTES], longStrings: ['"""'] };
const HASH: CommentSyntax = { ...NONE, line: ['#'], strings: QUOTES };
// Strings end with their line here: otherwise one apostrophe in prose would hide every comment after it.
const HASH_AFTER_SPACE: CommentSyntax = { ...HASH, hashNeedsSpace: true };
const TRIPLE = ['"""', "'''"] as const;
const PYTHON: CommentSyntax = {
  ...HASH,
  strings: [...TRIPLE, ...QUOTES],
  longStrings: TRIPLE,
  docstrings: 'statements',
};
const MARKUP: CommentSyntax = { ...NONE, block: [['<!--', '-->']] };
const COMPONENT: CommentSyntax = {
  ...ECMASCRIPT,
  block: [
    ['/*', '*/'],
    ['<!--', '-->'],
  ],
};

/** Text for people, and the pages of manuals (`.1` to `.9`). */
const TEXT = [
  ...[
    'txt',
    'rst',
    'adoc',
    'asciidoc',
    'org',
    'tex',
    'texi',
    'rd',
    'pod',
    'rdoc',
    'textile',
    'wiki',
    'mdoc',
    'ronn',
  ],
  ...['man', 'dox', 'typ', 'creole', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
] as const;

const LANGUAGES = {
  javascript: { family: 'javascript', comments: ECMASCRIPT, extensions: ['js', 'mjs', 'cjs', 'jsx'] },
  typescript: { family: 'javascript', comments: ECMASCRIPT, extensions: ['ts', 'mts', 'cts', 'tsx'] },
  component: { family: 'javascript', comments: COMPONENT, extensions: ['vue', 'svelte', 'astro'] },
  python: {
    family: 'python',
    comments: PYTHON,
    extensions: ['py', 'pyi', 'pyw'],
  },
  notebook: {
    family: 'python',
    comments: PYTHON,
    extensions: ['ipynb'],
  },
  go: {
    family: 'go',
    comments: { ...C_LIKE, strings: [...QUOTES, '`'], longStrings: ['`'] },
    extensions: ['go'],
  },
  java: { family: 'jvm', comments: TEXT_BLOCKS, extensions: ['java'] },
  kotlin: { family: 'jvm', comments: TEXT_BLOCKS, extensions: ['kt', 'kts'] },
  scala: { family: 'jvm', comments: TEXT_BLOCKS, extensions: ['scala', 'sc'] },
  groovy: { family: 'jvm', comments: TEXT_BLOCKS, extensions: ['groovy', 'gradle'] },
  // A lifetime ('a) is not a string, and a char literal with a comment mark is rare.
  rust: { family: 'rust', comments: { ...C_LIKE, strings: ['"'], longStrings: ['"'] }, extensions: ['rs'] },
  ruby: {
    family: 'ruby',
    comments: { ...HASH, block: [['\n=begin', '\n=end']], longStrings: QUOTES, hashNeedsSpace: true },
    extensions: ['rb', 'rake', 'gemspec', 'erb', 'ru'],
    names: ['Gemfile', 'Rakefile'],
  },
  php: {
    family: 'php',
    comments: { ...C_LIKE, line: ['//', '#'], longStrings: QUOTES },
    extensions: ['php', 'phtml'],
  },
  csharp: { family: 'dotnet', comments: TEXT_BLOCKS, extensions: ['cs', 'csx', 'razor', 'cshtml'] },
  fsharp: {
    family: 'dotnet',
    comments: {
      ...NONE,
      line: ['//'],
      block: [['(*', '*)']],
      strings: ['"""', '"'],
      longStrings: ['"""', '"'],
    },
    extensions: ['fs', 'fsx'],
  },
  vb: { family: 'dotnet', comments: { ...NONE, line: ["'"], strings: ['"'] }, extensions: ['vb'] },
  shell: { family: 'shell', comments: HASH_AFTER_SPACE, extensions: ['sh', 'bash', 'zsh', 'fish', 'bats'] },
  powershell: {
    family: 'shell',
    comments: { ...HASH_AFTER_SPACE, block: [['<#', '#>']] },
    extensions: ['ps1', 'psm1', 'psd1'],
  },
  dockerfile: {
    family: 'shell',
    comments: HASH_AFTER_SPACE,
    extensions: ['dockerfile', 'containerfile'],
    names: ['Dockerfile', 'Containerfile'],
  },
  make: {
    family: 'shell',
    comments: HASH_AFTER_SPACE,
    extensions: ['mk', 'just'],
    names: ['Makefile', 'GNUmakefile', 'makefile', 'justfile', 'Justfile', 'Procfile'],
  },
  batch: { family: 'shell', comments: { ...NONE, line: ['::', 'REM ', 'rem '] }, extensions: ['bat', 'cmd'] },
  dotenv: {
    family: 'config',
    comments: HASH_AFTER_SPACE,
    extensions: ['env', 'envrc'],
    names: ['.env', '.envrc'],
  },
  yaml: { family: 'config', comments: HASH_AFTER_SPACE, extensions: ['yaml', 'yml'] },
  // JSON has no comments, but settings of .NET and of editors do.
  json: { family: 'config', comments: { ...C_LIKE, strings: ['"'] }, extensions: ['json', 'webmanifest'] },
  jsonc: { family: 'config', comments: { ...C_LIKE, strings: ['"'] }, extensions: ['jsonc', 'json5'] },
  toml: {
    family: 'config',
    comments: { ...HASH, strings: [...TRIPLE, ...QUOTES], longStrings: TRIPLE },
    extensions: ['toml'],
  },
  // Values have no quotes here, and an apostrophe in one doesn't start a string.
  properties: {
    family: 'config',
    comments: { ...NONE, line: ['#', '!', ';'] },
    extensions: ['properties', 'ini', 'cfg', 'conf', 'service', 'caddyfile'],
    names: ['Caddyfile'],
  },
  terraform: {
    family: 'config',
    comments: { ...C_LIKE, line: ['#', '//'], strings: ['"'], hashNeedsSpace: true },
    extensions: ['tf', 'tfvars', 'hcl', 'bicep', 'nomad', 'nix'],
  },
  xml: {
    family: 'config',
    comments: MARKUP,
    extensions: ['xml', 'config', 'csproj', 'fsproj', 'props', 'plist', 'xaml', 'axaml', 'resx'],
  },
  markdown: {
    family: 'docs',
    comments: MARKUP,
    extensions: ['md', 'mdx', 'markdown', 'rmd', 'qmd', 'livemd', 'rnw'],
  },
  text: { family: 'docs', comments: NONE, extensions: TEXT },
  html: { family: 'javascript', comments: COMPONENT, extensions: ['html', 'htm'] },
  swift: { family: 'other', comments: TEXT_BLOCKS, extensions: ['swift'] },
  dart: { family: 'other', comments: TEXT_BLOCKS, extensions: ['dart'] },
  c: {
    family: 'other',
    comments: C_LIKE,
    extensions: ['c', 'h', 'cc', 'cpp', 'cxx', 'hpp', 'm', 'mm', 'zig'],
  },
  elixir: {
    family: 'other',
    comments: {
      ...HASH,
      strings: ['"""', ...QUOTES],
      longStrings: ['"""'],
      docstrings: /@(?:module|type|short)?doc\s*(?:~[sS])?$/,
    },
    extensions: ['ex', 'exs'],
  },
  lua: {
    family: 'other',
    comments: { ...NONE, block: [['--[[', ']]']], line: ['--'], strings: QUOTES },
    extensions: ['lua'],
  },
  r: { family: 'other', comments: HASH, extensions: ['r', 'cr', 'nim', 'gd'] },
  julia: { family: 'other', comments: { ...PYTHON, block: [['#=', '=#']] }, extensions: ['jl'] },
  perl: {
    family: 'other',
    comments: {
      ...HASH,
      block: [
        ['\n=pod', '\n=cut'],
        ['\n=head', '\n=cut'],
        ['\n=over', '\n=cut'],
      ],
    },
    extensions: ['pl', 'pm'],
  },
  haskell: {
    family: 'other',
    comments: { ...NONE, line: ['--'], block: [['{-', '-}']], strings: ['"'] },
    extensions: ['hs', 'elm'],
  },
  lisp: {
    family: 'other',
    comments: { ...NONE, line: [';'], strings: ['"'] },
    extensions: ['clj', 'cljs', 'cljc', 'el'],
  },
  erlang: { family: 'other', comments: { ...NONE, line: ['%'], strings: ['"'] }, extensions: ['erl', 'hrl'] },
  sql: {
    family: 'other',
    comments: { ...NONE, line: ['--'], block: [['/*', '*/']], strings: QUOTES },
    extensions: ['sql'],
  },
  other: { family: 'other', comments: NONE, extensions: [] },
} as const satisfies Readonly<
  Record<
    string,
    {
      family: LanguageFamily;
      comments: CommentSyntax;
      extensions: readonly string[];
      names?: readonly string[];
    }
  >
>;

export type LanguageId = keyof typeof LANGUAGES;

const BY_EXTENSION = new Map<string, Language>();
const BY_NAME = new Map<string, Language>();
for (const [id, entry] of Object.entries(LANGUAGES)) {
  const language: Language = { id: id as LanguageId, family: entry.family, comments: entry.comments };
  for (const extension of entry.extensions) BY_EXTENSION.set(extension, language);
  for (const name of 'names' in entry ? entry.names : []) BY_NAME.set(name, language);
}

const OTHER: Language = { id: 'other', ...LANGUAGES.other };

/** Every language, each with its comment syntax. */
export const ALL_LANGUAGES: readonly Language[] = [
  ...new Set([...BY_EXTENSION.values(), ...BY_NAME.values(), OTHER]),
];

/** A script in a page that sends requests, and a form that names a model. */
const APP_PAGE =
  /<script\b(?:[^<]|<(?!\/script)){0,20000}?\b(?:fetch\(|XMLHttpRequest|axios\b|ajax\(|EventSource\(|WebSocket\(|import\b)|<(?:input|option|select|textarea|button)\b[^>]*>?[^<]{0,20}(?:open-?ai|gpt-)/i;

/** The language of a file; a page of HTML outside of a program is text for people. */
export function languageOfFile(path: string, text: string): Language {
  const language = languageOf(path);
  if (language.id !== 'html' || APP_PAGE.test(text)) return language;
  return { ...language, family: 'docs', comments: MARKUP };
}

/** The language of a file, by its path; `other` if unknown. */
export function languageOf(path: string): Language {
  const name = basename(path);
  // `.env.production`, `Dockerfile.dev` and `dev.Dockerfile` are named after their kind.
  const stem = /^\.env|^env\.(?:example|sample|template|dist)$/.test(name)
    ? '.env'
    : name.replace(/^(Dockerfile|Containerfile|Makefile)\..*$/, '$1');
  const extension = extname(name.replace(/\.(example|sample|template|dist|tmpl|j2|tpl)$/, ''))
    .slice(1)
    .toLowerCase();
  return BY_NAME.get(stem) ?? BY_EXTENSION.get(extension) ?? OTHER;
}

/** Whether a file is JavaScript, TypeScript or Python, for which rules look at the call around a value. */
export function isScript(path: string): boolean {
  const { family } = languageOf(path);
  return JAVASCRIPT_AND_PYTHON.some((script) => script === family);
}
