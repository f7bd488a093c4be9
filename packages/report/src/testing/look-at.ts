import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser of this machine (`HEMLINE_BROWSER` names another); null where there is none. */
export const BROWSER =
  [process.env['HEMLINE_BROWSER'] ?? '', ...PLACES].find((place) => place !== '' && existsSync(place)) ??
  null;

/** What a page looks like to somebody who opens it. */
export interface SeenPage {
  /** Errors of the console, exceptions, and whatever the page asked for beyond itself. */
  readonly complaints: string[];
  readonly width: number;
  /** Lower edge of the page's headline, in pixels from the top. */
  readonly headlineBottom: number;
  /** Of the content: more than the width scrolls sideways. */
  readonly scrollWidth: number;
  readonly charts: readonly {
    readonly title: string;
    readonly marks: number;
    /** Titles of axes. */
    readonly axes: readonly string[];
    readonly rows: string;
    /** Pairs of texts that overlap. */
    readonly overlaps: readonly string[];
    /** Texts that reach beyond the page. */
    readonly cutOff: readonly string[];
  }[];
  /** What scrolls sideways by itself, and whether that can be seen. */
  readonly scrolling: readonly { readonly what: string; readonly hasHint: boolean }[];
  /** Those that have nothing to show are told of in the last one. */
  readonly sections: readonly { readonly title: string; readonly isEmpty: boolean }[];
}

/** Runs in the page. Text as it is painted: what is hidden has no box. */
const LOOK = `(() => {
  const seen = (element) => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  const name = (text) => text.textContent.trim();
  const width = document.documentElement.clientWidth;
  const charts = [...document.querySelectorAll('figure.chart')].map((figure) => {
    const svg = [...figure.querySelectorAll('svg.plot')].filter(seen)[0];
    const texts = [...svg.querySelectorAll('text')].filter((text) => name(text) !== '').map((text) => ({ text: name(text), box: text.getBoundingClientRect() }));
    const overlaps = [];
    texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
      const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      // Boxes have room for accents: a pixel or two of it may meet.
      if (x > 0.5 && y > 2.5) overlaps.push(a.text + ' / ' + b.text);
    }));
    const marks = [...svg.querySelectorAll('[aria-label=dot] circle, [aria-label=line] path, [aria-label=bar] rect, [aria-label=area] path')];
    return {
      title: figure.querySelector('figcaption strong').textContent,
      marks: marks.filter((mark) => { const box = mark.getBoundingClientRect(); return box.width + box.height > 0; }).length,
      axes: [...svg.querySelectorAll('[aria-label$="axis label"]')].map(name),
      rows: figure.querySelector('.rows').textContent,
      overlaps,
      cutOff: texts.filter(({ box }) => box.left < -0.5 || box.right > width + 0.5).map(({ text }) => text),
    };
  });
  const shown = [...document.querySelectorAll('main > section')].map((section) => ({ title: name(section.querySelector('h2')), isEmpty: false }));
  const absent = [...document.querySelectorAll('.absent dt')].map((title) => ({ title: name(title), isEmpty: true }));
  const sections = [...shown, ...absent];
  const scrolls = (element) => element.scrollWidth > element.clientWidth + 1;
  const scrolling = [
    ...[...document.querySelectorAll('nav ul')].filter(scrolls).map((list) => ({ what: 'navigation', hasHint: getComputedStyle(list.parentElement, '::before').content !== 'none' })),
    ...[...document.querySelectorAll('.scroll')].filter(scrolls).map((box) => ({ what: box.querySelector('table').className + ' table', hasHint: getComputedStyle(box).backgroundImage.includes('gradient') })),
  ];
  const headline = document.querySelector('h1');
  return { width, headlineBottom: headline === null ? NaN : headline.getBoundingClientRect().bottom, scrollWidth: document.documentElement.scrollWidth, charts, sections, scrolling };
})()`;

/**
 * Opens a page in a browser without a window.
 * @param file of the page
 * @param width of the window in pixels
 * @param scheme light or dark
 * @param screenshot where to leave a picture of the whole page
 * @returns what is seen
 */
export async function lookAt(
  file: string,
  width: number,
  scheme: 'light' | 'dark',
  screenshot?: string,
): Promise<SeenPage> {
  const browser = await puppeteer.launch({
    executablePath: BROWSER!,
    // As root, and where /dev/shm is small, it does not start otherwise.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const url = pathToFileURL(file).href;
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:'))
        complaints.push(`asks for ${request.url()}`);
    });
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(url);
    if (screenshot !== undefined)
      await page.screenshot({ path: screenshot as `${string}.png`, fullPage: true });
    const seen = (await page.evaluate(LOOK)) as Omit<SeenPage, 'complaints'>;
    return { ...seen, complaints };
  } finally {
    await browser.close();
  }
}
