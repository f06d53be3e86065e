import { findAll } from './find.ts';
import type { HazardKind, SourceFile } from './rule.ts';
import { HAZARD_RULES } from './rules/index.ts';
import type { Scope } from './site.ts';

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
