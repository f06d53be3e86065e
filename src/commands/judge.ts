/** `gateway-rollout judge`: replays measurements and shows each decision. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { whyUnreadable } from '../config/files.ts';
import { firstLines } from '../report/first-lines.ts';
import { lookText } from '../report/look-terminal.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import { readMeasurementLines } from './measurement-lines.ts';
import { looksAt } from './observe/judged-measurements.ts';
import { writeMeasurementPage } from './page-file.ts';
import { configRoot, requireConfig } from './read-config.ts';
import type { ConfigChoice } from './settings.ts';
import { type CommandOutput, errorsTo, noticesTo } from './terminal.ts';

export interface JudgeCommandOptions extends ConfigChoice {
  /** The repository; paths are relative to it. */
  readonly cwd: string;
  /** JSONL, one measurement per line (src/measure/measurement.ts). */
  readonly file: string;
  /** One JSON object per look instead of text. */
  readonly json: boolean;
  /** File for the HTML page with measurements and verdicts. */
  readonly html?: string | undefined;
}

/**
 * Prints the decision after each measurement. The same input gives the same output, byte for byte.
 * @returns the exit code: 0 replayed; 2 usage or config error, or a measurement is invalid
 */
export async function runJudgeCommand(options: JudgeCommandOptions, io: CommandOutput): Promise<0 | 2> {
  const { cwd, file, html } = options;
  const [found, text] = await Promise.all([
    requireConfig(options, configRoot(options, cwd)),
    readMeasurements(cwd, file),
  ]);
  if (found.kind === 'refused' || typeof text !== 'string') {
    const ofConfig = found.kind === 'refused' ? found.messages : [];
    return refuse([...ofConfig, ...(typeof text === 'string' ? [] : [text.problem])], io);
  }
  const { config } = found;
  const { measurements, problems, warnings } = readMeasurementLines(text, file, config.rollout.stages);
  if (problems.length > 0) return refuse(problems, io);
  for (const warning of warnings) noticesTo(io.stderr)('warning', warning);
  if (measurements.length === 0) {
    return refuse([`${file}: no measurements found; collect some with gateway-rollout observe`], io);
  }
  const looks = looksAt(config, measurements);
  for (const look of looks) io.stdout(`${options.json ? lookJson(look) : lookText(look)}\n`);
  const problem =
    html === undefined ? null : await writeMeasurementPage(cwd, html, config, { measurements, looks });
  return problem === null ? 0 : refuse([problem], io);
}

async function readMeasurements(cwd: string, file: string): Promise<string | { readonly problem: string }> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    const problem = `${file}: ${whyUnreadable(error)}; expected a JSONL file of measurements, as observe writes it`;
    return { problem };
  }
}

const SIGNIFICANT_DIGITS = 9;

/** Numbers are rounded to the digits that are exact on every machine. */
function lookJson({ window, look, ...rest }: ReplayedLook): string {
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
  return JSON.stringify(
    { look, window: { from: iso(window.from), to: iso(window.to) }, ...rest },
    (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(SIGNIFICANT_DIGITS)) : value,
  );
}

const PROBLEMS_SHOWN = 10;

function refuse(problems: readonly string[], { stderr }: CommandOutput): 2 {
  return errorsTo(stderr)({ messages: firstLines(problems, PROBLEMS_SHOWN) });
}
