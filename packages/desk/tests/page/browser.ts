import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { buildPage } from '../../src/page-build/build-page.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser of this machine (`HEMLINE_BROWSER` names another); null where there is none. */
export const BROWSER =
  [process.env['HEMLINE_BROWSER'] ?? '', ...PLACES].find((place) => place !== '' && existsSync(place)) ??
  null;

/** Why tests in a browser are skipped. */
export const NO_BROWSER = 'no Chromium on this machine: install it, or name one in HEMLINE_BROWSER';

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
export const PHONE: BrowserContextOptions = {
  ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

/**
 * @returns a browser without a window, once the page is built
 */
export async function openBrowser(): Promise<Browser> {
  await buildPage();
  return chromium.launch({ executablePath: BROWSER!, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page, and whatever it complained about. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, exceptions, and requests to other hosts. */
  readonly complaints: string[];
}

/**
 * @param browser to open it in
 * @param address of the page
 * @param options of the window
 * @returns the page, watched from its beginning
 */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = DESKTOP,
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const { host } = new URL(address);
  page.on('request', (request) => {
    if (new URL(request.url()).host !== host && !request.url().startsWith('blob:'))
      complaints.push(`asks ${request.url()}`);
  });
  await page.goto(address);
  return { page, complaints };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Checks that axe finds nothing serious in the page as it is now.
 * @param page to look at
 * @param where it is, for the message
 */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // Evaluated by the debugger, to which the page's policy does not apply.
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | ')))`,
  )) as string[];
  expect(found, `axe, ${where}`).toEqual([]);
}

/**
 * @param page to measure
 * @returns how many pixels of the page stand out of the window at the right
 */
export async function overflow(page: Page): Promise<number> {
  return (await page.evaluate(
    `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
  )) as number;
}
