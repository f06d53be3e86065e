/** Everything that takes part in the demo, and what any chapter may do with it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShownIssue } from '../support/github/scenario.ts';
import type { DemoClock } from './clock.ts';
import { issuePage } from './issue-page.ts';
import { progressOf, readable } from './issue-text.ts';
import type { Narrator } from './narrator.ts';
import type { Production } from './production.ts';
import type { PersonName, RepositoryHost } from './repository-host.ts';
import { SHARE_PATH } from './sample-application.ts';
import type { Stack, Upstream } from './servers.ts';

export interface Scene {
  /** The API that the application calls before the move. */
  readonly official: Upstream;
  /** The gateway, and the provider behind it. */
  readonly stack: Stack;
  readonly host: RepositoryHost;
  readonly clock: DemoClock;
  readonly narrator: Narrator;
  readonly production: Production;
  /** The application's folder. */
  readonly application: string;
  /** The file of request records. */
  readonly records: string;
  /** The folder of pages and of the commands' whole outputs. */
  readonly folder: string;
}

export async function showIssue({ narrator, host }: Scene): Promise<void> {
  showIssueOf(await host.issue(), narrator);
}

/** Shows the rollout's progress in short: the status, and what the gate has and needs. */
export function showIssueOf({ number, title, body }: ShownIssue, narrator: Narrator): void {
  const [status = '', next = '', ...lines] = progressOf(body, narrator.width).filter((line) => line !== '');
  const gate = lines.slice(lines.findIndex((line) => line.startsWith('Gate of stage')));
  narrator.gap();
  narrator.show([
    `#${number} ${title}`,
    status,
    next,
    ...gate.filter((line) => line.startsWith('- ') && !line.includes('no-data')),
  ]);
}

/** Writes the issue as it is now, in the middle of the rollout. */
export async function keepIssue({ folder, host }: Scene): Promise<void> {
  await writeFile(join(folder, 'issue-at-50.html'), issuePage(await host.issue(), null));
}

/** Shows the App's newest comment. @param most lines; the page of the issue has all */
export async function showReply({ narrator, host }: Scene, most = 5): Promise<void> {
  const { comments } = await host.issue();
  const reply = comments.filter(({ author }) => author.endsWith('[bot]')).at(-1);
  if (reply === undefined) return;
  narrator.quote(reply.author);
  const lines = readable(reply.body, narrator.width).filter((line) => line !== '');
  narrator.show(lines.slice(0, most));
}

/** A person comments; then the share that the App writes reaches the application. */
export async function comment(scene: Scene, person: PersonName, text: string): Promise<void> {
  scene.narrator.quote(person, text);
  await scene.host.says(person, text);
  await deliver(scene);
}

/** Does what the team's deployment does: the share of the default branch reaches the application. */
export async function deliver({ host, production }: Scene): Promise<void> {
  await production.deploy((await host.github.file(SHARE_PATH)) ?? '');
}

/** @throws unless the issue's status line contains the words */
export async function expectHeadline({ host, narrator }: Scene, words: string): Promise<void> {
  const { body } = await host.issue();
  const headline = body.split('\n').find((line) => line.startsWith('### ')) ?? '';
  if (headline.includes(words)) return;
  const shown = [...progressOf(body, narrator.width), ...host.errors()].join('\n');
  throw new Error(`Expected "${words}" in the issue's status line. The issue shows:\n${shown}`);
}
