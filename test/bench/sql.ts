/** How many rows a window of an SQL engine returns, and what they cost this program, however many requests there were. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { clickhouseIsInstalled, startClickhouse } from '../support/clickhouse.ts';
import { runNode } from './process.ts';
import type { Row } from './row.ts';

const READER = resolve(import.meta.dirname, 'sql/read.ts');
const SPANS = [10_000, 1_000_000, 10_000_000];
const ROUNDS = 3;
const TABLE = resolve(import.meta.dirname, '../recipes/clickhouse-opentelemetry/deploy/otel_traces.sql');

/** A window of 15 minutes in the table of the OpenTelemetry collector. */
export async function benchSql(): Promise<readonly Row[]> {
  if (!clickhouseIsInstalled()) return [];
  const rows: Row[] = [];
  const costs: { readonly peakMb: number; readonly cpuSeconds: number }[] = [];
  for (const spans of SPANS) {
    const server = await startClickhouse();
    try {
      await server.run(await readFile(TABLE, 'utf8'));
      await server.run(insert(spans));
      const runs: Measured[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { stdout, peakMb } = await runNode([READER, server.url, server.user, server.password]);
        runs.push({ ...JSON.parse(stdout), peakMb });
      }
      const least = (of: (run: Measured) => number) => Math.min(...runs.map(of));
      const cost = { peakMb: least((run) => run.peakMb), cpuSeconds: least((run) => run.cpuSeconds) };
      costs.push(cost);
      const [first] = runs;
      if (first?.tasks !== spans) throw new Error(`${first?.tasks} tasks were counted, not ${spans}.`);
      rows.push(
        { what: `${spans} spans, statements`, value: first.queries, unit: '', limit: 1 },
        { what: `${spans} spans, result`, value: first.bytes / 1_000, unit: ' kB', limit: 64 },
        {
          what: `${spans} spans, the engine's time`,
          value: least((run) => run.seconds),
          unit: ' s',
          limit: null,
        },
        { what: `${spans} spans, peak memory`, value: cost.peakMb, unit: ' MB', limit: null },
        { what: `${spans} spans, CPU time`, value: cost.cpuSeconds, unit: ' s', limit: null },
      );
    } finally {
      await server.stop();
    }
  }
  const [fewest, most] = [costs[0], costs.at(-1)];
  const ratio = (of: (cost: (typeof costs)[number]) => number) =>
    most && fewest ? of(most) / of(fewest) : Number.NaN;
  return [
    ...rows,
    { what: 'peak memory, most spans ÷ fewest', value: ratio(({ peakMb }) => peakMb), unit: '', limit: 1.1 },
    {
      what: 'CPU time, most spans ÷ fewest',
      value: ratio(({ cpuSeconds }) => cpuSeconds),
      unit: '',
      limit: 1.1,
    },
  ];
}

interface Measured {
  readonly tasks: number;
  readonly queries: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** Two arms, five models, one failure in fifty of four kinds, and cached tokens. */
function insert(spans: number): string {
  return `INSERT INTO otel_traces (Timestamp, SpanName, SpanKind, ServiceName, SpanAttributes, Duration, StatusCode)
    SELECT fromUnixTimestamp64Nano(toInt64(1795341600000000000 + intDiv(number * 870000000000, ${spans})), 'UTC'), 'chat', 'Client', 'assistant',
      mapUpdate(map('server.address', if(number % 2 = 0, 'api.openai.com', 'gateway.example'), 'gen_ai.operation.name', 'chat', 'gen_ai.request.model',
        ['gpt-4o-mini', 'gpt-4o', 'gpt-4.1', 'gpt-4.1-mini', 'o3'][1 + number % 5]),
        if(number % 50 = 7, map('error.type', ['429', 'timeout', 'APIConnectionError', '503'][1 + intDiv(number, 50) % 4]),
          map('gen_ai.response.finish_reasons', '["stop"]', 'gen_ai.usage.input_tokens', toString(500 + number % 3000),
            'gen_ai.usage.output_tokens', toString(number % 700), 'gen_ai.usage.cache_read.input_tokens', toString(number % 400)))),
      toUInt64(200000000 + cityHash64(number) % 20000000000 / (1 + number % 7)), if(number % 50 = 7, 'Error', 'Unset')
    FROM numbers(${spans})`;
}
