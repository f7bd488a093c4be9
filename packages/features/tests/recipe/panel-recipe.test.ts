import { describe, expect, it } from 'vitest';
import {
  addWeeks,
  asOf,
  type Batch,
  checkBatch,
  concatBatches,
  filterRows,
  float64Column,
  memoryTable,
  valueAt,
  type PanelData,
  type PanelRecipe,
} from '@hemline/core';
import { current } from '../../src/kinds/planned.ts';
import { FeatureSet } from '../../src/feature-set/feature-set.ts';
import { future, past } from '../../src/kinds/covariate.ts';
import { groupRolling } from '../../src/kinds/groups.ts';
import { lag } from '../../src/kinds/lag.ts';
import { panelRecipe } from '../../src/recipe/panel-recipe.ts';
import { rolling } from '../../src/kinds/windows.ts';
import { standardFeatures } from '../../src/recipe/standard-features.ts';
import { FIRST_WEEK, randomPanel } from '../support/panels.ts';

const cutoff = addWeeks(FIRST_WEEK, 18);
const { rows } = randomPanel(4, { series: 24, weeks: 26, missing: 0.1 });
const features = new FeatureSet([
  lag(past('demand')),
  rolling(past('demand'), { statistic: 'mean', window: 4 }),
  current(future('discount')),
  groupRolling(past('demand'), { statistic: 'mean', by: ['market'], window: 4 }),
]);
const data: PanelData = {
  weekly: { fields: rows.schema.fields },
  knownAhead: ['article', 'market', 'week', 'discount'],
  attributes: ['article', 'market'],
  partitionedBy: null,
};

/** The panel of all rows; what comes after the cutoff is known as far as it is planned. */
async function panel(recipe: PanelRecipe, all: Batch = rows): Promise<Batch> {
  const weeks = all.weeks('week');
  const plan = filterRows(all, (row) => weeks[row]! > cutoff).select([
    'article',
    'market',
    'week',
    'discount',
  ]);
  const weekly = asOf(memoryTable('weekly', [all]), cutoff);
  const batches: Batch[] = [];
  for await (const batch of recipe.panels({ cutoff, weekly, plan })) {
    checkBatch(batch, recipe.schema, {});
    batches.push(batch);
  }
  return concatBatches(batches);
}

describe('a panel of features', () => {
  const recipe = panelRecipe(features)(data, null);

  it('has every week of every series up to its last, sorted, with what is planned seen from the cutoff', async () => {
    const found = await panel(recipe);
    const weeks = found.weeks('week');
    const lead = found.numbers('leadTime').values;
    for (let row = 0; row < found.length; row++) {
      const ahead = (weeks[row]! - cutoff) / 7;
      expect(lead[row]).toBe(Math.max(1, ahead));
      if (ahead > 0) expect(valueAt(found.column('demand'), row)).toBe(null);
      const isSame =
        row > 0 &&
        ['article', 'market'].every(
          (name) => valueAt(found.column(name), row) === valueAt(found.column(name), row - 1),
        );
      if (isSame) expect(weeks[row]).toBe(weeks[row - 1]! + 7);
      // All weeks ahead see the last known week.
      if (isSame && ahead > 1)
        expect(valueAt(found.column('demand_lag1'), row)).toBe(valueAt(found.column('demand_lag1'), row - 1));
    }
    expect(lead.some((weeksAhead) => weeksAhead > 3)).toBe(true);
  });

  it('is the same whatever was recorded after the cutoff', async () => {
    const expected = await panel(recipe);
    const weeks = rows.weeks('week');
    const demand = rows.floats('demand').map((value, row) => (weeks[row]! > cutoff ? 1e6 : value));
    expect(
      await panel(recipe, rows.with({ demand: float64Column(demand, rows.column('demand').validity) })),
    ).toEqual(expected);
  });

  it('can be made from a definition', async () => {
    const json = JSON.parse(JSON.stringify(recipe.definition)) as unknown;
    const other = panelRecipe(standardFeatures)(data, json);
    expect(await panel(other)).toEqual(await panel(recipe));
  });

  it('has features that suit the dataset where none are named', async () => {
    const standard = panelRecipe(standardFeatures)(data, null);
    const names = standard.schema.fields.map(({ name }) => name);
    expect(names).toContain('demand_by_market_mean_lag1_window4');
    expect(names).toContain('stock_weeks_of_cover_lag1_window4');
    expect(names).not.toContain('weeks_since_launch');
    expect((await panel(standard)).length).toBe((await panel(recipe)).length);
    const apart = panelRecipe(standardFeatures)({ ...data, partitionedBy: ['file'] }, null);
    expect(apart.schema.fields.some(({ name }) => name.includes('_by_'))).toBe(false);
  });

  it('refuses groups that are spread over partitions', () => {
    expect(() => panelRecipe(features)({ ...data, partitionedBy: ['market'] }, null)).not.toThrow();
    expect(() => panelRecipe(features)({ ...data, partitionedBy: ['file'] }, null)).toThrow(
      /spread over partitions.*by market, file/s,
    );
  });

  it('refuses features that would take the place of a key', () => {
    const set = new FeatureSet([current(future('week'))]);
    expect(() => panelRecipe(set)(data, null)).toThrow(/name of a column that every panel has/);
  });
});
