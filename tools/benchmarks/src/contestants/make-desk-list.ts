import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  Batch,
  dateColumn,
  float64Column,
  formatWeek,
  parseWeek,
  stringColumn,
  stringsToColumn,
  type Column,
} from '@hemline/core';
import { readManifest, writeParquetFile } from '@hemline/stores';
import { LIST_MARKETS } from '../desk/large-list.ts';

/**
 * A priced run, its tables replaced by generated ones of so many rows of the list, 4 weeks each, with data beside it.
 * Arguments: home with a priced run, folder to write, rows of the list.
 */
const [from, out, text] = process.argv.slice(2) as [string, string, string];
const M = LIST_MARKETS.length;
const WEEKS = 4;
const FIRST = parseWeek('2026-01-05');
const GROUPS = ['boots', 'jackets', 'knitwear', 'sandals', 'shirts', 'sneakers', 'socks', 'trousers'];
const REASONS = ['demand', 'hold', 'limit', 'season-end', 'stock'];
/** Articles of a batch. */
const AT_A_TIME = 5000;
const articles = Math.ceil(Number(text) / M);

const nameOf = (a: number): string => `A${String(a).padStart(8, '0')}`;
/** Evenly spread, the same every time. */
const drawn = (seed: number): number => {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
};
/** Of row i of the table recommendations. */
const salesOf = (i: number): number => 30 * drawn(3 * i + 1);
const heldSalesOf = (i: number): number => salesOf(i) * (0.7 + 0.3 * drawn(3 * i + 2));
const profitOf = (i: number): number => 9 * salesOf(i);
const heldProfitOf = (i: number): number => 9.5 * heldSalesOf(i);
/** Twentieths. */
const heldLevel = (a: number, m: number): number => Math.floor(8 * drawn(a * M + m));
const level = (a: number, m: number, t: number): number =>
  Math.min(14, heldLevel(a, m) + Math.floor(4 * drawn(a * 31 + m * 7 + t)));

function* inBatches(
  pick: (from: number, count: number) => Readonly<Record<string, Column>>,
): Generator<Batch> {
  for (let a = 0; a < articles; a += AT_A_TIME) yield new Batch(pick(a, Math.min(AT_A_TIME, articles - a)));
}
const namesFrom = (a: number, count: number): string[] =>
  Array.from({ length: count }, (_, k) => nameOf(a + k));

function recommendations(start: number, own: number): Readonly<Record<string, Column>> {
  const length = own * M * WEEKS;
  const each = (pick: (i: number, a: number, m: number, t: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, i) =>
      pick(start * M * WEEKS + i, start + Math.floor(i / (M * WEEKS)), Math.floor(i / WEEKS) % M, i % WEEKS),
    );
  const codes = (pick: (i: number) => number): Int32Array => Int32Array.from({ length }, (_, i) => pick(i));
  const price = (a: number): number => 10 + Math.round(9000 * drawn(a)) / 100;
  return {
    article: stringColumn(
      codes((i) => Math.floor(i / (M * WEEKS))),
      namesFrom(start, own),
    ),
    market: stringColumn(
      codes((i) => Math.floor(i / WEEKS) % M),
      LIST_MARKETS,
    ),
    week: dateColumn(codes((i) => FIRST + 7 * (i % WEEKS))),
    discount: float64Column(each((_, a, m, t) => level(a, m, t) / 20)),
    price: float64Column(each((_, a, m, t) => price(a) * (1 - level(a, m, t) / 20))),
    ...{ sales: float64Column(each(salesOf)), profit: float64Column(each(profitOf)) },
    held_discount: float64Column(each((_, a, m) => heldLevel(a, m) / 20)),
    ...{ held_sales: float64Column(each(heldSalesOf)), held_profit: float64Column(each(heldProfitOf)) },
    reason: stringColumn(
      codes((i) => Math.floor(5 * drawn(start + i + 5))),
      REASONS,
    ),
    support: float64Column(each((_, a, m) => Math.floor(100 * drawn(a * 13 + m + 3)))),
  };
}

/** What an article gains is what its rows do: nothing is left over to be shared out among them. */
function gainOf(a: number): number {
  let gain = 0;
  for (let i = a * M * WEEKS; i < (a + 1) * M * WEEKS; i++) gain += profitOf(i) - heldProfitOf(i);
  return gain;
}

await rm(out, { recursive: true, force: true });
const home = join(out, 'home');
await cp(from, home, { recursive: true });
const run = (await readdir(join(home, 'runs'))).find((name) => name.startsWith('price-'))!;
const place = join(home, 'runs', run, 'pricing/recommendations');
// A run is told by its record and by what has happened: both name the place of its tables.
for (const name of ['record.json', 'events.jsonl']) {
  const file = join(home, 'runs', run, name);
  const told = await readFile(file, 'utf8');
  await writeFile(file, told.replaceAll(pathToFileURL(from).href, pathToFileURL(home).href));
}
const manifest = await readManifest(place);
const written = async (name: string, batches: Iterable<Batch>): Promise<object> => {
  const file = `${name}-1.parquet`;
  const { rows, bytes, sha256 } = await writeParquetFile(join(place, file), batches);
  return { partition: name, file, inputHash: '', rows, bytes, sha256 };
};
for (const { file } of manifest.files) await rm(join(place, file));
const files = [
  await written(
    'articles',
    inBatches((a, count) => ({
      article: stringsToColumn(namesFrom(a, count)),
      gain: float64Column(Float64Array.from({ length: count }, (_, k) => gainOf(a + k))),
    })),
  ),
  await written('recommendations', inBatches(recommendations)),
];
await writeFile(join(place, 'manifest.json'), JSON.stringify({ ...manifest, files }));
const summary = JSON.parse(await readFile(join(place, '_summary.json'), 'utf8')) as object;
await writeFile(
  join(place, '_summary.json'),
  JSON.stringify({ ...summary, articles, cutoff: formatWeek(FIRST - 7), weeks: WEEKS, limits: [] }),
);

const data = join(out, 'data');
await mkdir(data);
await writeParquetFile(
  join(data, 'articles.parquet'),
  inBatches((a, count) => ({
    article: stringsToColumn(namesFrom(a, count)),
    group: stringsToColumn(Array.from({ length: count }, (_, k) => GROUPS[(a + k) % GROUPS.length]!)),
    season: stringsToColumn(Array.from({ length: count }, (_, k) => ((a + k) % 3 === 0 ? 'NOS' : 'SS26'))),
  })),
);
await writeParquetFile(join(data, 'markets.parquet'), [new Batch({ market: stringsToColumn(LIST_MARKETS) })]);
await writeParquetFile(
  join(data, 'weekly.parquet'),
  inBatches((a, count) => {
    const length = count * M;
    const each = (pick: (a: number) => number): Float64Array =>
      Float64Array.from({ length }, (_, i) => pick(a + Math.floor(i / M)));
    return {
      article: stringColumn(
        Int32Array.from({ length }, (_, i) => Math.floor(i / M)),
        namesFrom(a, count),
      ),
      market: stringColumn(
        Int32Array.from({ length }, (_, i) => i % M),
        LIST_MARKETS,
      ),
      week: dateColumn(new Int32Array(length).fill(FIRST - 7)),
      demand: float64Column(each((one) => 5 * drawn(one))),
      stock: float64Column(each((one) => Math.floor(500 * drawn(one + 9)))),
    };
  }),
);
await writeFile(
  join(out, 'list.json'),
  JSON.stringify({ run, file: join(place, 'recommendations-1.parquet'), first: formatWeek(FIRST) }),
);
