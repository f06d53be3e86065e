/**
 * Users' mistakes on the bundled command line: each gives one message with the next step, within the deadline, with the
 * right exit code, and without a stack trace.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtBundle, type Ended, runNode } from './support/bundle.ts';
import { expiredCertificate, selfSignedCertificate } from './support/certificates.ts';
import { sharedDirectory, writeFiles } from './support/files.ts';
import { type QuirkyGateway, startQuirkyGateway } from './support/quirky-gateway.ts';

const KEY = 'gw-test-key-0123456789';

/** The longest deadline (1 s), plus the startup of a dozen child processes on a busy machine. */
const LONGEST_MS = 40_000;

const FIVE_MISTAKES = `gateway:
  base_url: gateway.example/v1
models: []
client:
  timeout: 30
  retries: 2
rollout:
  advance: sometimes
`;

interface Call {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const directory = sharedDirectory();
let good: QuirkyGateway;
let others: Readonly<Record<'page' | 'silent' | 'expired' | 'selfSigned', QuirkyGateway>>;

beforeAll(async () => {
  const [expired, selfSigned] = await Promise.all([expiredCertificate(), selfSignedCertificate()]);
  good = await startQuirkyGateway();
  others = {
    page: await startQuirkyGateway({ quirks: ['html-page'] }),
    silent: await startQuirkyGateway({ quirks: ['never-answers'] }),
    expired: await startQuirkyGateway({ tls: expired }),
    selfSigned: await startQuirkyGateway({ tls: selfSigned }),
  };
  writeFiles(directory, {
    'five-mistakes.yml': FIVE_MISTAKES,
    'impatient.yml': `gateway: { base_url: "${others.silent.baseUrl}" }\nmodels: [gpt-4o-mini]\nclient: { timeout: 1s }\n`,
  });
});
afterAll(async () => {
  await Promise.all([good, ...Object.values(others)].map((gateway) => gateway.stop()));
});

/** Runs `check`, and checks what holds for every mistake. */
async function check({ args = [], environment = {} }: Call): Promise<Ended> {
  const startedAt = performance.now();
  const ended = await runNode(path.join(builtBundle(), 'cli.js'), ['check', ...args], {
    cwd: directory,
    environment,
  });
  expect(performance.now() - startedAt).toBeLessThan(LONGEST_MS);
  const said = ended.stdout + ended.stderr;
  expect(said).not.toContain('    at ');
  expect(said).not.toContain('internal error');
  for (const key of [KEY, good.apiKey]) expect(said).not.toContain(key);
  return ended;
}

/** The head of a report, down to the next step; ports and request ids differ from run to run. */
async function notReady(call: Call): Promise<string> {
  const { exitCode, stdout } = await check(call);
  expect(exitCode, stdout).toBe(1);
  expect(stdout.match(/^Next: \S/gm)).toHaveLength(1);
  expect(stdout).not.toMatch(/^Also failed/m);
  const [head = ''] = stdout.split(/\n\n(?=Warnings|Notes|Models|Passed|Skipped)/);
  return withoutChance(head);
}

/** What the terminal shows instead of a report. */
async function refused(call: Call): Promise<string> {
  const { exitCode, stdout, stderr } = await check(call);
  expect(exitCode, stderr).toBe(2);
  expect(stdout).toBe('');
  return withoutChance(stderr);
}

const withoutChance = (text: string): string =>
  text.trimEnd().replace(/(?<=127\.0\.0\.1:)\d+|(?<=req_)[0-9a-f]{32}/g, '#');

const pair = (baseUrl: string, key = KEY): Call => ({
  environment: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: key },
  args: ['--models', 'gpt-4o-mini'],
});

