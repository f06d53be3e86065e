/** Table 2, as Markdown. */
import { median } from '../row.ts';
import { clopperPearson } from './chance.ts';
import { leastTasksToNotice } from './team-bounds.ts';
import { ORACLE, type RivalOutcome, TEAM_RIVALS } from './team-rivals.ts';
import type { Journey, Seen } from './team-rollout.ts';
import {
  doneAt,
  FAULTY_ROWS,
  HEALTHY_ROWS,
  ROUGH_ROWS,
  STICKY_STAGES,
  sees,
  type TeamRow,
} from './team-rows.ts';
import { firstAction, type Journeys, percent, type Show, shown } from './team-shows.ts';

/** By row, and by rival in the order of {@link TEAM_RIVALS} with the oracle last. */
export type RivalOutcomes = ReadonlyMap<string, readonly (readonly RivalOutcome[])[]>;

export function teamTables(journeys: Journeys, rivals: RivalOutcomes, shows: readonly Show[]): string {
  const of = ({ id }: TeamRow) => journeys.get(id) ?? [];
  const simulated = (rows: readonly TeamRow[]) => rows.filter((row) => of(row).length > 0);
  return [
    table(
      [
        'a healthy gateway',
        'gate of 100 % met',
        'days (10–90 %)',
        'paused',
        'stepped back',
        'asked',
        'rolled back',
      ],
      simulated([...HEALTHY_ROWS, ...ROUGH_ROWS]).map((row) => [row.title, ...healthyCells(of(row))]),
    ),
    table(
      ['a sticky split at one share', '`max_drop: 1%` proven in 14 days', 'days (10–90 %)'],
      simulated(STICKY_STAGES).map((row) => [row.title, ...provenCells(of(row))]),
    ),
    table(
      [
        'at 20,000 a day, 1 % errors',
        'first action',
        'days (10–90 %)',
        'extra failed',
        'slow seconds',
        'US $',
        'goes to 100 % first',
      ],
      simulated(FAULTY_ROWS).map((row) => [row.title, ...faultyCells(of(row))]),
    ),
    table(
      [
        'failed tasks, slow seconds or US $ more in 14 days (acted on)',
        'the judge',
        ...TEAM_RIVALS.map(({ name }) => name),
        ORACLE.name,
        'bound',
      ],
      simulated(FAULTY_ROWS).map((row) => [row.title, ...rivalCells(row, of(row), rivals.get(row.id) ?? [])]),
    ),
    shows.map(({ found, outcome }) => `- ${outcome}: ${found}`).join('\n'),
  ]
    .filter((each) => each !== '')
    .join('\n\n');
}

function healthyCells(journeys: readonly Journey[]): string[] {
  const done = journeys.flatMap((each) => doneAt(each) ?? []);
  const saw = (kind: Seen['kind']) =>
    withInterval(journeys.filter((each) => sees(each, kind)).length, journeys.length);
  return [
    withInterval(done.length, journeys.length),
    spread(done),
    saw('paused'),
    saw('stepped back'),
    saw('asked'),
    saw('rolled back'),
  ];
}

function provenCells(journeys: readonly Journey[]): string[] {
  const found = journeys.flatMap(({ proven }) => Object.values(proven)[0] ?? []);
  return [withInterval(found.length, journeys.length), spread(found)];
}

function faultyCells(journeys: readonly Journey[]): string[] {
  const actions = journeys.flatMap((each) => firstAction(each) ?? []);
  const kinds = [...new Set(actions.map(({ kind }) => kind))].map((kind) => {
    return `${kind} ${percent(actions.filter((each) => each.kind === kind).length / journeys.length)}`;
  });
  const harm = journeys.map((each) => (firstAction(each) ?? each).harm);
  const first = journeys.filter((each) => {
    return (doneAt(each) ?? Number.POSITIVE_INFINITY) < (firstAction(each)?.days ?? Number.POSITIVE_INFINITY);
  });
  return [
    kinds.length === 0 ? 'none' : kinds.join(', '),
    spread(actions.map(({ days }) => days)),
    spread(harm.map(({ failedTasks }) => failedTasks)),
    spread(harm.map(({ slowSeconds }) => slowSeconds)),
    spread(harm.map(({ usd }) => usd)),
    withInterval(first.length, journeys.length),
  ];
}

function rivalCells(
  { team, harms }: TeamRow,
  journeys: readonly Journey[],
  rivals: readonly (readonly RivalOutcome[])[],
): string[] {
  const cell = (harm: readonly number[], acted: number) =>
    harm.length === 0 ? '–' : `${shown(median(harm))} (${percent(acted / harm.length)})`;
  const judged = journeys.filter((each) => firstAction(each) !== null).length;
  const { errors, fault } = team.world;
  const worse = fault.errors(errors, fault.from);
  const tasks =
    fault.from === 0 && worse > errors
      ? leastTasksToNotice({ official: errors, gateway: worse }, 0.05, 0.05)
      : null;
  return [
    cell(
      journeys.map(({ harm }) => harm[harms]),
      judged,
    ),
    ...[...TEAM_RIVALS, ORACLE].map((_, index) => {
      const outcomes = rivals[index] ?? [];
      return cell(
        outcomes.map(({ harm }) => harm[harms]),
        outcomes.filter(({ backAt }) => backAt !== null).length,
      );
    }),
    tasks === null ? '–' : shown(tasks * (worse - errors)),
  ];
}

function withInterval(count: number, all: number): string {
  const { low, high } = clopperPearson(count, all);
  return `${percent(count / all)} (${Math.round(100 * low)}–${Math.round(100 * high)}), n ${all}`;
}

/** The median, and in brackets the first and the last tenth. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
  if (sorted.length === 0) return '–';
  return at(0.9) === 0 ? '0' : `${shown(median(values))} (${shown(at(0.1))}–${shown(at(0.9))})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
