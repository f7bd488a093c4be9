import { addWeeks, schemaOf, type Batch, type Schema } from '@hemline/core';
import { BatchBuilder } from '../batch-builder.ts';
import type { SyntheticArticle, SyntheticMarket, SyntheticWorld } from './market.ts';

/** Units sold of one article in one market, by position of the week; what returns and costs are derived from. */
export interface SoldSeries {
  readonly article: SyntheticArticle;
  readonly market: SyntheticMarket;
  readonly sold: Int32Array;
  /** 1 in weeks whose sales are recorded and all of the demand, 2 in weeks whose sales are recorded and capped. */
  readonly recorded: Uint8Array;
}

/** The columns of the synthetic weekly table: all roles, a covariate planned ahead, one known afterwards. */
export const SYNTHETIC_WEEKLY_SCHEMA: Schema = schemaOf(
  { name: 'article', type: 'string' },
  { name: 'market', type: 'string' },
  { name: 'week', type: 'date' },
  { name: 'demand', type: 'float64', nullable: true },
  { name: 'sales', type: 'float64', nullable: true },
  { name: 'uncensored', type: 'bool', nullable: true },
  { name: 'discount', type: 'float64', nullable: true },
  { name: 'blackPrice', type: 'float64', nullable: true },
  { name: 'stock', type: 'float64', nullable: true },
  { name: 'experiment', type: 'string', nullable: true },
  { name: 'propensity', type: 'float64', nullable: true },
  { name: 'campaign', type: 'float64', nullable: true, knownAhead: true },
  { name: 'visits', type: 'float64', nullable: true },
);

/** Discounts that occur, each as likely as the others of its place: drawn by lot. */
const LEVELS = [0, 0, 0, 0.1, 0.2, 0.3, 0.5] as const;

/**
 * Sells: demand is Poisson with a mean that rises with the discount; stock-outs cap sales, and then the recorded demand
 * is the sales and `uncensored` false. Weeks are missing in series with gaps; single values are missing here and there;
 * weeks after the last known one carry the plan alone.
 * @param world what there is to sell
 * @returns the rows, series after series, and the units sold
 */
export function sellWeekly(world: SyntheticWorld): { rows: Batch; series: SoldSeries[] } {
  const builder = new BatchBuilder(SYNTHETIC_WEEKLY_SCHEMA);
  const series: SoldSeries[] = [];
  for (const article of world.articles) {
    const markets = article.kind === 'one-market' ? world.markets.slice(0, 1) : world.markets;
    for (const market of markets) series.push(sellSeries(world, article, market, builder));
  }
  return { rows: builder.build(), series };
}

function sellSeries(
  world: SyntheticWorld,
  article: SyntheticArticle,
  market: SyntheticMarket,
  builder: BatchBuilder,
): SoldSeries {
  const { random } = world;
  const sold = new Int32Array(world.weeks);
  const recorded = new Uint8Array(world.weeks);
  for (let position = article.start; position <= article.end; position++) {
    const planned = position >= world.weeks;
    const gap = article.kind === 'gaps' && !planned && random.chance(0.3);
    if (gap) continue;
    const week = addWeeks(world.firstWeek, position);
    const discount = LEVELS[random.below(LEVELS.length)]!;
    const campaign = random.chance(0.2) ? 1 : 0;
    if (planned) {
      builder.add(
        article.name,
        market.name,
        week,
        null,
        null,
        null,
        discount,
        article.blackPrice,
        null,
        null,
        null,
        campaign,
        null,
      );
      continue;
    }
    const season = 1 + 0.3 * Math.sin((2 * Math.PI * position) / 52);
    const mean =
      article.level * market.size * season * Math.exp(article.elasticity * discount) * (1 + 0.3 * campaign);
    const demand = random.poisson(mean);
    const stock = random.chance(0.1) ? Math.floor(demand * random.uniform()) : demand + random.below(50);
    const sales = Math.min(demand, stock);
    sold[position] = sales;
    const lost = article.kind === 'usual' && random.chance(0.02);
    if (!lost) recorded[position] = sales === demand ? 1 : 2;
    // Half of the articles took part in an experiment whose records were kept.
    const isRecorded = article.blackPrice % 10 === 0;
    builder.add(
      article.name,
      market.name,
      week,
      lost ? null : sales,
      lost ? null : sales,
      random.chance(0.01) ? null : sales === demand,
      random.chance(0.01) ? null : discount,
      random.chance(0.01) ? null : article.blackPrice,
      random.chance(0.05) ? null : stock,
      isRecorded ? 'lottery' : null,
      isRecorded ? chanceOf(discount) : null,
      campaign,
      random.chance(0.05) ? null : 10 * mean + random.below(20),
    );
  }
  return { article, market, sold, recorded };
}

/** The probability with which a discount is drawn. */
function chanceOf(discount: number): number {
  return LEVELS.filter((level) => level === discount).length / LEVELS.length;
}
