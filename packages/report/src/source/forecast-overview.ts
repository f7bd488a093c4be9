import {
  KeyIndex,
  parseDiscountGrid,
  DEFAULT_DISCOUNTS,
  stringsToColumn,
  Batch,
  isValid,
} from '@hemline/core';
import { openDataset, type Dataset } from '@hemline/runtime';
import { readManifest, type Manifest } from '@hemline/stores';
import {
  bandOf,
  openForecast,
  type Item,
  type OpenForecast,
  type StoredForecasts,
} from './forecast-points.ts';
import { readPartitionPlan, type PartitionPlan } from './partition-plan.ts';
import { PlanUnits, type WeekSpan } from './plan-units.ts';
import { reactionsOf, type Reaction } from './reactions.ts';

/** Rows that are read in all: of a larger forecast the first articles are looked at, and the page says which share that is. */
const MOST_ROWS = 4_000_000;
/** Weeks that are compared with what was sold lately. */
const NEAR_WEEKS = 4;

/** What is forecast of an article in a market, over all weeks, at the discounts that are planned. */
export interface ItemOverview extends Item {
  readonly partition: string;
  /** Commodity group; null where the data has none. */
  readonly group: string | null;
  readonly units: number;
  /** Width from the 10 % to the 90 % quantile, as a share of the units; null of a model without quantiles. */
  readonly band: number | null;
  /** Observed weeks behind the forecast; 0: never seen. */
  readonly support: number;
  /** Units of the same weeks: in the forecast of the week before, or else as the article sold lately; null where neither is known. */
  readonly level: { readonly before: number; readonly now: number } | null;
}

/** What a forecast of demand says in all. */
export interface ForecastOverview {
  /** Whose forecast it is. */
  readonly model: string;
  readonly span: WeekSpan;
  readonly articles: number;
  readonly markets: number;
  /** How many rows of the forecast were looked at. */
  readonly rows: { readonly read: number; readonly of: number };
  /** Whether units are those at planned discounts; else at none. */
  readonly isPlanned: boolean;
  readonly units: number;
  /** Units of articles, markets and weeks that both forecasts have, at the same discounts; null without an earlier forecast. */
  readonly previous: { readonly before: number; readonly now: number } | null;
  /** Units sold in the same weeks a year before; null where the data does not go back so far, or only some articles were looked at. */
  readonly lastYear: number | null;
  /** What items' levels are compared with. */
  readonly levelsAgainst: 'forecast' | 'sales';
  readonly items: readonly ItemOverview[];
  /** By group, that with most units first; all articles as one where the data has no groups; empty of a single discount. */
  readonly reactions: readonly Reaction[];
}

/**
 * Looks through a forecast of demand, partition by partition: memory is that of one partition's articles and weeks.
 * @param forecasts of a model
 * @param previous forecasts of the week before, to compare with
 * @param data folder and descriptor; null: it is not at hand
 * @param mostRows that are read
 * @returns what it says in all; null when it is empty, or curves that nobody can evaluate
 */
export async function readForecastOverview(
  forecasts: StoredForecasts,
  previous: StoredForecasts | null,
  data: { readonly directory: string; readonly descriptor: string | null } | null,
  mostRows = MOST_ROWS,
): Promise<ForecastOverview | null> {
  const manifest = await readManifest(forecasts.place);
  const before = previous === null ? null : { previous, manifest: await readManifest(previous.place) };
  const span = await spanOf(forecasts, manifest);
  if (span === null) return null;
  const dataset =
    data === null
      ? null
      : await openDataset(data.directory, data.descriptor === null ? {} : { descriptor: data.descriptor });
  const all = Map.groupBy(
    manifest.files.filter(({ rows }) => rows > 0),
    ({ partition }) => partition,
  );
  const parts: PartitionOverview[] = [];
  let rows = 0;
  for (const [partition, files] of all) {
    if (rows >= mostRows) break;
    const plan = await readPartitionPlan(dataset, partition, span);
    const opened = await Promise.all(files.map((file) => openForecast(forecasts, file.file)));
    const earlier =
      before === null
        ? []
        : await Promise.all(
            before.manifest.files
              .filter((file) => file.partition === partition && file.rows > 0)
              .map((file) => openForecast(before.previous, file.file)),
          );
    const isReadable = earlier.length > 0 && earlier.every((file) => file.isReadable);
    const part = await readPartition(
      partition,
      span,
      plan,
      opened,
      isReadable ? earlier : null,
      mostRows - rows,
    );
    parts.push(part);
    rows += part.rows;
  }
  const total = manifest.files.reduce((sum, file) => sum + file.rows, 0);
  const read = parts.reduce((sum, { fileRows }) => sum + fileRows, 0);
  return summarise(forecasts.model, span, parts, { read, of: total }, dataset);
}

