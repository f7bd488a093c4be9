import {
  addWeeks,
  betweenWeeks,
  collect,
  itemsOf,
  knownAheadColumns,
  memoryTable,
  weeksAhead,
  type Batch,
  type QuantityName,
  type Table,
  type Week,
} from '@hemline/core';
import { PRICING_DEFAULTS, type PricingLimits, type PricingSettings } from '@hemline/pricing';
import { openDataset } from '@hemline/runtime';
import { inputsOf, SeasonModels, type SeasonModel } from '../forecasts/season-models.ts';
import { planFirstWeek } from '../optimise/plan-first-week.ts';
import { mapSeries } from '../optimise/series-map.ts';
import { draftTable, finishTable } from '../optimise/table-of-situation.ts';
import { exploringName, explorationOf, type Exploring } from './exploring.ts';
import type { Policy } from './policy.ts';
import { pricedSeries, unchanged } from './priced-series.ts';
import { Seconds } from './seconds.ts';

/** Rows that a model is asked for at once. */
const BATCH_ROWS = 65_536;

/** What prices are optimised by. */
export interface ForecastPolicyOptions {
  readonly demand: SeasonModel;
  /** Of the other quantities; without one its default takes its place. */
  readonly others: readonly SeasonModel[];
  /** Weeks from one training to the next. */
  readonly retrain: number;
  /** Seed of the trainings, and of what is drawn by lot. */
  readonly seed: number;
  /** Weeks ahead, at most. */
  readonly horizon: number;
  readonly limits: PricingLimits;
  /** Fraction of what holding earns that a change of an article has to earn more. */
  readonly minimumGain: number;
  /** Whether and how the first week of the plans is explored; not by default. */
  readonly explore?: Exploring | null;
  /** What pricing assumes, and how careful it is, where it is not as by default. */
  readonly settings?: Partial<PricingSettings>;
}

/**
 * What a shop does that prices by forecasts: trains every few weeks, forecasts the weeks ahead at every discount, optimises, sets the
 * first week of the plan. It knows what the dataset tells, and what lies in stock.
 * @param options models, rules
 * @returns the policy, `price:` and the name of the model of demand, and how it explores
 */
export function forecastPolicy(options: ForecastPolicyOptions): Policy {
  const { demand, others, retrain, seed, limits, minimumGain, explore = null } = options;
  const name = exploringName(`price:${demand.model.name}`, explore);
  const all = [demand, ...others];
  const models = new SeasonModels(all, retrain, seed);
  const rules = { limits, minimumGain, explore: explorationOf(name, explore, seed) };
  const seconds = new Seconds();
  const horizon = Math.min(options.horizon, demand.model.capabilities.maximumHorizon ?? Infinity);
  const settings = { ...PRICING_DEFAULTS, ...options.settings };
  return {
    name,
    seconds: seconds.by,
    dispose: () => models.dispose(),
    async decide(situation) {
      const { week, number, folder, discounts, signal } = situation;
      const cutoff = addWeeks(week, -1);
      const dataset = await seconds.of('data', async () => openDataset(await situation.observed()));
      const fitted = await seconds.of(models.isTrainedIn(number) ? 'train' : 'load', () =>
        models.at(number, cutoff, dataset, folder, signal),
      );
      const series = pricedSeries(situation, limits);
      if (series.length === 0) return unchanged(situation);
      const { tables } = dataset;
      const map = await mapSeries(situation, series, tables);
      const draft = draftTable(map, situation, horizon);
      await seconds.of('forecast', async () => {
        const known = tables.asOf(cutoff);
        const items = await itemsOf(
          memoryTable('weekly', [map.keys]),
          tables.find('articles'),
          tables.find('markets'),
        );
        const weeks = weeksAhead(cutoff, horizon);
        const plan = await planOf(tables.get('weekly'), cutoff, addWeeks(cutoff, horizon));
        for (const [i, { model }] of all.entries()) {
          const request = {
            ...{ cutoff, items, history: inputsOf(model, 'predict', known), batchRows: BATCH_ROWS, signal },
            scenarios: { kind: 'grid', weeks, discounts, plan } as const,
          };
          for await (const batch of fitted[i]!.predict(request))
            if (model.quantity === 'demand') draft.cells.add(batch);
            else draft.items.add(model.quantity as Exclude<QuantityName, 'demand'>, batch);
        }
      });
      const built = await finishTable(draft, situation, tables, settings);
      return seconds.of('optimise', () =>
        planFirstWeek(built, map.seriesOf, situation, { ...rules, settings }, tables),
      );
    },
  };
}

/** What is known ahead, of all series: models may look at neighbours. */
async function planOf(weekly: Table, cutoff: Week, until: Week): Promise<Batch | null> {
  const columns = knownAheadColumns(weekly.schema);
  const plan = await collect(betweenWeeks(weekly, 'week', cutoff, until), { columns });
  return plan.length === 0 ? null : plan;
}
