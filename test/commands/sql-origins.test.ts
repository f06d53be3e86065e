import { expect, it } from 'vitest';
import { newSourceAddress } from '../../src/commands/named-origins.ts';

it("sends no credentials to a database that only a fork's workflow names", () => {
  const environment = {
    SQL_URL: 'postgres://me:pw-1234567890@db.example:5433/logs',
    SQL_PASSWORD: 'pw-0987654321',
  };
  const said = newSourceAddress(environment, false);
  expect(said).toContain('sent no credentials to db.example:5433');
  expect(said).not.toMatch(/pw-/);
  expect(newSourceAddress(environment, true)).toBeNull();
});
