import {
  boolColumn,
  Batch,
  dateColumn,
  float32Column,
  float64Column,
  int32Column,
  int64Column,
  stringColumn,
  timestampColumn,
  validityWithout,
} from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/** Weeks of a series, and rows of a row group as pyarrow makes them. */
const WEEKS = 200;
const GROUP_ROWS = 1_048_576;
const MARKETS = ['DE', 'AT', 'CH', 'FR', 'NL', 'BE', 'PL', 'SE', 'DK', 'FI', 'IT', 'ES', 'NO', 'CZ'];

const [path, text, codec] = process.argv.slice(2) as [string, string, 'snappy' | 'zstd'];
const rows = Number(text);
const series = Math.ceil(rows / WEEKS);
const random = xoroshiro128plus(20_250_106);
const uniform = (): number => uniformFloat64(random);
const names = Array.from({ length: series }, (_, i) => `A${String(i).padStart(7, '0')}`);
const prices = Float64Array.from({ length: series }, () => Math.floor(580 * uniform()) / 2 + 9.99);
const groups = Array.from({ length: 40 }, (_, i) => `g${i}`);
const seasons = Array.from({ length: 4 }, (_, i) => `s${i}`);

function* batches(): Generator<Batch> {
  for (let start = 0; start < rows; start += GROUP_ROWS) {
    const count = Math.min(GROUP_ROWS, rows - start);
    const seriesOf = Int32Array.from({ length: count }, (_, i) => Math.floor((start + i) / WEEKS));
    const week = Int32Array.from({ length: count }, (_, i) => 17_000 + 7 * ((start + i) % WEEKS));
    const fill = <A extends Float64Array | Float32Array | Int32Array>(
      values: A,
      next: (row: number) => number,
    ): A => {
      for (let row = 0; row < count; row++) values[row] = next(row);
      return values;
    };
    const demand = fill(new Int32Array(count), () => -3 * Math.log(1 - uniform()));
    const stock = fill(new Int32Array(count), () => 2000 * uniform());
    const missing = Array.from({ length: count }, (_, row) => row).filter(() => uniform() < 0.02);
    yield new Batch({
      article_id: stringColumn(seriesOf, names),
      market: stringColumn(
        seriesOf.map((each) => each % MARKETS.length),
        MARKETS,
      ),
      week: dateColumn(week),
      demand: int32Column(demand),
      discount: float64Column(fill(new Float64Array(count), () => Math.floor(20 * uniform()) / 20)),
      black_price: float64Column(fill(new Float64Array(count), (row) => prices[seriesOf[row]!]!)),
      stock: int32Column(stock, validityWithout(count, missing)),
      sales: int32Column(fill(new Int32Array(count), (row) => Math.min(demand[row]!, stock[row]!))),
      promoted: boolColumn(Uint8Array.from({ length: count }, () => Number(uniform() < 0.1))),
      temperature: float64Column(fill(new Float64Array(count), () => 10 + 10 * (uniform() - 0.5))),
      cost: float32Column(fill(new Float32Array(count), uniform)),
      loaded_at: timestampColumn(
        BigInt64Array.from(week, (day) => BigInt(day) * 86_400_000_000n),
        'us',
      ),
      article_group: stringColumn(
        seriesOf.map((each) => each % 40),
        groups,
      ),
      season: stringColumn(
        seriesOf.map((each) => each % 4),
        seasons,
      ),
      views: int64Column(
        BigInt64Array.from({ length: count }, () => BigInt(Math.floor(100_000 * uniform()))),
      ),
    });
  }
}

await writeParquetFile(path, batches(), { codec, rowGroupRows: GROUP_ROWS });
