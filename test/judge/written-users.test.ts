import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UserTasks } from '../../src/judge/users.ts';
import { readUsers, writeUsers, writtenUsers } from '../../src/judge/written-users.ts';

/** Tasks by how long they took, from the shortest; the last ones are not done within any recorded time. */
const user = fc
  .record({
    hash: fc.nat(2 ** 32 - 1),
    ended: fc.option(fc.array(fc.nat(50), { minLength: 12, maxLength: 12 }), { nil: undefined }),
    failed: fc.nat(9),
  })
  .map(({ hash, ended, failed }): UserTasks => {
    const counts = { hash, tasks: (ended ?? [9]).reduce((sum, each) => sum + each, 0), failedTasks: failed };
    const slower = ended
      ?.slice(1)
      .map((_, time) => ended.slice(time + 1).reduce((sum, each) => sum + each, 0));
    return slower === undefined ? counts : { ...counts, slower };
  });
const arm = fc
  .uniqueArray(user, { selector: ({ hash }) => hash, maxLength: 30 })
  .map((users) => users.sort((one, other) => one.hash - other.hash));

it('users are read back as they were written', () => {
  fc.assert(
    fc.property(fc.record({ gateway: arm, official: arm }), (users) => {
      const written = writtenUsers.parse(JSON.parse(JSON.stringify(writeUsers(users))));
      expect(readUsers(written)).toEqual(users);
    }),
  );
});

it('a column without an entry for each user is refused', () => {
  const written = writeUsers({ gateway: [{ hash: 7, tasks: 2, failedTasks: 0 }], official: [] });
  const damaged = { ...written, gateway: { ...written.gateway, tasks: [] } };
  expect(writtenUsers.safeParse(damaged).success).toBe(false);
});
