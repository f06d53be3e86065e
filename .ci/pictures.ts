/**
 * Takes the README's pictures: a rollout's issue in the middle of its road, for light and for dark pages.
 * Needs Chromium (at `CHROMIUM_PATH` or /usr/bin/chromium) and a font with emoji (Debian: fonts-noto-color-emoji).
 * @example node .ci/pictures.ts
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { issuePage } from '../test/demo/issue-page.ts';

const root = path.resolve(import.meta.dirname, '..');
/** The page shows the important part first; the rest is cut off. */
const SIZE = { width: 900, height: 1020 };
const SCHEMES = { light: 'rollout-issue', dark: 'rollout-issue-dark' } as const;

/** The body of an issue from the tests' snapshots. */
async function issueBody(name: string): Promise<string> {
  const file = path.join(root, 'test/conversation/__snapshots__/issue-body.test.ts.snap');
  const [, text] = (await readFile(file, 'utf8')).split(
    `exports[\`the issue of a rollout > ${name} 1\`] = \`\n"`,
  );
  const [body] = text?.split('"\n`;') ?? [];
  if (body === undefined) throw new Error(`${file} has no issue "${name}". Use a name that it has.`);
  return body.replaceAll(/\\([`\\$])/g, '$1');
}

const page = issuePage(
  {
    number: 12,
    title: 'Gateway rollout: assistant',
    author: 'gateway-rollout[bot]',
    state: 'open',
    stateReason: null,
    locked: false,
    labels: [],
    body: await issueBody('healthy at 5%'),
    comments: [],
  },
  null,
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  for (const [colorScheme, name] of Object.entries(SCHEMES)) {
    const tab = await browser.newPage({ viewport: SIZE, colorScheme: colorScheme as keyof typeof SCHEMES });
    await tab.setContent(page);
    await tab.screenshot({ path: path.join(root, '.github/images', `${name}.png`) });
  }
} finally {
  await browser.close();
}
