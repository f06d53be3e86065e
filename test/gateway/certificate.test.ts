import { expect, it } from 'vitest';
import { certificateDaysLeft } from '../../src/gateway/certificate.ts';
import { expiredCertificate, selfSignedCertificate } from '../support/certificates.ts';
import { closedPort, serve, serveTls } from './loopback.ts';

it('reports the days left of a certificate, also of an expired one', async () => {
  const [good, bad] = await Promise.all([
    serveTls(await selfSignedCertificate()),
    serveTls(await expiredCertificate()),
  ]);
  expect(Math.floor((await certificateDaysLeft(good, 2_000)) ?? 0)).toBe(29);
  expect(await certificateDaysLeft(bad, 2_000)).toBeLessThan(-29);
});

it('shows no certificate where there is none', async () => {
  const [plain, closed] = [await serve(() => {}), await closedPort()];
  expect(await certificateDaysLeft(plain, 1_000)).toBeNull();
  expect(await certificateDaysLeft(`https://127.0.0.1:${closed}`, 1_000)).toBeNull();
  expect(await certificateDaysLeft(plain.replace('http:', 'https:'), 1_000)).toBeNull();
});
