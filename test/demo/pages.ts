/** The pages that the demo writes, and with `--keep` a server that shows the issue and takes comments. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { looksAt } from '../../src/commands/observe/judged-measurements.ts';
import { measurementPage } from '../../src/commands/page-file.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { issuePage } from './issue-page.ts';
import { PEOPLE, type PersonName, type RepositoryHost } from './repository-host.ts';
import { summaryPage } from './summary-page.ts';

export interface WrittenPages {
  /** Addresses to open in a browser. */
  readonly issue: string;
  readonly report: string;
  readonly summary: string;
}

/**
 * Writes the pages into the folder.
 * @param walks the measurements of each walk through the stages, in the order of time: a retry starts a new walk
 */
export async function writePages(
  folder: string,
  host: RepositoryHost,
  config: Config,
  walks: readonly (readonly Measurement[])[],
): Promise<WrittenPages> {
  const issue = await host.issue();
  const measurements = walks.flat();
  const looks = walks.flatMap((walk) => looksAt(config, walk));
  const pages = {
    issue: issuePage(issue, null),
    report: await measurementPage(config, { measurements, looks }),
    summary: summaryPage(issue, config, measurements),
  };
  const write = async (name: keyof typeof pages): Promise<string> => {
    const file = join(folder, `${name}.html`);
    await writeFile(file, pages[name]);
    return pathToFileURL(file).href;
  };
  return { issue: await write('issue'), report: await write('report'), summary: await write('summary') };
}

/** What the server needs from the repository. */
export type CommentedIssue = Pick<RepositoryHost, 'issue' | 'says'>;

export interface IssueServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The largest form that is read. */
const MOST_BYTES = 64 * 1024;

/** Serves the current issue on a free port of 127.0.0.1. */
export async function serveIssue(host: CommentedIssue): Promise<IssueServer> {
  const server = createServer((request, response) => {
    respond(host, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`${error}\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(
  host: CommentedIssue,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers } = request;
  if (method === 'GET') {
    const page = issuePage(await host.issue(), { address: '/', people: PEOPLE });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    return;
  }
  // Other sites can also send forms to loopback addresses.
  const isOwn = headers.origin === `http://${headers.host}` && /^127\.0\.0\.1:/.test(headers.host ?? '');
  if (method !== 'POST' || !isOwn) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('Use the form on the page to comment.\n');
    return;
  }
  let body = '';
  for await (const piece of request) {
    body += piece;
    if (body.length > MOST_BYTES) {
      response.writeHead(413).end();
      return;
    }
  }
  const form = new URLSearchParams(body);
  const person = form.get('person') ?? '';
  const text = form.get('text')?.trim() ?? '';
  if (!isPerson(person)) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end(`Unknown person. Use ${NAMES}.\n`);
    return;
  }
  if (text !== '') await host.says(person, text);
  response.writeHead(303, { location: '/' }).end();
}

const NAMES = Object.keys(PEOPLE).join(' or ');
const isPerson = (name: string): name is PersonName => Object.hasOwn(PEOPLE, name);
