/**
 * Takes the README's pictures: the issue of the demo's rollout in the middle of its road, for light and dark pages.
 * Needs Chromium (at `CHROMIUM_PATH` or /usr/bin/chromium) and a font with emoji (Debian: fonts-noto-color-emoji).
 * @example node .ci/pictures.ts
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '..');
/** The page shows the important part first; the rest is cut off. */
const SIZE = { width: 900, height: 960 };
const SCHEMES = { light: 'rollout-issue', dark: 'rollout-issue-dark' } as const;

const demo = [path.join(root, 'test/demo/main.ts'), '--fast'];
const { stdout } = await promisify(execFile)(process.execPath, demo);
const [page] = /file:\S+(?=summary\.html)/.exec(stdout) ?? [];
if (page === undefined) throw new Error(`The demo printed no page: ${stdout}`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  for (const [colorScheme, name] of Object.entries(SCHEMES)) {
    const tab = await browser.newPage({ viewport: SIZE, colorScheme: colorScheme as keyof typeof SCHEMES });
    await tab.goto(`${page}issue-at-50.html`);
    await tab.screenshot({ path: path.join(root, '.github/images', `${name}.png`) });
  }
} finally {
  await browser.close();
}
