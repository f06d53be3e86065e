import type { Family, Language } from './languages.ts';
import type { Sdk } from './sdks.ts';
import type { ApiFeature, Confidence, Endpoint, ModelRole, Scope } from './site.ts';
import type { Positions } from './text-lines.ts';

/** A match of a pattern, with what stands around it. */
export interface Found {
  /** What the group `value` took (or `each`, inside it); the whole match where the pattern has no such group. */
  readonly value: string;
  readonly match: RegExpExecArray;
  /** The whole file with comments and docstrings as spaces; offsets are those of the file. */
  readonly code: string;
  /** Where `value` begins in `code`. */
  readonly offset: number;
  /** Whether the file's code holds a match of a pattern, which is looked for once in each file. */
  readonly fileHolds: (pattern: RegExp) => boolean;
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** The client libraries that the file shows. */
  readonly sdks: readonly Sdk[];
  /** The line of code that `value` begins on, as far as `before` and `after` reach. */
  readonly line: string;
  /** The line up to `value`, at most 400 characters. */
  readonly before: string;
  /** The line after `value`, at most 400 characters. */
  readonly after: string;
  /**
   * What stands between the last `(`, `[` or `{` of the match and its partner: the arguments of a call whose name
   * and parenthesis the pattern matches. At most 4,000 characters; `''` where the match has no opening bracket.
   */
  readonly inside: string;
}

/** Code and the value that the rule reports for it. */
export type Hit = readonly [code: string, value: string];

/** Run as tests. Each is tried in a file that begins with the least evidence which the rule `needs`. */
export interface Examples {
  /** A path to try the examples under, where the family's sample file is not what the rule is for. */
  readonly file?: string;
  /** Code that the rule reports, with the value. */
  readonly hit: readonly [Hit, ...Hit[]];
  /** Code that looks alike and that the rule must not report. */
  readonly trap: readonly [string, ...string[]];
}

/** What sites and hazards are found by. */
export interface Matcher {
  /** Stable, in kebab case; the rule's id in SARIF. */
  readonly id: string;
  /** The families of languages whose files are searched. */
  readonly families: readonly Family[] | 'any';
  /** Only files whose path matches, e.g. `/\.tf$/`. */
  readonly files?: RegExp;
  /**
   * Tried on the code with comments and docstrings as spaces. A group named `value` takes what is reported. Flags
   * `i`, `m`, `s`, `u` as needed; `g` is added. Keep quantifiers bounded (`[^"\n]{1,200}`): files are large.
   */
  readonly pattern: RegExp;
  /** Where `value` takes a list: each match inside it (its own group `value`, if it has one) is a find. */
  readonly each?: RegExp;
  /**
   * `nothing`: the pattern is proof by itself. `evidence`: a weak word, which counts only in files that speak of the
   * API. `client`: only in files that use a client library of their language. A list: only in files that use one of
   * these libraries.
   */
  readonly needs: 'nothing' | 'evidence' | 'client' | readonly Sdk[];
  /** The last word on a match, where a pattern cannot say it. */
  readonly accept?: (found: Found) => boolean;
  readonly examples: Examples;
}

interface SiteRule<Value extends string> extends Matcher {
  /** The client library that the rule is about; else the site carries the one that its file shows. */
  readonly sdk?: Sdk;
  /** `high` where it is left out. */
  readonly confidence?: Confidence;
  /** The name of a setting rather than its value: dropped where its line has another site of the same kind. */
  readonly onlyAlone?: true;
  /** A sentence for people about these sites. */
  readonly note?: string;
  /** The value to report, if it is not what the pattern took; null when the match is none after all. */
  readonly value?: Value | ((value: string, found: Found) => Value | null);
}

interface SettingRule extends SiteRule<string> {
  /** The value can only be changed by editing code. */
  readonly hardCoded: boolean | ((found: Found) => boolean);
}

/**
 * One way in which one kind of site is written. To add one is to add an entry with two examples, one hit and one
 * trap. Of two rules that match overlapping text for the same kind, the one with an `sdk` wins, then the one for
 * fewer families, then the one that took the longer value, then the earlier one.
 */
export type Rule =
  | (SettingRule & { readonly kind: 'base_url' | 'api_key' | 'client_setting' })
  | (SettingRule & {
      readonly kind: 'model';
      /** What the name is there for: `use` where it is left out. */
      readonly role?: ModelRole | ((found: Found) => ModelRole);
    })
  | (SiteRule<Endpoint> & {
      readonly kind: 'endpoint';
      readonly value: Endpoint | ((value: string, found: Found) => Endpoint | null);
    })
  | (SiteRule<ApiFeature> & {
      readonly kind: 'feature';
      readonly value: ApiFeature | ((value: string, found: Found) => ApiFeature | null);
    });

/** One file, ready for rules. */
export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly language: Language;
  /** Comments and docstrings as spaces. */
  readonly code: string;
  /** Whether the code holds a match of a pattern; each pattern is tried once. */
  readonly holds: (pattern: RegExp) => boolean;
  readonly sdks: readonly Sdk[];
  /** The code speaks of the API at all. */
  readonly evidence: boolean;
  readonly lines: Positions;
  readonly scopeAt: (offset: number) => Scope;
  /** Those words in the code that patterns require, in lower case. */
  readonly words: ReadonlySet<string>;
}

/** What breaks after the switch although the configuration is right. */
export type HazardKind =
  | 'prefix_check'
  | 'model_table'
  | 'official_url_check'
  | 'appended_version'
  | 'server_side_id'
  | 'stored_dimension'
  | 'billing_api'
  | 'default_client_limits';

/** One way in which a hazard is written; to add one is to add an entry with a hit and a trap. */
export interface HazardRule extends Matcher {
  readonly kind: HazardKind;
  readonly message: string;
}
