import { expect, it } from 'vitest';
import { formatTrends, ratioTrends, type BenchmarkDocument } from '../../src/harness/ratio-history.ts';

/** A run in which hemline takes so many times as long as its peer, on a machine of some speed. */
function run(ratio: number, speed = 1): BenchmarkDocument {
  const measured = (name: string, median: number): object => ({ name, seconds: { median: median / speed } });
  const result = {
    title: 'zstd',
    reference: 'pyarrow',
    measured: [measured('hemline', ratio), measured('pyarrow', 1)],
  };
  return {
    date: '2026-01-05T00:00:00Z',
    machine: {},
    results: { 'parquet-read': [result] as never, 'demand-accuracy': [{}] },
  };
}

it('compares ratios with the median of former runs, whatever machine they ran on', () => {
  expect(ratioTrends(run(0.9), [run(0.5), run(0.7, 10), run(0.6)])).toEqual([
    { name: 'parquet-read: zstd: hemline / pyarrow', ratio: 0.9, before: 0.6, runs: 3 },
  ]);
});

it('the first run has nothing to be compared with', () => {
  const trends = ratioTrends(run(0.5), []);
  expect(trends).toMatchObject([{ before: null, runs: 0 }]);
  expect(formatTrends(trends)).toContain('| parquet-read: zstd: hemline / pyarrow | 0.50 |  |  | 0 |');
});

it('long ago is forgotten', () => {
  const history = [...Array.from({ length: 50 }, () => run(5)), ...Array.from({ length: 14 }, () => run(1))];
  expect(ratioTrends(run(1.1), history)).toMatchObject([{ before: 1, runs: 14 }]);
  expect(formatTrends(ratioTrends(run(1.1), history))).toContain('| +10 % |');
});
