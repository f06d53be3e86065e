/** `gateway-rollout observe`: one measurement of production since the last run. */
import { resolve } from 'node:path';
import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/schema.ts';
import { formatMeasurement } from '../measure/measurement.ts';
import type { Patience } from '../measure/patience.ts';
import type { ArmSources } from './arms.ts';
import { discover } from './observe/discover.ts';
import { observedText } from './observe/observed-text.ts';
import { type Observed, performObserve } from './observe/perform.ts';
import type { ObserveSettings } from './observe/plan.ts';
import { writeMeasurementPage } from './page-file.ts';
import { nonBlank } from './settings.ts';
import { errorsTo, noticesTo, type Terminal } from './terminal.ts';
import { callOnTerminal, mayStepNameOrigins } from './terminal-call.ts';

interface Call {
  /** Print the line that is stored, and not a table. */
  readonly json: boolean;
  readonly directory: string;
  /** Where keys may go, for questions of our own; without it none are asked. */
  readonly named?: ArmSources['named'];
}

type Output = Pick<Terminal, 'stdout' | 'stderr' | 'color' | 'columns'>;

const EXIT = { observed: 0, 'nothing-new': 0, discovered: 0, failed: 1, refused: 2 } as const;

/**
 * @returns exit code: 0 measured, or nothing new yet; 1 a source failed, and nothing was stored; 2 usage, config or
 * environment error
 */
export async function runObserveCommand(
  settings: ObserveSettings,
  call: Call,
  environment: Environment,
  terminal: Output,
  patience?: Partial<Patience>,
): Promise<0 | 1 | 2> {
  const read = await callOnTerminal(settings, call.directory, environment, terminal.stderr);
  if (read.kind === 'refused') return errorsTo(terminal.stderr)(read);
  const asked = { ...call, named: read.named };
  const outcome = await observeOnTerminal(settings, read.config, asked, environment, terminal, patience);
  if (outcome.kind !== 'observed') return EXIT[outcome.kind];
  const problems = await writeHtml(settings, outcome, call.directory);
  return problems.length === 0 ? 0 : errorsTo(terminal.stderr)({ messages: problems });
}

/** Prints the measurement, or with `discover` the metrics that look like calls, on stdout, and all else on stderr. */
export async function observeOnTerminal(
  settings: ObserveSettings,
  config: Config | null,
  { json, directory, named }: Call,
  environment: Environment,
  terminal: Output,
  patience?: Partial<Patience>,
) {
  const notice = noticesTo(terminal.stderr);
  const workflowCounts = await mayStepNameOrigins(environment);
  const outcome = settings.discover
    ? await discover(config, { environment, workflowCounts, now: Date.now(), patience })
    : await performObserve(settings, config, {
        directory,
        environment,
        front: 'command-line',
        workflowCounts,
        now: Date.now,
        isPrivate: true,
        ...(named !== undefined && { arms: { settings: {}, named } }),
        onSecrets: () => undefined,
        onNote: (note) => notice('note', note),
        ...(settings.explain && { onQuery: (query) => terminal.stderr(`${query}\n\n`) }),
        ...(patience && { patience }),
      });
  if (outcome.kind === 'observed') {
    const { measurement } = outcome;
    const text = json ? `${formatMeasurement(measurement)}\n` : null;
    terminal.stdout(text ?? observedText(measurement, nonBlank(settings.out), terminal));
  } else if (outcome.kind === 'discovered') terminal.stdout(outcome.text);
  else if (outcome.kind === 'nothing-new') notice('note', outcome.reason);
  else errorsTo(terminal.stderr)(outcome);
  if (outcome.kind === 'failed' && !settings.discover) {
    notice('note', 'Nothing was stored; the next measurement starts where this one would have.');
  }
  return outcome;
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
