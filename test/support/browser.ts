/** A browser for pages that people look at. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Without a browser, what needs one is left out, and says so. */
export const hasChromium = existsSync(executablePath);
if (!hasChromium) {
  process.stderr.write(
    `\nSKIPPED: the HTML pages are not tested in a browser, for there is none at ${executablePath}. Install Chromium or set CHROMIUM_PATH.\n\n`,
  );
}

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };

/** How somebody looks at a page: as on a desktop by day, unless told otherwise. */
export interface Look {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly forcedColors?: 'active' | 'none';
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

/** A browser with one page: opening another one costs as much as most tests. */
export interface PageBrowser {
  readonly page: Page;
  /** What the page that is shown wrote to the console, and its errors; empty where all is well. */
  readonly problems: readonly string[];
  /** The addresses that it asked for. */
  readonly requests: readonly string[];
  /** Shows HTML as a file, as people open it. */
  show(html: string, look?: Look): Promise<void>;
  /** Looks at what is shown in another way. */
  look(look?: Look): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a browser that asks nothing of the network by itself; whoever starts it stops it. */
export async function startBrowser(): Promise<PageBrowser> {
  const directory = await mkdtemp(path.join(tmpdir(), 'html-pages-'));
  const browser = await chromium.launch({
    executablePath,
    // Also what its libraries remember for next time goes where it is removed.
    env: { ...process.env, HOME: directory, XDG_CONFIG_HOME: directory, XDG_CACHE_HOME: directory },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  const page = await browser.newPage({ viewport: DESKTOP });
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  const look = async ({ viewport = DESKTOP, ...media }: Look = {}) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({
      colorScheme: 'light',
      forcedColors: 'none',
      reducedMotion: 'no-preference',
      ...media,
    });
  };
  return {
    page,
    problems,
    requests,
    look,
    async show(html, how) {
      const file = path.join(directory, 'page.html');
      await Promise.all([writeFile(file, html), look(how)]);
      problems.length = 0;
      requests.length = 0;
      await page.goto(pathToFileURL(file).href);
    },
    async stop() {
      await browser.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
