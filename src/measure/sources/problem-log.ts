/** Collects problems with records, and reports them in a few sentences with line numbers. */
import { isWithin, type Window } from '../instant.ts';
import type { RecordLocation } from '../record.ts';
import { type SourceError, type SourceNote, sourceError } from '../source.ts';
import { type InconsistentRecord, SETTLING_MS } from '../task-grouper.ts';
import type { RecordFileProblem, RecordFileProblemKind } from './record-file.ts';

/** A larger part of lost records could hide a violated limit. */
export const MOST_LOST = 0.01;

/** How many lines of each kind are listed. */
const NAMED_LINES = 5;

interface Kind {
  /** Whether a record of the window is lost, or separated from its task. */
  readonly loses: boolean;
  /** The problem; the lines follow. */
  readonly text: string;
}

const KINDS: Readonly<Record<RecordFileProblemKind | InconsistentRecord, Kind>> = {
  not_utf8: { loses: true, text: 'skipped, not UTF-8' },
  not_json: { loses: true, text: 'skipped, not JSON' },
  unknown_schema: { loses: true, text: 'skipped, another version of the format' },
  not_a_record: { loses: true, text: 'skipped, not a record' },
  line_too_long: { loses: true, text: 'skipped, too long' },
  half_written_line: { loses: false, text: 'skipped, not yet complete' },
  unreadable: {
    loses: true,
    text: 'before the unreadable part of a file, which lies after the window',
  },
  gzip_cut: { loses: true, text: 'before truncated gzip data, which lies after the window' },
  duplicate: { loses: false, text: 'skipped, duplicate' },
  late: {
    loses: true,
    text: 'counted although more than eleven minutes out of order; tasks may be incomplete',
  },
  clock_backwards: {
    loses: false,
    text: 'counted although the retry starts before the attempt that it retries',
  },
  first_attempt_missing: {
    loses: true,
    text: 'counted as a separate task, first attempt missing',
  },
};

export class ProblemLog {
  readonly #window: Window;
  readonly #counts = new Map<keyof typeof KINDS, { count: number; readonly lines: string[] }>();
  #lastMessage = '';
  /** How many records of the window are lost; an unreadable line counts as recorded with the line before it. */
  lost = 0;
  /** Set if a part of a file is missing that may belong to the window. */
  error: SourceError | null = null;

  constructor(window: Window) {
    this.#window = window;
  }

  get notes(): readonly SourceNote[] {
    return [...this.#counts].map(([kind, { count, lines }]) => {
      const more = count > lines.length ? `; and ${count - lines.length} more` : '';
      const records = count === 1 ? '1 line' : `${count} lines`;
      return { reasonCode: kind, message: `${records} ${KINDS[kind].text}: ${lines.join('; ')}${more}.` };
    });
  }

  inconsistent(kind: InconsistentRecord, { file, line }: RecordLocation): void {
    this.#note(kind, `${file}:${line}`);
    if (KINDS[kind].loses) this.lost += 1;
  }

  file(file: string, { kind, line, message, after }: RecordFileProblem): void {
    const place = `${file}:${line}`;
    if (kind === 'gzip_cut' || kind === 'unreadable') {
      this.#note(kind, `${place} (${message})`);
      if (after === null || after < this.#window.to + SETTLING_MS)
        this.error ??= missingPart(kind, place, message);
      return;
    }
    // Line after line often has the same problem: the message is shown once.
    this.#note(
      kind,
      kind === 'half_written_line' || message === this.#lastMessage ? place : `${place} (${message})`,
    );
    this.#lastMessage = message;
    const inWindow = after === null || isWithin(this.#window, after);
    if (KINDS[kind].loses && inWindow) this.lost += 1;
  }

  #note(kind: keyof typeof KINDS, place: string): void {
    const known = this.#counts.get(kind) ?? { count: 0, lines: [] };
    known.count += 1;
    if (known.lines.length < NAMED_LINES) known.lines.push(place);
    this.#counts.set(kind, known);
  }
}

function missingPart(kind: 'gzip_cut' | 'unreadable', place: string, message: string): SourceError {
  const what =
    kind === 'gzip_cut' ? 'the gzip data is truncated or damaged' : 'the file cannot be read further';
  return sourceError(
    kind,
    `${place}: ${what} after this line (${message}), so an unknown number of records is missing. Copy the file again, or remove it.`,
  );
}
