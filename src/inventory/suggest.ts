// biome-ignore-all lint/suspicious/noTemplateCurlyInString: suggestions are code of other languages
import { clientReads } from './client-reads.ts';
import type { LanguageId } from './languages.ts';
import { isSetting } from './readiness.ts';
import { IMPLICIT, type Site } from './site.ts';

/** How a language reads a setting from the environment. */
interface Idiom {
  /** The variable alone, for keys: they have no default. */
  readonly read: string;
  /** NAME with VALUE as the default, so nothing changes until the variable is set; may stand wherever the literal did. */
  readonly readOr: string;
  /** This expression followed by more text of the literal, REST. */
  readonly joined: string;
  /** What else the code needs, in a few words. */
  readonly needs?: string;
}

const idiom = (read: string, readOr: string, joined: string, needs?: string): Idiom => ({
  read,
  readOr,
  joined,
  ...(needs !== undefined && { needs }),
});

const ECMASCRIPT = idiom('process.env.NAME', "(process.env.NAME ?? 'VALUE')", "CODE + 'REST'");
const PYTHON = idiom('os.environ["NAME"]', 'os.getenv("NAME", "VALUE")', 'CODE + "REST"', 'import os');
const JVM = idiom('System.getenv("NAME")', 'System.getenv().getOrDefault("NAME", "VALUE")', 'CODE + "REST"');
const DOTNET = 'System.Environment.GetEnvironmentVariable("NAME")';
const SHELL = idiom('"${NAME:?}"', '"${NAME:-VALUE}"', '"${NAME:-VALUE}REST"');

/** Languages that are not here read no environment, or have more than one way to. */
const IDIOMS: Partial<Record<LanguageId, Idiom>> = {
  javascript: ECMASCRIPT,
  typescript: ECMASCRIPT,
  component: ECMASCRIPT,
  python: PYTHON,
  notebook: PYTHON,
  go: idiom(
    'os.Getenv("NAME")',
    'cmp.Or(os.Getenv("NAME"), "VALUE")',
    'CODE + "REST"',
    'import "cmp" and "os"; a const must become a var',
  ),
  java: JVM,
  groovy: JVM,
  kotlin: idiom('System.getenv("NAME")', '(System.getenv("NAME") ?: "VALUE")', 'CODE + "REST"'),
  scala: idiom('sys.env("NAME")', 'sys.env.getOrElse("NAME", "VALUE")', 'CODE + "REST"'),
  rust: idiom(
    'std::env::var("NAME").expect("NAME")',
    'std::env::var("NAME").unwrap_or_else(|_| "VALUE".into())',
    'std::env::var("NAME").unwrap_or_else(|_| "VALUE".into()) + "REST"',
  ),
  ruby: idiom('ENV.fetch("NAME")', 'ENV.fetch("NAME", "VALUE")', 'CODE + "REST"'),
  php: idiom("getenv('NAME')", "(getenv('NAME') ?: 'VALUE')", "CODE . 'REST'"),
  csharp: idiom(DOTNET, `(${DOTNET} ?? "VALUE")`, 'CODE + "REST"', 'a const must become static readonly'),
  fsharp: idiom(DOTNET, `(${DOTNET} |> Option.ofObj |> Option.defaultValue "VALUE")`, 'CODE + "REST"'),
  vb: idiom(DOTNET, `If(${DOTNET}, "VALUE")`, 'CODE & "REST"'),
  shell: SHELL,
  dockerfile: SHELL,
  powershell: idiom('$env:NAME', '$(if ($env:NAME) { $env:NAME } else { "VALUE" })', '"CODEREST"'),
  make: idiom('$(NAME)', '$(or $(NAME),VALUE)', 'CODEREST'),
  swift: idiom(
    'ProcessInfo.processInfo.environment["NAME"]!',
    '(ProcessInfo.processInfo.environment["NAME"] ?? "VALUE")',
    'CODE + "REST"',
    'import Foundation',
  ),
  dart: idiom(
    "const String.fromEnvironment('NAME')",
    "const String.fromEnvironment('NAME', defaultValue: 'VALUE')",
    "CODE + 'REST'",
    'set with --dart-define',
  ),
  elixir: idiom('System.fetch_env!("NAME")', 'System.get_env("NAME", "VALUE")', 'CODE <> "REST"'),
  lua: idiom('os.getenv("NAME")', '(os.getenv("NAME") or "VALUE")', 'CODE .. "REST"'),
  terraform: idiom(
    'var.NAME',
    'var.NAME',
    '"${CODE}REST"',
    'declare variable "NAME" with the default "VALUE"',
  ),
};

