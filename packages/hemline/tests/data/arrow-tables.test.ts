import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DateDay, Float64, Table, tableFromIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { collect, formatWeek, parseWeek } from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../src/data/inspect.ts';
import { forecastTable, readTable, writeArrow, writeDataset } from '../../src/data/arrow-tables.ts';
import { simulate } from '../../src/data/simulate.ts';
import { forecast } from '../../src/modelling/forecast.ts';
import { train } from '../../src/modelling/train.ts';
import { pyarrow } from './pyarrow.ts';

const environment = await pyarrow();
if ('missing' in environment)
  process.stderr.write(`pyarrow does not check Arrow files: ${environment.missing}\n`);

let folder: string;
let data: string;
let forecasts: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-arrow-'));
  const market = { out: join(folder, 'market'), articles: 12, markets: 2, weeks: 60 };
  data = (await simulate(market)).observed;
  const home = join(folder, 'home');
  await train('demand-naive', { data, home });
  const result = await forecast('demand-naive', { data, home, horizon: 2, discounts: '0,0.3' });
  forecasts = result.directory;
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const columns = ['article', 'market', 'week', 'demand', 'discount'];

describe('tables as Arrow', () => {
  it('a table of a dataset has the very values that the dataset has', async () => {
    const table = await readTable(data, { columns });
    const batch = await collect((await openDataset(data)).tables.get('weekly'), { columns });
    expect(table.numRows).toBe(batch.length);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(columns);
    const weeks = batch.weeks('week');
    const demand = batch.floats('demand');
    const articles = batch.strings('article');
    for (let row = 0; row < batch.length; row += 97) {
      const found = table.get(row)!.toJSON();
      expect(found['article']).toBe(articles.dictionary[articles.values[row]!]);
      expect(new Date(found['week'] as number).toISOString().slice(0, 10)).toBe(formatWeek(weeks[row]!));
      expect(found['demand'] ?? NaN).toBe(demand[row]);
    }
  });

  it('forecasts are one table of all their files; ranges and rows take part of it', async () => {
    const all = await forecastTable(forecasts);
    const { kind, tables } = await inspect(`${forecasts}/`);
    expect([kind, tables.length, tables[0]!.rows]).toEqual(['output', 1, all.numRows]);
    expect(tables[0]!.columns.find(({ name }) => name === 'market')).toMatchObject({ distinct: '2' });
    expect((await inspect(forecasts, { statistics: false })).tables[0]!.rows).toBe(all.numRows);
    const items = new Set([...all].map(({ article, market }) => `${article} ${market}`));
    expect(all.numRows).toBe(items.size * 2 * 2);
    expect((await readTable(forecasts)).numRows).toBe(all.numRows);
    const market = String(all.get(0)!['market']);
    const where = [{ column: 'market', from: market, to: market }];
    const one = await forecastTable(forecasts, { columns: ['market', 'demand'], where });
    expect(new Set([...one].map((row) => row['market']))).toEqual(new Set([market]));
    expect([...one].map(({ demand }) => demand)).toEqual(
      [...all].filter((row) => row['market'] === market).map(({ demand }) => demand),
    );
    expect((await forecastTable(forecasts, { rows: 3 })).numRows).toBe(3);
  });

  it('what is not there is told, with what was meant', async () => {
    await expect(readTable(data, { columns: ['demnd'] })).rejects.toThrow(
      /no column demnd .*Did you mean demand\?/,
    );
    await expect(readTable(data, { table: 'clearance' as never, columns: ['x'] })).rejects.toThrow(
      /no (table|column)/,
    );
    await expect(forecastTable(data)).rejects.toThrow(/manifest/);
  });

  it('an Arrow file has the rows that it was asked for, and appears whole', async () => {
    const file = join(folder, 'out', 'weekly.arrow');
    const written = await writeArrow(data, file, { columns, rows: 100 });
    expect(written).toEqual({ file, rows: 100, columns });
    const back = tableFromIPC(await readFile(file));
    expect(back.toArray().map(String)).toEqual(
      (await readTable(data, { columns, rows: 100 })).toArray().map(String),
    );
  });

  it('Arrow tables become a dataset that models train on', async () => {
    const weeks = Array.from({ length: 60 }, (_, i) => new Date(864e5 * (parseWeek('2024-01-01') + 7 * i)));
    const weekly = new Table({
      article: vectorFromArray(
        weeks.map(() => 'coat'),
        new Utf8(),
      ),
      market: vectorFromArray(
        weeks.map(() => 'DE'),
        new Utf8(),
      ),
      week: vectorFromArray(weeks, new DateDay()),
      demand: vectorFromArray(
        weeks.map((_, i) => i % 4),
        new Float64(),
      ),
      discount: vectorFromArray(
        weeks.map(() => 0),
        new Float64(),
      ),
      blackPrice: vectorFromArray(
        weeks.map(() => 99.5),
        new Float64(),
      ),
    });
    const directory = await writeDataset(join(folder, 'given'), { weekly });
    const back = await readTable(directory);
    expect(back.toArray().map((row) => row.toJSON())).toEqual(weekly.toArray().map((row) => row.toJSON()));
    const trained = await train('demand-naive', { data: directory, home: join(folder, 'home') });
    expect(trained.cutoff).toBe('2025-02-17');
    await expect(writeDataset(directory, { weekly })).rejects.toThrow(/holds something.*weekly\.parquet/s);
    await expect(
      writeDataset(join(folder, 'short'), { weekly: weekly.select(['article', 'demand']) as Table }),
    ).rejects.toThrow(/market/);
  });

  it.skipIf('missing' in environment)('pyarrow reads the same types and values', async () => {
    const file = join(folder, 'forecast.arrow');
    await writeArrow(forecasts, file);
    const script = join(folder, 'read.py');
    await writeFile(
      script,
      [
        'import json, sys, pyarrow as pa, pyarrow.feather as feather',
        'table = feather.read_table(sys.argv[1])',
        'types = {f.name: str(f.type) for f in table.schema}',
        'plain = table.select(["article", "market", "discount", "demand"]).to_pylist()',
        'weeks = [d.isoformat() for d in table["week"].to_pylist()]',
        'print(json.dumps({"types": types, "rows": plain, "weeks": weeks}))',
      ].join('\n'),
    );
    const { python } = environment as { python: string };
    const read = JSON.parse(execFileSync(python, [script, file], { maxBuffer: 1 << 28 }).toString()) as {
      types: Record<string, string>;
      rows: Record<string, unknown>[];
      weeks: string[];
    };
    expect(read.types).toMatchObject({
      article: 'dictionary<values=string, indices=int32, ordered=0>',
      week: 'date32[day]',
      discount: expect.stringMatching(/^(float|double)$/) as string,
      demand: expect.stringMatching(/^(float|double)$/) as string,
    });
    const own = await forecastTable(forecasts);
    expect(read.rows).toEqual(
      [...own].map(({ article, market, discount, demand }) => ({ article, market, discount, demand })),
    );
    expect(read.weeks).toEqual(
      [...own].map(({ week }) => new Date(week as number).toISOString().slice(0, 10)),
    );
  });
});
