import ignore, { type Ignore } from 'ignore';

/** The lines of one `.gitignore`; they apply below its directory. */
interface IgnoreFile {
  /** Relative to the root, `''` for the root itself. */
  readonly directory: string;
  readonly rules: Ignore;
}

/** What the `.gitignore` files from the root down to a directory ignore, by gitignore(5). */
export class IgnoreRules {
  static readonly none = new IgnoreRules([]);

  /** Deepest first: its lines take precedence. */
  readonly #layers: readonly IgnoreFile[];

  private constructor(layers: readonly IgnoreFile[]) {
    this.#layers = layers;
  }

  /** These rules plus those of the `.gitignore` in `directory` (`''` is the root). */
  with(directory: string, text: string): IgnoreRules {
    return new IgnoreRules([{ directory, rules: ignore().add(text) }, ...this.#layers]);
  }

  /** Whether a path below the root is ignored. */
  ignores(path: string, isDirectory: boolean): boolean {
    for (const { directory, rules } of this.#layers) {
      const below = directory === '' ? path : path.slice(directory.length + 1);
      const { ignored, unignored } = rules.test(isDirectory ? `${below}/` : below);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}
