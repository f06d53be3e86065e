import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { overviewOf } from '../../src/measure/overview.ts';
import { execReportPage } from '../../src/report/html/exec-report.ts';
import {
  type MeasurementReportInput,
  measurementReport,
  REPORT_POINTS,
} from '../../src/report/html/measurement-report.ts';
import { hasChromium, type PageBrowser, PHONE, startBrowser } from '../support/browser.ts';
import { BOTH } from './exec-reports.ts';
import { arm, HOSTILE, looksAt, measurement, mixedLook, rollout } from './rollouts.ts';

describe.skipIf(!hasChromium)('the page in a browser', () => {
  let browser: PageBrowser;
  const whole = input();
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  const open = (report: MeasurementReportInput, options?: BrowserContextOptions) =>
    openPage(measurementReport(report), options);

  async function openPage(text: string, options?: BrowserContextOptions) {
    const opened = await browser.open(text, options);
    onTestFinished(() => opened.close());
    return opened;
  }

  test('draws every chart, without an error and without asking for anything', async () => {
    const { page, problems, requests } = await open(whole);
    const charts = await page.locator('.plot').count();
    expect(charts).toBeGreaterThanOrEqual(6);
    expect(problems).toEqual([]);
    const drawn = await inkOf(page);
    expect(drawn).toHaveLength(charts);
    for (const colors of drawn) expect(colors).toEqual(expect.arrayContaining(['official', 'gateway']));
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('nothing scrolls sideways on a phone, in %s', async (colorScheme) => {
    const { page, problems } = await open(whole, { viewport: PHONE, colorScheme, hasTouch: true });
    await page.locator('details').evaluateAll((all) => {
      for (const each of all) each.setAttribute('open', '');
    });
    const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
    expect(widths).toEqual([PHONE.width, PHONE.width]);
    expect(problems).toEqual([]);
  });

  test('the page of exec draws its charts, and nothing scrolls sideways on a phone', async () => {
    const { overview } = whole;
    const text = execReportPage({ report: BOTH, overview });
    const { page, problems } = await openPage(text, { viewport: PHONE, hasTouch: true });
    expect(await page.locator('.plot').count()).toBe(3);
    for (const colors of await inkOf(page)) expect(colors).toEqual(expect.arrayContaining(['gateway']));
    const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
    expect([widths, problems]).toEqual([[PHONE.width, PHONE.width], []]);
  });

  test('follows the colour scheme, also while it is open', async () => {
    const { page } = await open(whole, { colorScheme: 'light' });
    const light = await looksOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    const { page: born } = await open(whole, { colorScheme: 'dark' });
    const dark = await looksOf(born);
    expect(dark.background).not.toBe(light.background);
    expect(dark.chart).not.toBe(light.chart);
    // The charts are drawn anew a moment later.
    await expect.poll(() => looksOf(page), { timeout: 10_000 }).toEqual(dark);
  });

  test('charts follow the width of the window', async () => {
    const { page } = await open(whole);
    await page.setViewportSize(PHONE);
    await expect
      .poll(() => page.evaluate('document.querySelector(".uplot").getBoundingClientRect().width'))
      .toBeLessThan(PHONE.width);
  });

  test('nothing moves', async () => {
    const { page } = await open(whole, { reducedMotion: 'reduce' });
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  });

  test('every chart has a name, and its numbers as a table', async () => {
    const { page } = await open(whole);
    const figures = await page.locator('figure').count();
    expect(await page.getByRole('slider', { name: /^Chart: / }).count()).toBe(figures);
    expect(await page.locator('figure details table tbody tr').count()).toBeGreaterThan(figures);
    await page.locator('figure summary').first().press('Enter');
    expect(await page.locator('figure table').first().isVisible()).toBe(true);
  });

  test('a chart tells its newest moment, and arrow keys walk through the others', async () => {
    const { page } = await open(whole);
    const chart = page.getByRole('slider', { name: 'Chart: Success rate.' });
    const legend = () => chart.locator('.u-legend').innerText();
    const said = () => chart.getAttribute('aria-valuetext');
    const newest = await legend();
    expect(newest).toMatch(/^until\s*11-04 20:00\s*official\s*[\d.]+ %\s*gateway\s*[\d.]+ %$/);
    await chart.press('ArrowLeft');
    expect(await said()).toMatch(/^11-04 19:00: official [\d.]+ %, gateway [\d.]+ %$/);
    await expect.poll(legend).toContain('11-04 19:00');
    await chart.press('Home');
    await chart.press('ArrowLeft');
    expect(await said()).toMatch(/^11-02 09:00: /);
    await expect.poll(legend).toContain('11-02 09:00');
    await chart.blur();
    await expect.poll(legend).toBe(newest);
  });

  test('is dark on white paper, also when the screen is dark', async () => {
    const { page } = await open(whole, { colorScheme: 'dark' });
    const dark = await looksOf(page);
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    const { page: light } = await open(whole, { colorScheme: 'light' });
    const onPaper = await looksOf(light);
    await expect.poll(() => looksOf(page), { timeout: 10_000 }).toEqual(onPaper);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    await expect.poll(() => looksOf(page), { timeout: 10_000 }).toEqual(dark);
  });

  test('with the colours of the system, every line and every mark is still to be seen', async () => {
    const { page, problems } = await open(whole, { forcedColors: 'active' });
    for (const colors of await inkOf(page))
      expect(colors).toEqual(expect.arrayContaining(['official', 'gateway']));
    const key = "getComputedStyle(document.querySelector('.key.gateway'), '::before').borderTopColor";
    expect(await page.evaluate(`${key} !== getComputedStyle(document.body).color`)).toBe(true);
    expect(problems).toEqual([]);
  });

  test('hostile names run nothing and forge no element', async () => {
    const gateway = arm({ tasks: 50, failedTasks: 1, seconds: 1, usd: 0.0002, key: HOSTILE });
    const windows = [0, 1].map((at) =>
      measurement(at, { stage: HOSTILE, source: HOSTILE, arms: { official: null, gateway } }),
    );
    const look = { ...mixedLook, stage: HOSTILE };
    const { page, problems } = await open(input(windows, { title: HOSTILE, looks: [look, look] }));
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('h1').textContent()).toBe(HOSTILE);
    expect(problems).toEqual([]);
  });

  test('a single window of one arm, and windows without any number, are a page too', async () => {
    const alone = [measurement(0, { arms: { official: null, gateway: measurement(0).arms.gateway } })];
    const silent = [measurement(0, { arms: { official: null, gateway: null } })];
    for (const windows of [alone, silent]) {
      const { page, problems } = await open(input(windows, { looks: [] }));
      expect(await page.locator('h1').count()).toBe(1);
      expect(problems).toEqual([]);
    }
  });
});

function input(windows = rollout(), more: Partial<MeasurementReportInput> = {}): MeasurementReportInput {
  const overview = overviewOf(windows, REPORT_POINTS);
  if (overview === null) throw new Error('no measurements');
  return { title: 'assistant', overview, looks: more.looks ?? looksAt(windows), ...more };
}

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

async function looksOf(page: Page): Promise<{ background: unknown; chart: unknown }> {
  return {
    background: await page.evaluate('getComputedStyle(document.body).backgroundColor'),
    chart: await page.evaluate('document.querySelector(".plot canvas").toDataURL()'),
  };
}
