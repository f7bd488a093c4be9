import { Batch, EngineError, float64Column, stringsToColumn } from '@hemline/core';
import { Booster, LightgbmError } from '@hemline/lightgbm';
import type { Attributes } from './attributes.ts';
import type { Examples } from './examples.ts';
import { FEATURES } from './features.ts';

/** Cohorts whose forecasts are explained. */
const SAMPLE = 4000;
/** Points of an effect. */
const POINTS = 10;

/** What the trees have learnt, for people and reports. */
export interface Insights {
  /** A row a feature, the most important first: `feature`, `meanShap` (mean |SHAP value|, log odds), `gain`, `splits`. */
  readonly importance: Batch;
  /** `feature`, `value` (of a tenth of the cohorts: its mean; of a category: its name), `shap` (mean, log odds), `cohorts`. */
  readonly effects: Batch;
}

/**
 * Explains a sample of cohorts by SHAP values (Lundberg et al. 2020, Nature Machine Intelligence 2, 56–67), which add up to the
 * score that the trees give to each. The log odds that the trees start from are not among them.
 * @param text of the model
 * @param examples cohorts
 * @param attributes for the names of categories
 * @returns the insights
 * @throws EngineError when LightGBM fails
 */
export async function explain(text: string, examples: Examples, attributes: Attributes): Promise<Insights> {
  const features = [...FEATURES, ...attributes.names.categories, ...attributes.names.numbers];
  const count = Math.min(SAMPLE, examples.units.length);
  // Spread evenly over all.
  const rows = Uint32Array.from({ length: count }, (_, at) =>
    Math.floor((at * examples.units.length) / count),
  );
  const columns = examples.columns.map((column) => Float32Array.from(rows, (row) => column[row]!));
  try {
    using booster = await Booster.fromText(text);
    const shap = await booster.predict({ columns }, { kind: 'contribution' });
    const width = features.length + 1;
    const values = features.map((_, feature) =>
      Float64Array.from({ length: count }, (_row, row) => shap[row * width + feature]!),
    );
    return {
      importance: importanceTable(features, values, booster),
      effects: effectsTable(features, values, columns, attributes),
    };
  } catch (error) {
    if (error instanceof LightgbmError)
      throw new EngineError('the trees cannot be explained', { found: error.message, cause: error });
    throw error;
  }
}

function importanceTable(
  features: readonly string[],
  shap: readonly Float64Array[],
  booster: Booster,
): Batch {
  const [gain, splits] = [booster.importance('gain'), booster.importance('split')];
  const mean = shap.map(
    (values) => values.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, values.length),
  );
  const order = [...features.keys()].sort((a, b) => mean[b]! - mean[a]! || a - b);
  const column = (values: ArrayLike<number>): Float64Array => Float64Array.from(order, (at) => values[at]!);
  return new Batch({
    feature: stringsToColumn(order.map((at) => features[at]!)),
    meanShap: float64Column(column(mean)),
    gain: float64Column(column(gain)),
    splits: float64Column(column(splits)),
  });
}

function effectsTable(
  features: readonly string[],
  shap: readonly Float64Array[],
  columns: readonly Float32Array[],
  attributes: Attributes,
): Batch {
  const effects: { feature: string; value: string; shap: number; cohorts: number }[] = [];
  features.forEach((feature, at) => {
    const isCategory = attributes.names.categories.includes(feature);
    const known = [...columns[at]!.keys()].filter((row) => !Number.isNaN(columns[at]![row]!));
    const groups = isCategory ? byCategory(known, columns[at]!) : byTenths(known, columns[at]!);
    for (const group of groups) {
      const mean = (values: ArrayLike<number>): number =>
        group.reduce((sum, row) => sum + values[row]!, 0) / group.length;
      const value = mean(columns[at]!);
      const text = isCategory ? attributes.label(feature, value) : String(Number(value.toPrecision(6)));
      effects.push({ feature, value: text, shap: mean(shap[at]!), cohorts: group.length });
    }
  });
  return new Batch({
    feature: stringsToColumn(effects.map((effect) => effect.feature)),
    value: stringsToColumn(effects.map((effect) => effect.value)),
    shap: float64Column(Float64Array.from(effects, (effect) => effect.shap)),
    cohorts: float64Column(Float64Array.from(effects, (effect) => effect.cohorts)),
  });
}

/** Rows of the most frequent categories. */
function byCategory(rows: readonly number[], column: Float32Array): number[][] {
  const groups = Map.groupBy(rows, (row) => column[row]!);
  return [...groups.values()].sort((a, b) => b.length - a.length).slice(0, POINTS);
}

/** Rows in tenths of rising values; fewer where there are not as many. */
function byTenths(rows: readonly number[], column: Float32Array): number[][] {
  const sorted = rows.toSorted((a, b) => column[a]! - column[b]!);
  return Array.from({ length: POINTS }, (_, tenth) =>
    sorted.slice(
      Math.floor((tenth * sorted.length) / POINTS),
      Math.floor(((tenth + 1) * sorted.length) / POINTS),
    ),
  ).filter((group) => group.length > 0);
}
