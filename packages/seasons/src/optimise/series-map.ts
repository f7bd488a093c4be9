import {
  Batch,
  collect,
  DataError,
  float64Column,
  KeyIndex,
  SERIES_KEY,
  stringsToColumn,
  type StringColumn,
  type Tables,
} from '@hemline/core';
import { orderSeries, type SeriesOrder } from '@hemline/pricing';
import type { Situation } from '../policies/policy.ts';

/** Series of a market as pricing numbers them. */
export interface SeriesMap {
  readonly order: SeriesOrder;
  /** `article` and `market` of the series, in the order that they were given in. */
  readonly keys: Batch;
  /** Number in the market of each series of the order. */
  readonly seriesOf: Int32Array;
}

/**
 * Orders some series of a market as pricing does.
 * @param situation of the market
 * @param series numbers of those that are priced, rising
 * @param tables of the dataset, for the attributes of articles and markets; null: limits do not ask for any
 * @returns the order, and the way back
 */
export async function mapSeries(
  situation: Pick<Situation, 'articles' | 'markets' | 'article' | 'market' | 'vat' | 'pool'>,
  series: Int32Array,
  tables: Tables | null,
): Promise<SeriesMap> {
  const keys = new Batch(
    {
      article: textColumn(
        situation.articles,
        series.map((n) => situation.article[n]!),
      ),
      market: textColumn(
        situation.markets,
        series.map((n) => situation.market[n]!),
      ),
    },
    series.length,
  );
  const index = new KeyIndex(SERIES_KEY);
  index.add(keys);
  const order =
    tables === null
      ? orderSeries(index, null, marketTerms(situation))
      : orderSeries(index, await attributes(tables, 'articles'), await attributes(tables, 'markets'));
  const seriesOf = new Int32Array(series.length).fill(-1);
  order.find(keys).forEach((place, row) => (seriesOf[place] = series[row]!));
  if (seriesOf.includes(-1))
    throw new DataError('a market has two series of one article', {
      expected: 'names of articles and markets that occur once',
      found: `${series.length} series, not all with a name of their own`,
    });
  return { order, keys, seriesOf };
}

function textColumn(dictionary: readonly string[], values: Int32Array): StringColumn {
  return { type: 'string', length: values.length, values, dictionary, validity: null };
}

async function attributes(tables: Tables, name: 'articles' | 'markets'): Promise<Batch | null> {
  const found = tables.find(name);
  return found === undefined ? null : collect(found);
}

/** What pricing needs of the markets besides their names. */
function marketTerms({ markets, vat, pool }: Pick<Situation, 'markets' | 'vat' | 'pool'>): Batch {
  return new Batch({
    market: stringsToColumn(markets),
    vat: float64Column(vat),
    ...(pool === null ? {} : { pool: stringsToColumn(pool) }),
  });
}
