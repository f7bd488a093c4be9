import type { BenchmarkCase, Comparison, Measured } from '../harness/contestant.ts';
import { nodeProgram } from './programs.ts';

/** Articles that a mixed-integer solver is given: it takes its time. */
const BESIDE_HIGHS = 10;
const ALONE = 400;
const POOL = 4;

/** One article's plan. */
export const pricing: BenchmarkCase = {
  name: 'pricing',
  description:
    'plans of articles with 26 weeks and 15 levels: hemline, HiGHS on the same problem to the same gap',
  rounds: 3,
  async prepare({ rows }) {
    return [besideHighs(rows ?? BESIDE_HIGHS), alone(1), alone(POOL)];
  },
};

function besideHighs(articles: number): Comparison {
  const count = String(articles);
  return {
    title: `${articles} articles of one market, demand certain, to the gap that hemline reaches`,
    contestants: [
      { name: 'hemline', program: nodeProgram('hemline-pricing.ts', [count, '1', '1', '50']) },
      { name: 'HiGHS', program: nodeProgram('highs-pricing.ts', [count]) },
    ],
    skipped: [],
    reference: 'HiGHS',
    rounds: 1,
    verdicts: (find) => {
      const value = find('HiGHS')!.seconds.median / find('hemline')!.seconds.median;
      return [{ requirement: 'at most 1/200 of the time of HiGHS', value, limit: 200, holds: value >= 200 }];
    },
  };
}

/** Demand that scatters: no mixed-integer program says what that comes to. */
function alone(markets: number): Comparison {
  const name = markets === 1 ? 'hemline, one market' : `hemline, a pool of ${markets} markets`;
  return {
    title: `${ALONE} articles, demand scatters: ${name}`,
    contestants: [
      { name, program: nodeProgram('hemline-pricing.ts', [String(ALONE), String(markets), '0', '1']) },
    ],
    skipped: [],
    reference: name,
    verdicts: (find) => {
      const measured = find(name)!;
      const milliseconds = (measured.seconds.median / ALONE / markets) * 1000;
      const gap = meanGap(measured) * 100;
      return [
        {
          requirement: 'at most 0.5 ms for an article in a market',
          value: milliseconds,
          limit: 0.5,
          holds: milliseconds <= 0.5,
        },
        { requirement: 'a gap of at most 0.3 % in the mean', value: gap, limit: 0.3, holds: gap <= 0.3 },
      ];
    },
  };
}

function meanGap(measured: Measured): number {
  return measured.samples[0]!.meanGap ?? NaN;
}
