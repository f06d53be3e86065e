/** `gateway-rollout judge`: recorded measurements walked through the judge, look by look. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findConfigFile, loadConfigFile } from '../config/files.ts';
import { formatProblem } from '../config/problem.ts';
import type { Config } from '../config/schema.ts';
import { parseJson } from '../gateway/json.ts';
import { REPLAY_START, type Replay, type ReplayedLook, replayLook } from '../judge/replay.ts';
import { addMeasurements } from '../measure/add.ts';
import { type Measurement, measurementSchema } from '../measure/measurement.ts';
import { overviewOf } from '../measure/overview.ts';
import { plainLine } from '../report/foreign-text.ts';
import { lookText } from '../report/look.ts';
import type { JudgedLook } from '../report/verdict-sentences.ts';
import type { CommandOutput } from './config.ts';

export interface JudgeCommandOptions {
  /** The repository; paths are relative to it. */
  readonly cwd: string;
  /** JSONL, one measurement a line (src/measure/measurement.ts). */
  readonly file: string;
  /** The config file; found by itself where it is left out. */
  readonly config?: string;
  /** Chooses one of several rollouts. */
  readonly name?: string;
  /** One JSON object a look instead of text. */
  readonly json: boolean;
  /** File to write the page to that shows measurements and verdicts. */
  readonly html?: string | undefined;
}

/**
 * Prints what each measurement would have led to. The same input gives the same output, byte for byte.
 * @returns the exit code: 0 walked through, 2 when the call, the config or the measurements are wrong
 */
export async function runJudgeCommand(options: JudgeCommandOptions, io: CommandOutput): Promise<0 | 2> {
  const config = await readConfig(options);
  if (Array.isArray(config)) return refuse(config, io);
  const text = await readFile(resolve(options.cwd, options.file), 'utf8').catch(() => null);
  if (text === null) {
    return refuse([`${options.file}: the file cannot be read; expected a JSONL file of measurements`], io);
  }
  const { lines, problems, warnings } = readMeasurements(text, options.file);
  const known = config.rollout.stages.map(({ label }) => label);
  const found = [...problems, ...overlaps(lines, options.file), ...strangers(lines, known, options.file)];
  if (found.length > 0) return refuse(found, io);
  for (const warning of warnings) io.stderr(`warning: ${plainLine(warning, 1000)}\n`);
  if (lines.length === 0) {
    return refuse(
      [`${options.file}: there is no measurement in it; record some with gateway-rollout observe`],
      io,
    );
  }
  const looks = [...looksAt(config, lines)];
  for (const look of looks) io.stdout(`${options.json ? lookJson(look) : lookText(look)}\n`);
  return options.html === undefined ? 0 : writePage(options, config, lines, looks, io);
}

/** The page that shows it all; loaded when it is wanted. */
async function writePage(
  { cwd, html = '' }: JudgeCommandOptions,
  config: Config,
  lines: readonly Line[],
  looks: readonly JudgedLook[],
  io: CommandOutput,
): Promise<0 | 2> {
  const { measurementReport, REPORT_POINTS } = await import('../report/html/measurement-report.ts');
  const overview = overviewOf(
    lines.map(({ measurement }) => measurement),
    REPORT_POINTS,
  );
  if (overview === null) return 0;
  const page = measurementReport({ title: config.name ?? 'Rollout', overview, looks });
  return writeFile(resolve(cwd, html), page).then(
    () => 0 as const,
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      return refuse(
        [`The page cannot be written to ${html}: ${reason}. Name a file in a directory that exists.`],
        io,
      );
    },
  );
}

async function readConfig({ cwd, config: path, name }: JudgeCommandOptions): Promise<Config | string[]> {
  const found = path === undefined ? await findConfigFile(cwd, name) : { ok: true as const, file: path };
  if (!found.ok) return found.problems.map(formatProblem);
  const loaded = await loadConfigFile(resolve(cwd, found.file), found.file);
  return loaded.ok ? loaded.config : loaded.problems.map(formatProblem);
}

interface Line {
  /** From 1. */
  readonly line: number;
  readonly measurement: Measurement;
}

/** Every line or none: a measurement that is left out would shift every verdict after it. */
function readMeasurements(text: string, file: string) {
  const lines: Line[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  const texts = text.split('\n');
  for (const [index, written] of texts.entries()) {
    if (written.trim() === '') continue;
    const place = `${file}:${index + 1}`;
    const value = parseJson(written);
    if (value === undefined && index === texts.length - 1) {
      warnings.push(`${place}: the last line is cut off and was left out`);
      continue;
    }
    if (value === undefined) {
      problems.push(`${place}: this is not JSON; expected one measurement a line`);
      continue;
    }
    const parsed = measurementSchema.safeParse(value);
    if (parsed.success) lines.push({ line: index + 1, measurement: parsed.data });
    else {
      const [issue] = parsed.error.issues;
      problems.push(
        `${place}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'this is no measurement'}`,
      );
    }
  }
  const inOrder = lines.toSorted(
    (a, b) => a.measurement.window.from - b.measurement.window.from || a.line - b.line,
  );
  if (inOrder.some((each, index) => each !== lines[index])) {
    warnings.push(`${file}: the windows are not in the order of time; they are judged as if they were`);
  }
  return { lines: inOrder, problems, warnings };
}

/** What happened in a shared time would count twice. */
function overlaps(lines: readonly Line[], file: string): string[] {
  return lines.flatMap(({ line, measurement: { window } }, index) => {
    const before = lines[index - 1];
    if (before === undefined || before.measurement.window.to <= window.from) return [];
    return [
      `${file}:${line}: the window overlaps the one of line ${before.line}; expected windows that follow each other`,
    ];
  });
}

function strangers(lines: readonly Line[], known: readonly string[], file: string): string[] {
  return lines
    .filter(({ measurement: { stage } }) => !known.includes(stage))
    .map(
      ({ line, measurement: { stage } }) =>
        `${file}:${line}: the config has no stage "${stage}"; expected one of ${known.join(', ')}`,
    );
}

function* looksAt(config: Config, lines: readonly Line[]): Generator<ReplayedLook> {
  let replay: Replay = REPLAY_START;
  const sums = new Map<string, Measurement>();
  for (const { measurement } of lines) {
    const before = sums.get(measurement.stage);
    const sum = before === undefined ? measurement : addMeasurements(before, measurement);
    sums.set(measurement.stage, sum);
    const { gateway, official } = sum.arms;
    const units = { gateway: gateway?.units ?? [], official: official?.units ?? [] };
    const next = replayLook(config, replay, measurement, units);
    if (next === null) continue;
    replay = next.replay;
    yield next.look;
  }
}

const SIGNIFICANT_DIGITS = 9;

/** Numbers are cut to what is exact on every machine. */
function lookJson({ window, ...look }: ReplayedLook): string {
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
  const { look: index, ...rest } = look;
  return JSON.stringify(
    { look: index, window: { from: iso(window.from), to: iso(window.to) }, ...rest },
    (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(SIGNIFICANT_DIGITS)) : value,
  );
}

const PROBLEMS_SHOWN = 10;

function refuse(problems: readonly string[], io: CommandOutput): 2 {
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) io.stderr(`error: ${plainLine(problem, 1000)}\n`);
  const more = problems.length - PROBLEMS_SHOWN;
  if (more > 0) io.stderr(`error: … and ${more} more\n`);
  return 2;
}
