/** What a stage is, and which sequences of stages make a rollout. */

import { formatShare, notParsed, type Parsed, parseShare } from './durations-and-shares.ts';
import { type ConfigFinding, finding, nearest } from './problem.ts';

/**
 * A step of the rollout. `label` is its name everywhere (gates, messages, measurements): what the file
 * writes, with spaces made regular. `slice` is a model or a workload, null for everything; `share` is
 * the slice's share of the gateway in percent, above 0.
 */
export type Stage =
  | { readonly kind: 'local' | 'staging'; readonly label: string }
  | { readonly kind: 'share'; readonly slice: string | null; readonly share: number; readonly label: string };

export type ShareStage = Extract<Stage, { kind: 'share' }>;

/**
 * The slice of a stage that copies requests to the gateway, such as `shadow: 5%`: so many of all requests, whose answers no
 * user sees. The targets write its share like that of any slice.
 */
export const SHADOW = 'shadow';

export function isShadow(stage: Stage): boolean {
  return stage.kind === 'share' && stage.slice === SHADOW;
}

export const STAGE_EXPECTED =
  'a stage: local, staging, copies such as `shadow: 5%`, a share such as 5%, a slice and its share such as `fast: 5%`, or a workload';

/** Names that have another meaning in the place of a slice. */
export const RESERVED_NAMES: readonly string[] = ['local', 'staging', 'default', SHADOW];

/** Reads one stage. `stageFindings` checks whether its slice is declared. */
export function parseStage(text: string): Parsed<Stage> {
  const label = text.trim();
  if (label === 'local' || label === 'staging') return { ok: true, value: { kind: label, label } };
  // A model's name may contain colons. A share ends in %, or a space comes before it.
  const [, slice, share] = /^(\S+)\s*:\s*([^\s:]*%)$/.exec(label) ?? /^(\S+)\s*:\s+(\S+)$/.exec(label) ?? [];
  if (slice !== undefined && share !== undefined) return shareStage(slice, share);
  if (/^[\d.,%\s]+$/.test(label)) return shareStage(null, label);
  if (/^\S+$/.test(label)) return { ok: true, value: { kind: 'share', slice: label, share: 100, label } };
  return notParsed(STAGE_EXPECTED);
}

function shareStage(slice: string | null, text: string): Parsed<Stage> {
  const prefix = slice === null ? '' : `${slice}: `;
  const parsed = parseShare(text);
  if (!parsed.ok) return { ...parsed, suggestion: parsed.suggestion && `${prefix}${parsed.suggestion}` };
  const share = parsed.value;
  if (share <= 0 || share > 100) return notParsed('a share above 0% and at most 100%');
  return { ok: true, value: { kind: 'share', slice, share, label: `${prefix}${formatShare(share)}` } };
}

/** Whether a stage of this label copies requests. */
export function isShadowLabel(label: string): boolean {
  const parsed = parseStage(label);
  return parsed.ok && isShadow(parsed.value);
}

/** Whether two stages are the same step, however they are spelled (`fast` and `fast: 100%`). */
export function sameStage(a: Stage, b: Stage): boolean {
  if (a.kind !== 'share' || b.kind !== 'share') return a.kind === b.kind;
  return a.slice === b.slice && a.share === b.share;
}

/**
 * The stage that a command, an option or a measurement names. Case, spaces, leading and trailing zeros and the percent
 * sign don't matter (`5`, `5.0 %`, `LOCAL`, `Fast:50`), as long as only one stage matches.
 * (The file itself is read by {@link parseStage}, which rejects a bare number.)
 * @returns null when no stage or more than one matches
 */
export function findStage<S extends Stage>(stages: readonly S[], written: string): S | null {
  const matching = (normalise: (text: string) => string): readonly S[] =>
    stages.filter((stage) => namesOf(stage).some((name) => normalise(name) === normalise(written)));
  const found = [withoutSpaces, inOneSpelling].map(matching).find(({ length }) => length > 0) ?? [];
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The first stage that moves traffic; null when none does. */
export function firstProductionStage<S extends Stage>(stages: readonly S[]): S | null {
  return stages.find(({ kind }) => kind === 'share') ?? null;
}

/** Other models and workloads that an earlier stage already raised above this stage's share. */
export function slicesAhead(stages: readonly Stage[], stage: ShareStage): readonly string[] {
  const before = stages.slice(
    0,
    stages.findIndex((each) => sameStage(each, stage)),
  );
  const ahead = before.flatMap((each) =>
    each.kind === 'share' && each.slice !== stage.slice && each.share > stage.share ? [each.slice] : [],
  );
  return [...new Set(ahead)].flatMap((slice) => (slice === null || slice === SHADOW ? [] : [slice]));
}

function namesOf(stage: Stage): readonly string[] {
  if (stage.kind !== 'share') return [stage.label];
  if (stage.slice === null) return [stage.label, formatShare(stage.share)];
  const whole = stage.share === 100 ? [stage.slice] : [];
  return [stage.label, `${stage.slice}: ${formatShare(stage.share)}`, ...whole];
}

function withoutSpaces(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\s\p{Cf}]/gu, '');
}

