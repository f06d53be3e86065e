import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { execReportPage } from '../../../src/report/html/exec-report.ts';
import {
  type MeasurementReportInput,
  measurementReport,
} from '../../../src/report/html/measurement-report.ts';
import { hasChromium, type PageBrowser, PHONE, startBrowser } from '../../support/browser.ts';
import { BOTH, RECORDS } from '../exec-reports.ts';
import { arm, HOSTILE, looksAt, measurement, mixedLook, overviewIn, rollout } from '../rollouts.ts';

describe.skipIf(!hasChromium)('in a browser', () => {
  let browser: PageBrowser;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser();
    page = browser.page;
  });
  afterAll(() => browser?.stop());

  describe('the report of a rollout', () => {
    const rolloutInput = input();
    const report = measurementReport(rolloutInput);
    beforeAll(() => browser.show(report));
    afterEach(() => browser.look());

    test('draws every chart without errors and without requests', async () => {
      const charts = await page.locator('.plot').count();
      expect(charts).toBe(3);
      expect(await page.locator('.tile').count()).toBe(await page.locator('svg.difference').count());
      expect(browser.problems).toEqual([]);
      const drawn = await inkOf(page);
      expect(drawn).toHaveLength(charts);
      for (const colors of drawn) expect(colors).toEqual(['official', 'gateway']);
      const elsewhere = browser.requests.filter((url) => !/^(?:file|data):/.test(url));
      expect(elsewhere).toEqual([]);
    });

    test('names every chart, and has its numbers as a table', async () => {
      const figures = await page.locator('figure').count();
      expect(await page.getByRole('slider', { name: /^Chart: / }).count()).toBe(figures);
      expect(await page.locator('figure details table tbody tr').count()).toBeGreaterThan(figures);
      await page.locator('figure summary').first().press('Enter');
      expect(await page.locator('figure table').first().isVisible()).toBe(true);
    });

    test('labels no axis above 100 %, even if some windows have no failures', async () => {
      await page.evaluate(RECORD_LABELS);
      await browser.look({ colorScheme: 'dark' });
      const labels = () => page.evaluate<string[]>('labels');
      await expect.poll(labels).toContain('100 %');
      const shares = (await labels()).filter((label) => label.endsWith(' %')).map(Number.parseFloat);
      expect(Math.max(...shares)).toBe(100);
    });

    test('shows the newest values of a chart, and arrow keys move through the others', async () => {
      const chart = page.getByRole('slider', { name: 'Chart: Success rate.' });
      const legend = () => chart.locator('.u-legend').innerText();
      const said = () => chart.getAttribute('aria-valuetext');
      const newest = await legend();
      expect(newest).toMatch(/^until\s*4 Nov 20:00\s*official\s*[\d.]+ %\s*gateway\s*[\d.]+ %$/);
      await chart.press('ArrowLeft');
      expect(await said()).toMatch(/^4 Nov 19:00: official [\d.]+ %, gateway [\d.]+ %$/);
      await expect.poll(legend).toContain('4 Nov 19:00');
      await chart.press('Home');
      await chart.press('ArrowLeft');
      expect(await said()).toMatch(/^2 Nov 09:00: /);
      await expect.poll(legend).toContain('2 Nov 09:00');
      await chart.blur();
      await expect.poll(legend).toBe(newest);
    });

    test('has no motion if the user prefers reduced motion', async () => {
      await browser.look({ reducedMotion: 'reduce' });
      expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    });

    test('draws its charts as wide as the window', async () => {
      await browser.look({ viewport: PHONE });
      await expect
        .poll(() => page.evaluate('document.querySelector(".uplot").getBoundingClientRect().width'))
        .toBeLessThan(PHONE.width);
    });

    test('follows the colour scheme, even while it is open, and prints dark on white', async () => {
      await browser.show(report, { colorScheme: 'light' });
      const light = await colorsOf(page);
      await browser.show(report, { colorScheme: 'dark' });
      const dark = await colorsOf(page);
      expect(dark.background).not.toBe(light.background);
      expect(dark.chart).not.toBe(light.chart);
      // The charts are drawn anew a moment later.
      const become = (colors: typeof dark) =>
        expect.poll(() => colorsOf(page), { timeout: 10_000 }).toEqual(colors);
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      await become(light);
      await page.evaluate('dispatchEvent(new Event("afterprint"))');
      await become(dark);
      await browser.look({ colorScheme: 'light' });
      await become(light);
    });

    test('shows every line and mark in forced colours too', async () => {
      await browser.show(report, { forcedColors: 'active' });
      for (const colors of await inkOf(page)) expect(colors).toEqual(['official', 'gateway']);
      const key = "getComputedStyle(document.querySelector('.key.gateway'), '::before').borderTopColor";
      expect(await page.evaluate(`${key} !== getComputedStyle(document.body).color`)).toBe(true);
      expect(browser.problems).toEqual([]);
    });
  });

  test('the report of exec shows tasks one by one, and by the keyboard only those that differ', async () => {
    const overview = overviewIn(rollout({ hours: 4 }));
    await browser.show(execReportPage({ report: BOTH, overview, records: RECORDS }));
    const rows = page.locator('.requests tbody tr:visible');
    expect(await rows.allInnerTexts()).toEqual([
      '1. /chat/completions gpt-4o-mini\t200, 800 ms, 120 → 34 tokens\t200, 1 s, 120 → 34 tokens\t+25 %',
      '2. /chat/completions gpt-4o-mini\t200, 800 ms, 120 → 34 tokens\t200 after 1 retry, 1.8 s, 120 → 34 tokens\t+125 %',
      '3. /chat/completions gpt-4o\t200, 800 ms, 120 → 34 tokens\tno response timeout, 800 ms\t0 %',
    ]);
    await page.getByRole('checkbox').press('Space');
    expect((await rows.allInnerTexts()).map((text) => text[0])).toEqual(['2', '3']);
    expect(browser.problems).toEqual([]);
  });

  test('hostile names run no script and forge no element', async () => {
    const gateway = arm({ tasks: 50, failedTasks: 1, seconds: 1, usd: 0.0002, key: HOSTILE });
    const windows = [0, 1].map((at) =>
      measurement(at, { stage: HOSTILE, source: HOSTILE, arms: { official: null, gateway } }),
    );
    const look = { ...mixedLook, stage: HOSTILE };
    await browser.show(measurementReport(input(windows, { title: HOSTILE, looks: [look, look] })));
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('h1').textContent()).toBe(HOSTILE);
    expect(browser.problems).toEqual([]);
  });

  const { gateway } = measurement(0).arms;
  test.each([
    ['a single window of one arm', gateway],
    ['windows without any number', null],
  ])('%s also make a page', async (_, alone) => {
    const windows = [measurement(0, { arms: { official: null, gateway: alone } })];
    await browser.show(measurementReport(input(windows, { looks: [] })));
    expect(await page.locator('h1').count()).toBe(1);
    expect(browser.problems).toEqual([]);
  });
});