/** What one partition says. */
interface PartitionOverview {
  readonly plan: PartitionPlan;
  /** Levels of curves count, of a file its rows. */
  readonly rows: number;
  readonly fileRows: number;
  /** Only some of its articles were looked at. */
  readonly isCut: boolean;
  readonly hasEarlier: boolean;
  readonly items: Omit<ItemOverview, 'group'>[];
  /** Of each item, units by discount. */
  readonly levels: readonly ReadonlyMap<number, number>[];
  readonly previous: { before: number; now: number };
}

async function readPartition(
  partition: string,
  span: WeekSpan,
  plan: PartitionPlan,
  files: readonly OpenForecast[],
  earlier: readonly OpenForecast[] | null,
  mostRows: number,
): Promise<PartitionOverview> {
  const { index } = plan;
  const now = new PlanUnits(span, plan.discountOf);
  const support: number[] = [];
  const levels: Map<number, number>[] = [];
  const grid = parseDiscountGrid(DEFAULT_DISCOUNTS);
  let [rows, fileRows] = [0, 0];
  let last = -1;
  let isCut = false;
  for (const file of files) {
    if (rows >= mostRows) break;
    for await (const batch of file.rows(grid)) {
      const items = index.add(batch);
      now.add(batch, items, bandOf(batch));
      const [discount, demand, known] = [
        batch.floats('discount'),
        batch.floats('demand'),
        batch.floats('support'),
      ];
      for (let row = 0; row < items.length; row++) {
        const item = items[row]!;
        support[item] = known[row]!;
        const sums = (levels[item] ??= new Map<number, number>());
        sums.set(discount[row]!, (sums.get(discount[row]!) ?? 0) + demand[row]!);
      }
      last = items.at(-1) ?? last;
      rows += batch.length;
      fileRows += file.isGrid ? batch.length : batch.length / grid.length;
      if (rows < mostRows) continue;
      isCut = true;
      // Of the article at which the reading stopped some weeks may be missing.
      if (Object.keys(support).length > 1) delete support[last];
      break;
    }
  }
  const past = earlier === null ? null : new PlanUnits(span, plan.discountOf);
  const articles = Object.keys(support).map((item) => index.text(Number(item), 0)!);
  // Of a file in the order of articles only those that are compared are read.
  const where = articles.length === 0 ? [] : [{ column: 'article', ...rangeOf(articles) }];
  for (const file of earlier ?? [])
    for await (const batch of file.rows(grid, where)) past!.add(batch, index.find(batch), null);
  const previous = { before: 0, now: 0 };
  const items = support.flatMap((weeks, item): (Omit<ItemOverview, 'group'> & { item: number })[] => {
    const sums = { units: 0, band: 0, both: { before: 0, now: 0 }, near: 0, nearWeeks: 0 };
    for (let position = 0; position < span.count; position++) {
      const units = now.at(item, position);
      if (Number.isNaN(units)) continue;
      sums.units += units;
      sums.band += now.bandAt(item, position);
      if (position < NEAR_WEEKS) {
        sums.near += units;
        sums.nearWeeks++;
      }
      const was = past?.at(item, position) ?? NaN;
      if (Number.isNaN(was)) continue;
      sums.both.before += was;
      sums.both.now += units;
    }
    previous.before += sums.both.before;
    previous.now += sums.both.now;
    const sold = plan.latelyOf(item) * sums.nearWeeks;
    const sales = Number.isNaN(sold) || sums.nearWeeks === 0 ? null : { before: sold, now: sums.near };
    return [
      {
        ...{ item, article: index.text(item, 0)!, market: index.text(item, 1)!, partition },
        ...{ units: sums.units, support: weeks },
        band: Number.isNaN(sums.band) || sums.units === 0 ? null : sums.band / sums.units,
        level: past === null ? sales : sums.both.now + sums.both.before > 0 ? sums.both : null,
      },
    ];
  });
  return {
    plan,
    isCut,
    rows,
    fileRows,
    hasEarlier: past !== null,
    previous,
    items,
    levels: items.map(({ item }) => levels[item]!),
  };
}