describe.concurrent('usage error: exit code 2, no request', () => {
  it('no key', async ({ expect }) => {
    expect(await refused({ args: ['--base-url', 'https://gateway.example/v1'] })).toMatchInlineSnapshot(
      `"error: The gateway's key is missing (for https://gateway.example/v1). Set GATEWAY_API_KEY, or OPENAI_BASE_URL and OPENAI_API_KEY together."`,
    );
  });

  it('no key and no address', async ({ expect }) => {
    expect(await refused({})).toMatchInlineSnapshot(`
      "error: The gateway's key is missing. Set GATEWAY_API_KEY, or OPENAI_BASE_URL and OPENAI_API_KEY together.
      error: The gateway's base URL is missing. Set gateway.base_url in .github/gateway-rollout.yml, or --base-url, for example https://gateway.example/v1."
    `);
  });

  it('a key with a line break', async ({ expect }) => {
    expect(await refused(pair('https://gateway.example/v1', `${KEY}\nX`))).toMatchInlineSnapshot(
      `"error: The key in OPENAI_API_KEY contains a line break. Copy the key again, without anything before or after it, and save it."`,
    );
  });

  it('an invalid base URL', async ({ expect }) => {
    expect(await refused(pair('gateway.example/v1'))).toMatchInlineSnapshot(
      `"error: OPENAI_BASE_URL is not an http(s) URL. Expected a URL such as https://gateway.example/v1."`,
    );
  });

  it('a config with five mistakes: each is reported with its line', async ({ expect }) => {
    expect(await refused({ args: ['--config', 'five-mistakes.yml'] })).toMatchInlineSnapshot(`
      "error: five-mistakes.yml:2:13 gateway.base_url: this is not an http(s) URL; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment
      error: five-mistakes.yml:3:9 models: an empty list is not accepted; expected at least one model
      error: five-mistakes.yml:5:12 client.timeout: 30 is not accepted; expected a duration such as 30s, 15m, 24h, 7d
      error: five-mistakes.yml:6:3 client.retries: the key "retries" is unknown; expected one of timeout, max_retries; did you mean "max_retries"?
      error: five-mistakes.yml:8:12 rollout.advance: "sometimes" is not accepted; expected one of automatic or manual"
    `);
  });

  it('a missing config', async ({ expect }) => {
    expect(await refused({ args: ['--config', 'missing.yml'] })).toMatchInlineSnapshot(
      `"error: missing.yml: the file does not exist; expected the path of a readable config"`,
    );
  });

  it('an unknown probe', async ({ expect }) => {
    const { environment = {} } = pair('https://gateway.example/v1');
    expect(await refused({ args: ['--only', 'stream.shap,chat'], environment })).toMatchInlineSnapshot(
      `"error: --only names the probe "stream.shap", which does not exist. Did you mean stream.shape?"`,
    );
  });

  it('an invalid budget', async ({ expect }) => {
    const { environment = {} } = pair('https://gateway.example/v1');
    expect(await refused({ args: ['--max-cost', 'five'], environment })).toMatchInlineSnapshot(
      `"error: --max-cost is "five". Expected an amount in USD above 0, such as 0.05."`,
    );
  });
});

