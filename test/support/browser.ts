/** A browser for pages that people look at. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

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

export interface OpenPage {
  readonly page: Page;
  /** What was written to the console, and errors; empty where all is well. */
  readonly problems: readonly string[];
  /** The addresses that were asked for. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface PageBrowser {
  /** Opens a page as a file, as people do; as on a desktop unless told otherwise. */
  open(html: string, options?: BrowserContextOptions): Promise<OpenPage>;
  stop(): Promise<void>;
}

/** Starts a browser that asks nothing of the network by itself; whoever starts it stops it. */
export async function startBrowser(): Promise<PageBrowser> {
  const directory = await mkdtemp(path.join(tmpdir(), 'html-pages-'));
  const browser: Browser = await chromium.launch({
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
  return {
    async open(html, options = {}) {
      const context = await browser.newContext({ viewport: DESKTOP, ...options });
      const page = await context.newPage();
      const problems: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('request', (request) => requests.push(request.url()));
      const file = path.join(directory, 'page.html');
      await writeFile(file, html);
      await page.goto(pathToFileURL(file).href);
      return { page, problems, requests, close: () => context.close() };
    },
    async stop() {
      await browser.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