function rangeOf(texts: readonly string[]): { from: string; to: string } {
  return texts.reduce(
    ({ from, to }, text) => ({ from: text < from ? text : from, to: text > to ? text : to }),
    { from: texts[0]!, to: texts[0]! },
  );
}

async function summarise(
  model: string,
  span: WeekSpan,
  parts: readonly PartitionOverview[],
  rows: ForecastOverview['rows'],
  dataset: Dataset | null,
): Promise<ForecastOverview> {
  const found = parts.flatMap(({ items }) => items);
  const groups = await groupsOf(dataset, [...new Set(found.map(({ article }) => article))]);
  const items = found.map((item): ItemOverview => ({ ...item, group: groups.get(item.article) ?? null }));
  const previous = { before: 0, now: 0 };
  for (const each of parts) {
    previous.before += each.previous.before;
    previous.now += each.previous.now;
  }
  return {
    model,
    span,
    articles: new Set(items.map(({ article }) => article)).size,
    markets: new Set(items.map(({ market }) => market)).size,
    rows,
    isPlanned: parts.some(({ plan }) => plan.isPlanned),
    units: items.reduce((sum, { units }) => sum + units, 0),
    previous: previous.before > 0 ? previous : null,
    lastYear: lastYearOf(parts, span.count),
    levelsAgainst: parts.some(({ hasEarlier }) => hasEarlier) ? 'forecast' : 'sales',
    items,
    reactions: reactionsOf(
      items,
      parts.flatMap(({ levels }) => levels),
    ),
  };
}

/** Markets that are new have no year before; of a week that no market knows nothing can be said. Sales are those of all articles. */
function lastYearOf(parts: readonly PartitionOverview[], weeks: number): number | null {
  if (parts.length === 0 || parts.some(({ isCut }) => isCut)) return null;
  let sum = 0;
  for (let week = 0; week < weeks; week++) {
    const known = parts.map(({ plan }) => plan.lastYear[week]!).filter((units) => !Number.isNaN(units));
    if (known.length === 0) return null;
    sum += known.reduce((total, units) => total + units, 0);
  }
  return sum;
}

/** Groups of some articles; none where the data has none. */
async function groupsOf(
  dataset: Dataset | null,
  articles: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const groups = new Map<string, string>();
  const table = dataset?.tables.find('articles');
  if (table === undefined || !table.schema.fields.some(({ name }) => name === 'group')) return groups;
  const index = new KeyIndex(['article']);
  index.add(new Batch({ article: stringsToColumn([...articles]) }));
  for await (const batch of table.batches({ columns: ['article', 'group'] })) {
    const column = batch.strings('group');
    index.find(batch).forEach((article, row) => {
      if (article !== -1 && isValid(column, row))
        groups.set(articles[article]!, column.dictionary[column.values[row]!]!);
    });
  }
  return groups;
}

/** Weeks that are forecast, as the first file that has rows tells: every file has all. */
async function spanOf(forecasts: StoredForecasts, { files }: Manifest): Promise<WeekSpan | null> {
  const first = files.find(({ rows }) => rows > 0);
  if (first === undefined) return null;
  const file = await openForecast(forecasts, first.file);
  if (!file.isReadable) return null;
  return file.weeks();
}