/** How a client that reads no variable for its URL is given one; READ is the expression. */
const URL_OPTIONS: Partial<Record<NonNullable<Site['sdk']>, string>> = {
  'openai-node': 'basePath: READ',
  'vercel-ai': 'createOpenAI({ baseURL: READ })',
  'go-openai': 'config.BaseURL = READ',
  'openai-java': '.baseUrl(READ)',
  langchain4j: '.baseUrl(READ)',
  'async-openai': '.with_api_base(READ)',
  'ruby-openai': 'uri_base: READ',
  'openai-php': '->withBaseUri(READ)',
  'openai-dotnet': 'new OpenAIClientOptions { Endpoint = new Uri(READ) }',
};

/** What a model is for, by its name, as the variable says it; a chat model's variable is OPENAI_MODEL. */
const PURPOSES: readonly (readonly [RegExp, string])[] = [
  [/embedding/, 'EMBEDDING_'],
  [/moderation/, 'MODERATION_'],
  [/whisper|transcri/, 'TRANSCRIPTION_'],
  [/tts/, 'SPEECH_'],
  [/dall-e|image/, 'IMAGE_'],
  [/sora/, 'VIDEO_'],
  [/realtime/, 'REALTIME_'],
];

function variableFor({ kind, value, sdk, name, rest }: Site): string {
  const reads = sdk === null ? undefined : clientReads(sdk, () => false);
  if (kind === 'api_key') return reads?.key[0] ?? 'OPENAI_API_KEY';
  if (name !== undefined && rest === undefined) return name;
  if (kind === 'base_url') {
    if (/^wss?:/.test(value)) return 'OPENAI_REALTIME_URL';
    return /azure/i.test(value) ? 'AZURE_OPENAI_ENDPOINT' : (reads?.url[0] ?? 'OPENAI_BASE_URL');
  }
  const [, purpose = ''] = PURPOSES.find(([pattern]) => pattern.test(value)) ?? [];
  return `OPENAI_${purpose}MODEL`;
}

/**
 * How to move a hard-coded setting out of the code: an expression of its language that may take the place of the literal;
 * null if there is nothing to suggest. Nothing is edited.
 */
export function suggestionFor(site: Site): string | null {
  if (!site.hardCoded || site.scope === 'docs' || !isSetting(site)) return null;
  const known = IDIOMS[site.language];
  const variable = variableFor(site);
  if (site.kind === 'api_key') {
    const read = known?.read.replaceAll('NAME', variable) ?? `the environment variable ${variable}`;
    return `use ${read} instead of the key, and revoke this key`;
  }
  const code = site.value === IMPLICIT ? optionFor(site) : 'READ';
  const value = defaultFor(site);
  if (known === undefined || code === undefined || !isPlain(site, value)) return null;
  const read = site.rest === undefined ? known.readOr : known.joined.replace('CODE', known.readOr);
  return code.replace('READ', fill(read, variable, value).replace('REST', site.rest ?? ''));
}

/** The same for a person: with what the code needs besides, such as an import. */
export function suggestionInWords(site: Site): string | null {
  const code = suggestionFor(site);
  const needs = code === null ? undefined : IDIOMS[site.language]?.needs;
  return needs === undefined ? code : `${code} (${fill(needs, variableFor(site), defaultFor(site))})`;
}

const fill = (template: string, variable: string, value: string): string =>
  template.replaceAll('NAME', variable).replaceAll('VALUE', value);

const optionFor = ({ sdk }: Site): string | undefined => (sdk === null ? undefined : URL_OPTIONS[sdk]);

const defaultFor = ({ value, sdk }: Site): string =>
  value === IMPLICIT && sdk !== null ? clientReads(sdk, () => false).defaultUrl : value;

/** Whether a value can stand in quotes in any language. A host alone isn't a base URL. */
function isPlain({ kind, rest = '' }: Site, value: string): boolean {
  return !/["'`\\$?\n]/.test(value + rest) && (kind === 'model' || /^\w+:\/\//.test(value));
}
