import { findAll } from './find.ts';
import type { HazardKind, SourceFile } from './rule.ts';
import { searchFor } from './scan.ts';
import type { Location, Scope } from './site.ts';

/** Code or configuration that breaks or misleads once traffic goes to a gateway. */
export interface Hazard extends Location {
  readonly kind: HazardKind;
  /** What goes wrong and what to do, in one or two sentences. */
  readonly message: string;
  readonly scope: Scope;
  /** The id of the rule that found it. */
  readonly rule: string;
}

/** A test's expectation, which compares but does not branch. */
const ASSERTED = /^\s*(?:(?:\w+\.)?\w{0,4}assert\w*|expect|refute)\b/i;

/** The hazards of one file in text order, at most one of each kind per line. */
export function hazardsIn(file: SourceFile): Hazard[] {
  const byLineAndKind = new Map<string, Hazard>();
  for (const rule of searchFor(file.language.family).hazards.for(file.words)) {
    for (const { offset, before } of findAll(rule, file)) {
      if (ASSERTED.test(before)) continue;
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
      const key = `${line} ${rule.kind}`;
      if (!byLineAndKind.has(key)) byLineAndKind.set(key, hazard);
    }
  }
  return [...byLineAndKind.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
