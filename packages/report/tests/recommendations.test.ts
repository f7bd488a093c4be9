import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addWeeks,
  Batch,
  dateColumn,
  float64Column,
  parseWeek,
  sliceRows,
  stringsToColumn,
  validityWithout,
} from '@hemline/core';
import { RunRecorder, readRun } from '@hemline/runs';
import { OutputCommit } from '@hemline/stores';
import { recommendationsSection } from '../src/sections/recommendations-section.ts';
import { readGainCurves } from '../src/source/gain-curves.ts';
import { readRecommendations, type Recommendations } from '../src/source/recommendations.ts';

const FIRST = parseWeek('2026-01-12');
const ARTICLES = ['A', 'B', 'C', 'D', 'E', 'F'];

let folder: string;
let found: Recommendations;

/** Six articles in two markets, two weeks: each gains more than the one before it, but for the first, which loses. */
function tables(): Readonly<Record<string, Batch>> {
  const rows = ARTICLES.flatMap((article, a) =>
    ['DE', 'PL'].flatMap((market, m) => [0, 1].map((w) => ({ article, a, market, m, w }))),
  );
  const numbers = (pick: (row: (typeof rows)[number]) => number) =>
    float64Column(Float64Array.from(rows, pick));
  const gains = ARTICLES.map((_, a) => 100 * a - 50);
  return {
    recommendations: new Batch({
      article: stringsToColumn(rows.map(({ article }) => article)),
      market: stringsToColumn(rows.map(({ market }) => market)),
      week: dateColumn(Int32Array.from(rows, ({ w }) => addWeeks(FIRST, w))),
      discount: numbers(({ w }) => 0.1 * (w + 1)),
      // In Poland nothing is known of today's discount.
      held_discount: float64Column(
        Float64Array.from(rows, ({ m }) => (m === 0 ? 0.3 : NaN)),
        validityWithout(
          rows.length,
          [...rows.keys()].filter((row) => rows[row]!.m === 1),
        ),
      ),
      sales: numbers(() => 5),
      profit: numbers(({ a, m }) => a * (m + 1)),
      held_profit: numbers(() => 1),
      reason: stringsToColumn(rows.map(({ a }) => (a % 2 === 0 ? 'stock' : 'demand'))),
    }),
    articles: new Batch({
      article: stringsToColumn(ARTICLES),
      gain: float64Column(Float64Array.from(gains)),
      profit: float64Column(Float64Array.from(gains, (gain) => 1000 + gain)),
      held_profit: float64Column(Float64Array.from(gains, () => 1000)),
    }),
  };
}

const SUMMARY = {
  ...{ forecasts: 'weekly-1', models: { demand: 'demand-blend' }, cutoff: '2026-01-05', weeks: 2 },
  ...{ articles: 6, compared: 6, changed: 5, comparedProfit: 7200, heldProfit: 6000, gain: 1200 },
  ...{ optimism: 0.031, gap: 0.004, minimumGain: 0.01, unitsSold: 100, unitsLeft: 40 },
  unitsByDiscount: [
    { discount: 0, units: 25 },
    { discount: 0.2, units: 75 },
  ],
  reasons: { stock: 12, demand: 12, hold: 0 },
  limits: [
    {
      ...{ limit: '<rate>', lower: null, upper: 0.2, value: 0.25, isMet: false, missedBy: 0.05 },
      inWords: '<rate>: one point more would earn 326',
    },
  ],
  assumptions: ['shipping cost of all series: no forecast, 0 is assumed'],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-recommendations-'));
  const place = join(folder, 'recommendations');
  const provenance = { model: 'pricing', modelVersion: 1, trainingFingerprint: 't', codeVersion: 'c' };
  const commit = await OutputCommit.open(place, { ...provenance, runId: 'weekly-1' });
  // A file of each block of articles, as where many are priced.
  const files = Object.entries(tables()).flatMap(([name, batch]): [string, Batch][] => [
    [`${name}-00000`, sliceRows(batch, 0, batch.length / 2)],
    [`${name}-00001`, sliceRows(batch, batch.length / 2)],
  ]);
  for (const [name, batch] of files)
    await commit.commitPartition(
      { name, folder: '', stem: name, inputHash: 'a'.repeat(64) },
      (async function* () {
        yield batch;
      })(),
      batch.schema,
    );
  await commit.store.write('_summary.json', JSON.stringify(SUMMARY));
  await commit.finish();
  const run = join(folder, 'run');
  const code = { version: 'src-1', commit: null, dirty: null };
  const recorder = await RunRecorder.open(run, { run: 'weekly-1', kind: 'weekly', code });
  const url = pathToFileURL(place).href;
  await recorder.addOutput({
    name: 'recommendations',
    step: 'inference/optimise',
    url,
    files: 2,
    rows: 30,
    bytes: 9,
  });
  await recorder.finish('succeeded');
  found = (await readRecommendations((await readRun(run))!.record))!;
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const readable = (text: string): string =>
  text
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('recommended prices on the page', () => {
  it('are read with the articles that gain most, each in the market where it does', () => {
    expect(found.gaining.map(({ article, gain }) => [article, gain])).toEqual([
      ...[
        ['F', 450],
        ['E', 350],
        ['D', 250],
        ['C', 150],
        ['B', 50],
      ],
    ]);
    expect(found.gaining.map(({ market, weeks }) => [market, weeks.length])).toEqual([
      ...Array.from({ length: 4 }, () => ['PL', 2]),
      [null, 0],
    ]);
    expect(found.gaining[0]!.weeks[1]).toEqual({
      ...{ week: addWeeks(FIRST, 1), discount: 0.2, heldDiscount: null, sales: 5, reason: 'demand' },
    });
  });

  it('tell what they earn against holding, what limits cost, and which articles gain most', async () => {
    const { content } = recommendationsSection(found, await readGainCurves(found, [], null));
    const text = readable(content.text);
    expect(text).toMatch(/7,200 6,000 1,200 \(20\.0\D+%\)/);
    expect(text).toMatch(/about 3\.1\D+% of the planned profit is owed to their errors/);
    expect(text).toMatch(
      /&lt;rate&gt; – 0\.2 0\.25 ✗ missed by 0\.05 &lt;rate&gt;: one point more would earn 326/,
    );
    expect(text).toMatch(/stock stock is scarce, and sells at a higher price 12 50\.0\D+%/);
    expect(text).toMatch(/Articles that gain most .*F 450 1,450 1,000 .*F in PL gains 450/);
    expect(text).toContain('shipping cost of all series: no forecast, 0 is assumed');
    // Where discounts lie, and the weeks of four articles; each for laptops and for phones.
    expect(content.text.match(/<figure/g)).toHaveLength(5);
  });

  it('are said to be missing where there are none', async () => {
    const run = join(folder, 'unpriced');
    const code = { version: 'src-1', commit: null, dirty: null };
    const recorder = await RunRecorder.open(run, { run: 'weekly-2', kind: 'weekly', code });
    await recorder.finish('degraded');
    expect(await readRecommendations((await readRun(run))!.record)).toBeNull();
    expect(recommendationsSection(null, [])).toMatchObject({ isEmpty: true });
  });
});
