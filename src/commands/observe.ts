/** `gateway-rollout observe`: one measurement of production since the last run. */
import { resolve } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { formatMeasurement } from '../measure/measurement.ts';
import type { Patience } from '../measure/patience.ts';
import { mayStepNameOrigins } from './named-in-job.ts';
import { discover } from './observe/discover.ts';
import { observedText } from './observe/observed-text.ts';
import { type Observed, performObserve } from './observe/perform.ts';
import type { ObserveSettings } from './observe/plan.ts';
import { writeMeasurementPage } from './page-file.ts';
import { findConfig } from './read-config.ts';
import { nonBlank } from './settings.ts';
import { errorsTo, noticesTo, type Terminal } from './terminal.ts';

/**
 * Prints the measurement on stdout (with `--json` as the line that is stored), all else on stderr.
 * @returns exit code: 0 measured, or nothing new yet; 1 a source failed, and nothing was stored; 2 usage, config or
 * environment error
 */
export async function runObserveCommand(
  settings: ObserveSettings,
  { json, directory }: { readonly json: boolean; readonly directory: string },
  environment: Environment,
  terminal: Pick<Terminal, 'stdout' | 'stderr' | 'color' | 'columns'>,
  patience?: Partial<Patience>,
): Promise<0 | 1 | 2> {
  const notice = noticesTo(terminal.stderr);
  const read = await findConfig(settings, directory);
  if (settings.discover) return runDiscovery(read, environment, terminal, patience);
  const outcome =
    read.kind === 'refused'
      ? read
      : await performObserve(settings, read.config, {
          directory,
          environment,
          front: 'command-line',
          workflowCounts: await mayStepNameOrigins(environment),
          now: Date.now,
          isPrivate: true,
          onSecrets: () => undefined,
          onNote: (note) => notice('note', note),
          ...(settings.explain && { onQuery: (query) => terminal.stderr(`${query}\n\n`) }),
          ...(patience && { patience }),
        });
  switch (outcome.kind) {
    case 'refused':
      return errorsTo(terminal.stderr)(outcome);
    case 'failed':
      errorsTo(terminal.stderr)(outcome);
      notice('note', 'Nothing was stored; the next measurement starts where this one would have.');
      return 1;
    case 'nothing-new':
      notice('note', outcome.reason);
      return 0;
    case 'observed': {
      const { measurement } = outcome;
      const text = json ? `${formatMeasurement(measurement)}\n` : null;
      terminal.stdout(text ?? observedText(measurement, nonBlank(settings.out), terminal));
      const problems = await writeHtml(settings, outcome, directory);
      for (const problem of problems) notice('error', problem);
      return problems.length === 0 ? 0 : 2;
    }
  }
}

const DISCOVERY_EXIT = { discovered: 0, failed: 1, refused: 2 } as const;

async function runDiscovery(
  read: Awaited<ReturnType<typeof findConfig>>,
  environment: Environment,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  patience?: Partial<Patience>,
): Promise<0 | 1 | 2> {
  const workflowCounts = await mayStepNameOrigins(environment);
  const host = { environment, workflowCounts, now: Date.now(), patience };
  const found = read.kind === 'refused' ? read : await discover(read.config, host);
  if (found.kind === 'discovered') stdout(found.text);
  else errorsTo(stderr)(found);
  return DISCOVERY_EXIT[found.kind];
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
