import { TABLES, type Field, type Table, type Tables, type Week } from '@hemline/core';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { PanelSource } from '../panel/panel-source.ts';
import { selectSeries } from '../panel/select-series.ts';
import { seriesHash } from '../panel/series-hash.ts';
import { fitPriceResponse } from './fit-price-response.ts';
import type { PriceResponse } from './price-response.ts';
import { RESPONSE_COLUMNS } from './response-rows.ts';

/** Where a response is estimated from, and on how much. */
export interface ReadResponseOptions {
  /** The last known week: nothing later is read. */
  readonly cutoff: Week;
  /** The weekly table with demand in the place of sales; that of the tables by default. */
  readonly weekly?: Table;
  /** Series that are read at most, about; 10,000 by default. Articles are taken whole or not at all. */
  readonly maximumSeries?: number;
  readonly signal?: AbortSignal;
}

const MAXIMUM_SERIES = 10_000;
const NUMBERS: readonly Field['type'][] = ['float64', 'float32', 'int32', 'bool'];

/**
 * Estimates the response to the price from the tables of a dataset: {@link fitPriceResponse} with every planned covariate that is a number,
 * every attribute that is text. Declare `discount`, `blackPrice`, `stock`, `experiment` and `propensity` of weekly as optional inputs
 * of a model that calls it.
 * @param tables `weekly`, and `articles` and `markets` where they are there
 * @param options cutoff, size
 * @returns the response
 * @throws InterruptedError when the signal is raised
 */
export async function readPriceResponse(
  tables: Tables,
  { cutoff, weekly = tables.get('weekly'), maximumSeries = MAXIMUM_SERIES, signal }: ReadResponseOptions,
): Promise<PriceResponse> {
  const [articles, markets] = [tables.find('articles'), tables.find('markets')];
  const source = await PanelSource.open({ weekly, articles, markets }, signal);
  const { fields } = weekly.schema;
  const isRole = (name: string): boolean => TABLES.weekly.roles.some((role) => role.name === name);
  const planned = fields
    .filter(({ name, type, knownAhead }) => knownAhead === true && NUMBERS.includes(type) && !isRole(name))
    .map(({ name }) => name);
  const attributes = [articles, markets]
    .flatMap((table) => table?.schema.fields ?? [])
    .filter(({ name }) => name !== 'article' && name !== 'market');
  const share = maximumSeries / Math.max(1, source.series.length);
  const panels: FilledPanel[] = [];
  for await (const panel of source.panels({
    columns: [...RESPONSE_COLUMNS.filter((name) => fields.some((field) => field.name === name)), ...planned],
    attributes: attributes.map(({ name }) => name),
    signal,
  })) {
    const { dictionary, values } = panel.series.strings('article');
    const some = selectSeries(panel, (s) => share >= 1 || seriesHash(dictionary[values[s]!]!, '') < share);
    if (some.series.length > 0) panels.push(some);
  }
  const texts = attributes.filter(({ type }) => type === 'string').map(({ name }) => name);
  return fitPriceResponse(panels, { cutoff, planned, categories: ['article', 'market', ...texts] });
}
