import { parseWeek, weeksAhead } from '@hemline/core';
import { expect, it } from 'vitest';
import { PlannedDiscounts } from '../../src/inputs/planned-discounts.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { priceArticles } from '../../src/recommendations/price-articles.ts';
import { CUTOFF, rows, smallMarket } from './small-market.ts';

const WEEK = parseWeek('2026-01-12');

function planned(discount: number, limits = '', article = 'A') {
  const { table, bad } = smallMarket();
  const found = new PlannedDiscounts(
    {
      ...table,
      find: (batch) => Int32Array.from({ length: batch.length }, () => (article === 'A' ? 0 : -1)),
    },
    weeksAhead(CUTOFF, 3),
  );
  found.add(rows([{ article, market: 'DE', week: WEEK, discount }]));
  const options = {
    ...{ limits: parseLimits(limits, 'limits.yaml'), settings: { variableCostShare: 0, certain: true } },
    ...{ minimumGain: 0, gap: 0.01, evaluations: 3, planned: found.discounts, bad },
  };
  return { found, priced: () => priceArticles(table, options) };
}

it('takes a discount between the levels, with as many digits as it has', async () => {
  const { priced } = planned(1 / 3);
  const { portfolio, found } = await priced();
  const { problem } = portfolio.outcome(0, found.levels.subarray(0, 6));
  expect(problem.levels[found.levels[0]!]).toBeCloseTo(1 / 3, 5);
});

it('says which limit forbids what the plan has', async () => {
  await expect(planned(0.4, 'articles: [{ maximum: 0.2 }]').priced()).rejects.toThrow(
    /1 of 2 .*A: line 1: contradiction: the limits of line 1 forbid the discount 0.4 that a plan or a person has fixed for article A, market DE in the week 2026-01-12/,
  );
});

it('counts rows of what is not priced, and refuses what is no discount', () => {
  expect(planned(0.4, '', 'C').found.unused).toBe(1);
  expect(() => planned(20)).toThrow(
    /a planned discount cannot be .*expected a fraction .*found 20 of article A/,
  );
});
