import { describe, expect, it } from 'vitest';
import { coordinate } from '../../src/coordinator/coordinate.ts';
import { loadHighs } from '../../src/coordinator/load-highs.ts';
import { PortfolioViews } from '../../src/frontier/portfolio-views.ts';
import { isSampled, SampledPortfolio } from '../../src/coordinator/sampled-portfolio.ts';
import { enumeratedPortfolio, tinyMarket } from './enumerated.ts';

describe('SampledPortfolio', () => {
  const { articles, rows } = tinyMarket(3, 60);
  const whole = enumeratedPortfolio(articles, rows);
  const sample = new SampledPortfolio(whole, 4);
  const taken = articles.flatMap((_, a) => (isSampled(a, 4) ? [a] : []));

  it('has the plans of its articles, and their share of the rows', async () => {
    const multipliers = new Float64Array(rows.length).fill(0.1);
    const all = await whole.evaluate(multipliers);
    const found = await sample.evaluate(multipliers);
    expect(taken.length).toBeGreaterThan(5);
    expect([...found.profit]).toEqual(taken.map((a) => all.profit[a]));
    expect([...found.bound]).toEqual(taken.map((a) => all.bound[a]));
    taken.forEach((a, i) => {
      const [from, to] = [sample.planOffsets[i]!, sample.planOffsets[i + 1]!];
      expect(found.levels.subarray(from, to)).toEqual(all.levels.subarray(3 * a, 3 * a + 3));
      const R = rows.length;
      expect(found.use.subarray(i * R, (i + 1) * R)).toEqual(all.use.subarray(a * R, (a + 1) * R));
    });
    sample.rows.forEach(({ bound }, r) =>
      expect(bound).toBeCloseTo((rows[r]!.bound * taken.length) / articles.length, 9),
    );
  });

  it('leaves no plans of the other articles in a view of the portfolio', async () => {
    const viewed = rows.map((row, r) => ({ ...row, terms: [{ row: r, weight: 1 }] }));
    const views = new PortfolioViews(whole);
    const view = views.portfolio(viewed);
    const none = new Float64Array(rows.length);
    const of = new SampledPortfolio(view, 4);
    await of.evaluate(none);
    await of.known();
    expect(views.kept(viewed).size).toBe(0);
    await view.evaluate(none);
    expect(views.kept(viewed).size).toBe(1);
  });

  it('is about one of so many, in no rhythm that an order of articles could have', () => {
    const among = (step: number): number =>
      Array.from({ length: 4000 }, (_, i) => i * step).filter((a) => isSampled(a, 4)).length;
    for (const step of [1, 2, 4, 10]) expect(Math.abs(among(step) - 1000)).toBeLessThan(120);
    expect(isSampled(17, 1)).toBe(true);
  });

  it('changes nothing of what is told of plans without rows', async () => {
    const { articles: many, rows: links } = tinyMarket(5, 5200);
    const portfolio = enumeratedPortfolio(many, links);
    const { freeLevels, multipliers } = await coordinate(portfolio, await loadHighs(), {
      gap: 0.05,
      evaluations: 2,
    });
    expect(Math.max(...multipliers)).toBeGreaterThan(0);
    const { levels } = await portfolio.evaluate(new Float64Array(links.length));
    expect(freeLevels).toEqual(levels);
  });
});
