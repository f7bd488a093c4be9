import {
  addWeeks,
  Batch,
  concatBatches,
  dateColumn,
  filterRows,
  itemsOf,
  KeyIndex,
  missingColumn,
  SERIES_KEY,
  takeRows,
  toPanel,
  type Column,
  type ForecastRequest,
  type Table,
  type Tables,
  type Week,
} from '@hemline/core';
import { fillWeeks, type FilledPanel } from './filled-panel.ts';
import { PanelSource, type PanelOptions } from './panel-source.ts';

/** How the panels of a request are read: to the end of what is asked. */
export interface RequestPanelOptions extends Omit<PanelOptions, 'signal'> {
  readonly until: Week;
  /**
   * Attributes of series that have a history and are not among the items. Needed for features of groups: else such series would be
   * of no group, and a forecast would depend on what else is asked.
   */
  readonly others?: Pick<Tables, 'find'>;
}

/** Who asks, and of what. */
export type PanelsRequest = Pick<ForecastRequest, 'cutoff' | 'items' | 'signal'>;

/**
 * The panels that a forecast is made from: history and plan of a partition, a few series at a time; first series with a history,
 * then those that are only planned, then the items of which nothing but attributes is known. Series that are not among the items
 * come too, as features of groups need them.
 * @param request cutoff, items with their attributes
 * @param weekly history, up to the cutoff
 * @param plan what is known ahead, or null
 * @param options columns, attributes, until when
 * @returns gives the panels anew each time it is called: once for the sums of groups, once for the features
 */
export async function requestPanels(
  request: PanelsRequest,
  weekly: Table,
  plan: Batch | null,
  options: RequestPanelOptions,
): Promise<() => AsyncGenerator<FilledPanel>> {
  const { items, cutoff, signal } = request;
  const { others } = options;
  const known = others === undefined ? items : await withOthers(items, weekly, others);
  const source = await PanelSource.open({ weekly, plan, items: known }, signal);
  return async function* () {
    const seen = new KeyIndex(SERIES_KEY);
    for await (const panel of source.panels({ ...options, signal })) {
      seen.add(panel.series);
      yield panel;
    }
    const rest = newcomers(items, seen, weekly, cutoff, options);
    if (rest !== null) yield rest;
  };
}

/** The items, then the other series of the history with the attributes that items have. */
async function withOthers(items: Batch, weekly: Table, tables: Pick<Tables, 'find'>): Promise<Batch> {
  const all = await itemsOf(weekly, tables.find('articles'), tables.find('markets'));
  const index = new KeyIndex(SERIES_KEY);
  index.add(items);
  const found = index.find(all);
  const others = filterRows(all, (row) => found[row] === -1);
  const columns = items.names.map((name): [string, Column] => {
    const column = items.column(name);
    return [
      name,
      others.has(name) ? others.column(name) : missingColumn({ name, type: column.type }, others.length),
    ];
  });
  return concatBatches([items, new Batch(new Map(columns), others.length)]);
}

/** Items that have neither history nor plan: their attributes, and weeks in which nothing is known. */
function newcomers(
  items: Batch,
  seen: KeyIndex,
  weekly: Table,
  cutoff: Week,
  { columns, attributes, until }: RequestPanelOptions,
): FilledPanel | null {
  const found = seen.find(items);
  const rows = Uint32Array.from([...found.keys()].filter((row) => found[row] === -1));
  if (rows.length === 0) return null;
  const some = takeRows(items, rows);
  const fields = weekly.schema.fields.filter(({ name }) => columns.includes(name));
  const panel = toPanel(
    some.select(SERIES_KEY).with({
      week: dateColumn(new Int32Array(rows.length).fill(addWeeks(cutoff, 1))),
      ...Object.fromEntries(fields.map((field) => [field.name, missingColumn(field, rows.length)])),
    }),
  );
  const known = attributes
    .filter((name) => !panel.series.has(name))
    .map((name): [string, Column] => [
      name,
      some.has(name) ? some.column(name) : missingColumn({ name, type: 'string' }, rows.length),
    ]);
  return fillWeeks({ ...panel, series: panel.series.with(Object.fromEntries(known)) }, { until });
}
