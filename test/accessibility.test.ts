/** Checks every kind of page in a browser with axe: WCAG 2.2 (A and AA) and best practices. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderIssue } from '../src/conversation/issue-body.ts';
import { renderMessage } from '../src/conversation/render-message.ts';
import { execReportPage } from '../src/report/html/exec-report.ts';
import { measurementReport } from '../src/report/html/measurement-report.ts';
import { issuePage } from './demo/issue-page.ts';
import { BOTH, NOTHING, RECORDS } from './report/exec-reports.ts';
import { looksAt, measurement, mixedLook, overviewIn, rollout } from './report/rollouts.ts';
import { config, stateWith } from './rollout/states.ts';
import { DESKTOP, hasChromium, type PageBrowser, PHONE, startBrowser } from './support/browser.ts';
import type { ShownIssue } from './support/github/scenario.ts';

/** Two stages with few windows: short tables, but everything else is there. */
const windows = rollout({ hours: 4 });
const silent = [measurement(0, { arms: { official: null, gateway: null } })];
const state = stateWith();
const context = { config, state, namesShown: true, defaultBranch: 'main' };
const issue: ShownIssue = {
  number: 7,
  title: 'Gateway rollout: assistant',
  author: 'gateway-rollout[bot]',
  state: 'open',
  stateReason: null,
  locked: false,
  labels: ['gateway-rollout'],
  body: renderIssue(null, { ...context, seal: '12.af' }),
  comments: [
    { id: 1, author: 'ana', body: '`/advance-rollout` **now** <b>', reactions: ['eyes', 'rocket'] },
    {
      id: 2,
      author: 'gateway-rollout[bot]',
      body: renderMessage({ code: 'completed', data: { by: null } }, context),
      reactions: [],
    },
  ],
};

const title = 'Gateway rollout: assistant';
const looks = [...looksAt(windows).slice(0, -1), mixedLook];

const PAGES = {
  'the report of a rollout, with every kind of verdict': measurementReport({
    title,
    overview: overviewIn(windows),
    looks,
    steps: ['local', '5%', '25%', '100%'],
  }),
  'the report of windows without any number': measurementReport({
    title,
    overview: overviewIn(silent),
    looks: [],
    steps: [],
  }),
  'the report of exec with all that it can remark': execReportPage({
    report: BOTH,
    overview: overviewIn(windows),
    records: RECORDS,
  }),
  'the report of exec where nothing was asked': execReportPage({
    report: NOTHING,
    overview: null,
    records: [],
  }),
  "the demo's issue": issuePage(issue, { address: '/', people: { alice: 'write' } }),
} as const;

const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/**
 * Two looks find what four would, because colours don't depend on the width. The second look only checks rules that
 * colours or the width can change.
 */
const LOOKS = [
  { colorScheme: 'light', viewport: DESKTOP, rules: EVERY_RULE },
  {
    colorScheme: 'dark',
    viewport: PHONE,
    rules: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'],
  },
] as const;

const axeScript = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(!hasChromium)('accessible pages', () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  test.each(Object.entries(PAGES))('%s', async (_, html) => {
    const { page } = browser;
    await browser.show(html);
    await page.evaluate(axeScript);
    // Unfolds details, so that axe checks them too.
    await page.locator('details').evaluateAll((all) => {
      for (const each of all) each.setAttribute('open', '');
    });
    const found: string[] = [];
    for (const { rules, ...look } of LOOKS) {
      await browser.look(look);
      const violations = await violationsOf(page, rules);
      const { width } = look.viewport;
      found.push(...violations.map((violation) => `${look.colorScheme}, ${width} px: ${violation}`));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect(found).toEqual([]);
  });

  test('violations are found', async () => {
    await browser.show('<p style="color: #ccc">Hardly to be seen</p><img src="data:,">');
    await browser.page.evaluate(axeScript);
    const found = await violationsOf(browser.page, EVERY_RULE);
    expect(found.map((violation) => violation.split(':')[0])).toEqual(
      expect.arrayContaining(['color-contrast', 'image-alt', 'document-title', 'html-has-lang']),
    );
  });
});

/** One line per element that violates a rule. @param rules axe's rules, or tags of rules */
async function violationsOf(page: Page, rules: readonly string[]): Promise<string[]> {
  const { violations }: Pick<AxeResults, 'violations'> = await page.evaluate(
    `axe.run(document, ${JSON.stringify({ runOnly: rules, resultTypes: ['violations'] })})`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
