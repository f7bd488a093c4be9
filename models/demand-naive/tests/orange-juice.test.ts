import { parseWeek } from '@hemline/core';
import { backtest } from '@hemline/evaluation';
import { openDataset } from '@hemline/runtime';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import model from '../src/model.ts';

const root = new URL('../../../', import.meta.url);
const data = fileURLToPath(new URL('../shared/data/orange-juice', root));
const descriptor = fileURLToPath(new URL('tools/reference-data/orange-juice/dataset.json', root));
const missing = !existsSync(data);

const CUTOFFS = ['1992-04-16', '1992-06-11', '1992-08-06'].map(parseWeek);

// The published figures of the reference data: demand errors to three decimals, and the rows that they are taken over.
describe.skipIf(missing)(`orange juice${missing ? ' (skipped: ../shared/data is not there)' : ''}`, () => {
  test.each([
    ['last', {}, [1.248, 0.929, 1.761]],
    ['mean', { method: 'mean', window: 8 }, [0.836, 0.844, 0.764]],
  ])('method %s reproduces the reference', async (_method, hyperparameters, errors) => {
    const { tables } = await openDataset(data, { descriptor });
    const { cutoffs } = await backtest(model, tables, { cutoffs: CUTOFFS, horizon: 8, hyperparameters });
    expect(cutoffs.map(({ metrics }) => Math.round(metrics['demandError']! * 1000) / 1000)).toEqual(errors);
    expect(cutoffs.map(({ rows }) => rows)).toEqual([7139, 6985, 6930]);
  });
});
