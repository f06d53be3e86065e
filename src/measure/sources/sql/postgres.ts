/** PostgreSQL, and what speaks its protocol. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import type postgres from 'postgres';
import { sendsInClearText } from '../../../config/hosts.ts';
import '../../../gateway/address-guard.ts';
import { createRedactor } from '../../../gateway/redact.ts';
import { credentialsIn, withoutBrackets } from '../../../gateway/url.ts';
import type { SourceEndpoint } from '../../fetch-source.ts';
import { formatInstant } from '../../instant.ts';
import { mayRetry, PATIENCE } from '../../patience.ts';
import type { SourceError } from '../../source.ts';
import { type Engine, MOST_SECONDS, type Times } from './statement.ts';

const MACROS = {
  time: '(extract(epoch FROM (%1)::timestamptz) * 1000)::double precision',
  text: "nullif((%1)::text, '')",
  number: '(%1)::double precision',
  flag: '(%1)::boolean',
  string: '(%1)::text',
  json: 'array_to_json(ARRAY[%1]::text[])::text',
  shape: "string_agg(%1, '‖')%2",
  joined: "string_agg(%1, ',')%2",
  exceeded:
    'width_bucket(%1, ARRAY[%2]::double precision[]) - CASE WHEN %1 = ANY (ARRAY[%2]::double precision[]) THEN 1 ELSE 0 END',
  hash: `(WITH RECURSIVE mixed(i, h) AS (
      SELECT 0, 2166136261
      UNION ALL SELECT i + 1, ((h # ascii(substr(%1, i + 1, 1))) * 16777619) & 4294967295 FROM mixed WHERE i < length(%1)
    ), once AS (SELECT mod((h # (h >> 16))::numeric * 2246822507, 4294967296)::bigint AS h FROM mixed ORDER BY i DESC LIMIT 1),
    twice AS (SELECT mod((h # (h >> 13))::numeric * 3266489909, 4294967296)::bigint AS h FROM once)
    SELECT h # (h >> 16) FROM twice)`,
  from: '$1::timestamptz',
  to: '$2::timestamptz',
  window_from: '$3::double precision',
  window_to: '$4::double precision',
} as const;

/** @param endpoint with a role that may only read */
export function postgresql(endpoint: SourceEndpoint): Engine {
  const patience = { ...PATIENCE, ...endpoint.patience };
  return {
    name: 'PostgreSQL',
    macros: MACROS,
    async run(statement, times, signal) {
      endpoint.onQuery?.(statement);
      for (let attempt = 1; ; attempt++) {
        try {
          return { kind: 'read', value: await runOnce(endpoint, statement, times) };
        } catch (error) {
          const again = PASSING.test(String((error as { code?: unknown }).code));
          if (await mayRetry(attempt, { again, retryAfterMs: null }, patience, signal)) continue;
          return failure(error, statement, endpoint);
        }
      }
    },
  };
}

/** No connection, too many of them, or a server that starts or stops. */
const PASSING = /^(E[A-Z]+|CONNECT|CONNECTION_|53300|57P0)/;

async function runOnce(
  { baseUrl, auth }: SourceEndpoint,
  statement: string,
  { from, to, windowFrom, windowTo }: Times,
) {
  // Loaded on first use: most sources need no driver.
  const { default: open } = await import('postgres');
  const url = new URL(baseUrl);
  const { hostname, port, host, pathname, searchParams } = url;
  const [user, password] = auth.kind === 'basic' ? [auth.user, auth.password] : credentialsIn(url);
  const role = user || userInfo().username;
  const isExposed = sendsInClearText(new URL(`http://${host}`));
  const says = (...names: string[]) => names.some((name) => searchParams.has(name));
  const isChosen = says('sslmode') || (!isExposed && says('ssl', 'sslrootcert'));
  const address = Object.assign(new URL(url), { username: '', password: '' });
  const sql = open(address.href, {
    // All are named, because the driver would take others from PGUSER, PGPASSWORD and their like.
    host: hostname || 'localhost',
    port: Number(port || 5432),
    user: role,
    // An empty password counts for it as none, but no function does.
    password: () => password ?? '',
    database: pathname.slice(1) || role,
    ...(isChosen ? {} : { ssl: isExposed && ('verify-full' as const) }),
    max: 1,
    prepare: false,
    fetch_types: false,
    onnotice: () => {},
    // By this function, because address-guard.ts sees only its sockets.
    socket: async () => {
      const name = withoutBrackets(hostname);
      const socket = connect({ host: name, port: Number(port || 5432) });
      await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) });
      // For the name in its certificate.
      return Object.assign(socket, { host: name });
    },
  } as postgres.Options<Record<string, never>>);
  try {
    return await sql.begin('READ ONLY', async (transaction) => {
      await transaction.unsafe(
        `SET LOCAL statement_timeout = '${MOST_SECONDS}s'; SET LOCAL timezone = 'UTC'`,
      );
      const bound = [formatInstant(from), formatInstant(to), windowFrom, windowTo];
      const isWindow = statement.includes(MACROS.window_to);
      const rows = await transaction.unsafe(statement, isWindow ? bound : bound.slice(0, 2)).values();
      return { columns: rows.columns.map(({ name }) => name), rows };
    });
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** In the server's words, without the row that `detail` may quote. */
function failure(error: unknown, statement: string, { auth, baseUrl, setting }: SourceEndpoint): SourceError {
  const { message, code, position, hint } = error as Partial<postgres.PostgresError>;
  const line = position ? statement.slice(0, Number(position)).split('\n').length : null;
  const words = [`${message}${line === null ? '' : ` (line ${line})`}`, hint, `(${code})`];
  const secrets = [auth.kind === 'basic' ? auth.password : credentialsIn(new URL(baseUrl))[1]];
  return {
    kind: 'error',
    reasonCode: code === '28P01' || code === '42501' ? 'unauthorized' : position ? 'refused' : 'no_answer',
    reason: createRedactor(secrets).text(`PostgreSQL: ${words.filter(Boolean).join(' ')}. Check ${setting}.`),
  };
}
