/** Spans in the collector's table in a real ClickHouse, read by `observe` and judged by the recipe's gate. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runJudgeCommand } from '../../../src/commands/judge.ts';
import { performObserve } from '../../../src/commands/observe/perform.ts';
import { clickhouseIsInstalled, type RunningClickhouse, startClickhouse } from '../../support/clickhouse.ts';
import { recipeConfig, recipeFile } from '../recipe.ts';

const RECIPE = 'clickhouse-opentelemetry';
const DAY = 86_400_000;
const MINUTE = 60_000;
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;

describe.skipIf(!clickhouseIsInstalled())('the recipe for ClickHouse and OpenTelemetry', () => {
  let server: RunningClickhouse;
  let directory: string;
  beforeAll(async () => {
    server = await startClickhouse();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'recipe-'));
    cpSync(path.join(import.meta.dirname, '.github'), path.join(directory, '.github'), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Spans of two days, one every 20 s on each arm. */
  async function spans(gatewayFailures: number) {
    await server.run('DROP TABLE IF EXISTS otel_traces');
    await server.run(recipeFile(RECIPE, 'deploy/otel_traces.sql'));
    for (const [host, failures] of [
      ['api.openai.com', 0.01],
      ['gateway.example', gatewayFailures],
    ] as const) {
      await server.run(`INSERT INTO otel_traces (Timestamp, SpanName, SpanKind, ServiceName, SpanAttributes, Duration, StatusCode)
        SELECT fromUnixTimestamp64Milli(toInt64(${NOW - 2 * DAY} + number * 20000), 'UTC'), 'chat gpt-4o-mini', 'Client', 'assistant',
          mapUpdate(map('server.address', '${host}', 'server.port', '443', 'gen_ai.operation.name', 'chat',
            'gen_ai.request.model', 'gpt-4o-mini'), if(failed, map('error.type', 'RateLimitError'),
            map('gen_ai.response.model', 'gpt-4o-mini-2024-07-18', 'gen_ai.response.finish_reasons', '["stop"]',
              'gen_ai.usage.input_tokens', '1200', 'gen_ai.usage.output_tokens', '85', 'gen_ai.usage.cache_read.input_tokens', '0'))),
          (700 + number % 300) * 1000000, if(failed, 'Error', 'Unset')
        FROM (SELECT number, number % 1000 < ${1_000 * failures} AS failed FROM numbers(8600))`);
    }
    // Other programs, and what only surrounds a call.
    await server.run(
      `INSERT INTO otel_traces SELECT * REPLACE ('search' AS ServiceName) FROM otel_traces LIMIT 500`,
    );
    await server.run(
      `INSERT INTO otel_traces SELECT * REPLACE (mapUpdate(SpanAttributes, map('gen_ai.operation.name', 'invoke_agent')) AS SpanAttributes) FROM otel_traces WHERE ServiceName = 'assistant' LIMIT 500`,
    );
  }

  async function observe(explained: string[] = []) {
    return performObserve({ since: '40h', stage: '50%', out: 'measurements.jsonl' }, recipeConfig(RECIPE), {
      directory,
      environment: { SQL_URL: server.url, SQL_USER: server.user, SQL_PASSWORD: server.password },
      front: 'command-line',
      isPrivate: true,
      now: Date.now,
      onSecrets: () => undefined,
      onNote: () => undefined,
      onQuery: (query) => explained.push(query),
    });
  }

  it('counts the spans of the service, by arm, model and class of error', async () => {
    await spans(0.05);
    const explained: string[] = [];
    const outcome = await observe(explained);
    if (outcome.kind !== 'observed') throw new Error(JSON.stringify(outcome));
    const { official, gateway } = outcome.measurement.arms;
    expect(explained).toEqual([
      expect.stringMatching(/FROM otel_traces\n(?:.*\n)*.*ServiceName = 'assistant'/),
    ]);
    // 40 hours of a task every 20 s.
    expect(Number(official?.tasks)).toBeCloseTo((40 * 60 * MINUTE) / 20_000, -1);
    expect(gateway?.tasks).toBe(official?.tasks);
    expect(gateway?.errorsByClass).toEqual({ rate_limited: gateway?.failedTasks });
    expect(Number(gateway?.failedTasks) / Number(gateway?.tasks)).toBeCloseTo(0.05, 2);
    expect(gateway?.byModel).toMatchObject([{ name: 'gpt-4o-mini' }]);
    const served = Number(gateway?.tasks) - Number(gateway?.failedTasks);
    expect(gateway?.tokens).toEqual({
      input: 1200 * served,
      cachedInput: 0,
      output: 85 * served,
      unknown: 0,
    });
    expect(gateway?.cost).toMatchObject({ priced: gateway?.tasks, unpriced: 0 });
  });

  it.each([
    { failures: 0.01, verdict: /success_rate: pass/ },
    { failures: 0.05, verdict: /Roll back: .*success_rate/ },
  ])('judges a gateway of which $failures fail', async ({ failures, verdict }) => {
    await spans(failures);
    expect(await observe()).toMatchObject({ kind: 'observed' });
    let said = '';
    const write = (text: string) => {
      said += text;
    };
    const code = await runJudgeCommand(
      { cwd: directory, file: 'measurements.jsonl', json: false },
      { stdout: write, stderr: write },
    );
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(verdict) });
  });
});
