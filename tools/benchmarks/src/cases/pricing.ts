import type { BenchmarkCase, Comparison, Measured } from '../harness/contestant.ts';
import { nodeProgram } from './programs.ts';

/** Articles that a mixed-integer solver is given: it takes its time. */
const BESIDE_HIGHS = 10;
const ALONE = 400;
const POOL = 4;
/** Articles of the largest portfolio; those of the others, of it. */
const PORTFOLIO = 100_000;
const SHARES = [0.1, 0.3, 1];
const THREADS = 2;

/** One article's plan, and all articles together. */
export const pricing: BenchmarkCase = {
  name: 'pricing',
  description:
    'plans of articles with 26 weeks and 15 levels, beside HiGHS; portfolios of up to 100,000 articles (--rows) under 8 limits',
  rounds: 3,
  async prepare({ rows }) {
    return [besideHighs(BESIDE_HIGHS), alone(1), alone(POOL), portfolios(rows ?? PORTFOLIO)];
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

/** Whole portfolios, from the table in memory to the recommendations. */
function portfolios(most: number): Comparison {
  const sizes = SHARES.map((share) => Math.max(1, Math.round(share * most)));
  const nameOf = (articles: number): string => `${articles} articles`;
  const [least, largest] = [nameOf(sizes[0]!), nameOf(most)];
  return {
    title: `portfolios of ${sizes.join(', ')} articles × ${POOL} markets under 8 limits, ${THREADS} threads`,
    contestants: sizes.map((articles) => ({
      name: nameOf(articles),
      program: nodeProgram('hemline-portfolio.ts', [String(articles), String(THREADS)]),
    })),
    skipped: [],
    reference: least,
    rounds: 1,
    verdicts: (find) => {
      const [small, large] = [find(least)!, find(largest)!];
      const gap = meanGap(large) * 100;
      const minutes = large.seconds.median / 60;
      const bytes = large.peakBytes / 2 ** 30;
      const growth = large.seconds.median / most / (small.seconds.median / sizes[0]!);
      return [
        { requirement: 'a gap of at most 0.5 %', value: gap, limit: 0.5, holds: gap <= 0.5 },
        { requirement: 'at most 10 minutes', value: minutes, limit: 10, holds: minutes <= 10 },
        { requirement: 'at most 2 GiB', value: bytes, limit: 2, holds: bytes <= 2 },
        {
          requirement: 'at most 1.2 times the time of an article in a tenth of the portfolio',
          ...{ value: growth, limit: 1.2, holds: growth <= 1.2 },
        },
      ];
    },
  };
}

function meanGap(measured: Measured): number {
  return measured.samples[0]!.meanGap ?? NaN;
}
