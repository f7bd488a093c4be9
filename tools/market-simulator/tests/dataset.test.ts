import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collect, formatWeek } from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { simulateMarket } from '../src/simulate-market.ts';

const scratch = mkdtempSync(join(tmpdir(), 'market-dataset-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the observed folder', () => {
  it('is a valid dataset with all seven tables, a partition a market', async () => {
    const { observed, tables, lastWeek } = await simulateMarket({
      out: join(scratch, 'market'),
      articles: 30,
      markets: 3,
      weeks: 60,
    });
    const dataset = await openDataset(observed);
    const { rows } = await dataset.validate();
    expect(rows).toEqual({
      weekly: tables['observed/weekly']!.rows,
      articles: 30,
      markets: 3,
      sizes: tables['observed/sizes']!.rows,
      returns: tables['observed/returns']!.rows,
      fulfillment: tables['observed/fulfillment']!.rows,
      clearance: tables['observed/clearance']!.rows,
    });
    expect(dataset.partitions.map(({ name }) => name)).toEqual(['market=DE', 'market=FR', 'market=IT']);
    expect(formatWeek(await dataset.lastKnownWeek())).toBe(lastWeek);

    const weekly = await collect(dataset.tables.get('weekly'));
    expect(weekly.names).toEqual(
      expect.arrayContaining(['demand', 'sales', 'uncensored', 'campaign', 'delivery', 'page_views']),
    );
    expect(weekly.floats('demand')).toEqual(weekly.floats('sales'));
  });

  it('leaves out a table that stayed empty', async () => {
    const { observed, tables } = await simulateMarket({
      out: join(scratch, 'short'),
      articles: 3,
      markets: 1,
      weeks: 13,
    });
    expect(tables['observed/clearance']!.rows).toBe(0);
    expect(existsSync(join(observed, 'clearance'))).toBe(false);
    await (await openDataset(observed)).validate();
  });
});
