/** The tasks of a run of `exec` one by one, each beside the same task on the other arm. */
import type { RequestRecord } from '../../measure/record.ts';
import { count, milliseconds, UNKNOWN, whole } from '../../wording/amounts.ts';
import { changeText } from '../../wording/arm-figures.ts';
import { grouped } from '../grouped.ts';
import { type Html, html, NOTHING } from './markup.ts';
import { row, table } from './sections.ts';

const MOST_ROWS = 500;

/** The attempts of a task on one arm, in order. */
type Attempts = readonly RequestRecord[];

/** One row for each task; a checkbox keeps those that differ. It needs no script. */
export function requestSection(records: readonly RequestRecord[]): Html {
  const tasksOf = (arm: RequestRecord['arm']) => namedTasks(records.filter((each) => each.arm === arm));
  const tasks = { official: tasksOf('official'), gateway: tasksOf('gateway') };
  const names = [...new Set([...tasks.official.keys(), ...tasks.gateway.keys()])];
  if (names.length === 0) return NOTHING;
  const rows = names.slice(0, MOST_ROWS).map((name, index) => {
    const [official, gateway] = [tasks.official.get(name) ?? [], tasks.gateway.get(name) ?? []];
    const about = official[0] ?? gateway[0];
    const cells = [
      `${whole(index + 1)}. ${about?.endpoint ?? ''} ${about?.model ?? ''}`,
      attemptsText(official),
      attemptsText(gateway),
      changeText('percent', durationOf(official), durationOf(gateway)),
    ];
    return row(cells, outcomeOf(official) === outcomeOf(gateway) ? 'same' : 'differs');
  });
  const isCompared = tasks.official.size > 0 && tasks.gateway.size > 0;
  const filter = html`<label><input type="checkbox" id="only-different"> Only those that differ in status, retries, input tokens or how they end</label>`;
  const more = names.length - rows.length;
  return html`<section class="requests" aria-labelledby="requests"><h2 id="requests">Tasks one by one</h2>
${isCompared ? filter : NOTHING}
${table(['Task', 'Official', 'Gateway', 'Δ time'], rows, 'Tasks one by one')}
${more > 0 ? html`<p class="about">… and ${whole(more)} more.</p>` : NOTHING}</section>`;
}

/**
 * A copy has the task of its original. Where the program ran once on each arm, the nth task of an endpoint and a model is
 * taken for the same one.
 */
function namedTasks(records: readonly RequestRecord[]): ReadonlyMap<string, Attempts> {
  const copies = records.filter(({ arm, shadow }) => shadow === true && arm === 'gateway');
  const own = copies.length > 0 ? copies : records.filter(({ shadow }) => shadow !== true);
  const byTask = grouped(
    own.toSorted((a, b) => a.ts - b.ts),
    (record): unknown => record.task ?? record,
  );
  const seen = new Map<string, number>();
  return new Map(
    [...byTask.values()].map((attempts) => {
      const [first] = attempts;
      const kind = `${first?.endpoint} ${first?.model}`;
      const nth = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, nth);
      return [`${kind} ${nth}`, attempts] as const;
    }),
  );
}

/** `200, 812 ms, 120 → 34 tokens`; with retries `200 after 2 retries, …`. */
function attemptsText(attempts: Attempts): string {
  const last = attempts.at(-1);
  const duration = durationOf(attempts);
  if (last === undefined || duration === null) return UNKNOWN;
  const { status, error, input_tokens: input, output_tokens: output } = last;
  const tries = attempts.length - 1;
  const retried = tries === 0 ? '' : ` after ${tries === 1 ? '1 retry' : `${whole(tries)} retries`}`;
  const outcome = `${status || 'no response'}${error === undefined ? '' : ` ${error}`}${retried}`;
  const tokens = input === undefined ? [] : [`${whole(input)} → ${count(output ?? 0, 'token')}`];
  return [outcome, milliseconds(duration), ...tokens].join(', ');
}

/** Milliseconds from the first attempt's start to the last one's end. */
function durationOf(attempts: Attempts): number | null {
  const [first, last] = [attempts[0], attempts.at(-1)];
  return first === undefined || last === undefined ? null : last.ts + last.duration_ms - first.ts;
}

function outcomeOf(attempts: Attempts): string {
  const { status, error, input_tokens: input, finish_reason: finish } = attempts.at(-1) ?? {};
  return JSON.stringify([attempts.length, status, error, input, finish]);
}
