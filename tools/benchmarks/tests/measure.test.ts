import { expect, it } from 'vitest';
import type { Comparison, Sample } from '../src/harness/contestant.ts';
import { measure, median } from '../src/harness/measure.ts';
import { formatResult } from '../src/harness/report.ts';

const program = { file: 'true', args: [] };
const comparison: Comparison = {
  title: 'a race',
  contestants: [
    { name: 'ours', program },
    { name: 'peer', program },
  ],
  skipped: [{ name: 'other', reason: 'not installed' }],
  reference: 'peer',
  verdicts: (find) => {
    const value = find('ours')!.seconds.median / find('peer')!.seconds.median;
    return [{ requirement: 'at most half the time', value, limit: 0.5, holds: value <= 0.5 }];
  },
};

it('takes the middle one', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([7])).toBe(7);
});

it('runs contestants in turn and sums their samples up', async () => {
  const times: Record<string, number[]> = { ours: [3, 1, 2], peer: [8, 4, 4] };
  const order: string[] = [];
  const result = await measure(
    comparison,
    3,
    ({ name }, round) => order.push(`${name} ${round}`),
    ({ name }) => {
      const seconds = times[name]!.shift()!;
      return Promise.resolve<Sample>({ seconds, peakBytes: seconds * 1e6, check: 'same', bytes: 5e6 });
    },
  );
  expect(order).toEqual(['ours 0', 'peer 0', 'ours 1', 'peer 1', 'ours 2', 'peer 2']);
  expect(result.measured[0]).toMatchObject({
    seconds: { median: 2, least: 1, most: 3 },
    peakBytes: 3e6,
    bytes: 5e6,
  });
  expect(result.verdicts).toEqual([
    { requirement: 'at most half the time', value: 0.5, limit: 0.5, holds: true },
  ]);
  const text = formatResult(result);
  expect(text).toMatch(/^ours +2\.000 +1\.000 – 3\.000 +0\.50 +3 +5\.0$/m);
  expect(text).toMatch(/skipped other: not installed/);
  expect(text).toMatch(/holds: at most half the time \(0\.50, limit 0\.5\)/);
});

it('refuses contestants that did not do the same', async () => {
  const run = ({ name }: { name: string }): Promise<Sample> =>
    Promise.resolve({ seconds: 1, peakBytes: 1, check: name });
  await expect(measure(comparison, 1, () => undefined, run)).rejects.toThrow(
    /a race: the contestants come to different results \(ours: ours, peer: peer\)/,
  );
});

it('tells what a contestant said when it failed', async () => {
  const failing = {
    ...comparison,
    contestants: [
      { name: 'ours', program: { file: process.execPath, args: ['-e', 'throw new Error("no luck")'] } },
    ],
  };
  await expect(measure(failing, 1, () => undefined)).rejects.toThrow(/ended with 1: .*no luck/s);
});
