import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addWeeks, itemsOf, KeyIndex, SERIES_KEY } from '@hemline/core';
import { readPriceResponse } from '@hemline/features';
import { beginPlay, type MarketPlay } from '@hemline/market-simulator';
import { experimentName, exploreDiscounts } from '@hemline/pricing';
import { openDataset } from '@hemline/runtime';
import { expect, it } from 'vitest';

/** Articles × 2 markets that are played for a season after two years, and how they are explored. */
interface Explored {
  readonly articles: number;
  readonly seed: number;
  /** Share of the articles of a week, and levels up and down from the planner's. */
  readonly share: number;
  readonly step: number;
  readonly weeks?: number;
  readonly played?: number;
}

/** What was drawn, and what the response estimated after it is worth. */
interface Learnt {
  readonly drawn: number;
  /** Of the estimated log lifts of 30 % off with the true ones, over the series on sale in the 26 weeks to come. */
  readonly correlation: number;
  readonly experimentWeeks: number;
}

// Minutes: HEMLINE_EXPLORED_SEEDS names seeds (31,32); HEMLINE_EXPLORED_ARTICLES how many articles, HEMLINE_EXPLORED designs (5x1: 5 %, one level).
const seeds = (process.env['HEMLINE_EXPLORED_SEEDS'] ?? '').split(',').filter((seed) => seed !== '');

it('every week that was drawn is known to the response that is estimated after the season', async () => {
  const tiny = { articles: 16, seed: 3, weeks: 20, played: 4 };
  const explored = await learnt({ ...tiny, share: 0.5, step: 1 });
  expect(explored.drawn).toBeGreaterThan(5);
  // What sells out says nothing of demand, and an experiment in which nothing was sold nothing at all.
  expect(explored.experimentWeeks).toBeLessThanOrEqual(explored.drawn);
  expect(explored.experimentWeeks).toBeGreaterThan(0.5 * explored.drawn);
  expect(await learnt({ ...tiny, share: 0, step: 1 })).toMatchObject({ drawn: 0, experimentWeeks: 0 });
}, 60_000);

it.skipIf(seeds.length === 0)(
  'tells what a season of experiments brings the response',
  async () => {
    const articles = Number(process.env['HEMLINE_EXPLORED_ARTICLES'] ?? 400);
    const designs = (process.env['HEMLINE_EXPLORED'] ?? '0x1,5x1,100x1').split(',');
    for (const seed of seeds.map(Number))
      for (const design of designs) {
        const [percent, step] = design.split('x').map(Number);
        const { drawn, correlation } = await learnt({
          ...{ articles, seed, share: percent! / 100, step: step! },
        });
        process.stdout.write(
          `seed ${seed}, ${design}: ${drawn} drawn, correlation ${correlation.toFixed(3)}\n`,
        );
        expect(correlation).toBeGreaterThan(0);
      }
  },
  3_600_000,
);

async function learnt({ articles, seed, share, step, weeks = 104, played = 26 }: Explored): Promise<Learnt> {
  const play = beginPlay({ articles, markets: 2, seed, weeks, played, runOut: 39 });
  let drawn = 0;
  while (play.weeksLeft > 0) drawn += priceWeek(play, { share, step, seed });
  const folder = await mkdtemp(join(tmpdir(), 'hemline-explored-response-'));
  try {
    await play.observe(folder);
    const { tables } = await openDataset(folder);
    const response = await readPriceResponse(tables, { cutoff: addWeeks(play.week, -1) });
    const items = await itemsOf(tables.get('weekly'), tables.get('articles'), tables.get('markets'));
    const lift = response.logLift(items, [0.3]);
    const index = new KeyIndex(SERIES_KEY);
    const numbers = index.add(items);
    const byName = new Map(
      Array.from(numbers, (key, i) => [`${index.text(key, 0)} ${index.text(key, 1)}`, i]),
    );
    const [estimates, truths]: [number[], number[]] = [[], []];
    trueLifts(play).forEach((truth, n) => {
      const item = byName.get(`${play.articles[play.article[n]!]!} ${play.markets[play.market[n]!]!}`);
      if (item === undefined || Number.isNaN(truth)) return;
      estimates.push(lift[item]!);
      truths.push(truth);
    });
    const { experimentWeeks } = response.evidence;
    return { drawn, correlation: correlationOf(estimates, truths), experimentWeeks };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sets what the market's planner would, but for the series that are drawn; tells how many these are. */
function priceWeek(
  play: MarketPlay,
  { share, step, seed }: Pick<Explored, 'share' | 'step' | 'seed'>,
): number {
  const { plannerLevel } = play.situation();
  const count = plannerLevel.length;
  const levelCount = play.discounts.length;
  const markets = play.markets.length;
  const { level, propensity, candidates, series } = exploreDiscounts(
    {
      offsets: Int32Array.from({ length: play.articles.length + 1 }, (_, a) => a * markets),
      level: plannerLevel,
      levelCount,
      allowed: new Uint8Array(count * levelCount).fill(1),
      worth: new Float64Array(count).fill(1),
    },
    { share, step, seed, week: play.week },
  );
  const experiment = Array.from(propensity, (chance, n) => {
    if (Number.isNaN(chance)) return null;
    const open = [...play.discounts].filter((_, l) => candidates[n * levelCount + l] === 1);
    return experimentName('planner', open);
  });
  play.price(Int8Array.from(level), { propensity, experiment });
  return series;
}

/** True log lift of 30 % off in the 26 weeks to come, by series; NaN where it is not on sale any more. */
function trueLifts(play: MarketPlay): Float64Array {
  const { weeks, begin, end, demand } = play.truth(26);
  const levelCount = play.discounts.length;
  const deep = [...play.discounts].indexOf(0.3);
  return Float64Array.from(begin, (first, n) => {
    let [without, discounted] = [0, 0];
    for (let week = first; week < end[n]!; week++) {
      without += demand[(n * weeks + week) * levelCount]!;
      discounted += demand[(n * weeks + week) * levelCount + deep]!;
    }
    return Math.log(discounted / without);
  });
}

function correlationOf(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  const [middleA, middleB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  a.forEach((one, i) => {
    both += (one - middleA) * (b[i]! - middleB);
    squaresA += (one - middleA) ** 2;
    squaresB += (b[i]! - middleB) ** 2;
  });
  return both / Math.sqrt(squaresA * squaresB);
}
