import { expect, it } from 'vitest';
import { formatSuite } from '../../src/accuracy/format-suite.ts';
import { suiteReport } from '../../src/accuracy/suite-report.ts';
import type { WindowScore } from '../../src/accuracy/window-score.ts';
import { windowScore } from './window-scores.ts';

const PART = (error: number): object => ({ rows: 1, error, bias: 0 });

function juice(contestant: string, kind: WindowScore['kind'], errors: readonly number[]): WindowScore[] {
  return errors.map((error, i) => {
    const [cutoff, seed] = [i < 2 ? '1992-04-16' : '1992-06-11', 1 + (i % 2)];
    const made = windowScore([error ** 2, error ** 2], {
      data: 'orange-juice',
      cutoff,
      seed,
      contestant,
      kind,
    });
    return { ...made, bias: i === 0 ? -0.5 : 0.1 };
  });
}

const coverage = {
  all: { 10: 0.12, 50: 0.5 },
  byWeek: [
    { 10: 0.12, 50: 0.5 },
    { 10: 0.17, 50: 0.45 },
  ],
};

const scores = [
  ...juice('demand-blend', 'model', [0.5, 0.52, 0.6, 0.62]).map((one) => ({ ...one, coverage })),
  ...juice('demand-trees', 'model', [0.5, 0.5, 0.56, 0.56]),
  ...juice('LightGBM, L2', 'peer', [0.6, 0.6, 0.6, 0.6]),
  ...juice('LightGBM, Tweedie', 'peer', [0.8, 0.8, 0.7, 0.7]),
  // Better than each, and no single model.
  ...juice('LightGBM, mean of all', 'peer-mean', [0.4, 0.4, 0.4, 0.4]),
];
const results = { title: 'a suite', scores, skipped: [], subject: 'demand-blend', isAnnounced: true };

it('has a line for each window and contestant, the mean of its seeds', () => {
  const { windows } = suiteReport(results);
  expect(windows).toHaveLength(2 * 5);
  expect(windows[0]).toMatchObject({
    contestant: 'demand-blend',
    cutoff: '1992-04-16',
    seeds: 2,
    seconds: 4,
  });
  expect(windows[0]!.error).toBeCloseTo(0.51, 12);
  expect(windows[0]!.bias).toBeCloseTo(-0.2, 12);
  expect(windows[0]!.seedSpread).toBeCloseTo(0.02 / Math.SQRT2, 12);
});

it('compares with the best single LightGBM, and the model that users get with the best of ours', () => {
  const { means } = suiteReport(results);
  const [blend, trees, l2] = means;
  expect(blend!.toPeer).toMatchObject({ reference: 'LightGBM, L2', pairs: 4 });
  expect(blend!.toPeer!.ratio).toBeCloseTo(0.56 / 0.6, 12);
  expect(blend!.toMember).toMatchObject({ reference: 'demand-trees' });
  expect(trees!.toMember).toBeNull();
  expect(l2!.toPeer).toBeNull();
});

it('says of each requirement whether it holds', () => {
  const { verdicts } = suiteReport(results);
  const found = verdicts.map(({ requirement, value, limit, holds }) => [
    ...[requirement, Number(value.toFixed(4)), limit, holds],
  ]);
  expect(found).toEqual([
    ['orange-juice: a mean error of at most', 0.56, 0.57, true],
    ['orange-juice: a mean bias, whatever its sign, of at most', 0.05, 0.1, true],
    ['orange-juice: error over that of LightGBM, L2, the best', 0.9333, 0.97, true],
    ['orange-juice: error over that of demand-trees, the best of ours', 1.0566, 1.01, false],
    ['orange-juice: quantiles are off by at most', 0.02, 0.03, true],
    ['orange-juice: quantiles are off in any week ahead by at most', 0.07, 0.06, false],
  ]);
  const other = suiteReport({ ...results, isAnnounced: false }).verdicts;
  expect(other.map(({ requirement }) => requirement)).toEqual(
    found.slice(2).map(([requirement]) => requirement),
  );
});

it('judges markets by the truth: by part, by the last value, by the lift', () => {
  const market = (data: string, contestant: string, error: number, more: Partial<WindowScore>): WindowScore =>
    windowScore([error ** 2, error ** 2], {
      ...{ data, contestant, ...more },
      parts: { near: PART(error), far: PART(error / 2), cold: PART(1), other: PART(9) } as never,
    });
  const lift = { bias: 0.2, correlation: 0.8, levels: [], series: 2, without: 0 };
  const peer = { kind: 'peer', isMonotone: true } as const;
  const found = suiteReport({
    ...results,
    scores: ['market 11', 'market 12'].flatMap((data, i) => [
      market(data, 'demand-blend', 0.3, { lift: { ...lift, bias: i === 0 ? 0.2 : -0.14 } }),
      market(data, 'demand-naive', 0.8, {}),
      market(data, 'LightGBM, L2', 0.4, { kind: 'peer', isMonotone: false }),
      market(data, 'LightGBM, L2, monotone', 0.5, peer),
    ]),
  });
  expect(found.windows.map(({ data }) => data)).toEqual([
    ...Array(4).fill('market 11'),
    ...Array(4).fill('market 12'),
  ]);
  expect(found.means.map(({ data }) => data)).toEqual(Array(4).fill('market'));
  expect(found.verdicts.map(({ value, limit, holds }) => [Number(value.toFixed(6)), limit, holds])).toEqual([
    [0.6, 0.7, true],
    [0.6, 0.7, true],
    [0.6, 0.7, true],
    [1, 0.7, false],
    [0.375, 0.5, true],
    [0.03, 0.05, true],
    [0.8, 0.7, true],
    [0.375, 1.01, true],
  ]);
});

it('prints one table of all errors, then calibration and verdicts', () => {
  const lines = formatSuite(
    suiteReport({ ...results, skipped: [{ name: 'tech-shop', reason: 'not here' }] }),
  ).split('\n');
  expect(lines[0]).toBe('a suite');
  expect(lines[1]).toMatch(/^data +cutoff +contestant +error +bias +seeds ± +× best LightGBM/);
  expect(lines[2]).toMatch(/^orange-juice {2}1992-04-16 {2}demand-blend +0\.510 +-0\.20 +0\.014 +4 s$/);
  const mean = lines.find((line) => /mean +demand-blend/.test(line));
  expect(mean).toMatch(/0\.560 +-0\.05 +0\.933 +-0\.040 ±0\.000 articles ±0\.029 windows +\+0\.030 ±/);
  expect(lines).toContain('skipped tech-shop: not here');
  expect(lines).toContain(
    'FALLS SHORT: orange-juice: quantiles are off in any week ahead by at most (0.070, limit 0.06)',
  );
  expect(
    lines.some((line) => /^orange-juice {2}demand-blend +12\.0 % +50\.0 % +2\.0 % +7\.0 %$/.test(line)),
  ).toBe(true);
});
