import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '@hemline/runtime';
import { backtest, features, forecast, inspect, readTable, train } from '../../src/index.ts';

/*
 * Small inputs after what people reported of other tools that do this work, each with what is right: they lie beside the project, not in
 * a user's clone.
 */
const CASES = fileURLToPath(new URL('../../../../../shared/cases', import.meta.url));
const isThere = existsSync(CASES);
if (!isThere)
  process.stderr.write('field-cases.test.ts skips: the cases from the field are not beside this project\n');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-cases-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = { method: 'mean' };
interface Scored {
  readonly demandError: number;
  readonly demandBias: number;
  readonly rows: number;
}

const scoresOf = async (name: string, cutoff = '2024-06-03', descriptor?: string): Promise<Scored> => {
  const { cutoffs } = await backtest('demand-naive', {
    ...{ data: join(CASES, name), cutoffs: [cutoff], hyperparameters: settings, home: join(folder, 'home') },
    ...(descriptor === undefined ? {} : { descriptor }),
  });
  const { rows, metrics } = cutoffs[0]!;
  const rounded = (name: string): number => Number(metrics[name]!.toFixed(4));
  return { demandError: rounded('demandError'), demandBias: rounded('demandBias'), rows };
};

describe.skipIf(!isThere)('cases from the field', () => {
  it.each([
    ...['whole', 'query-result', 'short-suffix', 'capitals'].map((name) => `files-without-suffix/${name}`),
    ...[
      'binary-attribute/data',
      'foreign-footer/no-value',
      'foreign-footer/whole-number',
      'local-midnight/data',
    ],
    ...['net-sales-and-price-rises/left-empty'],
    ...['null-typed-column/all-null-dates', 'null-typed-column/null-in-one-market'],
  ])('%s is read whole', async (name) => {
    expect(await scoresOf(name)).toEqual({ demandError: 0.1059, demandBias: 0.0066, rows: 42 });
  });

  it.each(['by-week', 'flat'])('a table in folders by week is as one that is not: %s', async (name) => {
    const scores = { demandError: 0.1206, demandBias: -0.1095, rows: 4 };
    expect(await scoresOf(`partitioned-by-week/${name}`, '2024-04-01')).toEqual(scores);
  });

  it.each([
    ['net-negative', /leave it empty \(null\) in such a week, and keep returns in the table returns/],
    ['row-taken-out', /a week is skipped .*"zero" .*"unobserved"/],
    ['price-rise', /the price is above the black price.*"pricesAbove"/],
    ['gift', /at 1 the price is 0, and what is given away is no demand.*"gifts"/],
  ])('what tills write is refused with a remedy that works: %s', async (name, message) => {
    await expect(scoresOf(`net-sales-and-price-rises/${name}`)).rejects.toThrow(message);
  });

  it('bytes are listed as such', async () => {
    const { tables } = await inspect(join(CASES, 'binary-attribute/data'));
    const articles = tables.find(({ name }) => name === 'articles')!;
    expect(articles.unused).toEqual([
      { name: 'image_hash', type: 'BYTE_ARRAY', reason: 'a type that is not read' },
    ]);
  });

  it('sales that have a row only where something was sold are what they are with rows of 0', async () => {
    const descriptor = join(folder, 'dataset.json');
    const weekly = { missingWeeks: 'zero', lastWeek: '2024-07-22' };
    await writeFile(descriptor, JSON.stringify({ name: 'sparse', tables: { weekly } }));
    const dense = await scoresOf('sparse-sales/dense');
    expect(dense.demandError).toBe(0.9682);
    expect(await scoresOf('sparse-sales/sparse', '2024-06-03', descriptor)).toEqual(dense);
    const common = { data: join(CASES, 'sparse-sales/sparse'), descriptor, home: join(folder, 'home') };
    await train('demand-naive', { ...common, hyperparameters: { ...settings, window: 10 } });
    const output = join(folder, 'sparse');
    await forecast('demand-naive', { ...common, horizon: 1, discounts: '0', output });
    const forecasts = await readTable(output, { columns: ['week', 'demand'] });
    const { week, demand } = { week: forecasts.getChild('week')!, demand: forecasts.getChild('demand')! };
    expect([...demand]).toEqual(Array(6).fill(1));
    expect(new Date(Number(week.get(0))).toISOString()).toMatch(/^2024-07-29/);
  }, 120_000);

  it('a covariate of 64-bit integers gives the features of one of 32 bits', async () => {
    const written = [];
    for (const name of ['int32', 'int64']) {
      const data = join(CASES, 'int64-covariate', name);
      const { columns, rows } = await features({
        data,
        output: join(folder, name),
        home: join(folder, 'home'),
      });
      written.push({ columns, rows });
    }
    expect(written[0]!.columns).toContain('promo');
    expect(written[1]).toEqual(written[0]);
    const promoOf = async (name: string): Promise<unknown[]> => [
      ...(await readTable(join(folder, name), { columns: ['promo'] })).getChild('promo')!,
    ];
    expect(await promoOf('int64')).toEqual(await promoOf('int32'));
  }, 120_000);

  it.each(['returns-by-last-day', 'returns-on-sunday'])(
    'weeks of two tables that begin on different weekdays are refused: %s',
    async (name) => {
      const dataset = await openDataset(join(CASES, 'week-anchor-across-tables', name));
      await expect(dataset.validate()).rejects.toThrow(
        /Monday, in column week of table weekly, found .*a Sunday/,
      );
    },
  );
});
