/** What `init` says of the repository, and what comes next. */
import { hardCodedSites, type Inventory } from '../../inventory/inventory.ts';
import { firstLines } from '../../report/first-lines.ts';
import { readinessSentence } from '../../report/inventory-sentences.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import { bulletList, joined } from '../../wording/markdown.ts';
import type { InitChoices } from './plan-files.ts';

const MOST_EDITS = 8;
const GUIDE = 'https://github.com/gateway-rollout/gateway-rollout/blob/v0/app/README.md#three-ways-to-run-it';

/** The repository's use of the API, and what must be edited before it can move. */
export function useLines(inventory: Inventory): string[] {
  const { endpoints, features, models, readiness } = inventory;
  const uses = [...endpoints, ...features, ...models].join(', ');
  const edits = hardCodedSites(inventory).map(({ file, line, kind }) => `${file}:${line} ${kind} hard-coded`);
  const stops = readiness.findings.filter(({ severity }) => severity === 'block');
  return [
    readinessSentence(inventory),
    uses === '' ? '' : `In use: ${uses}.`,
    ...stops.map(({ message }) => message),
    ...firstLines(edits, MOST_EDITS),
  ].flatMap((line) => plainLine(line) || []);
}

/** In Markdown: what is written, and what merging it does. */
export function pullRequestBody(
  inventory: Inventory,
  paths: readonly string[],
  { gateway }: InitChoices,
): string {
  const code = (line: string) => `\`${line.replaceAll('`', "'")}\``;
  const [readiness = '', ...more] = useLines(inventory);
  return joined([
    readiness,
    bulletList(more.map(code)),
    `Merging this starts two things: each pull request gets a check whether ${gateway} is ready, and an issue opens for the rollout. It moves no traffic before somebody comments \`/advance-rollout\` there. [Set the secrets](${GUIDE}) first.`,
    bulletList(paths.map(code)),
  ]);
}

/** The next three commands. @param pull the address of the pull request with the files; null where there is none */
export function nextLines(paths: readonly string[], pull: string | null): string[] {
  const folders = [...new Set(paths.map((path) => path.split('/')[0]))].join(' ');
  return [
    'Next:',
    '  GATEWAY_API_KEY=… gateway-rollout check',
    '  gh secret set GATEWAY_API_KEY',
    pull === null
      ? `  git add ${folders} && git commit -m "Add gateway-rollout" && git push`
      : `  gh pr view --web ${pull}`,
    `The rollout also needs the secret ROLLOUT_STATE_KEY: ${GUIDE}`,
  ];
}
