/** The migration of the sample application: sets its scene, and walks its chapters in order. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { DemoClock } from './clock.ts';
import type { Narrator } from './narrator.ts';
import { openPullRequest, passStagesWithoutTraffic, takeInventory } from './preparation.ts';
import { Production } from './production.ts';
import { walkProduction } from './production-stages.ts';
import { startRepositoryHost } from './repository-host.ts';
import { CONFIG_PATH, linkPackages, sampleFiles, writeFiles } from './sample-application.ts';
import type { Scene } from './scene.ts';
import { type Stack, startUpstream } from './servers.ts';

export async function tellStory(stack: Stack, narrator: Narrator): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-rollout-demo-'));
  const application = join(folder, 'assistant');
  const records = join(folder, 'requests.jsonl');
  const files = await sampleFiles();
  await mkdir(application);
  await writeFiles(application, files);
  await linkPackages(application);
  const clock = new DemoClock();
  const host = await startRepositoryHost(clock);
  await host.github.pushes(files, { by: 'alice' });
  await host.settled();
  const { apiKey, gateway } = stack;
  const official = await startUpstream({ apiKeys: [apiKey] });
  const production = await Production.start({
    directory: application,
    records,
    targets: {
      official: { baseUrl: official.baseUrl, apiKey, headers: {} },
      gateway: { baseUrl: gateway.baseUrl, apiKey, headers: gateway.headers },
    },
  });
  const scene: Scene = { official, stack, host, clock, narrator, production, application, records };
  try {
    await takeInventory(scene);
    await openPullRequest(scene, files);
    await passStagesWithoutTraffic(scene);
    const config = await configOf(application);
    await walkProduction(scene, config);
    narrator.say(`The demo took ${Math.round(narrator.seconds)} s.`);
  } finally {
    await production.stop();
    await host.stop();
    await official.stop();
  }
}

async function configOf(application: string): Promise<Config> {
  const loaded = loadConfig(await readFile(join(application, CONFIG_PATH), 'utf8'), CONFIG_PATH);
  if (loaded.ok) return loaded.config;
  throw new Error(`${CONFIG_PATH} of the demo is not valid: ${loaded.problems[0]?.message}`);
}
