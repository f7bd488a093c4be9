import { cached } from '../harness/cache.ts';
import { pythonEnvironment } from '../harness/python-environment.ts';
import { nodeProgram, pythonProgram } from './programs.ts';
import { runChild } from '../harness/run-child.ts';

/** Columns that are read of the weekly history: 7 of 15. */
export const READ_COLUMNS = [
  'article_id',
  'market',
  'week',
  'demand',
  'discount',
  'black_price',
  'stock',
] as const;

/**
 * The weekly history: 15 columns, written by pyarrow with its defaults; by hemline where there is no pyarrow.
 * @param rows of it
 * @param codec of the file
 * @returns path of the file
 */
export async function historyTable(rows: number, codec: 'snappy' | 'zstd'): Promise<string> {
  const environment = await pythonEnvironment();
  const writer = 'python' in environment ? 'pyarrow' : 'hemline';
  return cached(`history-${rows}-${codec}-${writer}.parquet`, async (path) => {
    const args = [path, String(rows), codec];
    const program =
      'python' in environment
        ? pythonProgram(environment.python, 'make_history.py', args)
        : nodeProgram('make-history.ts', args);
    await runChild(program);
  });
}

/**
 * The forecast table: 8 columns of demand at every discount.
 * @param rows of it
 * @returns path of an uncompressed file that all contestants load it from
 */
export function forecastTable(rows: number): Promise<string> {
  return cached(`forecast-${rows}.parquet`, async (path) => {
    await runChild(nodeProgram('make-forecast.ts', [path, String(rows)]));
  });
}

/**
 * The panel that features are made of: series of 200 weeks, sorted by series and week.
 * @param rows of it
 * @returns path of an uncompressed file that all contestants load it from
 */
export function panelTable(rows: number): Promise<string> {
  return cached(`panel-${rows}.parquet`, async (path) => {
    await runChild(nodeProgram('make-panel.ts', [path, String(rows)]));
  });
}
