import type { Language, LanguageFamily } from './languages.ts';
import type { Sdk } from './sdks.ts';
import type { ApiFeature, Confidence, Endpoint, ModelRole, Scope } from './site.ts';
import type { Positions } from './text-lines.ts';

/** A match of a rule's pattern, with the code around it. */
export interface RuleMatch {
  /** What the group `value` matched (or `each`, inside it); the whole match if the pattern has no such group. */
  readonly value: string;
  readonly match: RegExpExecArray;
  /** The whole file, with comments and docstrings replaced by spaces; offsets are those of the file. */
  readonly code: string;
  /** Where `value` starts in `code`. */
  readonly offset: number;
  /** Whether the file's code matches a pattern. Each pattern is tried once per file. */
  readonly fileHolds: (pattern: RegExp) => boolean;
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** The client libraries that the file uses. */
  readonly sdks: readonly Sdk[];
  /** The line on which `value` starts, as far as `before` and `after` reach. */
  readonly line: string;
  /** The line up to `value`, at most 400 characters. */
  readonly before: string;
  /** The line after `value`, at most 400 characters. */
  readonly after: string;
  /**
   * The text between the last `(`, `[` or `{` of the match and its partner: the arguments of a call whose name and
   * parenthesis the pattern matches. At most 4,000 characters; `''` if the match has no opening bracket.
   */
  readonly inside: string;
}

/** What rules for sites and for hazards have in common. */
export interface Matcher {
  /** Stable, in kebab case; the rule's id in SARIF. */
  readonly id: string;
  /** The families of languages whose files are searched. */
  readonly families: readonly LanguageFamily[] | 'any';
  /** Only files whose path matches, e.g. `/\.tf$/`. */
  readonly files?: RegExp;
  /**
   * Applied to the code with comments and docstrings replaced by spaces. A group named `value` captures what is reported.
   * Flags `i`, `m`, `s`, `u` as needed; `g` is added. Keep quantifiers bounded (`[^"\n]{1,200}`): files are large.
   */
  readonly pattern: RegExp;
  /** For a `value` that is a list: each match inside it (or its own group `value`) is reported. */
  readonly each?: RegExp;
  /**
   * What the file must contain for the rule to apply; nothing by default. `mention`: a mention of the API, for ambiguous
   * words. `client`: a client library of its language. A list: one of these libraries.
   */
  readonly needs?: 'mention' | 'client' | readonly Sdk[];
  /** Counts only in a repository that sets the official URL without its version: paths with `/v1` are the API's there. */
  readonly withBareUrl?: true;
  /** Whether to accept a match, for conditions that a pattern cannot express. */
  readonly accept?: (found: RuleMatch) => boolean;
}

interface SiteRule<Value extends string> extends Matcher {
  /** The client library that the rule is for; by default a site gets the one that its file uses. */
  readonly sdk?: Sdk;
  /** `high` by default. */
  readonly confidence?: Confidence;
  /** A setting's name rather than its value: dropped if its line has another site of the same kind. */
  readonly onlyAlone?: true | ((value: string) => boolean);
  /** A sentence for the user about a site. */
  readonly note?: string | ((found: RuleMatch) => string);
  /** The value to report, if it is not what the pattern captured; null to drop the match. */
  readonly value?: Value | ((value: string, found: RuleMatch) => Value | null);
}

interface SettingRule extends SiteRule<string> {
  /** The value can only be changed by editing code. */
  readonly hardCoded: boolean | ((found: RuleMatch) => boolean);
}

/**
 * One way of writing one kind of site. If two rules of the same kind match overlapping text, the one with an `sdk` wins,
 * then the one for fewer families, then the one with the longer value, then the earlier one.
 */
export type Rule =
  | (SettingRule & { readonly kind: 'base_url' | 'api_key' | 'client_setting' })
  | (SettingRule & {
      readonly kind: 'model';
      /** What the name is used for; `use` by default. */
      readonly role?: ModelRole | ((found: RuleMatch) => ModelRole);
    })
  | (SiteRule<Endpoint> & {
      readonly kind: 'endpoint';
      readonly value: Endpoint | ((value: string, found: RuleMatch) => Endpoint | null);
    })
  | (SiteRule<ApiFeature> & {
      readonly kind: 'feature';
      readonly value: ApiFeature | ((value: string, found: RuleMatch) => ApiFeature | null);
    });

/** One file, ready for rules. */
export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly language: Language;
  /** Comments and docstrings are replaced by spaces. */
  readonly code: string;
  /** Whether the code matches a pattern; each pattern is tried once. */
  readonly holds: (pattern: RegExp) => boolean;
  readonly sdks: readonly Sdk[];
  /** Whether the code mentions the API at all. */
  readonly mentionsApi: boolean;
  readonly lines: Positions;
  readonly scopeAt: (offset: number) => Scope;
  /** The words in the code that patterns require, in lower case, and where each one starts. */
  readonly words: ReadonlyMap<string, readonly number[]>;
}

/** What breaks after the switch even if the configuration is right. */
export type HazardKind =
  | 'prefix_check'
  | 'model_table'
  | 'official_url_check'
  | 'appended_version'
  | 'server_side_id'
  | 'stored_dimension'
  | 'billing_api'
  | 'default_client_limits';

/** One way of writing a hazard. */
export interface HazardRule extends Matcher {
  readonly kind: HazardKind;
  readonly message: string;
}

/** Fields that the rules of a file may share. */
type Shared = Partial<
  Pick<SettingRule, 'families' | 'files' | 'needs' | 'withBareUrl' | 'sdk' | keyof typeof NAMED_SETTING>
>;

type Entry<Each, Given> = Each extends Rule ? Omit<Each, keyof Given> & Partial<Each> : never;

/** Adds shared fields to rules; a rule may override them. */
export const rulesFor = <Given extends Shared>(
  shared: Given,
  rules: readonly Entry<Rule, Given>[],
): readonly Rule[] => rules.map((rule) => ({ ...shared, ...rule }) as Rule);

/** A setting whose name is reported: what it is set to says more, where that stands beside it. */
export const NAMED_SETTING = { onlyAlone: true, hardCoded: false, confidence: 'medium' } as const;
