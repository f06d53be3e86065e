import ignore, { type Ignore } from 'ignore';

/** The lines of one `.gitignore`, which speak of what lies below its directory. */
interface Layer {
  /** Relative to the root, `''` for the root itself. */
  readonly directory: string;
  readonly rules: Ignore;
}

/** What the `.gitignore` files from the root down to a directory ignore, as gitignore(5) describes them. */
export class IgnoreRules {
  static readonly none = new IgnoreRules([]);

  /** The deepest first: its lines outrank those above it. */
  readonly #layers: readonly Layer[];

  private constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** The rules with those of a `.gitignore` that stands in `directory` (`''` is the root). */
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
