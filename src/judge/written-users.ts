/**
 * Users as JSON, in columns of small numbers: three thousand of them are most of a sticky split's state, and columns
 * deflate to half of what rows take.
 */
import { z } from 'zod';
import { byArm } from '../config/arms.ts';
import { UNIT_TIMES } from '../measure/measurement.ts';
import type { Users, UserTasks } from './users.ts';

const column = z.array(z.int().min(0)).readonly();

const writtenArmSchema = z
  .strictObject({
    /** Each hash less the one before it. */
    hashes: column,
    tasks: column,
    failedTasks: column,
    /** By time: the tasks that ended since the time before. Null for users whose times are not recorded. */
    ended: z.array(z.array(z.int().nullable()).readonly()).max(UNIT_TIMES).readonly(),
  })
  .refine(
    ({ hashes, tasks, failedTasks, ended }) =>
      [tasks, failedTasks, ...ended].every(({ length }) => length === hashes.length),
    { error: 'columns with an entry for each user' },
  );

export const writtenUsers = z.strictObject({ gateway: writtenArmSchema, official: writtenArmSchema });
export type WrittenUsers = z.output<typeof writtenUsers>;

export function writeUsers(users: Users): WrittenUsers {
  return byArm((arm) => writeArm(users[arm]));
}

/** Times after the last one that any user has are 0 for all. */
export function readUsers(written: WrittenUsers): Users {
  return byArm((arm) => readArm(written[arm]));
}

function writeArm(users: readonly UserTasks[]): WrittenUsers['gateway'] {
  const times = Math.max(0, ...users.map(({ slower }) => slower?.length ?? 0));
  return {
    hashes: users.map(({ hash }, index) => hash - (users[index - 1]?.hash ?? 0)),
    tasks: users.map(({ tasks }) => tasks),
    failedTasks: users.map(({ failedTasks }) => failedTasks),
    ended: Array.from({ length: times }, (_, time) =>
      users.map(({ tasks, slower }) =>
        slower === undefined ? null : (time === 0 ? tasks : (slower[time - 1] ?? 0)) - (slower[time] ?? 0),
      ),
    ),
  };
}

function readArm({ hashes, tasks, failedTasks, ended }: WrittenUsers['gateway']): UserTasks[] {
  let hash = 0;
  return hashes.map((difference, user) => {
    hash += difference;
    const counts = { hash, tasks: tasks[user] ?? 0, failedTasks: failedTasks[user] ?? 0 };
    let left = counts.tasks;
    const slower = ended.flatMap((column) => {
      const since = column[user] ?? null;
      if (since === null) return [];
      left -= since;
      return [left];
    });
    return slower.length === 0 ? counts : { ...counts, slower };
  });
}
