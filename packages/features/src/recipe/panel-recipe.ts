import {
  ConfigurationError,
  int32Column,
  schemaOf,
  takeRows,
  weeksBetween,
  type Batch,
  type Field,
  type PanelData,
  type PanelRecipe,
  type PanelRecipeMaker,
  type PanelRequest,
  type Week,
} from '@hemline/core';
import { FeatureColumns } from '../feature-set/feature-columns.ts';
import { FeatureSet } from '../feature-set/feature-set.ts';
import type { GroupTotals } from '../groups/group-totals.ts';
import { PanelSource, type PanelOptions } from '../panel/panel-source.ts';
import type { FilledPanel } from '../panel/filled-panel.ts';

const KEY: readonly Field[] = [
  { name: 'article', type: 'string', description: 'what is sold' },
  { name: 'market', type: 'string', description: 'where it is sold' },
  { name: 'week', type: 'date', description: "the date of the week's first day" },
  {
    name: 'leadTime',
    type: 'int32',
    description:
      'weeks from the last known week to this one: 1 in history, where each week is seen from the one before it',
  },
  { name: 'observed', type: 'bool', description: 'whether the demand of the week is known' },
  {
    name: 'demand',
    type: 'float64',
    nullable: true,
    description: 'units demanded, missing where not observed',
  },
];

/**
 * Makes recipes for panels of features: a row for every week of every series up to the cutoff, and one for every planned week
 * after it, seen from the cutoff.
 * @param standard the features where no definition is given: a set, or what chooses them by the dataset
 * @returns the maker, for a model's `features`
 */
export function panelRecipe(standard: FeatureSet | ((data: PanelData) => FeatureSet)): PanelRecipeMaker {
  return (data, definition) => {
    const standardSet = (): FeatureSet => (standard instanceof FeatureSet ? standard : standard(data));
    const features = definition === null ? standardSet() : FeatureSet.parse(definition);
    checkNames(features);
    features.check(data);
    checkGroups(features, data);
    return recipeOf(features, data);
  };
}

function recipeOf(features: FeatureSet, { weekly }: PanelData): PanelRecipe {
  const columns = [...new Set(['demand', ...features.inputs.past, ...features.inputs.future])];
  return {
    definition: features.definition,
    inputs: {
      weekly: { required: columns },
      articles: { required: [], optional: features.inputs.attributes },
      markets: { required: [], optional: features.inputs.attributes },
    },
    schema: schemaOf(
      ...KEY,
      ...features.names.map((name) => ({ name, type: 'float64', nullable: true }) as const),
    ),
    async *panels(request) {
      const { signal, plan } = request;
      const source = await PanelSource.open(request, signal);
      const ends = plan === null || plan.length === 0 ? null : lastWeek(plan);
      const options: PanelOptions = {
        columns: columns.filter((name) => weekly.fields.some((field) => field.name === name)),
        attributes: features.inputs.attributes,
        signal,
        ...(ends === null ? {} : { until: ends }),
      };
      const totals = features.totals(request.cutoff);
      if (features.needsTotals) for await (const panel of source.panels(options)) totals.add(panel);
      for await (const panel of source.panels(options)) yield* rowsOf(features, panel, request, ends, totals);
    },
  };
}

function* rowsOf(
  features: FeatureSet,
  panel: FilledPanel,
  { cutoff }: PanelRequest,
  end: Week | null,
  totals: GroupTotals,
): Generator<Batch> {
  const horizon = end === null ? 0 : Math.max(0, weeksBetween(cutoff, end));
  const { rows, planned } = rowsToWrite(panel, cutoff, horizon);
  if (rows.length === 0) return;
  const history = features.transform(panel, { cutoff, totals });
  const ahead = horizon === 0 ? null : features.ahead(panel, { cutoff, horizon, totals }).columns;
  const values = new Map<string, Float64Array>();
  for (const [name, known] of history.values) {
    const out = new Float64Array(rows.length);
    const coming = ahead?.find(name);
    for (let row = 0; row < out.length; row++)
      out[row] = planned[row] === -1 ? known[rows[row]!]! : coming![planned[row]!]!;
    values.set(name, out);
  }
  const keys = takeRows(panel.rows.select(['article', 'market', 'week', 'observed', 'demand']), rows);
  const leadTime = keys.weeks('week').map((week) => Math.max(1, weeksBetween(cutoff, week)));
  const batch = new FeatureColumns(values, rows.length).toBatch(
    keys.with({ leadTime: int32Column(leadTime) }),
  );
  yield batch.select([...KEY.map(({ name }) => name), ...features.names]);
}

/**
 * All weeks up to the cutoff; after it, those up to the last one that is planned for the series. For these also the row of
 * the features ahead, −1 for the others.
 */
function rowsToWrite(
  panel: FilledPanel,
  cutoff: Week,
  horizon: number,
): { rows: Uint32Array; planned: Int32Array } {
  const rows = new Uint32Array(panel.rows.length);
  const planned = new Int32Array(panel.rows.length);
  let count = 0;
  for (let series = 0; series < panel.series.length; series++) {
    for (let row = panel.offsets[series]!; row < panel.offsets[series + 1]!; row++) {
      const week = panel.weeks[row]!;
      if (week > panel.ends[series]!) break;
      rows[count] = row;
      planned[count++] = week <= cutoff ? -1 : series * horizon + weeksBetween(cutoff, week) - 1;
    }
  }
  return { rows: rows.subarray(0, count), planned: planned.subarray(0, count) };
}

function lastWeek(plan: Batch): Week {
  return plan.weeks('week').reduce((last, week) => Math.max(last, week), -Infinity);
}

function checkNames(features: FeatureSet): void {
  const taken = features.names.find((name) => KEY.some((field) => field.name === name));
  if (taken === undefined) return;
  throw new ConfigurationError('a feature has the name of a column that every panel has', {
    expected: `no feature named ${KEY.map(({ name }) => name).join(', ')}`,
    found: taken,
    remedy: 'Take it out.',
  });
}

/** A partition is processed alone: a group that is spread over several would be taken for several. */
function checkGroups(features: FeatureSet, { partitionedBy }: PanelData): void {
  if (partitionedBy === null) return;
  for (const { of, by } of features.groupings) {
    if (partitionedBy.every((key) => by.includes(key))) continue;
    throw new ConfigurationError('a feature is of groups that are spread over partitions', {
      expected: `groups within a partition: by ${[...new Set([...by, ...partitionedBy])].join(', ')}`,
      found: `${of.column} by ${by.join(', ')}, in data that is partitioned by ${partitionedBy.join(', ')}`,
      remedy: 'Group also by what the data is partitioned by, or put the data into one partition.',
    });
  }
}
