import { describe, expect, it } from 'vitest';
import { openSources } from '../../src/measure/open-source.ts';
import { SOURCE_VARIABLES, sourceSecrets } from '../../src/measure/source-settings.ts';
import { valid } from '../config/configs.ts';

const MINUTE = 60_000;

const open = (measure: string, environment: Record<string, string>) =>
  openSources({
    config: valid(
      `gateway: { base_url: "https://gateway.example/v1" }\nmodels: [gpt-4o-mini]\nmeasure: ${measure}\n`,
    ),
    environment,
    directory: '/repository',
  });

async function opened(measure: string, environment: Record<string, string>) {
  const found = await open(measure, environment);
  if (found.kind === 'problems') throw new Error(JSON.stringify(found.problems));
  return { ...found, sources: found.sources.map(({ name, arms }) => `${name}: ${arms.join(', ')}`) };
}

async function problemsOf(measure: string, environment: Record<string, string>) {
  const found = await open(measure, environment);
  return found.kind === 'problems' ? found.problems.map(({ message }) => message) : [];
}

const PROMETHEUS = { PROMETHEUS_URL: 'https://prometheus.example' };
const OPENAI = { OPENAI_ADMIN_KEY: 'sk-admin-1234567890' };
const LITELLM = { LITELLM_URL: 'https://litellm.example', LITELLM_KEY: 'sk-1234567890' };
const NEW_API = { NEW_API_URL: 'https://platform.example', NEW_API_TOKEN: 'token-1234567890' };

describe('the sources that a config names', () => {
  it('queries one source for both arms once', async () => {
    expect(await opened('{ source: prometheus }', PROMETHEUS)).toMatchObject({
      sources: ['prometheus: official, gateway'],
      addresses: [{ source: 'prometheus', url: 'https://prometheus.example' }],
      notes: [],
    });
    const records = await opened('{ official: jsonl, gateway: jsonl }', { MEASURE_JSONL: 'a, b' });
    expect(records).toMatchObject({ sources: ['jsonl: official, gateway'], addresses: [] });
  });

  it.each([
    ['https://prometheus.example/api/v1', 'https://prometheus.example/'],
    ['https://prometheus.example/graph?g0.expr=up', 'https://prometheus.example/'],
    ['https://mimir.example/prometheus/api/v1/query?tenant=a', 'https://mimir.example/prometheus?tenant=a'],
    [
      'https://me:pw@victoria.example/select/0/prometheus/vmui/',
      'https://me:pw@victoria.example/select/0/prometheus',
    ],
    ['https://grafana.example/api/datasources/proxy/7', 'https://grafana.example/api/datasources/proxy/7'],
  ])('takes the address of a page or the API of Prometheus as its own: %s', async (written, meant) => {
    const { addresses } = await opened('{ source: prometheus }', { PROMETHEUS_URL: written });
    expect(addresses).toEqual([{ source: 'prometheus', url: meant }]);
  });

  it('queries one source per arm if their settings differ', async () => {
    const measure = '{ official: prometheus, gateway: { source: prometheus, preset: litellm } }';
    const { sources } = await opened(measure, PROMETHEUS);
    expect(sources).toEqual(['prometheus: official', 'prometheus: gateway']);
  });

  it('waits for the slower of two sources', async () => {
    const measure = '{ official: openai, gateway: litellm }';
    const { sources, lagMs } = await opened(measure, { ...OPENAI, ...LITELLM });
    expect(sources).toEqual(['openai: official', 'litellm: gateway']);
    expect(lagMs).toBe(10 * MINUTE);
  });

  it('leaves out an arm for which the config names no source', async () => {
    expect((await opened('{ gateway: new-api }', NEW_API)).sources).toEqual(['new-api: gateway']);
    const { sources } = await opened('{ gateway: openrouter }', { OPENROUTER_MANAGEMENT_KEY: 'sk-or-1' });
    expect(sources).toEqual(['openrouter: gateway']);
  });

  it('reports credentials sent in clear text, except to this machine', async () => {
    const token = { PROMETHEUS_TOKEN: 'secret-token' };
    const notes = async (url: string) =>
      (await opened('{ source: prometheus }', { ...token, PROMETHEUS_URL: url })).notes;
    expect(await notes('http://prometheus.example')).toEqual([
      'The credentials of prometheus are sent to prometheus.example unencrypted. Use https:// in PROMETHEUS_URL.',
    ]);
    expect(await notes('http://localhost:9090')).toEqual([]);
  });
});

