import { BadArticles, PRICING_DEFAULTS, priceArticles } from '@hemline/pricing';
import { portfolioLimits } from '../pricing/portfolio-limits.ts';
import { portfolioTable } from '../pricing/portfolio-table.ts';
import { printSample } from './sample.ts';

const [articles, threads] = process.argv.slice(2).map(Number) as [number, number];
const table = portfolioTable(articles);
const limits = portfolioLimits(articles);

// Seconds to minutes of work: nothing is warmed up.
const start = performance.now();
let last = start;
const { found } = await priceArticles(table, {
  ...{ limits, settings: PRICING_DEFAULTS, minimumGain: 0, gap: 0.005, evaluations: 40, threads },
  bad: new BadArticles(table),
  onStep: ({ evaluations, gap, bound, value }) => {
    const now = performance.now();
    process.stderr.write(
      `evaluation ${evaluations}: gap ${(100 * gap).toFixed(3)} %, bound ${bound.toFixed(0)}, value ${value.toFixed(0)}, ${((now - last) / 1000).toFixed(1)} s\n`,
    );
    last = now;
  },
});
const seconds = (performance.now() - start) / 1000;
if (!found.choice.isFeasible) throw new Error(`the plans miss a hard limit by ${found.choice.excess}`);
printSample(seconds, 'plans within 8 limits', { meanGap: found.gap });