describe.concurrent('a broken gateway: exit code 1, and one failure', () => {
  it('a wrong key', async ({ expect }) => {
    expect(await notReady(pair(good.baseUrl))).toMatchInlineSnapshot(`
      "Not ready: 1 of 10 probes failed.
      Gateway: http://127.0.0.1:#/v1

      FAIL auth.accepted
           The gateway rejects the key: HTTP 401 invalid_key: Incorrect API key
           provided: *************6789. You can find your API key at
           https://platform.openai.com/account/api-keys.
           request ID: req_#

      Next: Set the gateway's key (input api-key, or GATEWAY_API_KEY) to a key that
      the gateway accepts."
    `);
  });

  it('a URL without /v1', async ({ expect }) => {
    expect(await notReady(pair(good.origin, good.apiKey))).toMatchInlineSnapshot(`
      "Not ready: 1 of 2 probes failed.
      Gateway: http://127.0.0.1:#

      FAIL connection.base_url
           The base URL http://127.0.0.1:# is wrong (HTTP 404 application/json);
           http://127.0.0.1:#/v1 works.

      Next: Set the base URL to http://127.0.0.1:#/v1"
    `);
  });

  it('a host that does not resolve', async ({ expect }) => {
    const told = await notReady(pair('https://gateway.invalid/v1'));
    // Name servers differ in their errors, and a machine may have none.
    expect(told.replace(/gateway\.invalid:443 [^|]*\| \w+/, 'gateway.invalid:443 …')).toMatchInlineSnapshot(`
      "Not ready: 1 of 1 probe failed.
      Gateway: https://gateway.invalid/v1

      FAIL connection.reach
           The gateway cannot be reached (dns): gateway.invalid:443 …

      Next: Check the spelling of gateway.invalid. If the name is internal, run the
      check where it resolves (on a self-hosted runner)."
    `);
    expect(told).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('a port that refuses connections', async ({ expect }) => {
    expect(await notReady(pair(`http://127.0.0.1:${await closedPort()}/v1`))).toMatchInlineSnapshot(`
      "Not ready: 1 of 1 probe failed.
      Gateway: http://127.0.0.1:#/v1

      FAIL connection.reach
           The gateway cannot be reached (tcp): 127.0.0.1:# refuses connections:
           nothing listens there, or a firewall rejects them; check the port
           (ECONNREFUSED).
           | ECONNREFUSED

      Next: Check the port, and that a firewall lets this machine reach
      127.0.0.1:#."
    `);
  });

  it('a server that never responds', async ({ expect }) => {
    const call = { args: ['--config', 'impatient.yml'], environment: { GATEWAY_API_KEY: KEY } };
    expect(await notReady(call)).toMatchInlineSnapshot(`
      "Not ready: 1 of 1 probe failed.
      Gateway: http://127.0.0.1:#/v1

      FAIL connection.reach
           The gateway cannot be reached (deadline): 127.0.0.1:# sent no response
           within 1 s.
           | DEADLINE

      Next: Check that 127.0.0.1:# is healthy; try again, or raise client.timeout."
    `);
  });

  it('an HTML page', async ({ expect }) => {
    expect(await notReady(pair(others.page.baseUrl))).toMatchInlineSnapshot(`
      "Not ready: 1 of 2 probes failed.
      Gateway: http://127.0.0.1:#/v1

      FAIL connection.json
           The gateway returns a web page instead of JSON: an HTML page titled
           “Welcome”
           request ID: req_#

      Next: Check that the base URL is the API and not the website, and that no login
      or bot protection is in front of it."
    `);
  });

  it('an expired certificate', async ({ expect }) => {
    expect(await notReady(pair(others.expired.baseUrl))).toMatchInlineSnapshot(`
      "Not ready: 1 of 1 probe failed.
      Gateway: https://127.0.0.1:#/v1

      FAIL connection.reach
           The gateway cannot be reached (tls): 127.0.0.1:# has an expired
           certificate; its operator must renew it (CERT_HAS_EXPIRED).
           | CERT_HAS_EXPIRED

      Next: Ask the operator of 127.0.0.1:# to fix its certificate, and check
      whether the URL should start with http:// or https://. Do not turn verification
      off."
    `);
    expect(others.expired.requests).toEqual([]);
  });

  it('a self-signed certificate', async ({ expect }) => {
    expect(await notReady(pair(others.selfSigned.baseUrl))).toMatchInlineSnapshot(`
      "Not ready: 1 of 1 probe failed.
      Gateway: https://127.0.0.1:#/v1

      FAIL connection.reach
           The gateway cannot be reached (tls): 127.0.0.1:# has a self-signed
           certificate; trust it with NODE_EXTRA_CA_CERTS, or use one from a public
           authority (DEPTH_ZERO_SELF_SIGNED_CERT).
           | DEPTH_ZERO_SELF_SIGNED_CERT

      Next: Ask the operator of 127.0.0.1:# to fix its certificate, and check
      whether the URL should start with http:// or https://. Do not turn verification
      off."
    `);
    expect(others.selfSigned.requests).toEqual([]);
  });

  it('HTTPS where the server speaks HTTP', async ({ expect }) => {
    expect(await notReady(pair(good.baseUrl.replace('http:', 'https:')))).toMatchInlineSnapshot(`
      "Not ready: 1 of 1 probe failed.
      Gateway: https://127.0.0.1:#/v1

      FAIL connection.reach
           The gateway cannot be reached (tls): 127.0.0.1:# fails the TLS
           handshake (ERR_SSL_WRONG_VERSION_NUMBER).
           | ERR_SSL_WRONG_VERSION_NUMBER

      Next: Ask the operator of 127.0.0.1:# to fix its certificate, and check
      whether the URL should start with http:// or https://. Do not turn verification
      off."
    `);
  });
});

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
