/** What a stage is, and which sequences of stages make a rollout. */
import { type Finding, finding, nearest } from './problem.ts';
import { formatShare, type Parsed, parseShare } from './units.ts';

/**
 * A step of the rollout. `label` is its name everywhere (gates, messages, measurements): what the file
 * writes, with spaces made regular. `slice` is a model or a workload, null for everything; `share` is
 * the slice's share of the gateway in percent, above 0.
 */
export type Stage =
  | { readonly kind: 'local' | 'staging'; readonly label: string }
  | { readonly kind: 'share'; readonly slice: string | null; readonly share: number; readonly label: string };

export type ShareStage = Extract<Stage, { kind: 'share' }>;

export const STAGE_EXPECTED =
  'a stage: local, staging, a share such as 5%, a slice and its share such as `fast: 5%`, or a workload';

/** Names that mean something else where a slice could stand. */
export const RESERVED_NAMES: readonly string[] = ['local', 'staging', 'default'];

/** Reads one stage. Whether its slice is declared is a question for `stageFindings`. */
export function parseStage(text: string): Parsed<Stage> {
  const label = text.trim();
  if (label === 'local' || label === 'staging') return { ok: true, value: { kind: label, label } };
  // A model's name may hold colons itself; a share ends in %, or stands apart and lacks it.
  const [, slice, share] = /^(\S+)\s*:\s*([^\s:]*%)$/.exec(label) ?? /^(\S+)\s*:\s+(\S+)$/.exec(label) ?? [];
  if (slice !== undefined && share !== undefined) return shareStage(slice, share);
  if (/^[\d.,%\s]+$/.test(label)) return shareStage(null, label);
  if (/^\S+$/.test(label)) return { ok: true, value: { kind: 'share', slice: label, share: 100, label } };
  return { ok: false, expected: STAGE_EXPECTED, suggestion: null };
}

function shareStage(slice: string | null, text: string): Parsed<Stage> {
  const prefix = slice === null ? '' : `${slice}: `;
  const parsed = parseShare(text);
  if (!parsed.ok) {
    return { ...parsed, suggestion: parsed.suggestion && `${prefix}${parsed.suggestion}` };
  }
  const share = parsed.value;
  if (share <= 0 || share > 100) {
    return { ok: false, expected: 'a share above 0% and at most 100%', suggestion: null };
  }
  return { ok: true, value: { kind: 'share', slice, share, label: `${prefix}${formatShare(share)}` } };
}

/** Whether two stages are the same step, however they are written (`fast` and `fast: 100%`). */
export function sameStage(a: Stage, b: Stage): boolean {
  if (a.kind !== 'share' || b.kind !== 'share') return a.kind === b.kind;
  return a.slice === b.slice && a.share === b.share;
}

/**
 * The stage that somebody means: a person in a command, an option, a measurement's `stage`. Case, spaces, leading and
 * trailing zeros and the percent sign don't matter (`5`, `5.0 %`, `LOCAL`, `Fast:50`), as long as only one stage fits.
 * (The file itself is read by {@link parseStage}, where a bare number stays an error.)
 * @returns null when no stage or more than one fits
 */
