import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
import { startFakeDesk, type FakeDesk } from './fake-desk.ts';

const MILLION = 1_000_000;

let browser: Browser;
let desk: FakeDesk | null = null;
beforeAll(async () => {
  if (BROWSER !== null) browser = await openBrowser();
}, 60_000);
afterAll(() => browser?.close());
afterEach(async () => {
  // Else requests of a page that is left open would meet a server that is gone.
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
  await desk?.close();
  desk = null;
});

const row = (page: Page, index: number) => page.locator(`#row-${index}`);
const list = (page: Page) => page.getByRole('grid');
/** Until keys go into a field: what a key opens is there a frame later. */
const writable = (page: Page): Promise<void> => page.locator('input:focus').waitFor();

/** Drags the bar: `place` is JavaScript, in which `e` is the list. */
const scrollTo = (page: Page, place: string): Promise<unknown> =>
  page.evaluate(`((e) => { e.scrollTop = ${place}; })(document.getElementById('list'))`);

describe.skipIf(BROWSER === null)(`the page in a browser (${BROWSER ?? NO_BROWSER})`, () => {
  it('scrolls over a million rows: wheel, bar, keys, to the last one and back', async () => {
    desk = await startFakeDesk(MILLION);
    const { page, complaints } = await openPage(browser, desk.address);
    await row(page, 0).getByText('A-0000000').waitFor();
    expect(await list(page).getAttribute('aria-rowcount')).toBe(String(MILLION + 1));
    const drawn = await page.getByRole('row').count();
    expect(drawn).toBeLessThan(80);
    // The grid is shorter than browsers allow, and shows the last row at its end.
    await scrollTo(page, 'e.scrollHeight');
    await row(page, MILLION - 1)
      .getByText('A-0249999')
      .waitFor();
    const box = (await row(page, MILLION - 1).boundingBox())!;
    expect(Math.round(box.y + box.height)).toBeLessThanOrEqual(900);
    expect(Math.round(box.y + box.height)).toBeGreaterThan(880);
    // Dragged to the middle, a wheel moves by its own pixels: no row is passed over.
    await scrollTo(page, 'e.scrollHeight / 2');
    await page
      .locator('.row .name', { hasText: /^A-012[45]/ })
      .first()
      .waitFor();
    const first = async (): Promise<number> =>
      (await page.evaluate(
        `(() => { const top = document.getElementById('list').getBoundingClientRect().top + 34; return [...document.querySelectorAll('.row')].map((e) => [Number(e.id.slice(4)), e.getBoundingClientRect()]).find(([, b]) => b.bottom > top + 1)[0]; })()`,
      )) as number;
    const before = await first();
    await page.mouse.move(600, 600);
    await page.mouse.wheel(0, 36 * 10);
    await expect.poll(first).toBe(before + 10);
    // When the bar rests it is moved to its right place: nothing is seen of that.
    await page.waitForTimeout(400);
    expect(await first()).toBe(before + 10);
    await page.keyboard.press('Home');
    await row(page, 0).getByText('A-0000000').waitFor();
    await page.keyboard.press('End');
    await row(page, MILLION - 1)
      .getByText('A-0249999')
      .waitFor();
    expect(await list(page).getAttribute('aria-activedescendant')).toBe(`row-${MILLION - 1}`);
    expect(complaints).toEqual([]);
  });

  it('gives up rows that have been scrolled past', async () => {
    desk = await startFakeDesk(MILLION, { delayMilliseconds: 400 });
    const { page } = await openPage(browser, desk.address);
    await row(page, 0).getByText('A-0000000').waitFor();
    for (let i = 1; i <= 8; i++) {
      await scrollTo(page, `${i} * 1_000_000`);
      await page.waitForTimeout(150);
    }
    await page.locator('.row .name').nth(10).waitFor();
    expect(desk.asked.filter(({ isGivenUp }) => isGivenUp).length).toBeGreaterThan(3);
  });

  it('is worked by keys alone: look, approve, overrule with a reason, take back', async () => {
    desk = await startFakeDesk(4000);
    const { page, complaints } = await openPage(browser, desk.address);
    await row(page, 0).getByText('A-0000000').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await row(page, 1).getByText('Approved').waitFor();
    await page.keyboard.press('u');
    await row(page, 1).getByText('Proposed').waitFor();
    await page.keyboard.press('o');
    const dialogue = page.getByRole('dialog', { name: 'Overrule the discount' });
    await writable(page);
    await page.keyboard.type('60');
    await dialogue.getByText('after another person has agreed').waitFor();
    await expectAccessible(page, 'overrule');
    // Neither reason nor words: it says so, and nothing is sent.
    await page.keyboard.press('Enter');
    await dialogue.getByText('A reason from the list is required.').waitFor();
    await dialogue.getByLabel('Reason').selectOption('Campaign');
    await dialogue.getByLabel('In your words').fill('x'.repeat(50));
    await dialogue.getByRole('button', { name: 'Overrule' }).click();
    await row(page, 1).getByText('Overruled').waitFor();
    await dialogue.waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A-0000000' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'A-0000000' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await writable(page);
    await page.keyboard.type('0000007');
    await row(page, 0).getByText('A-0000007').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
  });

  it('shows the second of two people what the first has decided', async () => {
    desk = await startFakeDesk(4000);
    const { page } = await openPage(browser, desk.address);
    await row(page, 0).getByText('A-0000000').waitFor();
    desk.decideElsewhere('A-0000000', 'DE', 'Grace');
    await page.keyboard.press('a');
    const dialogue = page.getByRole('dialog', { name: 'Somebody else was faster' });
    await dialogue.getByText('approved by Grace just now').waitFor();
    await expectAccessible(page, 'conflict');
    await dialogue.getByRole('button', { name: 'See them as they are now' }).click();
    await row(page, 0).getByText('Approved').waitFor();
  });

  it('decides in bulk only after it has shown what that comes to', async () => {
    desk = await startFakeDesk(4000);
    const { page } = await openPage(browser, desk.address);
    await page.getByRole('button', { name: 'Select all 4,000' }).click();
    await page.keyboard.press('a');
    const dialogue = page.getByRole('dialog', { name: 'Approve recommended discounts' });
    await dialogue.getByText('4,000 rows at once').waitFor();
    await dialogue.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved: 4,000 rows.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
  });

  it('keeps filters in the address and views on the server', async () => {
    desk = await startFakeDesk(4000);
    const { page } = await openPage(browser, desk.address);
    await page.getByRole('button', { name: 'Market', exact: true }).click();
    await page.getByLabel('NL', { exact: true }).check();
    await page.keyboard.press('Escape');
    await page.getByText('500 rows').waitFor();
    await page.reload();
    await page.getByText('500 rows').waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name of this view').fill('Dutch');
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByText('View “Dutch” is saved.').waitFor();
    await page.getByRole('button', { name: 'Remove the filter Market' }).click();
    await page.getByText('4,000 rows').waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Dutch', exact: true }).click();
    await page.getByText('500 rows').waitFor();
  });

  it('lets somebody who may only read decide nothing', async () => {
    desk = await startFakeDesk(400, { role: 'read' });
    const { page } = await openPage(browser, desk.address);
    await row(page, 0).getByText('A-0000000').waitFor();
    await page.keyboard.press('a');
    await page.getByText('Your role may read, not decide.').waitFor();
    expect(await page.getByRole('button', { name: 'Solve again' }).count()).toBe(0);
  });

  for (const scheme of ['light', 'dark'] as const)
    for (const [device, options] of [
      ['desktop', DESKTOP],
      ['phone', PHONE],
      ['small phone', { ...PHONE, viewport: { width: 360, height: 640 } }],
    ] as const)
      it(`has nothing serious for axe, and fits, on a ${device} in the ${scheme}`, async () => {
        desk = await startFakeDesk(4000);
        const { page, complaints } = await openPage(browser, desk.address, {
          ...options,
          colorScheme: scheme,
        });
        await row(page, 0).getByText('A-0000000').waitFor();
        await expectAccessible(page, 'list');
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await row(page, 0).click();
        await page.getByRole('heading', { name: 'A-0000000' }).waitFor();
        await page.getByRole('img', { name: /^Demand over the discount/ }).waitFor();
        // Each chart has its values as a table.
        const toggles = page.getByRole('button', { name: /^Show as a table/ });
        const charts = await toggles.count();
        expect(charts).toBe(6);
        for (let i = 0; i < charts; i++) await toggles.first().click();
        expect(await page.locator('table.values').count()).toBe(charts);
        await expectAccessible(page, 'article');
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        for (const screen of ['Reviews', 'Audit', 'What if']) {
          await page.getByRole('link', { name: screen }).click();
          await page.getByRole('heading', { level: 1 }).waitFor();
          await page.waitForTimeout(300);
          await expectAccessible(page, screen);
          expect(await overflow(page), screen).toBeLessThanOrEqual(0);
        }
        expect(complaints).toEqual([]);
      });
});
