import { basename } from 'node:path/posix';
import { CODE, languageOf } from './languages.ts';
import { prepare, scanFile } from './scan.ts';
import type { Site } from './site.ts';

/** What a file is for that keeps settings or sends requests, as its name says. */
const ROLES =
  /^(?:settings?|config(?:uration|s)?|conf|pref(?:erence)?s?|storage|secrets?|const(?:ant)?s?|key(?:s|chain)?|credentials?|env(?:ironment)?|https?|network(?:ing)?|request(?:s|er)?|rest|(?:data)?store|interceptors?|injection|di)$/;

/** What may stand beside it; any other word is what else the file is about: `WeatherSettings`, `StripeClient`. */
const BESIDE =
  /^(?:apps?|application|users?|my|global|local|data|utils?|helpers?|manager|services?|impl|providers?|modules?|views?|models?|viewmodel|repository|base|common|core|main|default|ok|ktor|retrofit|web|url|session|open|ai|gpt|chat|llm|openai|chatgpt|bot|plugin|controller|panel|page|screen|activity|fragment|state|loader|reader|parser|factory|auth|shared|local|secure|encrypted|types?|info|api|client|value)$/;

/** Folders of folders: below them, each is a program of its own. */
const OF_PROGRAMS = /^(?:packages|apps|services|libs|modules|crates|projects|examples|plugins)$/;

/** The settings of a client or its requests: what such files have. */
const KINDS: ReadonlySet<Site['kind']> = new Set(['base_url', 'api_key', 'model', 'client_setting']);

/** What files of such a program have, so that rules know what `apiKey` is for. */
const CONTEXT = '\n\npackage openai\nhttps://api.openai.com/v1/chat/completions\n';

/**
 * Files of a program that calls the API which never name it: `SettingsStore.kt`, `HttpUtil.java`. Their `apiKey` is the
 * API's, since their names say nothing else and the program around them calls it.
 */
export class OwnFiles {
  readonly #programs: ReadonlySet<string>;

  /** @param sites of the whole repository */
  constructor(sites: readonly Site[]) {
    const calls = sites.filter(
      ({ kind, scope, file }) => kind === 'endpoint' && scope === 'code' && isCode(file),
    );
    this.#programs = new Set(calls.map(({ file }) => programOf(file)));
  }

  get exist(): boolean {
    return this.#programs.size > 0;
  }

  has(path: string): boolean {
    if (!this.#programs.has(programOf(path))) return false;
    const words = wordsOf(basename(path).replace(/\..*$/, ''));
    return (
      words.some((word) => ROLES.test(word)) &&
      words.every((word) => ROLES.test(word) || BESIDE.test(word)) &&
      isCode(path)
    );
  }

  sitesIn(path: string, text: string): Site[] {
    if (prepare(path, text).mentionsApi) return [];
    const file = prepare(path, text + CONTEXT);
    const { line: end } = file.lines.position(text.length);
    return scanFile(file)
      .filter(({ kind, line, scope }) => KINDS.has(kind) && line <= end && scope === 'code')
      .map((site) => ({ ...site, confidence: 'medium' }));
  }
}

const isCode = (path: string): boolean => CODE.some((family) => family === languageOf(path).family);

/** The folder of the program that a file belongs to; `''` for files beside all folders. */
function programOf(path: string): string {
  const [first = '', second = ''] = path.split('/', 3).slice(0, -1);
  return OF_PROGRAMS.test(first) && second !== '' ? `${first}/${second}` : first;
}

/** `OkHttpModule` → `ok`, `http`, `module`; `api_keys` → `api`, `keys`. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