/** `Fast: 050.0 %` and `fast:50` are both `fast:50%`. */
function inOneSpelling(text: string): string {
  return withoutSpaces(text)
    .toLowerCase()
    .replace(/(?<=^|:)\d{1,9}(?:[.,]\d{1,9})?%?$/, (share) =>
      formatShare(Number(share.replace(',', '.').replace('%', ''))),
    );
}

interface DeclaredNames {
  readonly models: readonly string[];
  readonly workloads: readonly string[];
}

/**
 * The rules of a sequence: `local` and `staging` first, declared names, no stage twice, every stage
 * raises a share, and the last leaves everything (or every declared workload) on the gateway.
 */
export function stageFindings(stages: readonly Stage[], names: DeclaredNames): ConfigFinding[] {
  if (stages.length === 0) {
    return [atStage([], 'there are no stages', 'at least one stage that moves traffic, ending with 100%')];
  }
  const findings = stages.flatMap(
    (stage, index) => orderFinding(stages, stage, index) ?? nameFinding(stage, index, names) ?? [],
  );
  // With wrong names, findings about shares would only repeat the same mistake in other words.
  return findings.length > 0 ? findings : shareFindings(stages, names);
}

function orderFinding(stages: readonly Stage[], stage: Stage, index: number): ConfigFinding | null {
  const earlier = stages.slice(0, index);
  if (earlier.some((other) => sameStage(other, stage))) {
    return atStage([index], `the stage ${stage.label} is in the list twice`, 'each stage once');
  }
  const movesUsers = (other: Stage) => other.kind === 'share' && !isShadow(other);
  const tooLate =
    (stage.kind === 'local' && earlier.length > 0) ||
    (stage.kind === 'staging' && earlier.some((other) => other.kind === 'share')) ||
    (isShadow(stage) && earlier.some(movesUsers));
  if (!tooLate) return null;
  const expected = isShadow(stage)
    ? 'copies before the first share that users meet'
    : 'local, then staging, before every other stage';
  return atStage([index], `${stage.label} comes after ${earlier.at(-1)?.label}`, expected);
}

function nameFinding(stage: Stage, index: number, names: DeclaredNames): ConfigFinding | null {
  const declared = [...names.models, ...names.workloads];
  if (isShadow(stage)) return null;
  if (stage.kind !== 'share' || stage.slice === null || declared.includes(stage.slice)) return null;
  const message = `"${stage.slice}" is not a declared model or workload`;
  const suggestion = nearest(stage.slice, ['local', 'staging', SHADOW, ...declared]);
  return atStage([index], message, `one of ${declared.join(', ')}`, suggestion);
}

function shareFindings(stages: readonly Stage[], { workloads }: DeclaredNames): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  const own = new Map<string | null, number>();
  for (const [index, stage] of stages.entries()) {
    if (stage.kind !== 'share') continue;
    // A slice's share is the larger of its own and that of everything.
    const reached = Math.max(own.get(stage.slice) ?? 0, own.get(null) ?? 0);
    if (stage.share <= reached) {
      const verb = stage.share < reached ? 'would lower' : 'would not raise';
      const message = `${stage.label} ${verb} the share of ${stage.slice ?? 'everything'}, which is already ${formatShare(reached)}`;
      const expected = `a share above ${formatShare(reached)}, or this stage earlier in the list`;
      findings.push(atStage([index], message, expected));
    }
    own.set(stage.slice, Math.max(stage.share, reached));
  }
  const isWhole = (slice: string | null): boolean => own.get(slice) === 100;
  if (isWhole(null) || (workloads.length > 0 && workloads.every(isWhole))) return findings;
  const orWorkloads = workloads.length > 0 ? ', or every declared workload as a stage' : '';
  const message = 'the stages end before everything is on the gateway';
  return [...findings, atStage([stages.length - 1], message, `100% as the last stage${orWorkloads}`)];
}

function atStage(
  path: readonly number[],
  message: string,
  expected: string,
  suggestion: string | null = null,
): ConfigFinding {
  return finding(['rollout', 'stages', ...path], message, expected, { suggestion });
}
