import type { Writable } from 'node:stream';
import type { ProbeResult } from '../check/report.ts';
import type { CheckProgress } from '../check/run.ts';
import { STATUS_WORD } from '../report/check-sentences.ts';
import { Printer } from '../report/printer.ts';
import { count } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';

export interface Progress {
  readonly report: (progress: CheckProgress) => void;
  /** Removes what should not stay on the screen; may be called more than once. */
  readonly stop: () => void;
}

/** One line for each probe that ran, for logs. @param columns longer lines are wrapped */
export function lineProgress(write: (text: string) => void, columns: number): Progress {
  return {
    report: (progress) => {
      if (progress.kind === 'finished' && progress.result.status !== 'skip')
        write(finishedText(progress.result, columns));
    },
    stop: () => undefined,
  };
}

/** One line that changes, and permanent text for each failure. */
export async function spinnerProgress(stream: Writable, columns: number): Promise<Progress> {
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ stream, text: 'connecting', handleSignals: false }).start();
  const running = new Set<string>();
  let finished = 0;
  let probes = 0;
  const stop = (): void => {
    if (spinner.isSpinning) spinner.stop();
  };
  // The spinner hides the cursor, which must come back however the process ends.
  process.once('exit', stop);
  return {
    report: (progress) => {
      if (progress.kind === 'begun') {
        probes = progress.probes;
      } else if (progress.kind === 'started') {
        running.add(progress.id);
      } else {
        running.delete(progress.result.id);
        finished += 1;
        if (progress.result.status === 'fail') {
          spinner.stop();
          stream.write(finishedText(progress.result, columns));
          spinner.start();
        }
      }
      const latest = [...running].at(-1);
      spinner.text = `${finished} of ${count(probes, 'probe')}${latest === undefined ? '' : ` · ${latest}`}`;
    },
    stop,
  };
}

/** Continuation lines are aligned with the text of the first line. */
function finishedText({ status, id, summary }: ProbeResult, columns: number): string {
  const print = new Printer({ color: false, columns });
  const mark = STATUS_WORD[status].padEnd(4);
  print.wrapped(`${mark} ${id}: ${plainLine(summary, 200)}`, { hang: mark.length + 1 });
  return print.text();
}
