import { expect, it } from 'vitest';
import { peekCertificate } from '../../src/gateway/certificate.ts';
import { expiredCertificate, selfSignedCertificate } from '../support/certificates.ts';
import { closedPort, serve, serveTls } from './loopback.ts';

it('shows the days left of a certificate, also of an expired one, and who issued it', async () => {
  const [good, bad] = await Promise.all([
    serveTls(await selfSignedCertificate()),
    serveTls(await expiredCertificate()),
  ]);
  const seen = await peekCertificate(good, 2_000);
  expect(seen).toMatchObject({ subject: '127.0.0.1', issuer: '127.0.0.1' });
  expect(Math.floor(seen?.daysLeft ?? 0)).toBe(29);
  expect((await peekCertificate(bad, 2_000))?.daysLeft).toBeLessThan(-29);
});

it('shows no certificate where there is none', async () => {
  const [plain, closed] = [await serve(() => {}), await closedPort()];
  expect(await peekCertificate(plain, 1_000)).toBeNull();
  expect(await peekCertificate(`https://127.0.0.1:${closed}`, 1_000)).toBeNull();
  expect(await peekCertificate(plain.replace('http:', 'https:'), 1_000)).toBeNull();
});
