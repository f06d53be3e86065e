import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { overviewOf } from '../../src/measure/overview.ts';
import { execReportPage } from '../../src/report/html/exec-report.ts';
import {
  type MeasurementReportInput,
  measurementReport,
  REPORT_POINTS,
} from '../../src/report/html/measurement-report.ts';
import { BOTH } from './exec-reports.ts';
import { arm, HOSTILE, looksAt, measurement, mixedLook, rollout } from './rollouts.ts';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const hasChromium = existsSync(executablePath);
if (!hasChromium) {
  process.stderr.write(
    `\nSKIPPED: the HTML report is not tested in a browser, for there is none at ${executablePath}. Install Chromium or set CHROMIUM_PATH.\n\n`,
  );
}

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };

describe.skipIf(!hasChromium)('the page in a browser', () => {
  let browser: Browser;
  let directory: string;
  const whole = input();
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'html-report-'));
    browser = await chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-sync',
        '--no-first-run',
      ],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Opens the page as a file, as people do, and notes whatever goes wrong or out. */
  const open = (report: MeasurementReportInput, options?: BrowserContextOptions) =>
    openPage(measurementReport(report), options);

  async function openPage(text: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const problems: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    const file = path.join(directory, 'report.html');
    await writeFile(file, text);
    await page.goto(pathToFileURL(file).href);
    return { page, problems, requests };
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
    expect(await page.locator('figure [role=img][aria-label]').count()).toBe(figures);
    expect(await page.locator('figure details table tbody tr').count()).toBeGreaterThan(figures);
    await page.locator('figure summary').first().press('Enter');
    expect(await page.locator('figure table').first().isVisible()).toBe(true);
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
