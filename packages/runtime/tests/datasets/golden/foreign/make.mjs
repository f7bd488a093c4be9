/*
 * Writes the datasets of this folder with polars (nodejs-polars 0.26.1) and arrow-rs (parquet-wasm 0.8.0, apache-arrow 21.2.0), and
 * beside each expected.json: the rows as they were handed over. In a folder with these packages: node make.mjs FOLDER
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const pl = require('nodejs-polars');
const arrow = require('apache-arrow');
const wasm = require('parquet-wasm/node');
const folder = process.argv[2];

let state = 7;
const below = (n) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
const one = (values) => values[below(values.length)];
const DAY = 86_400_000;
const MONDAY = Date.parse('2024-01-01');

/** Columns of one market: articles × weeks; what is missing is null. */
function rowsOf(spec, market) {
  const rows = [];
  for (let a = 0; a < spec.articles; a++)
    for (let w = 0; w < spec.weeks; w++)
      rows.push({
        article: spec.article === 'text' ? `Ä${a} "x"` : 1001 + a,
        market: `M${market}/ü`,
        week: MONDAY + 7 * DAY * w,
        demand: (a * 7 + market * 5 + w) % 6 === 0 ? null : ((a * 31 + market * 17 + w * 13) % 9) + (spec.whole ? 0 : 0.25),
        discount: (a + w) % 5 === 0 ? null : ((a + w) % 8) * 0.05,
        promo: (a + market + w) % 4 === 0 ? null : promoOf(spec, a, w),
      });
  return rows;
}

function promoOf({ promo }, a, w) {
  if (promo === 'text' || promo === 'category') return `p${(a + w) % 3}`;
  if (promo === 'bool') return (a + w) % 2 === 1;
  if (promo === 'date') return MONDAY + DAY * (a + w);
  return (a * 3 + w) % 7;
}

/** What a reader should make of a row. */
function expected(row, { single, promo }) {
  const iso = new Date(row.week).toISOString().slice(0, 10);
  const rounded = (value) => (value === null || !single ? value : Math.fround(value));
  const dated = promo === 'date' && row.promo !== null ? Math.round(row.promo / DAY) : row.promo;
  return [String(row.article), row.market, iso, rounded(row.demand), rounded(row.discount), dated];
}

const POLARS = {
  whole: [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64],
  week: [pl.Date, pl.Datetime('ms'), pl.Datetime('us'), pl.Datetime('ns')],
  article: { text: [pl.Utf8, pl.Categorical], number: [pl.Int32, pl.Int64, pl.UInt16, pl.UInt64] },
  promo: { text: pl.Utf8, category: pl.Categorical, bool: pl.Bool, date: pl.Date, number: one([pl.Int8, pl.UInt64]) },
};

function writePolars(rows, spec, columns, file) {
  const types = {
    article: spec.types.article,
    market: pl.Utf8,
    week: spec.types.week,
    demand: spec.types.demand,
    discount: spec.single ? pl.Float32 : pl.Float64,
    promo: POLARS.promo[spec.promo],
  };
  const series = columns.map((name) => {
    const values = rows.map((row) => row[name]);
    const isDay = name === 'week' || (name === 'promo' && spec.promo === 'date');
    const raw = isDay
      ? pl.Series(name, values.map((value) => (value === null ? null : new Date(value))), pl.Datetime('ms'))
      : pl.Series(name, values);
    return raw.cast(types[name]);
  });
  pl.DataFrame(series).writeParquet(file, { compression: spec.codec });
}

function writeArrow(rows, spec, columns, file) {
  const vector = (name) => {
    const values = rows.map((row) => row[name]);
    if (name === 'week') return arrow.vectorFromArray(values.map((value) => new Date(value)), spec.types.week);
    if (name === 'demand' || name === 'discount')
      return arrow.vectorFromArray(values, name === 'demand' && spec.whole ? spec.types.demand : spec.single ? new arrow.Float32() : new arrow.Float64());
    if (name === 'promo') {
      if (spec.promo === 'date') return arrow.vectorFromArray(values.map((value) => (value === null ? null : new Date(value))), new arrow.DateDay());
      if (spec.promo === 'bool') return arrow.vectorFromArray(values, new arrow.Bool());
      if (spec.promo === 'number') return arrow.vectorFromArray(values, new arrow.Int16());
      return arrow.vectorFromArray(values, spec.promo === 'category' ? new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()) : new arrow.Utf8());
    }
    return arrow.vectorFromArray(values, typeof values[0] === 'number' ? new arrow.Int32() : new arrow.Utf8());
  };
  const table = new arrow.Table(Object.fromEntries(columns.map((name) => [name, vector(name)])));
  const properties = new wasm.WriterPropertiesBuilder()
    .setCompression(wasm.Compression[spec.codec.toUpperCase()])
    .setWriterVersion(one([wasm.WriterVersion.V1, wasm.WriterVersion.V2]))
    .setMaxRowGroupSize(one([5, 1000]))
    .build();
  writeFileSync(file, wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), properties));
}

for (const [writer, count] of [['polars', 24], ['arrow-rs', 16]]) {
  for (let i = 0; i < count; i++) {
    const whole = below(2) === 0;
    const article = one(['text', 'number']);
    const isPolars = writer === 'polars';
    const single = !whole && below(2) === 0;
    const spec = {
      ...{ writer, whole, article, single, promo: one(['text', 'category', 'bool', 'date', 'number']) },
      ...{ layout: one(['flat', 'market']), articles: 1 + below(3), markets: 1 + below(2), weeks: 2 + below(5) },
      codec: one(['uncompressed', 'snappy', 'zstd', 'gzip']),
      types: isPolars
        ? {
            article: one(POLARS.article[article]),
            week: one(POLARS.week),
            demand: whole ? one(POLARS.whole) : single ? pl.Float32 : pl.Float64,
          }
        : {
            week: one([new arrow.DateDay(), new arrow.TimestampMillisecond(), new arrow.TimestampMicrosecond()]),
            demand: one([new arrow.Int8(), new arrow.Uint16(), new arrow.Int32()]),
          },
    };
    // Discounts are of the same precision as demand.
    const place = join(folder, `${writer}-${String(i).padStart(2, '0')}`);
    rmSync(place, { recursive: true, force: true });
    const columns = ['article', 'market', 'week', 'demand', 'discount', 'promo'];
    const write = isPolars ? writePolars : writeArrow;
    const all = [];
    const markets = Array.from({ length: spec.markets }, (_, market) => rowsOf(spec, market));
    if (spec.layout === 'flat') {
      mkdirSync(join(place, 'weekly'), { recursive: true });
      write(markets.flat(), spec, columns, join(place, 'weekly', 'part-0.parquet'));
    }
    for (const rows of markets) {
      all.push(...rows.map((row) => expected(row, spec)));
      if (spec.layout === 'flat') continue;
      const part = join(place, 'weekly', `market=${encodeURIComponent(rows[0].market)}`);
      mkdirSync(part, { recursive: true });
      write(rows, spec, columns.filter((name) => name !== 'market'), join(part, 'part-0.parquet'));
    }
    writeFileSync(join(place, 'dataset.json'), JSON.stringify({ name: writer, tables: { weekly: { futureCovariates: ['promo'] } } }));
    writeFileSync(join(place, 'expected.json'), JSON.stringify(all));
  }
}
