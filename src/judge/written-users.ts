/** Users as JSON: column by column, as whole numbers in Base64 VLQ. A thousand users take about ten kilobytes. */
import { UNIT_TIMES } from '../measure/measurement.ts';
import { stepsIn, sumFromSteps } from './method.ts';
import type { UserTasks } from './users.ts';
import { readSums, writeSums } from './written-sums.ts';

/** Slower tasks are written as how many fewer there are than at the time before; not at all where one user has none. */
export function writeUsers(users: readonly UserTasks[]): string {
  const slower = users.every((user) => user.slower !== undefined);
  const rows = users.map(({ hash, tasks, failedTasks, slower: counts = [] }) => {
    const steps = Array.from({ length: UNIT_TIMES }, (_, at) => {
      return (at === 0 ? tasks : (counts[at - 1] ?? 0)) - (counts[at] ?? 0);
    });
    return [hash, tasks, failedTasks, ...(slower ? steps : [])];
  });
  const columns = Array.from({ length: slower ? 3 + UNIT_TIMES : 3 }, (_, at) =>
    rows.map((row) => row[at] ?? 0),
  );
  return String(writeSums([rows.length, ...columns.flat()].map(sumFromSteps)));
}

/** @returns null for text that {@link writeUsers} did not write */
export function readUsers(written: string): readonly UserTasks[] | null {
  const [count = -1, ...numbers] = (readSums(written) ?? []).map((sum) => stepsIn(sum) ?? Number.NaN);
  const width = count > 0 ? numbers.length / count : 3;
  if (numbers.length !== count * width || ![3, 3 + UNIT_TIMES].includes(width)) return null;
  return Array.from({ length: count }, (_, row) => {
    const at = (column: number) => numbers[column * count + row] ?? 0;
    const user = { hash: at(0), tasks: at(1), failedTasks: at(2) };
    if (width === 3) return user;
    let left = user.tasks;
    const slower = Array.from({ length: UNIT_TIMES }, (_, time) => {
      left -= at(3 + time);
      return left;
    });
    return { ...user, slower };
  });
}
