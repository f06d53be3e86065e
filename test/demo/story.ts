/** The migration of the sample application: sets the scene and runs the chapters in order. */
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
   * The story stops in the last stage, and everything keeps running until this promise resolves. Null: the rollout
   * completes, and everything stops.
   */
  readonly keepUntil: (() => Promise<void>) | null;
}

/**
 * Runs the whole story, and stops everything that it started. A folder in the temporary directory stays, unless the
 * process ends before the last chapter.
 * @throws where a chapter doesn't end as expected
 */
export async function runStory(narrator: Narrator, { keepUntil }: StoryOptions): Promise<void> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'gateway-rollout-demo-'));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', discard);
  narrator.say(
    'A sample application moves from an official API to a gateway, stage by stage. On the way, the gateway fails three times.',
  );
  narrator.gap();
  const files = await sampleFiles();
  const scene = await setScene(started, folder, files, narrator);
  const { stack, host, application } = scene;
  narrator.say(
    `The gateway (Portkey, on ${stack.gateway.baseUrl}), the App, the commands and every request are real. GitHub is emulated, the models answer from a script, and hours pass in seconds. Nothing leaves this machine.`,
  );
  await takeInventory(scene);
  await openPullRequest(scene, files);
  await passStagesWithoutTraffic(scene);
  const config = await configOf(application);
  const walks = await walkProduction(scene, config, keepUntil === null ? 'completed' : 'last-stage');
  const pages = await writePages(folder, host, config, walks);
  await narrator.chapter('See the results');
  narrator.say(`On one page, where it is, what it found, saved and refused: ${pages.summary}`);
  narrator.say(`The issue as people see it: ${pages.issue}`);
  narrator.say(`The report on all stages: ${pages.report}`);
  process.off('exit', discard);
  narrator.aside(
    `The demo took ${Math.round(narrator.seconds)} s. All files stay in ${folder} until you delete it. Nothing else stays.`,
  );
  if (keepUntil === null) {
    narrator.say('To comment on the issue yourself, run npm run demo -- --keep. Next: README.md.');
    return;
  }
  const server = started.adopt(await serveIssue(host), ({ stop }) => stop());
  narrator.say(`The issue is open in its last stage. Comment on it here: ${server.url}`);
  narrator.gap();
  narrator.list(WORTH_TRYING);
  narrator.gap();
  narrator.say("The clock is stopped, so waiting won't pass a gate. Ctrl-C stops everything.");
  await keepUntil();
}

const WORTH_TRYING = [
  '/advance-rollout, as alice: the App lists what the gate is waiting for',
  '/advance-rollout --force --reason "seen enough", as alice: her role does not allow it; as mara: the watch begins, and a second one completes the rollout',
  '/rollback-rollout, as either: all traffic goes back to the official API; /retry-rollout then starts again with copies',
  '/rollout-help: all commands',
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
  const access = {
    official: { baseUrl: official.baseUrl, apiKey, headers: {} },
    gateway: { baseUrl: gateway.baseUrl, apiKey, headers: gateway.headers },
  };
  const production = await Production.start({ directory: application, records, access });
  return { stack, official, host, clock, narrator, production, application, records, folder };
}

async function configOf(application: string): Promise<Config> {
  const loaded = loadConfig(await readFile(join(application, CONFIG_PATH), 'utf8'), CONFIG_PATH);
  if (loaded.ok) return loaded.config;
  throw new Error(`The demo's ${CONFIG_PATH} is not valid: ${loaded.problems[0]?.message}`);
}
