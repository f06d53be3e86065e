/** Comments that are no command: handled by the App, and by a Probot app that does nothing, in turns. */
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Probot } from 'probot';
import { createLog } from '../../../app/log.ts';
import { startGithub } from '../../support/github/github.ts';
import { octokitFor, startApp } from '../../support/start-app.ts';
import { median, type Row } from '../row.ts';

const PATH = '/api/github/webhooks';
/** Many short ones: what else the machine does meets both alike. */
const ROUNDS = 31;
const COMMENTS = 100;
const SIDE_BY_SIDE = 8;
/** Ours may take so much longer: four fifths of the speed. */
const MOST_SLOWER = 1 / 0.8;

export async function benchIgnoredComments(): Promise<readonly Row[]> {
  const github = await startGithub({ users: { alice: 'write' } });
  const app = await startApp(github, { now: Date.now, fetch: github.fetch });
  const empty = await startEmptyApp(github);
  try {
    github.deliverTo(app.url);
    const issue = await github.person('alice').opens('A rollout to talk about');
    await github.person('alice').comments(issue, 'Looks good to me.');
    await github.settled();
    const payload = JSON.stringify(github.deliveries().at(-1)?.payload);
    const { webhookSecret } = github.app;
    github.forgetRequests();
    const speeds: { readonly ours: number; readonly none: number }[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const ours = await speedOf(app.url, payload, webhookSecret);
      const none = await speedOf(empty.url, payload, webhookSecret);
      // The first round warms up.
      if (round > 0) speeds.push({ ours, none });
    }
    return [
      {
        what: 'ignored comments a second',
        value: median(speeds.map(({ ours }) => ours)),
        unit: '',
        limit: null,
      },
      {
        what: '… of a Probot app that does nothing',
        value: median(speeds.map(({ none }) => none)),
        unit: '',
        limit: null,
      },
      {
        what: '… time of ours ÷ time of that one',
        value: median(speeds.map(({ ours, none }) => none / ours)),
        unit: '',
        limit: MOST_SLOWER,
      },
      { what: '… requests to GitHub', value: github.requests().length, unit: '', limit: 0 },
    ];
  } finally {
    await app.close();
    await empty.close();
    await github.close();
  }
}

async function startEmptyApp(github: Awaited<ReturnType<typeof startGithub>>) {
  const { appId, privateKey, webhookSecret: secret } = github.app;
  const log = createLog('info', [], { write: () => {} });
  const Octokit = octokitFor({ fetch: github.fetch });
  const probot = new Probot({ appId, privateKey, secret, baseUrl: github.url, log, Octokit });
  await probot.ready();
  probot.on('issue_comment.created', () => {});
  const server = createServer(await probot.getNodeMiddleware({ log, path: PATH }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Comments a second. */
async function speedOf(url: string, body: string, secret: string): Promise<number> {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const began = performance.now();
  let left = COMMENTS;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'issue_comment',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': signature,
        },
        body,
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`A comment was answered with ${answer.status}.`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return COMMENTS / ((performance.now() - began) / 1000);
}
