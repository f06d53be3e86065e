/** The engines that are installed here, as the tests of all engines need them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ARMS } from '../../../../src/config/arms.ts';
import { measureWindow } from '../../../../src/measure/measure-window.ts';
import { loadPriceBook } from '../../../../src/measure/models.ts';
import { openSources } from '../../../../src/measure/open-source.ts';
import { formatRecord, type RequestRecord } from '../../../../src/measure/record.ts';
import { jsonlSource } from '../../../../src/measure/sources/jsonl.ts';
import { valid } from '../../../config/configs.ts';
import { clickhouseIsInstalled, startClickhouse } from '../../../support/clickhouse.ts';
import { postgresIsInstalled, startPostgres } from '../../../support/postgres.ts';
import { QUERY, tableOf, WINDOW } from './rows.ts';

export const ENGINES = [
  {
    name: 'clickhouse',
    isInstalled: clickhouseIsInstalled(),
    start: startClickhouse,
    types: {
      time: "DateTime64(3, 'UTC')",
      text: 'Nullable(String)',
      whole: 'Nullable(UInt64)',
      real: 'Nullable(Float64)',
      flag: 'Nullable(Bool)',
    },
    end: 'ENGINE = MergeTree ORDER BY ts',
    title: 'ClickHouse',
  },
  {
    name: 'postgres',
    isInstalled: postgresIsInstalled(),
    start: startPostgres,
    types: { time: 'timestamptz', text: 'text', whole: 'bigint', real: 'double precision', flag: 'boolean' },
    end: '',
    title: 'PostgreSQL',
  },
] as const;

export type Engine = (typeof ENGINES)[number];

/** A running engine with a table of records, and the directory of a repository beside it. */
export async function running({ name, start, types, end, title }: Engine, records: readonly RequestRecord[]) {
  const server = await start();
  const directory = mkdtempSync(path.join(tmpdir(), 'sql-'));
  const sorted = records.toSorted((a, b) => a.ts + a.duration_ms - b.ts - b.duration_ms);
  writeFileSync(path.join(directory, 'requests.jsonl'), `${sorted.map(formatRecord).join('\n')}\n`);
  for (const statement of tableOf(records, types, end)) {
    await server.run(
      name === 'postgres' ? statement.replaceAll(/'(2026-[\d-]+ [\d:.]+)'/g, "'$1+00'") : statement,
    );
  }
  return {
    server,
    /** Measures the window: from the engine by a query, or from the file. */
    async measure(
      query: string | null = QUERY,
      { slice = null as string | null, settings = {}, config = '' } = {},
    ) {
      if (query !== null) writeFileSync(path.join(directory, 'requests.sql'), query);
      const source =
        query === null ? 'source: jsonl' : `source: sql\n  engine: ${name}\n  query: requests.sql`;
      return measureConfig(
        config || CONFIG.replace('PLACE', source),
        directory,
        {
          SQL_URL: server.url,
          SQL_USER: server.user,
          SQL_PASSWORD: server.password,
          MEASURE_JSONL: 'requests.jsonl',
          ...settings,
        },
        slice,
      );
    },
    /** What README.md says to export, counted as a file of records in a stage that copies requests. */
    async pairsOf(query: string) {
      const paths = [path.join(directory, 'exported.jsonl')];
      const readme = readFileSync('src/measure/sources/README.md', 'utf8');
      const [, shown = ''] = new RegExp(`-- ${title}: .*\n(.*)`).exec(readme) ?? [];
      const rows = await server.run(shown.replace('…', query));
      writeFileSync(paths[0] ?? '', `${rows.trim()}\n`);
      const book = await loadPriceBook([], {});
      const asked = { window: WINDOW, now: WINDOW.to + 3_600_000, slice: null, without: [], copies: true };
      return jsonlSource({ paths, arms: ARMS, book, intervalMs: 900_000 }).measure(asked);
    },
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const CONFIG = `
gateway: { base_url: "https://gateway.example/v1" }
models: { gpt-4o-mini: gpt-4o-mini, gpt-5.5: gpt-5.5, in-house: in-house }
measure:
  PLACE
  prices: { in-house: { input: 0.1, output: 0.4, cached_input: 0.05 } }
`;

export async function measureConfig(
  config: string,
  directory: string,
  environment: Readonly<Record<string, string>>,
  slice: string | null = null,
) {
  const opened = await openSources({
    config: valid(config),
    environment,
    directory,
    patience: { attempts: 1 },
  });
  if (opened.kind === 'problems') throw new Error(opened.problems.map(({ message }) => message).join('\n'));
  const query = { window: WINDOW, now: WINDOW.to + 3_600_000, slice, without: [] };
  const measured = await measureWindow(opened.sources, query, { stage: '5%', share: 5 }, 900_000);
  return measured.kind === 'error'
    ? { kind: 'error' as const, reasonCode: measured.errors[0].reasonCode, reason: measured.errors[0].reason }
    : { kind: 'measured' as const, arms: measured.measurement.arms, notes: measured.notes };
}