describe('what is missing or wrong in the environment', () => {
  it.each([
    ['{ source: prometheus }', ['PROMETHEUS_URL']],
    ['{ source: jsonl }', ['MEASURE_JSONL']],
    ['{ official: openai, gateway: litellm }', ['OPENAI_ADMIN_KEY', 'LITELLM_URL', 'LITELLM_KEY']],
    ['{ gateway: new-api }', ['NEW_API_URL', 'NEW_API_TOKEN']],
    ['{ gateway: openrouter }', ['OPENROUTER_MANAGEMENT_KEY']],
  ])('%s names every variable that must be set', async (measure, names) => {
    const problems = await problemsOf(measure, { [names[0] ?? '']: '  ' });
    expect(problems.map((message) => /variable (\w+) is not set/.exec(message)?.[1])).toEqual(names);
  });

  it.each([
    ['two ways to prove who asks', { ...PROMETHEUS, PROMETHEUS_TOKEN: 'token', PROMETHEUS_USER: 'ada' }],
    ['half of basic auth', { ...PROMETHEUS, PROMETHEUS_PASSWORD: 'secret' }],
    ['an address without a scheme', { PROMETHEUS_URL: 'prometheus:9090' }],
    ['a metadata address', { PROMETHEUS_URL: 'http://[::ffff:169.254.169.254]:9090' }],
    ['an address of another scheme', { PROMETHEUS_URL: 'file:///etc/passwd' }],
  ])('%s is refused without showing a secret', async (_, environment) => {
    const problems = await problemsOf('{ source: prometheus }', environment);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).not.toMatch(/: token|secret|passwd/);
  });

  it('refuses a scope that does not exist', async () => {
    const problems = await problemsOf('{ gateway: new-api }', { ...NEW_API, NEW_API_SCOPE: 'everything' });
    expect(problems).toEqual(['NEW_API_SCOPE must be one of own, all.']);
  });
});

it('no variable of a source can be sent to the gateway by a header of the config', () => {
  const names = Object.values(SOURCE_VARIABLES).flatMap((variables) => variables.map(({ name }) => name));
  expect(names.filter((name) => name.startsWith('GATEWAY_'))).toEqual([]);
});

it('every credential in the environment is a secret, even if its source is not used', () => {
  const environment = { ...OPENAI, ...NEW_API, PROMETHEUS_PASSWORD: 'pass', PROMETHEUS_USER: 'ada' };
  expect(sourceSecrets(environment)).toEqual(['pass', 'sk-admin-1234567890', 'token-1234567890']);
  const inAddress = { PROMETHEUS_URL: 'https://ada:p%40ss-word@prometheus.example', MEASURE_JSONL: 'a,b' };
  expect(sourceSecrets(inAddress)).toEqual(['p%40ss-word', 'p@ss-word']);
});

describe('an SQL engine', () => {
  const SQL = {
    SQL_URL: 'https://clickhouse.example:8443',
    SQL_USER: 'reader',
    SQL_PASSWORD: 'pw-1234567890',
  };
  const PRESET = '{ source: sql, engine: clickhouse, preset: otel-traces }';
  const OWN = '{ source: sql, engine: postgres, query: q.sql }';

  it('needs an address of its own scheme, and both the user and the password or neither', async () => {
    expect(await opened(PRESET, SQL)).toMatchObject({ sources: ['sql: official, gateway'], notes: [] });
    expect(await problemsOf(OWN, SQL)).toEqual([expect.stringMatching(/SQL_URL is not a postgres URL/)]);
    expect(await problemsOf(PRESET, { ...SQL, SQL_URL: 'postgres://db.example' })).toHaveLength(1);
    expect(await problemsOf(OWN, { SQL_URL: 'postgres://169.254.169.254/logs' })).toEqual([
      expect.stringMatching(/link-local/),
    ]);
    expect(await problemsOf(PRESET, { ...SQL, SQL_PASSWORD: '' })).toEqual([
      expect.stringMatching(/SQL_PASSWORD/),
    ]);
  });

  it("runs no SQL of a repository with another one's credentials", async () => {
    const foreign = async (measure: string, SQL_URL: string) => {
      const config = valid(
        `gateway: { base_url: "https://gateway.example/v1" }\nmodels: [gpt-4o-mini]\nmeasure: ${measure}\n`,
      );
      const found = await openSources({ config, environment: { SQL_URL }, directory: '/', isForeign: true });
      return found.kind;
    };
    expect(await foreign(PRESET, SQL.SQL_URL)).toBe('sources');
    expect(await foreign(PRESET.replace(' }', ', where: a = 1 }'), SQL.SQL_URL)).toBe('problems');
    expect(await foreign(OWN, 'postgres://db.example/logs')).toBe('problems');
  });
});
