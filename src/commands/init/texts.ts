/** What `init` says of the repository, and what comes next. */
import { hardCodedSites, type Inventory } from '../../inventory/inventory.ts';
import { firstLines } from '../../report/first-lines.ts';
import { readinessSentence } from '../../report/inventory-sentences.ts';
import { plainLine } from '../../wording/foreign-text.ts';

const MOST_EDITS = 8;

/** How the key that signs the states is set, for each way to run a rollout. */
export const GUIDE =
  'https://github.com/gateway-rollout/gateway-rollout/blob/main/app/README.md#three-ways-to-run-it';

/** The repository's use of the API, and what must be edited before it can move; lines without control characters. */
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

/** The next three commands. @param pull the address of the pull request with the files; null where there is none */
export function nextLines(paths: readonly string[], pull: string | null): string[] {
  const folders = [...new Set(paths.map((path) => path.split('/')[0]))].join(' ');
  const commit = `git add ${folders} && git commit -m "Add gateway-rollout" && git push`;
  return [
    'Next:',
    '  GATEWAY_API_KEY=… gateway-rollout check',
    '  gh secret set GATEWAY_API_KEY',
    `  ${pull === null ? commit : `gh pr view --web ${pull}`}`,
    `The rollout also needs the secret ROLLOUT_STATE_KEY: ${GUIDE}`,
  ];
}
