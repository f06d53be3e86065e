/** Collects what is wrong with records, and tells it in a few sentences that name lines. */
import { isWithin, type Window } from '../instant.ts';
import type { RecordLocation } from '../record.ts';
import type { SourceError, SourceNote } from '../source.ts';
import type { InconsistentRecord } from '../task-grouper.ts';
import type { FileProblem, FileProblemKind } from './record-file.ts';

/** So many lines of each kind are named. */
const NAMED_LINES = 5;

interface Kind {
  /** Whether a record of the window is lost or torn from its task. */
  readonly loses: boolean;
  /** What is said of it; lines are named behind it. */
  readonly says: string;
}

const KINDS: Readonly<Record<FileProblemKind | InconsistentRecord, Kind>> = {
  not_utf8: { loses: true, says: 'left out, not UTF-8' },
  not_json: { loses: true, says: 'left out, not JSON' },
  unknown_schema: { loses: true, says: 'left out, of another version of the format' },
  not_a_record: { loses: true, says: 'left out, not a record' },
  line_too_long: { loses: true, says: 'left out, too long' },
  half_written_line: { loses: false, says: 'left out, not yet complete' },
  unreadable: {
    loses: true,
    says: 'of a file that cannot be read to its end, but as far as the window goes',
  },
  gzip_cut: { loses: true, says: 'last of gzip data that stop short, but behind the window' },
  duplicate: { loses: false, says: 'left out, came before' },
  late: { loses: true, says: 'counted, but so long after later ones that its task may be torn' },
  clock_backwards: { loses: false, says: 'counted, though it starts before the attempt that it repeats' },
  first_attempt_missing: {
    loses: true,
    says: 'counted as a task of its own, its first attempt is not there',
  },
};

export class ProblemLog {
  readonly #window: Window;
  readonly #settlingMs: number;
  readonly #counts = new Map<keyof typeof KINDS, { count: number; readonly lines: string[] }>();
  #lost = 0;
  #said = '';
  #error: SourceError | null = null;

  constructor(window: Window, settlingMs: number) {
    this.#window = window;
    this.#settlingMs = settlingMs;
  }

  /** Records of the window that are lost or torn; a line that nobody can read has the time of the one before. */
  get lost(): number {
    return this.#lost;
  }

  /** A part of a file is missing that may belong to the window. */
  get error(): SourceError | null {
    return this.#error;
  }

  get notes(): readonly SourceNote[] {
    return [...this.#counts].map(([kind, { count, lines }]) => {
      const more = count > lines.length ? `; and ${count - lines.length} more` : '';
      const records = count === 1 ? '1 line' : `${count} lines`;
      return { reasonCode: kind, message: `${records} ${KINDS[kind].says}: ${lines.join('; ')}${more}.` };
    });
  }

  /** An odd record of the window. */
  inconsistent(kind: InconsistentRecord, { file, line }: RecordLocation): void {
    this.#note(kind, `${file}:${line}`);
    if (KINDS[kind].loses) this.#lost += 1;
  }

  file(file: string, { kind, line, message, after }: FileProblem): void {
    const place = `${file}:${line}`;
    if (kind === 'gzip_cut' || kind === 'unreadable') {
      this.#note(kind, `${place} (${message})`);
      if (after === null || after < this.#window.to + this.#settlingMs)
        this.#error ??= missingPart(kind, place, message);
      return;
    }
    // Often the same is wrong with line after line: it is said once.
    this.#note(
      kind,
      kind === 'half_written_line' || message === this.#said ? place : `${place} (${message})`,
    );
    this.#said = message;
    const inWindow = after === null || isWithin(this.#window, after);
    if (KINDS[kind].loses && inWindow) this.#lost += 1;
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
    kind === 'gzip_cut' ? 'the gzip data stops short or is damaged' : 'the file cannot be read further';
  return {
    kind: 'error',
    reasonCode: kind,
    reason: `${place}: ${what} after this line (${message}); nobody knows how many records are missing. Copy the file anew, or take it out.`,
  };
}
