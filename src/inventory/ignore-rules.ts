/** One line of a `.gitignore`. */
interface IgnoreRule {
  readonly pattern: RegExp;
  /** `!pattern`: takes back what an earlier line ignored. */
  readonly negated: boolean;
  /** `pattern/`: directories alone. */
  readonly directories: boolean;
}

/** What the `.gitignore` files from the root down to a directory ignore, as gitignore(5) describes them. */
export class IgnoreRules {
  static readonly none = new IgnoreRules([]);

  readonly #rules: readonly IgnoreRule[];

  private constructor(rules: readonly IgnoreRule[]) {
    this.#rules = rules;
  }

  /** The rules with those of a `.gitignore` that stands in `directory` (`''` is the root). */
  with(directory: string, text: string): IgnoreRules {
    const added = text.split(/\r?\n/).flatMap((line) => parseLine(directory, line) ?? []);
    return new IgnoreRules([...this.#rules, ...added]);
  }

  /** Whether a path below the root is ignored; of all lines that match it, the last decides. */
  ignores(path: string, isDirectory: boolean): boolean {
    const last = this.#rules.findLast(
      (rule) => (isDirectory || !rule.directories) && rule.pattern.test(path),
    );
    return last !== undefined && !last.negated;
  }
}

function parseLine(directory: string, line: string): IgnoreRule | null {
  const trimmed = line.replace(/(?<!\\)[ \t]+$/, '');
  if (trimmed === '' || trimmed.startsWith('#')) return null;
  const negated = trimmed.startsWith('!');
  const directories = trimmed.endsWith('/');
  const glob = trimmed.slice(negated ? 1 : 0).replace(/\/$/, '');
  // A slash before the end ties the pattern to the file's own directory; without one it holds at any depth.
  const anchored = glob.includes('/');
  const base = directory === '' ? '' : `${escapeForRegex(directory)}/`;
  const source = `^${base}${anchored ? '' : '(?:.*/)?'}${globSource(glob.replace(/^\//, ''))}$`;
  return { pattern: compile(source), negated, directories };
}

function globSource(glob: string): string {
  return glob.replace(/\\(.)|\*\*\/|\/\*\*$|\*+|\?|\[[^\]]+\]|[^\w/]/g, (part, escaped?: string) => {
    if (escaped !== undefined) return escapeForRegex(escaped);
    if (part === '**/') return '(?:.*/)?';
    if (part === '/**') return '/.*';
    if (part.startsWith('*')) return '[^/]*';
    if (part === '?') return '[^/]';
    return part.length > 1 ? part.replace(/^\[!/, '[^') : escapeForRegex(part);
  });
}

/** A class such as `[z-a]` is no pattern; git ignores such a line, too. */
function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    return /(?!)/;
  }
}

const escapeForRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
