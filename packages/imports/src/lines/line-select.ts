import type { ImportMap } from '../map/import-map.ts';
import type { FileGroup } from '../source/file-group.ts';
import { literal } from '../sql/quote.ts';
import { ValueReader, micro } from '../sql/values.ts';
import { lineLayout } from './line-layout.ts';
import { LineCases, Sources, lineQuery, sourceOf, type LineSelect } from './line-query.ts';
import { RETURN, lineKinds } from './reasons.ts';

/**
 * A query that tells of every line of sales what it is, and what it says.
 * @param map of the import
 * @param group of files
 * @returns it
 * @throws SchemaError when a column is missing or of a wrong type
 */
export function salesSelect(map: ImportMap, group: FileGroup): LineSelect {
  const { sales, returns } = map;
  const { columns } = sales;
  const layout = lineLayout(map);
  const reader = new ValueReader(group, map.timeZone);
  const cases = new LineCases(lineKinds(sales.leaveOut.map(({ reason }) => reason)));
  const sources = new Sources();
  for (const { reason, column, matches, unless } of sales.leaveOut) {
    const text = reader.text(column, 'sales.leaveOut');
    cases.add(
      matches === undefined
        ? `NOT coalesce(regexp_matches(${text}, ${literal(unless!)}), false)`
        : `regexp_matches(${text}, ${literal(matches)})`,
      reason,
    );
  }
  const values = new Map<string, string>();
  const role = (name: string): string => `sales.columns.${name}`;
  for (const name of ['article', 'market'] as const) {
    values.set(name, reader.text(columns[name], role(name)));
    sources.add(name, sourceOf(columns[name]), name);
    cases.add(`${name} IS NULL`, name === 'article' ? 'missingArticle' : 'missingMarket');
  }
  const understand = (
    name: string,
    column: string,
    sql: string,
    missing: string | null,
    bad: string,
  ): void => {
    values.set(name, sql);
    const isMissing = reader.isMissing(column, role(name));
    if (missing !== null) cases.add(isMissing, missing);
    cases.add(missing === null ? `${name} IS NULL AND NOT (${isMissing})` : `${name} IS NULL`, bad);
  };
  understand(
    'moment',
    columns.date,
    reader.time(columns.date, role('date')),
    'missingDate',
    'unreadableDate',
  );
  understand(
    'number',
    columns.units,
    reader.number(columns.units, role('units')),
    'missingUnits',
    'unreadableUnits',
  );
  sources.add('date', columns.date, 'moment').add('units', columns.units, 'number');
  const priced = columns.price === undefined ? 'amount' : 'price';
  const paid = (columns.price ?? columns.amount)!;
  understand('paid', paid, reader.number(paid, role(priced)), null, 'unreadablePrice');
  sources.add('price', paid, 'paid');
  if (columns.listPrice !== undefined) {
    const { listPrice } = columns;
    understand('listed', listPrice, reader.number(listPrice, role('listPrice')), null, 'unreadableListPrice');
    sources.add('listPrice', listPrice, 'listed');
  }
  if (columns.discountAmount !== undefined) {
    const { discountAmount } = columns;
    const taken = typeof discountAmount === 'string' ? [discountAmount] : discountAmount;
    taken.forEach((column, i) => {
      const number = reader.number(column, role('discountAmount'));
      understand(`taken${i}`, column, number, null, 'unreadableDiscount');
      sources.add('discountAmount', column, `taken${i}`);
    });
  }
  if (columns.stock !== undefined) {
    understand('stock', columns.stock, reader.number(columns.stock, role('stock')), null, 'unreadableStock');
    sources.add('stock', columns.stock, 'stock');
  }
  for (const [name, column] of layout.covariates) {
    const source = sales.covariates[name]!.column;
    understand(column, source, reader.flag(source, `sales.covariates.${name}`), null, 'unreadableCovariate');
    sources.add('covariates', source, column);
  }
  for (const { table, name, column } of layout.attributes)
    values.set(column, reader.text(map[table]!.columns[name]!, `${table}.columns.${name}`));
  if (returns !== undefined) {
    values.set('party', reader.text(columns[returns.match]!, role(returns.match)));
    if (returns.documents !== undefined)
      values.set('document', reader.text(columns.document!, role('document')));
  }
  cases.addDays(map);
  if (returns?.documents !== undefined) {
    cases.add(`regexp_matches(document, ${literal(returns.documents)}) AND number < 0`, 'return');
    cases.add(`regexp_matches(document, ${literal(returns.documents)})`, 'contraryReturn');
  }
  const isNegativeReturn =
    returns !== undefined && returns.documents === undefined && returns.files === undefined;
  cases.add('number < 0', isNegativeReturn ? 'return' : 'negativeUnits');
  if (!layout.isDaily) cases.add('number = 0', 'noUnits');
  cases.add('number > 0 AND NOT coalesce(paid > 0, false)', 'unpriced');
  const meanings = new Map([
    ['revenue', micro(columns.price === undefined ? 'paid' : 'paid * number')],
    ['list', micro(listSql(columns))],
    ['shelf', columns.price === undefined ? 'CAST(NULL AS BIGINT)' : micro(positive('paid'))],
    ['shelf_list', columns.listPrice === undefined ? 'CAST(NULL AS BIGINT)' : micro(positive('listed'))],
  ]);
  return {
    sql: lineQuery({ group, reader, values, cases, outputs: outputs(map, values, meanings) }),
    sources,
  };
}