function input(windows = rollout(), more: Partial<MeasurementReportInput> = {}): MeasurementReportInput {
  return {
    title: 'assistant',
    overview: overviewIn(windows),
    steps: ['5%', '25%', '100%'],
    looks: more.looks ?? looksAt(windows),
    ...more,
  };
}

/** Keeps in `labels` what is written on canvases from now on. */
const RECORD_LABELS = `
  globalThis.labels = [];
  const canvas = CanvasRenderingContext2D.prototype;
  const { fillText } = canvas;
  canvas.fillText = function (text, ...place) {
    labels.push(text);
    return fillText.call(this, text, ...place);
  };
`;

/** The arms whose colour, or nearly so, is on each canvas: a frame with axes alone has none of them. */
function inkOf(page: Page): Promise<string[][]> {
  return page.evaluate(`[...document.querySelectorAll('.plot canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const style = getComputedStyle(document.documentElement);
    return ['official', 'gateway'].filter((arm) => {
      const hex = style.getPropertyValue('--' + arm).trim().slice(1);
      const wanted = hex.match(/../g).map((pair) => Number('0x' + pair));
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] > 200 && wanted.every((value, of) => Math.abs(value - data[at + of]) < 30)) return true;
      }
      return false;
    });
  })`);
}

/** The colour of the page, and the picture of its first chart. */
async function colorsOf(page: Page): Promise<{ background: unknown; chart: unknown }> {
  return {
    background: await page.evaluate('getComputedStyle(document.body).backgroundColor'),
    chart: await page.evaluate('document.querySelector(".plot canvas").toDataURL()'),
  };
}
