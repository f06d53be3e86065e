/** ClickHouse, by its HTTP interface. */
import { z } from 'zod';
import { createSourceClient, type SourceEndpoint } from '../../fetch-source.ts';
import { formatInstant } from '../../instant.ts';
import { type Engine, MOST_SECONDS } from './statement.ts';

const MACROS = {
  time: "toUnixTimestamp64Micro(toDateTime64(%1, 6, 'UTC')) / 1000",
  text: "nullIf(CAST(%1 AS Nullable(String)), '')",
  number: 'CAST(%1 AS Nullable(Float64))',
  flag: 'CAST(%1 AS Nullable(Bool))',
  string: 'toString(%1)',
  json: 'toJSONString([%1])',
  shape: "arrayStringConcat(groupArray(%1)%2, '‖')",
  joined: "arrayStringConcat(groupArray(%1)%2, ',')",
  // By the first bound that is at least the number, found by rounding the negative ones down.
  exceeded: `multiIf(isNull(%1), NULL, %1 > arrayMax([%2]), toInt64(length([%2])),
    toInt64(transform(-roundDown(-assumeNotNull(%1), arrayReverse(arrayMap(bound -> -toFloat64(bound), [%2]))),
      CAST([%2] AS Array(Float64)), arrayEnumerate([%2]), 0)) - 1)`,
  hash: `arrayFold((h, mix) -> bitAnd(bitXor(h, bitShiftRight(h, mix.1)) * mix.2, 4294967295),
    [(16, 2246822507), (13, 3266489909), (16, 1)],
    arrayFold((h, code) -> bitAnd(bitXor(h, code) * 16777619, 4294967295),
      reinterpret(assumeNotNull(%1), 'Array(UInt8)'), toUInt64(2166136261)))`,
  from: "{from:DateTime64(3, 'UTC')}",
  to: "{to:DateTime64(3, 'UTC')}",
  window_from: '{window_from:Float64}',
  window_to: '{window_to:Float64}',
} as const;

const SETTINGS = {
  default_format: 'JSONCompact',
  readonly: 1,
  max_execution_time: MOST_SECONDS,
  max_rows_to_read: 1_000_000_000,
  // Otherwise an error may follow a status of 200.
  wait_end_of_query: 1,
} as const;

const tableSchema = z
  .object({ meta: z.array(z.object({ name: z.string() })), data: z.array(z.unknown()) })
  .transform(({ meta, data }) => ({ columns: meta.map(({ name }) => name), rows: data }));

/** @param endpoint with a user who may only read; `database` may be in its query */
export function clickhouse(endpoint: SourceEndpoint): Engine {
  const patience = { deadlineMs: (MOST_SECONDS + 10) * 1_000, ...endpoint.patience };
  return {
    name: 'ClickHouse',
    macros: MACROS,
    async run(statement, { from, to, windowFrom, windowTo }, signal) {
      const client = createSourceClient('ClickHouse', { ...endpoint, patience }, signal);
      const params = {
        param_from: dateTime(from),
        param_to: dateTime(to),
        param_window_from: windowFrom,
        param_window_to: windowTo,
      };
      const query = Object.entries({ ...SETTINGS, ...params });
      return client.read({ path: '/', query, body: statement, ownError }, tableSchema, 'rows as JSONCompact');
    },
  };
}

const dateTime = (at: number): string => formatInstant(at).replace('T', ' ').replace('Z', '');

/** `Code: 60. DB::Exception: …`, without the statement and the list of all tokens that it may repeat. */
function ownError(text: string): string | null {
  const [error = ''] = text.split(/ in scope |: While |\. Expected one of|\. Stack trace|\n\n/);
  return /^Code: \d+/.test(error) ? error.replaceAll(/\s+/g, ' ').slice(0, 500) : null;
}
