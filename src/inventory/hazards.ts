import { findAll } from './find.ts';
import type { Matcher } from './rule.ts';
import { HAZARD_RULES } from './rules/index.ts';
import type { SourceFile } from './scan.ts';
import type { Scope } from './site.ts';

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

/** A place in the repository that breaks, or misleads, once traffic goes to a gateway. */
export interface Hazard {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly kind: HazardKind;
  /** What happens, and what to do, in a sentence or two. */
  readonly message: string;
  readonly scope: Scope;
  /** The id of the rule that found it. */
  readonly rule: string;
}

/** One way in which a hazard is written; to add one is to add an entry with a hit and a trap. */
export interface HazardRule extends Matcher {
  readonly kind: HazardKind;
  readonly message: string;
}

/** The hazards of one file, one of each kind for a line, in the order of the text. */
export function hazardsIn(file: SourceFile): Hazard[] {
  const byPlace = new Map<string, Hazard>();
  for (const rule of HAZARD_RULES) {
    for (const { offset } of findAll(rule, file)) {
      const { line, column } = file.lines.position(offset);
      const hazard: Hazard = {
        file: file.path,
        line,
        column,
        kind: rule.kind,
        message: rule.message,
        scope: file.scopeAt(offset),
        rule: rule.id,
      };
      const place = `${line} ${rule.kind}`;
      if (!byPlace.has(place)) byPlace.set(place, hazard);
    }
  }
  return [...byPlace.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
