/** Before traffic moves: the inventory, the pull request, the issue, and the stages local and staging. */
import { Writable } from 'node:stream';
import { runCheckCommand } from '../../src/commands/check.ts';
import { runExecCommand } from '../../src/commands/exec.ts';
import { runInventoryCommand } from '../../src/commands/inventory.ts';
import type { Environment } from '../../src/config/environment.ts';
import { readable } from './issue-text.ts';
import { type Files, migration, SMOKE_TEST_PATH, writeFiles } from './sample-application.ts';
import { comment, expectHeadline, type Scene, showIssue } from './scene.ts';

export async function takeInventory({ narrator, application }: Scene): Promise<void> {
  await narrator.chapter('Inventory: what does the application call, and where?');
  const { terminal } = narrator;
  await runInventoryCommand(
    { path: application, suggest: true, version: 'demo' },
    { ...terminal, live: null },
  );
}

/**
 * A pull request adds the config and removes the address from the code. The check runs on it, and it is merged.
 * @throws where the gateway is not ready
 */
export async function openPullRequest(scene: Scene, before: Files): Promise<void> {
  const { narrator, host, stack, application } = scene;
  const { github, settled } = host;
  await narrator.chapter('A pull request adds the config: is the gateway ready?');
  narrator.say(
    "The code uses chat completions with one model. To show more probes, the demo's config also names tools, structured outputs, embeddings and the Responses API (`check.features`), and an embedding model (`models`). The check uses the timeout of the config, 30 s (`client.timeout`): the team will set it in its clients, which still wait for 10 minutes.",
  );
  narrator.say(
    `The pull request also adds the workflow that would run this check on GitHub. Its line \`trusted-origins: ${new URL(stack.gateway.baseUrl).origin}\` names this gateway: until the config is merged, no other new address gets a key.`,
  );
  narrator.gap();
  const changes = await migration(before, stack.gateway.baseUrl);
  await writeFiles(application, changes);
  const pull = await github.opensPull(changes, { by: 'alice', title: 'Move to the gateway' });
  await settled();
  const place = { json: false, directory: application };
  const exitCode = await runCheckCommand({}, place, keysOf(scene), narrator.terminal);
  if (exitCode !== 0) throw new Error(`The gateway is not ready: the check ended with ${exitCode}.`);
  await showChecks(scene);
  await github.pushes(changes, { by: 'alice', message: `Move to the gateway (#${pull})` });
  await settled();
}

/** The App's check on the newest commit of the pull request. */
async function showChecks({ narrator, host: { github } }: Scene): Promise<void> {
  const branches = await github.branches();
  const checks = await Promise.all(
    branches.filter((name) => name !== 'main').map(async (name) => github.checks(await github.head(name))),
  );
  narrator.gap();
  narrator.say('The App also checks the pull request, and shows what merging it would do:');
  for (const { name, conclusion, title, summary } of checks.flat()) {
    narrator.quote('Check', `${name}: ${conclusion}`);
    narrator.show([title ?? '', ...readable(summary ?? '', narrator.width)]);
  }
}

/** The App opens its issue. The stages without traffic run the application's own test. */
export async function passStagesWithoutTraffic(scene: Scene): Promise<void> {
  const { narrator, host } = scene;
  await narrator.chapter('The config is on the default branch: the App opens its issue');
  await showIssue(scene);

  await narrator.chapter("Stage local: the application's own test, on both arms");
  await runTest(scene, { arm: 'both' });
  narrator.gap();
  narrator.say(
    'The merge also starts gateway-check.yml, the same check on the default branch. GitHub would run it; here the demo reports it green. The gate now only needs approval:',
  );
  await host.github.runFinished('gateway-check.yml');
  await host.settled();
  await comment(scene, 'alice', '/advance-rollout');
  await expectHeadline(scene, '**staging**');
  await showIssue(scene);

  await narrator.chapter('Stage staging: the same test, and the gateway fails the second request');
  await runTest(scene, { arm: 'gateway', faults: ['503@2'] });
  narrator.gap();
  narrator.say(
    "The client retried, as it should. The demo also reports staging.yml green, the team's own workflow for tests in staging.",
  );
  await host.github.runFinished('staging.yml');
  await host.settled();
  await comment(scene, 'alice', '/advance-rollout');
  await expectHeadline(scene, '**5%**');
  await showIssue(scene);
}

/** Runs the application's test under `exec`, which records its requests. @throws where the test fails */
async function runTest(
  scene: Scene,
  how: { readonly arm: string; readonly faults?: readonly string[] },
): Promise<void> {
  const { narrator, application } = scene;
  const { terminal } = narrator;
  const output = Object.assign(
    new Writable({
      write(piece, _, done) {
        terminal.stdout(String(piece));
        done();
      },
    }),
    { isTTY: process.stdout.isTTY === true, columns: terminal.columns },
  );
  const exitCode = await runExecCommand(
    { ...how, command: [process.execPath, SMOKE_TEST_PATH] },
    { json: false, directory: application },
    { PATH: process.env.PATH, ...keysOf(scene) },
    { ...terminal, stdout: output, stderr: output, signals: process, atTerminal: false },
  );
  if (exitCode !== 0) throw new Error(`The application's test ended with exit code ${exitCode}; expected 0.`);
}

function keysOf({ official, stack: { apiKey, upstream } }: Scene): Environment {
  return {
    GATEWAY_API_KEY: apiKey,
    GATEWAY_UPSTREAM: upstream.baseUrl,
    OFFICIAL_API_KEY: apiKey,
    OFFICIAL_BASE_URL: official.baseUrl,
  };
}
