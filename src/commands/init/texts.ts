/** What `init` says of the repository, and what comes next. */
import { hardCodedSites, type Inventory, usedSites } from '../../inventory/inventory.ts';
import { firstLines } from '../../report/first-lines.ts';
import { readinessSentence } from '../../report/inventory-sentences.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import type { InitChoices } from './plan-files.ts';

const MOST_EDITS = 8;

const PAGES = 'https://github.com/gateway-rollout/gateway-rollout/blob/main';
/** How the key that signs the states is set, for each way to run a rollout. */
export const GUIDE = `${PAGES}/app/README.md#three-ways-to-run-it`;

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

/**
 * The next commands, and what the program needs.
 * @param isChecked whether the gateway was checked just now
 * @param pull the address of the pull request with the files; null where there is none
 */
export function nextLines(
  { target, share, measure }: InitChoices,
  paths: readonly string[],
  inventory: Inventory,
  isChecked: boolean,
  pull: string | null,
): string[] {
  const folders = [...new Set(paths.map((path) => path.split('/')[0]))].join(' ');
  const commit = `git add ${folders} && git commit -m "Add gateway-rollout" && git push`;
  const byPrometheus = measure.source === 'prometheus';
  return [
    'Next:',
    ...(isChecked ? [] : ['  GATEWAY_API_KEY=… gateway-rollout check']),
    '  gh secret set GATEWAY_API_KEY',
    ...(byPrometheus ? ['  gh variable set PROMETHEUS_URL'] : []),
    `  ${pull === null ? commit : `gh pr view --web ${pull}`}`,
    ...(target === 'file'
      ? [`Traffic moves once your program reads ${share}: ${splitGuide(inventory, byPrometheus)}`]
      : []),
    `The rollout also needs the secret ROLLOUT_STATE_KEY: ${GUIDE}`,
  ];
}

/** The clients write records, and hide the arm from what else counts. */
function splitGuide(inventory: Inventory, byPrometheus: boolean): string {
  const hasClient = (ending: RegExp) =>
    !byPrometheus && usedSites(inventory).some(({ file }) => ending.test(file));
  if (hasClient(/\.py$/)) return `${PAGES}/test/recipes/python`;
  if (hasClient(/\.[cm]?[jt]sx?$/)) return `${PAGES}/test/recipes/node`;
  return `${PAGES}/app/traffic/README.md#reading-the-share`;
}
