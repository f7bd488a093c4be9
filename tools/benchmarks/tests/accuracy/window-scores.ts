import type { WindowScore } from '../../src/accuracy/window-score.ts';

/**
 * A score made up of sums by article.
 * @param squares Σ b (q̂ − q)² of each article; Σ b q² is 1 of each
 * @param changes to what it is else
 * @returns the score
 */
export function windowScore(squares: readonly number[], changes: Partial<WindowScore> = {}): WindowScore {
  const articles = new Map(squares.map((own, i) => [`a${i}`, { squares: own, truthSquares: 1 }]));
  const sum = squares.reduce((total, own) => total + own, 0);
  return {
    ...{ data: 'shop', cutoff: '2024-01-01', seed: 1, contestant: 'ours', kind: 'model', isMonotone: true },
    ...{ rows: 10, error: Math.sqrt(sum / squares.length), bias: 0.01, seconds: 2, articles },
    ...{ coverage: null, parts: null, lift: null },
    ...changes,
  };
}
