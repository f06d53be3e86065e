/**
 * A real ClickHouse (chdb) behind the part of its HTTP interface that clients use: the statement as a body, parameters and
 * settings in the query, errors as `Code: N. DB::Exception: …`. Run as a program: the folder of chdb, its data, a user
 * and a password. It prints its port, and ends with its input.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const [tool = '', data = '', user = '', password = ''] = process.argv.slice(2);
const { Session } = createRequire(path.join(tool, 'package.json'))('chdb');
const session = new Session(data);

/** The statuses that ClickHouse gives to errors of a statement; 500 for all others. */
const STATUSES: Readonly<Record<string, number>> = { 46: 404, 47: 404, 60: 404, 62: 400, 164: 403, 516: 403 };

/** What is no setting. */
const OWN = /^(param_.*|default_format|query|database|user|password|wait_end_of_query)$/;

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function failed(told: string): Answer {
  const message = told.replace(/^Code: \d+\. DB::Exception: (?=Code: )/, '');
  const code = /^Code: (\d+)/.exec(message)?.[1] ?? '1002';
  const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-clickhouse-exception-code': code };
  return { status: STATUSES[code] ?? 500, headers, body: `${message}\n` };
}

function answer(request: IncomingMessage, statement: string): Answer {
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  if (request.headers.authorization !== `Basic ${basic}`) {
    return failed(
      `Code: 516. DB::Exception: ${user}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)`,
    );
  }
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const entries = [...searchParams];
  const settings = entries.filter(([name]) => !OWN.test(name)).map(([name, value]) => `${name} = '${value}'`);
  const params = entries.flatMap(([name, value]) =>
    name.startsWith('param_') ? [[name.slice('param_'.length), value] as const] : [],
  );
  // The embedded engine would run one after the other; the server takes one.
  const bare = statement.replaceAll(/--.*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\.)*'/g, (found) =>
    ' '.repeat(found.length),
  );
  const end = /;\s*\S/.exec(bare)?.index;
  if (end !== undefined) {
    const line = statement.slice(0, end).split('\n').length;
    return failed(
      `Code: 62. DB::Exception: Syntax error (Multi-statements are not allowed): failed at position ${end + 1} (end of query) (line ${line}, col 1): ;. (SYNTAX_ERROR)`,
    );
  }
  const isRead = /^\s*(SELECT|WITH)\b/i.test(statement);
  const whole = isRead && settings.length > 0 ? `${statement}\nSETTINGS ${settings.join(', ')}` : statement;
  try {
    const format = searchParams.get('default_format') ?? 'TabSeparated';
    const body = session.queryBind(whole, Object.fromEntries(params), format);
    return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8' }, body };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

const server = createServer(async (request, response) => {
  const { status, headers, body } = answer(request, await text(request));
  response.writeHead(status, headers).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
process.stdin.resume().on('end', () => {
  session.cleanup();
  process.exit(0);
});
