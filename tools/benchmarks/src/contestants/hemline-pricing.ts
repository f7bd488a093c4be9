import { ArticleWorkspace } from '@hemline/pricing';
import { portfolioArticle } from '../pricing/portfolio-article.ts';
import { printSample, timed } from './sample.ts';

const [count, markets, certain, repeats] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
  number,
];
const articles = Array.from({ length: count }, (_, index) =>
  portfolioArticle(index + 1, markets, certain === 1),
);
const workspace = new ArticleWorkspace();
let gap = 0;

// Articles take a millisecond or so: the clock is given many rounds of them.
const { seconds } = await timed(async () => {
  for (let round = 0; round < repeats; round++) {
    gap = 0;
    for (const article of articles) gap += workspace.solve(article).gap / count;
  }
});
printSample(seconds / repeats, `${count} articles`, { meanGap: gap });
