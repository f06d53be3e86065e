import { expect, test } from 'vitest';
import {
  mayGetKey,
  type NamedOrigins,
  newAddressText,
  readTrustedOrigins,
} from '../../src/commands/named-origins.ts';
import { originOf } from '../../src/gateway/url.ts';

const NOBODY: NamedOrigins = { gateway: [], official: [], trusted: [], workflowCounts: true, unread: null };
const GATEWAY = 'https://gateway.example';
const PROXY = 'https://proxy.example:8443';
const gateway = (baseUrl: string) => ({ arm: 'gateway', baseUrl }) as const;
const official = (baseUrl: string) => ({ arm: 'official', baseUrl }) as const;

test.each([
  ['HTTPS://Gateway.Example:443/v1', GATEWAY],
  ['https://gateway.example./v1/', GATEWAY],
  ['https://gateway.example.:8443', 'https://gateway.example:8443'],
  ['http://gateway.example:80', 'http://gateway.example'],
  ['https://user:password@gateway.example/v1', GATEWAY],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['https://ｇateway。example', GATEWAY],
  ['http://[0:0:0:0:0:0:0:1]:80/v1', 'http://[::1]'],
  ['http://[::FFFF:127.0.0.1]:8080', 'http://[::ffff:7f00:1]:8080'],
  ['http://2130706433/v1', 'http://127.0.0.1'],
  ['ftp://gateway.example', null],
  ['gateway.example', null],
  ['', null],
])('the origin of %s is %s', (address, origin) => {
  expect(originOf(address)).toBe(origin);
});

test.each([
  'https://gateway.example.evil.example',
  'https://gateway.example:8443',
  'http://gateway.example',
  'https://gateway.example@evil.example/v1',
  'https://evil.example/https://gateway.example',
  'https://gateway.example..',
  'https://gatewау.example',
  'not a URL',
])('%s is not the named gateway', (baseUrl) => {
  const named = { ...NOBODY, gateway: [GATEWAY], trusted: [GATEWAY] };
  expect(mayGetKey(gateway(baseUrl), named)).toBe(false);
  expect(mayGetKey(gateway(`${GATEWAY}/v1`), named)).toBe(true);
});

test('nobody needs to name api.openai.com for the official key, and only for that', () => {
  const openai = 'https://api.openai.com/v1';
  expect(mayGetKey(official(openai), NOBODY)).toBe(true);
  expect(mayGetKey(official('http://api.openai.com/v1'), NOBODY)).toBe(false);
  expect(mayGetKey(gateway(openai), NOBODY)).toBe(false);
  expect(mayGetKey(gateway(openai), { ...NOBODY, trusted: ['https://api.openai.com'] })).toBe(false);
  expect(mayGetKey(gateway(openai), { ...NOBODY, gateway: ['https://api.openai.com'] })).toBe(true);
});

test('an address that is named for one arm gets no key of the other', () => {
  const named = { ...NOBODY, gateway: [GATEWAY], official: [PROXY], trusted: [GATEWAY, PROXY] };
  expect(mayGetKey(gateway(GATEWAY), named)).toBe(true);
  expect(mayGetKey(official(PROXY), named)).toBe(true);
  expect(mayGetKey(gateway(PROXY), named)).toBe(false);
  expect(mayGetKey(official(GATEWAY), named)).toBe(false);
});

test('a trusted origin serves either arm, but the official key never goes to the gateway of this run', () => {
  const named = { ...NOBODY, trusted: [GATEWAY, PROXY] };
  expect(mayGetKey(gateway(GATEWAY), named)).toBe(true);
  expect(mayGetKey(official(PROXY), named, GATEWAY)).toBe(true);
  expect(mayGetKey(official(`${GATEWAY}/official`), named, `${GATEWAY}/v1`)).toBe(false);
});

test('a report says which address is new, who must name it, and with which line', () => {
  const added = [gateway(`${GATEWAY}/v1`), official(`${PROXY}/v1`)];
  expect(newAddressText(added, NOBODY, 'action')).toMatchInlineSnapshot(`
    {
      "fix": "Somebody who may edit workflows must add "trusted-origins: https://gateway.example https://proxy.example:8443" below "with:" in this step, or the config that names it must be merged into the default branch first.",
      "summary": "New address: neither the workflow nor the default branch names https://gateway.example for the gateway's key or https://proxy.example:8443 for the official key, so no key was sent there.",
    }
  `);
  expect(
    newAddressText(added.slice(0, 1), { ...NOBODY, trusted: [PROXY] }, 'action').fix,
  ).toMatchInlineSnapshot(
    `"Somebody who may edit workflows must add "trusted-origins: https://proxy.example:8443 https://gateway.example" below "with:" in this step, or the config that names it must be merged into the default branch first."`,
  );
  expect(
    newAddressText([official(GATEWAY)], { ...NOBODY, gateway: [GATEWAY] }, 'action').fix,
  ).toMatchInlineSnapshot(
    `"Somebody who may edit workflows must add "official-base-url: https://gateway.example" below "with:" in this step, or the config that names it must be merged into the default branch first."`,
  );
  expect(newAddressText(added, NOBODY, 'command-line').fix).toMatchInlineSnapshot(
    `"Somebody who may edit workflows must add --base-url https://gateway.example/v1 and OFFICIAL_BASE_URL=https://proxy.example:8443/v1 to this step, or the config that names it must be merged into the default branch first."`,
  );
  const same = [gateway(`${GATEWAY}/v1`), official(`${GATEWAY}/official`)];
  expect(newAddressText(same, NOBODY, 'action').fix).toContain(
    '"base-url: https://gateway.example/v1" and "official-base-url: https://gateway.example/official"',
  );
  expect(newAddressText(same.slice(1), { ...NOBODY, trusted: [GATEWAY] }, 'action').fix).toContain(
    'add "official-base-url: https://gateway.example/official" below',
  );
  const unread = 'The config of the default branch could not be read.';
  expect(
    newAddressText(added, { ...NOBODY, workflowCounts: false, unread }, 'action'),
  ).toMatchInlineSnapshot(`
    {
      "fix": "The workflow of this run can't name it, because it may be a fork's: the config that names it must be merged into the default branch first. The config of the default branch could not be read.",
      "summary": "New address: the default branch does not name https://gateway.example for the gateway's key or https://proxy.example:8443 for the official key, so no key was sent there.",
    }
  `);
});

test('trusted-origins takes origins, separated by spaces, commas or lines', () => {
  const text = ` ${GATEWAY}/\nHTTPS://GATEWAY.example:443, ${PROXY}\thttp://[::1]:8080 `;
  expect(readTrustedOrigins(text)).toEqual({ origins: [GATEWAY, PROXY, 'http://[::1]:8080'], problems: [] });
  expect(readTrustedOrigins(' \n')).toEqual({ origins: [], problems: [] });
});

test.each([
  ['gateway.example', 'is not an http(s) URL'],
  ['https://', 'is not an http(s) URL'],
  ['https://key@gateway.example', 'contains a user name or a password'],
  ['https://gateway.example/v1', 'contains a path'],
  ['https://gateway.example?key=1', 'contains a query or a fragment'],
  ['https://*.example', 'contains a wildcard'],
  ['*', 'is not an http(s) URL'],
])('trusted-origins: %s %s', (entry, flaw) => {
  const { origins, problems } = readTrustedOrigins(`${GATEWAY} ${entry}`);
  expect(origins).toEqual([GATEWAY]);
  expect(problems).toEqual([
    `Entry 2 of the input trusted-origins ${flaw}. Expected scheme and host, such as https://gateway.example.`,
  ]);
});
