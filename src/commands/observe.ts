/** `gateway-rollout observe`: one measurement of production since the last run. */
import { resolve } from 'node:path';
import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/schema.ts';
import { formatMeasurement } from '../measure/measurement.ts';
import type { Patience } from '../measure/patience.ts';
import type { ArmSources } from './arms.ts';
import { mayStepNameOrigins, namedInJob } from './named-in-job.ts';
import { discover } from './observe/discover.ts';
import { observedText } from './observe/observed-text.ts';
import { type Observed, performObserve } from './observe/perform.ts';
import type { ObserveSettings } from './observe/plan.ts';
import { writeMeasurementPage } from './page-file.ts';
import { findConfig } from './read-config.ts';
import { nonBlank } from './settings.ts';
import { errorsTo, noticesTo, type Terminal } from './terminal.ts';

export interface ObserveCall {
  /** Print the line that is stored, and not a table. */
  readonly json: boolean;
  readonly directory: string;
  /** Where keys may go, for questions of our own; without it none are asked. */
  readonly named?: ArmSources['named'];
}

type ObserveTerminal = Pick<Terminal, 'stdout' | 'stderr' | 'color' | 'columns'>;

const EXIT = { observed: 0, 'nothing-new': 0, discovered: 0, failed: 1, refused: 2 } as const;

/**
 * Prints the measurement on stdout, all else on stderr.
 * @returns exit code: 0 measured, or nothing new yet; 1 a source failed, and nothing was stored; 2 usage, config or
 * environment error
 */
export async function runObserveCommand(
  settings: ObserveSettings,
  call: ObserveCall,
  environment: Environment,
  terminal: ObserveTerminal,
  patience?: Partial<Patience>,
): Promise<0 | 1 | 2> {
  const read = await findConfig(settings, call.directory);
  if (read.kind === 'refused') return errorsTo(terminal.stderr)(read);
  if (settings.discover) {
    return EXIT[(await discoverOnTerminal(read.config, environment, terminal, patience)).kind];
  }
  const asked = { ...call, named: await namedInJob(settings, environment, call.directory, read) };
  const outcome = await observeOnTerminal(settings, read.config, asked, environment, terminal, patience);
  if (outcome.kind !== 'observed') return EXIT[outcome.kind];
  const problems = await writeHtml(settings, outcome, call.directory);
  return problems.length === 0 ? 0 : errorsTo(terminal.stderr)({ messages: problems });
}

/** Measures a window, and prints it or why there is none. */
export async function observeOnTerminal(
  settings: ObserveSettings,
  config: Config | null,
  { json, directory, named }: ObserveCall,
  environment: Environment,
  terminal: ObserveTerminal,
  patience?: Partial<Patience>,
): ReturnType<typeof performObserve> {
  const notice = noticesTo(terminal.stderr);
  const outcome = await performObserve(settings, config, {
    directory,
    environment,
    front: 'command-line',
    workflowCounts: await mayStepNameOrigins(environment),
    now: Date.now,
    isPrivate: true,
    ...(named !== undefined && { arms: { settings: {}, named } }),
    onSecrets: () => undefined,
    onNote: (note) => notice('note', note),
    ...(settings.explain && { onQuery: (query) => terminal.stderr(`${query}\n\n`) }),
    ...(patience && { patience }),
  });
  if (outcome.kind === 'nothing-new') notice('note', outcome.reason);
  else if (outcome.kind !== 'observed') errorsTo(terminal.stderr)(outcome);
  else if (json) terminal.stdout(`${formatMeasurement(outcome.measurement)}\n`);
  else terminal.stdout(observedText(outcome.measurement, nonBlank(settings.out), terminal));
  if (outcome.kind === 'failed') {
    notice('note', 'Nothing was stored; the next measurement starts where this one would have.');
  }
  return outcome;
}

/** Prints the metrics that Prometheus has of the calls, or what is wrong. */
export async function discoverOnTerminal(
  config: Config | null,
  environment: Environment,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  patience?: Partial<Patience>,
): ReturnType<typeof discover> {
  const workflowCounts = await mayStepNameOrigins(environment);
  const found = await discover(config, { environment, workflowCounts, now: Date.now(), patience });
  if (found.kind === 'discovered') stdout(found.text);
  else errorsTo(stderr)(found);
  return found;
}

/** Writes the page, if one is wanted. @returns what went wrong */
async function writeHtml(
  settings: ObserveSettings,
  { measurement, config }: Observed,
  directory: string,
): Promise<string[]> {
  const [html, out] = [nonBlank(settings.html), nonBlank(settings.out)];
  if (html === null) return [];
  const { judgeWithEarlier } = await import('./observe/judged-measurements.ts');
  const file = out === null ? null : resolve(directory, out);
  const judged = await judgeWithEarlier(config, measurement, file, out ?? '');
  const unwritten = await writeMeasurementPage(directory, html, config, judged);
  return [judged.problem, unwritten].filter((each) => each !== null);
}
