import fc from 'fast-check';
import { expect, it } from 'vitest';
import { askClock, clockDifference } from '../../src/measure/clock.ts';
import { closedPort, serve } from '../gateway/loopback.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const dateOf = (instant: number) => new Date(instant).toUTCString();

it('equal clocks never differ, however slow the answer and whatever the part of the second', () => {
  const part = fc.integer({ min: 0, max: 30_000 });
  fc.assert(
    fc.property(part, part, fc.integer({ min: 0, max: 999 }), (toServer, back, millisecond) => {
      const sent = NOW + millisecond;
      const date = dateOf(sent + toServer);
      expect(clockDifference(sent, sent + toServer + back, date)).toBe(0);
    }),
  );
});

it('a difference is never overstated, and understated by no more than the answer took and a second', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -3_600_000, max: 3_600_000 }),
      fc.integer({ min: 0, max: 5_000 }),
      fc.integer({ min: 0, max: 5_000 }),
      (ahead, toServer, back) => {
        const date = dateOf(NOW + toServer + ahead);
        const found = clockDifference(NOW, NOW + toServer + back, date);
        expect(Math.abs(found)).toBeLessThanOrEqual(Math.abs(ahead));
        expect(Math.abs(found)).toBeGreaterThanOrEqual(Math.abs(ahead) - toServer - back - 1_000);
        if (found !== 0) expect(Math.sign(found)).toBe(Math.sign(ahead));
      },
    ),
  );
});

it("reading a server's clock sends no path and no credentials, and any status will do", async () => {
  const seen: string[] = [];
  const origin = await serve(({ method, url, headers }, response) => {
    seen.push(`${method} ${url} ${headers.authorization ?? 'no credentials'}`);
    response.writeHead(401, { date: dateOf(NOW + 600_000) }).end();
  });
  const address = origin.replace('//', '//user:password@');
  expect(await askClock(`${address}/prometheus?tenant=a`, () => NOW)).toBe(600_000);
  expect(seen).toEqual(['HEAD / no credentials']);
});

it.each([
  ['repeats an older answer', { date: dateOf(NOW - 600_000), age: '600' }],
  ['says no date', { date: 'yesterday' }],
])('a server that %s says nothing of its clock', async (_, headers) => {
  const origin = await serve((_request, response) => response.writeHead(200, headers).end());
  expect(await askClock(origin, () => NOW)).toBeNull();
});

it('the clock of a server that does not respond is unknown', async () => {
  expect(await askClock(`http://127.0.0.1:${await closedPort()}`, () => NOW)).toBeNull();
});
