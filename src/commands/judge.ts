/** `gateway-rollout judge`: recorded measurements walked through the judge, look by look. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { whyUnreadable } from '../config/files.ts';
import { lookText } from '../report/look.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import { looksAt } from './looks.ts';
import { readMeasurementLines } from './measurement-lines.ts';
import { writePage } from './page-file.ts';
import { requireConfig } from './read-config.ts';
import type { ConfigChoice } from './settings.ts';
import { type CommandOutput, noticesTo } from './terminal.ts';

export interface JudgeCommandOptions extends ConfigChoice {
  /** The repository; paths are relative to it. */
  readonly cwd: string;
  /** JSONL, one measurement a line (src/measure/measurement.ts). */
  readonly file: string;
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
  const [found, text] = await Promise.all([requireConfig(options, options.cwd), readMeasurements(options)]);
  if (found.kind === 'refused' || typeof text !== 'string') {
    const ofConfig = found.kind === 'refused' ? found.messages : [];
    return refuse([...ofConfig, ...(typeof text === 'string' ? [] : [text.flaw])], io);
  }
  const { config } = found;
  const { lines, problems, warnings } = readMeasurementLines(text, options.file, config.rollout.stages);
  if (problems.length > 0) return refuse(problems, io);
  for (const warning of warnings) noticesTo(io.stderr)('warning', warning);
  if (lines.length === 0) {
    return refuse(
      [`${options.file}: there is no measurement in it; record some with gateway-rollout observe`],
      io,
    );
  }
  const measurements = lines.map(({ measurement }) => measurement);
  const looks = looksAt(config, measurements);
  for (const look of looks) io.stdout(`${options.json ? lookJson(look) : lookText(look)}\n`);
  if (options.html === undefined) return 0;
  const { measurementPage } = await import('./measurement-page.ts');
  const page = measurementPage(config, measurements, looks);
  const flaw = await writePage(resolve(options.cwd, options.html), page, options.html);
  return flaw === null ? 0 : refuse([flaw], io);
}

async function readMeasurements({
  cwd,
  file,
}: JudgeCommandOptions): Promise<string | { readonly flaw: string }> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    return {
      flaw: `${file}: ${whyUnreadable(error)}; expected a JSONL file of measurements, as observe writes it`,
    };
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
  const tell = noticesTo(io.stderr);
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) tell('error', problem);
  const more = problems.length - PROBLEMS_SHOWN;
  if (more > 0) tell('error', `… and ${more} more`);
  return 2;
}
