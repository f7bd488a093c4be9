import { expect, it } from 'vitest';
import { votesOf } from '../src/votes.ts';

it('takes as many trees as can be had for next to the least error, of all windows together', () => {
  // The second window is ten times as large, and counts as much as the first.
  const windows = [
    [1, 0.8, 0.795, 0.799, 0.9],
    [10, 9, 8, 8.01, 8],
  ];
  expect(votesOf([windows], 7)).toEqual({ rounds: [3], shares: [1] });
  expect(votesOf([[windows[0]!]], 7).rounds).toEqual([3]);
  // No tree where each one makes it worse, and none beyond the shortest window.
  expect(votesOf([[[1, 1.1, 1.2]]], 7).rounds).toEqual([0]);
  expect(
    votesOf(
      [
        [
          [1, 0.5, 0.2, 0.1],
          [1, 0.5],
        ],
      ],
      7,
    ).rounds,
  ).toEqual([1]);
});

it('counts members by how well they did, in shares that add up to 1', () => {
  const { shares } = votesOf([[[1, 0.5]], [[1, 0.5]], [[1, 1]]], 7);
  expect(shares[0]).toBe(shares[1]);
  expect(shares[2]! / shares[0]!).toBeCloseTo(1 / 2, 6);
  expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
});

it('compares members by where they end, wherever they began, and windows whatever their size', () => {
  const fromFar = votesOf([[[1, 0.5]], [[4, 0.5]]], 7);
  expect(fromFar.shares).toEqual([0.5, 0.5]);
  // Better than the first in one window by as much as it is worse in the other, which is ten times as large.
  const even = votesOf(
    [
      [
        [1, 0.6],
        [10, 5],
      ],
      [
        [2, 0.5],
        [20, 6],
      ],
    ],
    7,
  );
  expect(even.shares[0]).toBeCloseTo(0.5, 6);
});

it('says something where nothing came in the weeks held out, or nothing was demanded in them', () => {
  expect(votesOf([[[]], [[]]], 7)).toEqual({ rounds: [7, 7], shares: [0.5, 0.5] });
  const silent = votesOf([[[0, 0, 0]]], 7);
  expect(silent.shares).toEqual([1]);
  expect(Number.isInteger(silent.rounds[0])).toBe(true);
});
