import { dirname } from 'node:path/posix';
import { languageOf } from './languages.ts';
import type { SourceFile } from './rule.ts';
import { isNotMessage } from './rules/any.ts';
import { showable } from './secrets.ts';
import type { Site } from './site.ts';
import { MODEL_VARIABLE, urlIn, VARIABLES } from './vocabulary.ts';
import { WordSearch } from './word-search.ts';

/** A variable that the code reads for the API, and where. */
type Read = Pick<Site, 'kind' | 'value' | 'file'>;

const NAME = /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/;

/** Names that any service may have. They are the code's own in a folder above it, but hardly elsewhere. */
const COMMON = /^(?:(?:API|APP|AUTH|ACCESS|BASE|SECRET|SERVER|SERVICE|DEFAULT|MODEL)_?)+(?:[A-Z]{1,8})$/;

/** Rules know these wherever they are. */
const KNOWN = { ...VARIABLES, model: MODEL_VARIABLE } as const;

/**
 * The variables of a program's own names (`SHOP_LLM_KEY`), as settings files set them: nothing there says that they are
 * for the API, but the code does that reads them.
 */
export class OwnVariables {
  readonly #reads: readonly Read[];
  /** Whether bytes, up to a length, contain one of the names. */
  readonly mayHold: (bytes: Uint8Array, length: number) => boolean;

  /** @param sites of the whole repository */
  constructor(sites: readonly Site[]) {
    this.#reads = sites.filter(
      ({ kind, value, scope, confidence, file }) =>
        (kind === 'base_url' || kind === 'api_key' || kind === 'model') &&
        scope === 'code' &&
        confidence !== 'low' &&
        NAME.test(value) &&
        !KNOWN[kind].test(value) &&
        !isSettingsFile(file),
    );
    const search = this.exist ? new WordSearch(this.#reads.map(({ value }) => value)) : null;
    this.mayHold = (bytes, length) => search?.test(bytes, length) ?? false;
  }

  get exist(): boolean {
    return this.#reads.length > 0;
  }

  /** Where a settings file sets them, at most once a line and kind. */
  sitesIn({ path, code, language, lines, scopeAt }: SourceFile): Site[] {
    const folder = dirname(path);
    const kinds = new Map(
      this.#reads
        .filter(({ value, file }) => !COMMON.test(value) || folder === '.' || file.startsWith(`${folder}/`))
        .map(({ value, kind }) => [value, kind]),
    );
    const found = new Map<string, Site>();
    for (const { 0: name, index } of code.matchAll(/(?<![\w.])[A-Z][A-Z\d_]+(?!\w)/g)) {
      const kind = kinds.get(name);
      const before = code.slice(code.lastIndexOf('\n', index - 1) + 1, index);
      const after = /^[^\n]*/.exec(code.slice(index + name.length, index + 400))?.[0] ?? '';
      if (kind === undefined || !isNotMessage({ before, after })) continue;
      const position = lines.position(index);
      const value = (kind === 'base_url' ? urlIn(after) : null) ?? name;
      found.set(`${position.line} ${kind}`, {
        file: path,
        ...position,
        kind,
        value: showable(kind, value),
        hardCoded: false,
        role: kind === 'model' ? 'config' : null,
        language: language.id,
        sdk: null,
        confidence: 'medium',
        scope: scopeAt(index),
        note: 'The code reads this variable.',
        rule: 'variable-of-the-code',
      });
    }
    return [...found.values()];
  }
}

/** Whether a file sets variables for programs: settings, scripts, images. */
export function isSettingsFile(path: string): boolean {
  const { family } = languageOf(path);
  return family === 'config' || family === 'shell';
}
