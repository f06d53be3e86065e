/** Certificates for test servers on 127.0.0.1; keys are made anew for every run. */
import { generate } from 'selfsigned';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/** Valid today, but signed by nobody whom a client would know. */
export const selfSignedCertificate = (): Promise<Certificate> => certificate(-1, 30);

/** Ran out a month ago; that nobody known has signed it is noticed later. */
export const expiredCertificate = (): Promise<Certificate> => certificate(-60, -30);

/** Valid today for these names; it is its own authority. */
export const certificateFor = (hosts: readonly string[]): Promise<Certificate> =>
  certificate(
    -1,
    30,
    hosts.map((value) => ({ type: 2, value }) as const),
  );

type Name = { readonly type: 2; readonly value: string } | { readonly type: 7; readonly ip: string };

const THIS_MACHINE: readonly Name[] = [{ type: 7, ip: '127.0.0.1' }];

/** @param fromDays and untilDays its validity, in days from now */
async function certificate(
  fromDays: number,
  untilDays: number,
  names: readonly Name[] = THIS_MACHINE,
): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + fromDays * DAY_MS),
    notAfterDate: new Date(Date.now() + untilDays * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: [...names] }],
  });
  return { cert, key };
}
