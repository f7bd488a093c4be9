import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KnownRun } from '@hemline/runs';
import { describe, expect, it } from 'vitest';
import { frontierSection } from '../src/sections/frontier-section.ts';
import { moneySection } from '../src/sections/money-section.ts';
import { readFrontiers } from '../src/source/frontiers.ts';
import { BROWSER, checkCharts, lookAt } from '../src/testing/index.ts';
import { page } from '../src/page/page.ts';
import { html } from '../src/page/html.ts';
import { FRONTIER, MONEY } from './fabricated-money.ts';

describe('the frontier of a limit', () => {
  const { text } = frontierSection(FRONTIER, 0).content;

  it('has a table: what each bound earns, and less than without the limit', () => {
    for (const piece of ['15.0\u00a0%', '1,000', '−600', '41', '0.12\u00a0%', 'not met', 'weekly-1'])
      expect(text).toContain(piece);
    expect(text).toMatch(/<strong>at most 25\.0\u00a0%<\/strong>[^]*the limit as it is/);
    expect(text).toMatch(/as it is:\s+at most 25\.0\u00a0%/);
  });

  it('is drawn, with the limit as it is and the point without it marked', () => {
    expect(text.match(/aria-label="Profit against rate (<|&lt;)DE(>|&gt;)\./g)).toHaveLength(2);
    const told = text.replaceAll(/&nbsp;|&#160;/g, '\u00a0');
    for (const title of [
      'at most 25.0\u00a0%: 1,500',
      'without the limit: 1,600',
      'at most 15.0\u00a0%: 1,000',
    ])
      expect(told).toContain(title);
    // What no plan keeps earns nothing that could be drawn.
    expect(told).not.toContain('at most 5.0\u00a0%: ');
  });

  it('says where the limit costs nothing', () => {
    const points = FRONTIER.points.map((each) => ({ ...each, isLimit: false }));
    expect(frontierSection({ ...FRONTIER, points }, 0).content.text).toContain('As it is it costs nothing');
  });

  it('is read of each limit as it was traced last', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hemline-frontiers-'));
    try {
      const runs: KnownRun[] = [];
      for (const [name, found] of [
        ['late', { ...FRONTIER, weeks: 9 }],
        ['killed', null],
        ['other', { ...FRONTIER, limit: 'a' }],
        ['early', FRONTIER],
      ] as const) {
        const directory = await mkdtemp(join(folder, name));
        if (found !== null) await writeFile(join(directory, 'frontier.json'), JSON.stringify(found));
        runs.push({ directory } as KnownRun);
      }
      const read = await readFrontiers(runs);
      expect(read.map(({ limit, weeks }) => [limit, weeks])).toEqual([
        ['a', 8],
        ['rate <DE>', 9],
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.skipIf(BROWSER === null).each([
    ['laptop', 1280],
    ['phone', 390],
  ])(
    'is whole on a %s, beside what decisions earned (skipped where there is no Chromium)',
    async (name, width) => {
      const folder = await mkdtemp(join(tmpdir(), 'hemline-page-'));
      try {
        const file = join(folder, `${name}.html`);
        const picture = process.env['HEMLINE_PICTURES'];
        const sections = [moneySection(MONEY), frontierSection(FRONTIER, 0)];
        await writeFile(file, page('test', html`<h1>test</h1>`, sections, html``));
        const seen = await lookAt(
          ...([file, width, 'light'] as const),
          picture === undefined ? undefined : join(picture, `money-${name}.png`),
        );
        expect(checkCharts(seen)).toEqual([]);
        expect(seen.charts).toHaveLength(4);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );
});
