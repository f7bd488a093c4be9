import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addWeeks,
  collect,
  itemsOf,
  KeyIndex,
  memoryTable,
  SERIES_KEY,
  Tables,
  type Week,
} from '@hemline/core';
import { articleGroup, DataDrift, demandActuals, ErrorDrift } from '@hemline/evaluation';
import { simulateMarket, type MarketOptions } from '@hemline/market-simulator';
import { openDataset } from '@hemline/runtime';
import { loadModel } from '../../src/workspace.ts';

/** What the monitor has seen of a market that was forecast anew every week, one week ahead. */
export interface WeeklyMarket {
  readonly errors: ErrorDrift;
  readonly data: DataDrift;
  readonly weeks: readonly Week[];
}

/** Weeks before the first forecast. */
const FIRST = 12;
/** Weeks ahead of the forecasts that are compared. */
const LEAD = 1;

/**
 * Simulates a market, and forecasts each of its weeks with the averaging model.
 * @param options of the simulation
 * @returns the sums of all weeks
 */
export async function weeklyMarket(options: Omit<MarketOptions, 'out'>): Promise<WeeklyMarket> {
  const out = await mkdtemp(join(tmpdir(), 'hemline-market-'));
  try {
    await simulateMarket({ planWeeks: 0, ...options, out });
    const dataset = await openDataset(join(out, 'observed'));
    const all = await collect(dataset.tables.get('weekly'));
    const small = await Promise.all(
      (['articles', 'markets'] as const).map(async (name) =>
        memoryTable(name, [await collect(dataset.tables.get(name))]),
      ),
    );
    const weekly = memoryTable('weekly', [all]);
    const tables = new Tables([weekly, ...small]);
    const items = await itemsOf(weekly, ...small);
    const index = new KeyIndex(SERIES_KEY);
    index.add(items);
    const errors = new ErrorDrift();
    errors.begin(items);
    const model = await loadModel('demand-naive');
    const hyperparameters = model.hyperparameters.parse({
      method: 'mean',
      window: 8,
    });
    const weeks = [...new Set(all.weeks('week'))].sort((a, b) => a - b);
    for (const cutoff of weeks.slice(FIRST, -1)) {
      const history = tables.asOf(cutoff);
      const fitted = await model.fit({ cutoff, seed: 1 }, history, hyperparameters);
      for await (const { rows, demand, blackPrice, historyWeeks } of demandActuals(tables, {
        cutoff,
        horizon: LEAD,
      })) {
        const of = index.find(rows);
        const at = rows.weeks('week');
        const discounts = rows.floats('discount');
        let next = 0;
        const scenarios = { kind: 'planned', rows } as const;
        for await (const batch of fitted.predict({ cutoff, items, history, scenarios, batchRows: 65_536 })) {
          const forecasts = batch.floats('demand');
          const support = batch.floats('support');
          for (let row = 0; row < batch.length; row++, next++)
            if (at[next] === addWeeks(cutoff, LEAD) && support[row]! > 0 && historyWeeks[next]! > 0)
              errors.add({
                ...{ item: of[next]!, week: at[next]!, discount: discounts[next]! },
                ...{
                  forecast: forecasts[row]!,
                  actual: demand[next]!,
                  blackPrice: blackPrice[next]!,
                },
              });
        }
      }
      fitted.dispose();
    }
    return { errors, data: seen(all), weeks: weeks.slice(FIRST + LEAD) };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function seen(all: Awaited<ReturnType<typeof collect>>): DataDrift {
  const data = new DataDrift();
  const index = new KeyIndex(SERIES_KEY);
  const series = index.add(all);
  const weeks = all.weeks('week');
  const first = new Map<number, Week>();
  series.forEach((one, row) => first.set(one, Math.min(first.get(one) ?? Infinity, weeks[row]!)));
  const [demand, discount, price] = ['demand', 'discount', 'blackPrice'].map((name) => all.floats(name));
  const uncensored = all.floats('uncensored');
  for (let row = 0; row < all.length; row++)
    data.add({
      ...{ week: weeks[row]!, group: articleGroup(index.text(series[row]!, 0)!) },
      ...{ demand: demand![row]!, discount: discount![row]!, blackPrice: price![row]! },
      ...{ censored: uncensored[row] === 0, age: (weeks[row]! - first.get(series[row]!)!) / 7 },
    });
  return data;
}
