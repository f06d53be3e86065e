/**
 * Table 2: what does a team feel? The default config from the first share to the gate of 100 %, driven through the
 * product's own decisions, beside what teams do without it. `--full` simulates up to 100 rollouts of each row (half an
 * hour of a core), without it at most 3.
 */
import type { Row } from '../row.ts';
import { ORACLE, type Rival, type RivalOutcome, runRival, TEAM_RIVALS } from './team-rivals.ts';
import { walk } from './team-rollout.ts';
import { FAULTY_ROWS, HARM_DAYS, ROWS, type TeamRow } from './team-rows.ts';
import { showsOf } from './team-shows.ts';
import { teamTables } from './team-tables.ts';

export async function benchTeam(full: boolean, all = ROWS): Promise<readonly Row[]> {
  const rows = all.filter(({ runs }) => (full ? runs.full : runs.short) > 0);
  const show = showProgress(rows.length);
  const journeys = new Map(
    rows.map((row) => {
      const found = seedsOf(row, full).map((seed) => walk(row.team, seed, nameOf(row)));
      show(row);
      return [row.id, found] as const;
    }),
  );
  const compared = rows.filter(({ id }) => FAULTY_ROWS.some((row) => row.id === id));
  const rivals = new Map(compared.map((row) => [row.id, rivalsOf(row, full)]));
  const shows = showsOf(journeys);
  const simulated = shows.filter(({ outcome }) => outcome !== 'not simulated');
  process.stdout.write(`\nseeds from 1 on\n\n${teamTables(journeys, rivals, simulated)}\n\n`);
  const broken = simulated.filter(({ outcome }) => outcome === 'not met').length;
  return [
    {
      what: 'lines of Table 2 that are not met, beyond what chance explains',
      value: broken,
      unit: '',
      limit: 0,
    },
  ];
}

/** In the order of the rivals, with the oracle last. */
function rivalsOf(row: TeamRow, full: boolean): readonly (readonly RivalOutcome[])[] {
  const { world } = row.team;
  const outcomes = (rival: Rival) =>
    seedsOf(row, full).map((seed) => runRival(rival, world, HARM_DAYS, seed, nameOf(row)));
  const { errors, fault } = world;
  const isWorse = fault.from === 0 && fault.errors(errors, 0) > errors;
  return [...TEAM_RIVALS.map(outcomes), isWorse ? outcomes(ORACLE) : []];
}

/** Rows of the same seed have different chance. */
const nameOf = ({ id }: TeamRow) => ROWS.findIndex((row) => row.id === id);

function seedsOf({ runs }: TeamRow, full: boolean): number[] {
  return Array.from({ length: full ? runs.full : runs.short }, (_, index) => index + 1);
}

/** One line to a person's terminal, and nothing elsewhere. */
function showProgress(all: number): (row: TeamRow) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let done = 0;
  return ({ title }) => {
    done += 1;
    process.stderr.write(`\r\u001b[K${done} of ${all} rows: ${title}${done === all ? '\n' : ''}`);
  };
}
