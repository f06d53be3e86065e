import { describe, expect, it } from 'vitest';
import { formatEffective } from '../../src/config/effective.ts';
import { loadConfig } from '../../src/config/load.ts';
import { LEAST, problemsOf, valid } from './configs.ts';

const measure = (settings: string) => `${LEAST}measure: { ${settings} }\n`;

describe('the source sql', () => {
  it.each([
    'source: sql, engine: clickhouse, preset: otel-traces, where: "a = 1"',
    'source: sql, engine: postgres, query: .github/gateway-rollout.sql',
    'official: jsonl, gateway: { source: sql, engine: postgres, preset: litellm-spendlogs }',
  ])('may be { %s }, and is written the same', (settings) => {
    const config = valid(measure(settings));
    expect(valid(formatEffective(config)).measure).toEqual(config.measure);
  });

  it.each([
    [
      'source: sql, engine: mysql, query: q.sql',
      /engine: "mysql" is not accepted; expected one of clickhouse or postgres/,
    ],
    ['source: sql, engine: clickhouse', /no rows are named; expected preset or query/],
    ['source: sql, query: q.sql', /no engine is set; expected engine: clickhouse or postgres/],
    [
      'source: sql, engine: clickhouse, preset: otel-traces, query: q.sql',
      /query: preset names the rows too/,
    ],
    [
      'source: sql, engine: postgres, preset: otel-traces',
      /otel-traces is not in postgres; expected engine: clickhouse/,
    ],
    [
      'source: sql, engine: clickhouse, preset: kong',
      /preset is a setting of prometheus, but the source is sql/,
    ],
    ['source: sql, engine: clickhouse, query: q.sql, where: a = 1', /where: it needs a preset/],
    ['source: sql, engine: clickhouse, query: ../q.sql', /query: .* expected the path of a \.sql file/],
    ['source: sql, engine: clickhouse, query: /etc/q.sql', /query: .* expected the path of a \.sql file/],
    ['source: prometheus, preset: otel-traces', /preset is a setting of sql, but the source is prometheus/],
    ['source: jsonl, engine: clickhouse', /engine is a setting of sql, but the source is jsonl/],
    ['source: sql, engine: clickhouse, query: q.sql, password: hunter22222', /password.*secret/],
  ])('cannot be { %s }', (settings, problem) => {
    expect(problemsOf(measure(settings))).toMatch(problem);
  });

  it('warns of a query that is not in the checkout', () => {
    const loaded = loadConfig(
      measure('source: sql, engine: postgres, query: q.sql'),
      'rollout.yml',
      () => null,
    );
    expect(loaded.ok && loaded.warnings.map(({ message }) => message)).toContain(
      'q.sql does not exist in this checkout',
    );
  });
});
