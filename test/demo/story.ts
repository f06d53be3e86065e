/** The migration of the sample application: sets its scene, and walks its chapters in order. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { DemoClock } from './clock.ts';
import type { Narrator } from './narrator.ts';
import { serveIssue, writePages } from './pages.ts';
import { openPullRequest, passStagesWithoutTraffic, takeInventory } from './preparation.ts';
import { Production } from './production.ts';
import { walkProduction } from './production-stages.ts';
import { startRepositoryHost } from './repository-host.ts';
import { CONFIG_PATH, type Files, linkPackages, sampleFiles, writeFiles } from './sample-application.ts';
import type { Scene } from './scene.ts';
import { startStack, startUpstream } from './servers.ts';

export interface StoryOptions {
  /**
   * The story ends in the last stage, and everything keeps running until this is fulfilled; null: it goes on to
   * completion, and stops at once.
   */
  readonly kept: (() => Promise<void>) | null;
}

/**
 * Tells the whole story. Everything that it starts is stopped at its end; a folder in the temporary directory stays,
 * unless the process ends before the story is told.
 * @throws where a chapter ends otherwise than it should
 */
export async function tellStory(narrator: Narrator, { kept }: StoryOptions): Promise<void> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'gateway-rollout-demo-'));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', discard);
  narrator.say(
    'A sample application moves from an official API to a gateway, as a team would move its own, and one mishap takes it back on the way.',
  );
  narrator.gap();
  const files = await sampleFiles();
  const scene = await setScene(started, folder, files, narrator);
  const { stack, official, host, application } = scene;
  narrator.say(
    `Real are the gateway (Portkey, on ${stack.gateway.baseUrl}), the App, the commands, the webhooks and every request. Stand-ins are GitHub, which is emulated, and the models of the official API (on ${official.baseUrl}) and behind the gateway, which answer from a script. Nothing leaves this machine.`,
  );
  narrator.gap();
  narrator.say(
    "Time is the demo's own: the hours of a rollout are over as soon as the requests of those hours are answered.",
  );
  await takeInventory(scene);
  await openPullRequest(scene, files);
  await passStagesWithoutTraffic(scene);
  const config = await configOf(application);
  const walks = await walkProduction(scene, config, kept === null ? 'completed' : 'last-stage');
  const pages = await writePages(folder, host, config, walks);
  await narrator.chapter('What is left to look at');
  narrator.say(`The issue, as people see it: ${pages.issue}`);
  narrator.say(`The report of all stages: ${pages.report}`);
  process.off('exit', discard);
  narrator.say(
    `Both pages, the application and its requests stay in ${folder} until you remove it; nothing else does. The demo took ${Math.round(narrator.seconds)} s.`,
  );
  narrator.gap();
  if (kept === null) {
    narrator.say(
      'To comment on the issue yourself: npm run demo -- --keep. To do it with a repository of yours: README.md.',
    );
    return;
  }
  const server = started.adopt(await serveIssue(host), ({ stop }) => stop());
  narrator.say(`The issue is open, in its last stage, for comments of yours: ${server.url}`);
  narrator.gap();
  narrator.list(WORTH_TRYING);
  narrator.gap();
  narrator.say(
    'Users ask no more, and time stands still: no gate is met by waiting. Ctrl-C stops everything.',
  );
  await kept();
}

const WORTH_TRYING = [
  '/advance-rollout, as alice: the App says what the gate still waits for',
  '/advance-rollout --force --reason "seen enough", as alice: her role does not allow it; as mara: completes the rollout, with its final report',
  '/rollback-rollout, as either: all traffic goes back to the official API; then /retry-rollout: the walk begins anew at 5 %',
  '/rollout-help: everything else',
];

async function setScene(
  started: AsyncDisposableStack,
  folder: string,
  files: Files,
  narrator: Narrator,
): Promise<Scene> {
  const application = join(folder, 'assistant');
  const records = join(folder, 'requests.jsonl');
  await mkdir(application);
  await writeFiles(application, files);
  await linkPackages(application);
  const stack = started.adopt(await startStack(), ({ stop }) => stop());
  const { apiKey, gateway } = stack;
  const official = started.adopt(await startUpstream({ apiKeys: [apiKey] }), ({ stop }) => stop());
  const clock = new DemoClock();
  const host = started.adopt(await startRepositoryHost(clock), ({ stop }) => stop());
  await host.github.pushes(files, { by: 'alice' });
  await host.settled();
  const targets = {
    official: { baseUrl: official.baseUrl, apiKey, headers: {} },
    gateway: { baseUrl: gateway.baseUrl, apiKey, headers: gateway.headers },
  };
  const production = started.adopt(
    await Production.start({ directory: application, records, targets }),
    (running) => running.stop(),
  );
  return { stack, official, host, clock, narrator, production, application, records };
}

async function configOf(application: string): Promise<Config> {
  const loaded = loadConfig(await readFile(join(application, CONFIG_PATH), 'utf8'), CONFIG_PATH);
  if (loaded.ok) return loaded.config;
  throw new Error(`${CONFIG_PATH} of the demo is not valid: ${loaded.problems[0]?.message}`);
}