/**
 * A query for returns that have files of their own.
 * @param map of the import
 * @param group of files
 * @returns it
 * @throws SchemaError when a column is missing or of a wrong type
 */
export function returnsSelect(map: ImportMap, group: FileGroup): LineSelect {
  const { match, columns } = map.returns!;
  const { article, date, units } = columns!;
  const reader = new ValueReader(group, map.timeZone);
  const cases = new LineCases(lineKinds(map.sales.leaveOut.map(({ reason }) => reason)));
  const role = (name: string): string => `returns.columns.${name}`;
  const values = new Map<string, string>([
    ['article', reader.text(article, role('article'))],
    // A cohort belongs to the market of the purchase.
    ['market', 'CAST(NULL AS VARCHAR)'],
    ['moment', reader.time(date, role('date'))],
    ['number', `-abs(${reader.number(units, role('units'))})`],
    ['party', reader.text(columns![match]!, role(match))],
  ]);
  cases.add('article IS NULL', 'missingArticle');
  cases.add(reader.isMissing(date, role('date')), 'missingDate');
  cases.add('moment IS NULL', 'unreadableDate');
  cases.add(reader.isMissing(units, role('units')), 'missingUnits');
  cases.add('number IS NULL', 'unreadableUnits');
  cases.addDays(map);
  cases.add('number = 0', 'noUnits');
  cases.rest = RETURN;
  const sources = new Sources()
    .add('article', sourceOf(article), 'article')
    .add('date', date, 'moment')
    .add('units', units, 'number');
  return {
    sql: lineQuery({ group, reader, values, cases, outputs: outputs(map, values, new Map()) }),
    sources,
  };
}

/** Columns of the table of lines; what these lines do not tell is null. */
function outputs(
  map: ImportMap,
  values: ReadonlyMap<string, string>,
  meanings: ReadonlyMap<string, string>,
): Map<string, string> {
  const columns = [...lineLayout(map).columns].map(([name, type]): [string, string] => [
    name,
    meanings.get(name) ?? (values.has(name) ? name : `CAST(NULL AS ${type})`),
  ]);
  return new Map([
    ['article', 'article'],
    ['market', 'market'],
    ['moment', 'moment'],
    ['units', micro('number')],
    ...columns,
  ]);
}

/** A price of nothing on a day without a sale is no price. */
function positive(price: string): string {
  return `CASE WHEN ${price} > 0 THEN ${price} END`;
}

/** Undiscounted value of a line. */
function listSql(columns: ImportMap['sales']['columns']): string {
  if (columns.listPrice !== undefined) return 'CASE WHEN listed > 0 THEN listed * number END';
  if (columns.discountAmount === undefined) return 'CAST(NULL AS DOUBLE)';
  const count = typeof columns.discountAmount === 'string' ? 1 : columns.discountAmount.length;
  const taken = Array.from({ length: count }, (_, i) => `coalesce(abs(taken${i}), 0)`).join(' + ');
  return `${columns.price === undefined ? 'paid' : 'paid * number'} + ${taken}`;
}
