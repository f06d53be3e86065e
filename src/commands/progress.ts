import type { Writable } from 'node:stream';
import type { ProbeResult } from '../check/report.ts';
import type { CheckProgress } from '../check/run.ts';
import { STATUS_WORD } from '../report/sentences.ts';
import { plainLine } from '../wording/foreign-text.ts';

/** Tells how far a check is while it runs. */
export interface Progress {
  readonly report: (progress: CheckProgress) => void;
  /** Take back what is not meant to stay; may be called more than once. */
  readonly stop: () => void;
}

/** One line for each probe that was put, for logs. */
export function lineProgress(write: (text: string) => void): Progress {
  return {
    report: (progress) => {
      if (progress.kind === 'finished' && progress.result.status !== 'skip')
        write(`${finishedLine(progress.result)}\n`);
    },
    stop: () => undefined,
  };
}

/** One line that changes, and a line that stays for each failure. */
export async function spinnerProgress(stream: Writable): Promise<Progress> {
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ stream, text: 'connecting', handleSignals: false }).start();
  const running = new Set<string>();
  let finished = 0;
  const stop = (): void => {
    if (spinner.isSpinning) spinner.stop();
  };
  // The cursor is hidden while the spinner spins; it must come back whichever way the process ends.
  process.once('exit', stop);
  return {
    report: (progress) => {
      if (progress.kind === 'started') {
        running.add(progress.id);
      } else {
        running.delete(progress.result.id);
        finished += 1;
        if (progress.result.status === 'fail') {
          spinner.stop();
          stream.write(`${finishedLine(progress.result)}\n`);
          spinner.start();
        }
      }
      const total = finished + running.size;
      const latest = [...running].at(-1);
      spinner.text = `${finished}/${total} probes${latest === undefined ? '' : ` · ${latest}`}`;
    },
    stop,
  };
}

function finishedLine({ status, id, summary }: ProbeResult): string {
  return `${STATUS_WORD[status].padEnd(4)} ${id}: ${plainLine(summary, 200)}`;
}