export function findStage<S extends Stage>(stages: readonly S[], written: string): S | null {
  const fits = (read: (text: string) => string): readonly S[] =>
    stages.filter((stage) => namesOf(stage).some((name) => read(name) === read(written)));
  const found = [withoutSpaces, spoken].map(fits).find(({ length }) => length > 0) ?? [];
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The first stage that moves traffic; null when none does. */
export function firstProductionStage<S extends Stage>(stages: readonly S[]): S | null {
  return stages.find(({ kind }) => kind === 'share') ?? null;
}

/** Models and workloads that an earlier stage already put above the stage's share, the stage's own left out. */
export function slicesAhead(stages: readonly Stage[], stage: ShareStage): readonly string[] {
  const ahead = stages
    .slice(0, stages.indexOf(stage))
    .flatMap((each) =>
      each.kind === 'share' && each.slice !== stage.slice && each.share > stage.share ? [each.slice] : [],
    );
  return [...new Set(ahead)].filter((slice) => slice !== null);
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
function spoken(text: string): string {
  return withoutSpaces(text)
    .toLowerCase()
    .replace(/(?<=^|:)\d{1,9}(?:[.,]\d{1,9})?%?$/, (share) =>
      formatShare(Number(share.replace(',', '.').replace('%', ''))),
    );
}

interface Names {
  readonly models: readonly string[];
  readonly workloads: readonly string[];
}

/**
 * The rules of a sequence: `local` and `staging` first, declared names, no stage twice, every stage
 * raises a share, and the last leaves everything (or every declared workload) on the gateway.
 */
export function stageFindings(stages: readonly Stage[], names: Names): Finding[] {
  if (stages.length === 0) {
    return [atStage([], 'there is no stage', 'at least one stage that moves traffic, at last 100%')];
  }
  const findings = stages.flatMap((stage, index) => {
    const found =
      orderFinding(stages, index) ?? (stage.kind === 'share' ? nameFinding(stage, index, names) : null);
    return found === null ? [] : [found];
  });
  // Shares of a sequence with wrong names would only repeat the same mistake in other words.
  return findings.length > 0 ? findings : shareFindings(stages, names);
}

function orderFinding(stages: readonly Stage[], index: number): Finding | null {
  const stage = stages[index];
  if (stage === undefined) return null;
  const earlier = stages.slice(0, index);
  if (earlier.some((other) => sameStage(other, stage))) {
    return atStage([index], `the stage ${stage.label} stands here a second time`, 'every stage once');
  }
  const tooLate =
    (stage.kind === 'local' && earlier.length > 0) ||
    (stage.kind === 'staging' && earlier.some((other) => other.kind === 'share'));
  if (!tooLate) return null;
  return atStage(
    [index],
    `${stage.label} comes after ${earlier.at(-1)?.label}`,
    'local, then staging, before every other stage',
  );
}

function nameFinding(stage: ShareStage, index: number, names: Names): Finding | null {
  const declared = [...names.models, ...names.workloads];
  if (stage.slice === null || declared.includes(stage.slice)) return null;
  return {
    ...atStage(
      [index],
      `"${stage.slice}" is neither a declared model nor a declared workload`,
      `one of ${declared.join(', ')}`,
    ),
    suggestion: nearest(stage.slice, ['local', 'staging', ...declared]),
  };
}

function shareFindings(stages: readonly Stage[], names: Names): Finding[] {
  const findings: Finding[] = [];
  const own = new Map<string | null, number>();
  for (const [index, stage] of stages.entries()) {
    if (stage.kind !== 'share') continue;
    // A slice stands at the larger of its own share and everything's.
    const present = Math.max(own.get(stage.slice) ?? 0, own.get(null) ?? 0);
    const what = stage.slice ?? 'everything';
    if (stage.share <= present) {
      const verb = stage.share < present ? 'would lower' : 'would not raise';
      findings.push(
        atStage(
          [index],
          `${stage.label} ${verb} the share of ${what}, which stands at ${formatShare(present)} by then`,
          `a share above ${formatShare(present)}, or the stage earlier in the list`,
        ),
      );
    }
    own.set(stage.slice, Math.max(stage.share, present));
  }
  const whole = (slice: string | null): boolean => own.get(slice) === 100;
  const complete = whole(null) || (names.workloads.length > 0 && names.workloads.every(whole));
  if (complete) return findings;
  const expected =
    names.workloads.length > 0
      ? '100% as the last stage, or every declared workload as a stage'
      : '100% as the last stage';
  return [
    ...findings,
    atStage([stages.length - 1], 'the stages end before everything is on the gateway', expected),
  ];
}

function atStage(path: readonly number[], message: string, expected: string): Finding {
  return finding(['rollout', 'stages', ...path], message, expected);
}
