/** Before traffic moves: the inventory, the pull request, the issue, and the stages local and staging. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { runCheckCommand } from '../../src/commands/check.ts';
import { runExecCommand } from '../../src/commands/exec.ts';
import { runInventoryCommand } from '../../src/commands/inventory.ts';
import { lineProgress } from '../../src/commands/progress.ts';
import type { Terminal } from '../../src/commands/terminal.ts';
import type { Environment } from '../../src/config/environment.ts';
import { readable } from './issue-text.ts';
import { type Files, migration, SMOKE_TEST_PATH, writeFiles } from './sample-application.ts';
import { comment, expectHeadline, type Scene, showIssue } from './scene.ts';

export async function takeInventory(scene: Scene): Promise<void> {
  await scene.narrator.chapter('Inventory: what does the application call, and where?');
  await inShort(scene, 'inventory', /configurable|^Base URL|^Models/, (terminal) =>
    runInventoryCommand(
      { path: scene.application, suggest: true, version: 'demo' },
      { ...terminal, live: null },
    ),
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
    'It adds the config and the workflow of this check, and removes the hard-coded URL. The config also names features that the code does not use yet, so that the check shows more.',
  );
  const changes = await migration(before, stack.gateway.baseUrl);
  await writeFiles(application, changes);
  const pull = await github.opensPull(changes, { by: 'alice', title: 'Move to the gateway' });
  await settled();
  const place = { json: false, directory: application };
  await inShort(scene, 'check', /^(?:Ready|Not ready|FAIL|Warnings)/, (terminal) =>
    runCheckCommand({}, place, keysOf(scene), terminal),
  );
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
  narrator.aside('The App also checks the pull request, and shows what merging it would do:');
  for (const { name, conclusion, title, summary } of checks.flat()) {
    narrator.quote('Check', `${name}: ${conclusion}`);
    const [, first = ''] = readable(summary ?? '', narrator.width).filter((line) => line !== '');
    narrator.show([title ?? '', first]);
  }
}

/** The App opens its issue. The stages without traffic run the application's own test. */
export async function passStagesWithoutTraffic(scene: Scene): Promise<void> {
  const { narrator, host } = scene;
  await narrator.chapter('The config is merged: the App opens its issue');
  await showIssue(scene);

  await narrator.chapter("Stage local: the application's own test, on both arms");
  await runTest(scene, { arm: 'both' });
  narrator.aside('The check has also run on the default branch, so the gate only needs approval:');
  await host.github.runFinished('gateway-check.yml');
  await host.settled();
  await comment(scene, 'alice', '/advance-rollout');
  await expectHeadline(scene, '**staging**');

  await narrator.chapter('Stage staging: the same test, and the gateway fails the second request');
  await runTest(scene, { arm: 'gateway', faults: ['503@2'] });
  narrator.aside("The client retried, as it should. The team's own staging.yml is green, too.");
  await host.github.runFinished('staging.yml');
  await host.settled();
  await comment(scene, 'alice', '/advance-rollout');
  await expectHeadline(scene, '**shadow: 100%**');
}

const ROWS =
  /^(?:The command|\s+Official|\s+Gateway|Requests|Success rate|Cost {2}|Task latency, p50|Injected| {2}503| {4})/;

/** Runs the application's test under `exec`, which records its requests. @throws where the test fails */
async function runTest(
  scene: Scene,
  how: { readonly arm: string; readonly faults?: readonly string[] },
): Promise<void> {
  await inShort(scene, `exec-${how.arm}`, ROWS, (terminal) => {
    const output = Object.assign(
      new Writable({
        write(piece, _, done) {
          terminal.stdout(String(piece));
          done();
        },
      }),
      { isTTY: process.stdout.isTTY === true, columns: terminal.columns },
    );
    return runExecCommand(
      { ...how, command: [process.execPath, SMOKE_TEST_PATH] },
      { json: false, directory: scene.application },
      { PATH: process.env.PATH, ...keysOf(scene) },
      { ...terminal, stdout: output, stderr: output, signals: process, atTerminal: false },
    );
  });
}

/**
 * Runs a command, writes all that it prints into the folder, and shows its important parts.
 * @param parts how a paragraph begins that is shown; of a table, only the lines that begin so
 * @throws where the command fails
 */
async function inShort(
  { narrator, folder }: Scene,
  name: string,
  parts: RegExp,
  run: (terminal: Terminal) => Promise<number>,
): Promise<void> {
  let printed = '';
  const collect = (text: string): void => {
    printed += text;
  };
  const { columns } = narrator.terminal;
  const exitCode = await run({
    stdout: collect,
    stderr: collect,
    color: false,
    columns,
    progress: async () => lineProgress(collect, columns),
  });
  await writeFile(join(folder, `${name}.txt`), printed);
  if (exitCode !== 0) throw new Error(`${name} ended with exit code ${exitCode}; expected 0.\n${printed}`);
  const report = printed.slice(Math.max(0, printed.search(/^(?:Ready|Not ready)/m)));
  for (const paragraph of report.split('\n\n')) {
    const lines = paragraph.split('\n');
    const isTable = name.startsWith('exec') && !lines[0]?.startsWith('The command');
    const shown = lines.filter((line) => parts.test(isTable ? line : (lines[0] ?? '')));
    narrator.print(shown);
  }
  narrator.say(`(All of it: ${name}.txt)`);
}

function keysOf({ official, stack: { apiKey, upstream } }: Scene): Environment {
  return {
    GATEWAY_API_KEY: apiKey,
    GATEWAY_UPSTREAM: upstream.baseUrl,
    OFFICIAL_API_KEY: apiKey,
    OFFICIAL_BASE_URL: official.baseUrl,
  };
}
