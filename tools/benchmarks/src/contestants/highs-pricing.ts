import { ArticleWorkspace } from '@hemline/pricing';
import highsModule from 'highs';
import { fluidMip } from '../pricing/fluid-mip.ts';
import { portfolioArticle } from '../pricing/portfolio-article.ts';
import { printSample } from './sample.ts';

/** An article that takes longer counts as this many seconds: to its favour. */
const MOST_SECONDS = 60;
const LEAST_GAP = 1e-4;

const count = Number(process.argv[2]);
// The types are those of the CommonJS build; its export under `import` is the loader itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;
const highs = await loadHighs();
const workspace = new ArticleWorkspace();
let seconds = 0;
let gap = 0;
for (let seed = 1; seed <= count; seed++) {
  const article = portfolioArticle(seed, 1, true);
  const ours = workspace.solve(article);
  const wanted = Math.max(LEAST_GAP, ours.gap);
  const model = fluidMip(highs, article);
  try {
    model.options.set({ output_flag: false, mip_rel_gap: wanted, time_limit: MOST_SECONDS });
    const start = performance.now();
    model.run();
    seconds += (performance.now() - start) / 1000;
    if (model.info.get('primal_solution_status') !== 2) continue;
    const value = model.getObjectiveValue();
    const bound = Number(model.info.get('mip_dual_bound'));
    gap += Math.abs(bound - value) / Math.abs(bound) / count;
    // Two solvers of one problem: no plan of one may be worth more than the other's bound.
    const scale = 1e-6 * Math.abs(bound);
    if (value > ours.bound + scale || ours.value > bound + scale) {
      throw new Error(
        `${article.article}: plans of ${ours.value} and ${value}, bounds ${ours.bound} and ${bound}`,
      );
    }
  } finally {
    model.dispose();
  }
}
printSample(seconds, `${count} articles`, { meanGap: gap });
