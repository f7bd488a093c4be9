import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KnownRun } from '@hemline/runs';
import { describe, expect, it } from 'vitest';
import { frontierSection } from '../src/sections/frontier-section.ts';
import { readFrontiers, type Frontier, type FrontierPoint } from '../src/source/frontiers.ts';

const point = (bound: number, profit: number | null, more: Partial<FrontierPoint> = {}): FrontierPoint => ({
  ...{ bound, side: 'at most', isLimit: false, isFeasible: profit !== null, value: bound, profit },
  ...{ gap: 0.0012, worthOfOne: 41, unitsSold: 100, unitsLeft: 7 },
  ...more,
});

const FRONTIER: Frontier = {
  ...{ forecasts: 'weekly-1', cutoff: '2026-01-05', weeks: 8, limit: 'rate <DE>', measure: 'discount-rate' },
  ...{ lower: null, upper: 0.25, minimumGain: 0.01 },
  points: [
    point(0.05, null, { value: 0.08 }),
    point(0.15, 1000),
    point(0.25, 1500, { isLimit: true }),
    point(0.3, 1600, { side: 'free', bound: null }),
  ],
};

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
});
