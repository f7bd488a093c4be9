import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveDesk, type ServedDesk } from '../../src/index.ts';
import {
  BROWSER,
  DESKTOP,
  NO_BROWSER,
  PHONE,
  expectAccessible,
  openBrowser,
  openPage,
  overflow,
} from './browser.ts';
import { HEMLINE, pricedMarket } from './priced-market.ts';

const ADA = 'ada-0123456789-0123456789-0123456789';
const GRACE = 'grace-0123456789-0123456789-0123456789';

/** One after the other, as on a Monday: what is decided first is there later. */
describe.skipIf(BROWSER === null)(`a manager's Monday (${BROWSER ?? NO_BROWSER})`, () => {
  let folder: string;
  let browser: Browser;
  let desk: ServedDesk;
  let page: Page;
  let complaints: string[];
  /** What was overruled: as written in the list. */
  const overruled: { readonly article: string; readonly market: string; readonly group: string }[] = [];

  const grid = () => page.getByRole('grid');
  const rowAt = (index: number) => page.locator(`#row-${index}`);
  const address = (token: string): string => `http://127.0.0.1:${desk.port}/?token=${token}`;
  const names = async (index: number): Promise<{ article: string; market: string; group: string }> => ({
    article: (await rowAt(index).locator('.name').textContent())!,
    market: (await rowAt(index).locator('.market').textContent())!,
    group: (await rowAt(index).locator('.article .sub').textContent())!.split(' · ')[0]!,
  });
  const settled = async (): Promise<void> => {
    await expect.poll(() => grid().getAttribute('aria-busy')).toBe('false');
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hemline-monday-'));
    await pricedMarket(folder);
    const auth = join(folder, 'people.json');
    const people = [
      { person: 'Ada', role: 'approve', token: ADA },
      { person: 'Grace', role: 'approve', token: GRACE },
    ];
    await writeFile(auth, JSON.stringify({ people }));
    browser = await openBrowser();
    desk = await serveDesk({ home: join(folder, '.hemline'), auth, hemline: HEMLINE });
    ({ page, complaints } = await openPage(browser, address(ADA)));
    await rowAt(0).locator('.name').waitFor();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('opens without a secret in the address', () => {
    expect(page.url()).not.toContain('token');
  });

  it('finds the ten largest gains', async () => {
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Largest gains' }).click();
    await settled();
    const header = page.getByRole('columnheader', { name: 'Gain ± error' });
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    const gains = await Promise.all(
      Array.from({ length: 10 }, async (_, i) =>
        Number(
          (await rowAt(i).locator('.gain .now').textContent())!.replace(/[^\d−-]/g, '').replace('−', '-'),
        ),
      ),
    );
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(gains[0]).toBeGreaterThan(0);
    await expectAccessible(page, 'list');
  });

  it('questions one: its history, forecast, curves, plan, truth and lineage', async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const { article } = await names(0);
    await page.getByRole('heading', { name: article, level: 2 }).waitFor();
    for (const chart of [
      'Profit over the discount',
      'Demand over the discount',
      'Forecast at planned',
      'Plan against',
      'History',
    ])
      await page.getByRole('img', { name: new RegExp(`^${chart}`) }).waitFor();
    await page.getByText('Where the numbers come from').waitFor();
    await page.getByText('demand: demand-').waitFor();
    // The market is simulated: its truth stands beside the forecast, in the chart and in its table.
    await page.getByRole('button', { name: /^Show as a table: Demand over/ }).click();
    await page.getByRole('columnheader', { name: 'Truth' }).waitFor();
    await expectAccessible(page, 'article');
    await page.keyboard.press('Escape');
  });

  const overrule = async (index: number, percent: string, note: string): Promise<void> => {
    await rowAt(index).click({ position: { x: 300, y: 10 } });
    await page.locator('.article-panel[aria-busy=false] .article-actions').waitFor();
    overruled.push(await names(index));
    await page.keyboard.press('o');
    const dialogue = page.getByRole('dialog', { name: 'Overrule the discount' });
    await dialogue.getByLabel('Discount in percent').first().fill(percent);
    await dialogue.getByText(/Forecast (cost|gain)/).waitFor();
    await dialogue.getByLabel('Reason').selectOption('campaign');
    await dialogue.getByLabel('In your words').fill(note);
    await dialogue.getByRole('button', { name: 'Overrule' }).click();
    await dialogue.waitFor({ state: 'hidden' });
  };
  const recommendedOf = async (index: number): Promise<number> =>
    Number(
      /[\d.,]+/.exec((await rowAt(index).locator('.recommended .now').textContent())!)![0].replace(',', '.'),
    );

  it('overrules one alone, and another one that needs a second person', async () => {
    const near = (await recommendedOf(1)) + 5;
    await overrule(1, String(near), 'as agreed with marketing');
    await page.getByText('Overruled: 1 row.').waitFor();
    await expect.poll(() => rowAt(1).locator('.state-mark').textContent()).toBe('Overruled');
    const far = (await recommendedOf(2)) >= 30 ? 0 : 55;
    await overrule(
      2,
      String(far),
      'the whole group goes into the spring campaign of the north, agreed with all',
    );
    await page.getByText('1 row waits for another person.').waitFor();
    await expect.poll(() => rowAt(2).locator('.state-mark').textContent()).toBe('Waiting');
    // Whoever decided cannot agree.
    await page.getByRole('link', { name: /^Reviews/ }).click();
    await page.getByText('Yours: another person has to look at it.').waitFor();
    await expectAccessible(page, 'reviews');
    await page.getByRole('link', { name: 'Recommendations' }).click();
  });

  it('is reviewed by the second person, on a phone', async () => {
    await settled();
    await rowAt(0).locator('.name').waitFor();
    // The first page does not look again by itself: what it shows is of before.
    await page.route(/count%22%3A0/, () => undefined);
    const grace = await openPage(browser, address(GRACE), PHONE);
    await grace.page.getByRole('link', { name: /^Reviews/ }).click();
    await grace.page.getByText('Overruled to').waitFor();
    await expectAccessible(grace.page, 'reviews on a phone');
    expect(await overflow(grace.page)).toBeLessThanOrEqual(0);
    await grace.page.getByRole('button', { name: 'Agree' }).click();
    await grace.page.getByText('Nothing waits for a review.').waitFor();
    // She looks at the list and approves one, too.
    await grace.page.getByRole('link', { name: 'Recommendations' }).click();
    await grace.page.locator('#row-0').click();
    await grace.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await grace.page.getByText('Approved: 1 row.').waitFor();
    expect(await overflow(grace.page)).toBeLessThanOrEqual(0);
    await expectAccessible(grace.page, 'article on a phone');
    expect(grace.complaints).toEqual([]);
    await grace.page.context().close();
  });

  it('meets what the second person has decided meanwhile, and loses nothing', async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('a');
    const dialogue = page.getByRole('dialog', { name: 'Somebody else was faster' });
    await dialogue.getByText('Grace').first().waitFor();
    await expectAccessible(page, 'conflict');
    await dialogue.getByRole('button', { name: 'See them as they are now' }).click();
    await expect.poll(() => rowAt(0).locator('.state-mark').textContent()).toBe('Approved');
    await page.unroute(/count%22%3A0/);
  });

  it('excludes a group, with a preview of what it costs', async () => {
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    // Not of what was decided: that has to be there still when all has been solved again.
    const spared = [...overruled, await names(0)].map(({ group }) => group);
    const groups = await page.locator('.menu-panel .choice').allTextContents();
    const group = groups.map((text) => text.trim()).find((text) => !spared.includes(text))!;
    await page.locator('.menu-panel').getByLabel(group, { exact: true }).check();
    await page.keyboard.press('Escape');
    await settled();
    await page.getByRole('button', { name: /^Select all/ }).click();
    await page.getByRole('button', { name: 'Exclude…' }).first().click();
    const dialogue = page.getByRole('dialog', { name: 'Exclude from pricing' });
    await dialogue.getByText(/Forecast (cost|gain)/).waitFor();
    await dialogue.getByLabel('Reason').selectOption('brand');
    await dialogue
      .getByLabel('In your words')
      .fill('the supplier takes all of this group back in the coming week, as agreed');
    await expectAccessible(page, 'bulk');
    await dialogue.getByRole('button', { name: 'Exclude' }).click();
    await dialogue.waitFor({ state: 'hidden' });
    await page
      .getByText(/Excluded: \d+ rows?\.|wait for another person|waits for another person/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
  });

  it('solves again around what people have decided', { timeout: 240_000 }, async () => {
    const run = desk.desk.view;
    await page.getByRole('button', { name: 'Solve again' }).click();
    await page.getByText('The new plan is there.').waitFor({ timeout: 200_000 });
    expect(desk.desk.view).not.toBe(run);
    await page.getByRole('searchbox', { name: 'Search articles' }).fill(overruled[0]!.article);
    await settled();
    const kept = page
      .locator('.row', { hasText: overruled[0]!.article })
      .filter({ hasText: overruled[0]!.market });
    await kept.locator('.state-mark.overridden').first().waitFor();
    await page.getByRole('searchbox', { name: 'Search articles' }).fill('');
  });

  it('exports what is approved, and imports the prices of the shop', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV', exact: true }).click(),
    ]);
    const file = join(folder, 'approved.csv');
    await download.saveAs(file);
    const [head, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
    expect(head).toContain('article');
    expect(lines.some((line) => line.includes(overruled[0]!.article))).toBe(true);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'Import prices…' }).click();
    const dialogue = page.getByRole('dialog', { name: 'Prices in the shop' });
    await dialogue.getByLabel('File of prices').setInputFiles(file);
    await dialogue.getByRole('button', { name: 'Import' }).click();
    await dialogue.getByText(/prices noted/).waitFor();
    await expectAccessible(page, 'import');
    await dialogue.getByRole('button', { name: 'Close' }).last().click();
  });

  it('sees all of it in the audit', async () => {
    await page.getByRole('link', { name: 'Audit' }).click();
    const table = page.getByRole('region', { name: 'Audit' });
    await table.getByText('as agreed with marketing').waitFor();
    await table.getByText('seen by Grace').first().waitFor();
    await table.getByText('Excluded').first().waitFor();
    await page.getByRole('searchbox', { name: 'Search in reasons and notes' }).fill('marketing');
    await expect.poll(() => table.locator('tbody tr').count()).toBe(1);
    await expectAccessible(page, 'audit');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export as CSV' }).click(),
    ]);
    await download.saveAs(join(folder, 'audit.csv'));
    expect(await readFile(join(folder, 'audit.csv'), 'utf8')).toContain('as agreed with marketing');
  });

  it('moves a limit along its frontier', { timeout: 240_000 }, async () => {
    await page.getByRole('link', { name: 'What if' }).click();
    const slider = page.getByRole('slider');
    await slider.waitFor({ timeout: 200_000 });
    await page.getByText('Points are still being computed').waitFor({ state: 'hidden', timeout: 200_000 });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.getByText('against now').first().waitFor();
    await expectAccessible(page, 'what if');
  });

  it('has had nothing to complain about, and asked no other host', () => {
    expect(complaints).toEqual([]);
    expect(DESKTOP.viewport).toEqual({ width: 1440, height: 900 });
  });
});
