import { Batch, dateColumn, float32Column, float64Column, int32Column, stringColumn } from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/** Weeks ahead and discount levels of a series. */
const WEEKS = 26;
const LEVELS = 15;
const BATCH_ROWS = 390 * 1024;
const MARKETS = ['DE', 'AT', 'CH', 'FR', 'NL', 'BE', 'PL', 'SE', 'DK', 'FI', 'IT', 'ES', 'NO', 'CZ'];

const [path, text] = process.argv.slice(2) as [string, string];
const rows = Number(text);
const series = Math.ceil(rows / (WEEKS * LEVELS));
const random = xoroshiro128plus(20_250_106);
const uniform = (): number => uniformFloat64(random);
const base = Float64Array.from({ length: series }, () => Math.exp(3 * uniform()));
const elasticity = Float64Array.from({ length: series }, () => 1 + 3 * uniform());
const names = Array.from({ length: series }, (_, i) => `A${String(i).padStart(7, '0')}`);

function* batches(): Generator<Batch> {
  for (let start = 0; start < rows; start += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, rows - start);
    const article = new Int32Array(count);
    const market = new Int32Array(count);
    const week = new Int32Array(count);
    const ahead = new Int32Array(count);
    const discount = new Float64Array(count);
    const demand = new Float64Array(count);
    const upper = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const row = start + i;
      const one = Math.floor(row / (WEEKS * LEVELS));
      const step = Math.floor(row / LEVELS) % WEEKS;
      article[i] = one;
      market[i] = one % MARKETS.length;
      week[i] = 20_000 + 7 * step;
      ahead[i] = step + 1;
      discount[i] = Math.round(5 * (row % LEVELS)) / 100;
      demand[i] = base[one]! * Math.exp(elasticity[one]! * discount[i]!) * (1 + 0.2 * Math.sin(step / 4));
      upper[i] = 1.3 * demand[i]! + 1;
    }
    yield new Batch({
      article_id: stringColumn(article, names),
      market: stringColumn(market, MARKETS),
      week: dateColumn(week),
      week_ahead: int32Column(ahead),
      discount: float64Column(discount),
      demand: float64Column(demand),
      demand_q90: float32Column(upper),
      model_version: stringColumn(new Int32Array(count), ['demand-transformer/17']),
    });
  }
}

await writeParquetFile(path, batches(), { codec: 'none' });
