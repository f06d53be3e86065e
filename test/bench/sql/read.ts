/** Measures one window of an SQL engine, and prints what that took: the address, the user and the password. */
import { loadConfig } from '../../../src/config/load.ts';
import { measureWindow } from '../../../src/measure/measure-window.ts';
import { openSources } from '../../../src/measure/open-source.ts';

const CONFIG = `
gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini, gpt-4o, gpt-4.1, gpt-4.1-mini, o3]
measure: { source: sql, engine: clickhouse, preset: otel-traces, where: "ServiceName = 'assistant'" }
`;
const [SQL_URL = '', SQL_USER = '', SQL_PASSWORD = ''] = process.argv.slice(2);
const from = Date.parse('2026-11-22T10:00:00Z');

const loaded = loadConfig(CONFIG, 'rollout.yml');
if (!loaded.ok) throw new Error('The config is not valid.');
let queries = 0;
let bytes = 0;
const plain = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const response = await plain(input, init);
  bytes += (await response.clone().arrayBuffer()).byteLength;
  return response;
};
const opened = await openSources({
  config: loaded.config,
  environment: { SQL_URL, SQL_USER, SQL_PASSWORD },
  directory: '.',
  onQuery: () => {
    queries += 1;
  },
});
if (opened.kind === 'problems') throw new Error(JSON.stringify(opened.problems));
const window = { from, to: from + 900_000 };
const startedAt = performance.now();
const query = { window, now: from + 3_600_000, slice: null, without: [] };
const measured = await measureWindow(opened.sources, query, { stage: '50%', share: 50 }, 900_000);
if (measured.kind === 'error') throw new Error(measured.errors[0].reason);
const { official, gateway } = measured.measurement.arms;
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    tasks: (official?.tasks ?? 0) + (gateway?.tasks ?? 0),
    queries,
    bytes,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: (user + system) / 1e6,
  }),
);
