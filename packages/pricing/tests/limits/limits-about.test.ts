import { expect, it } from 'vitest';
import { Batch } from '@hemline/core';
import { limitsAbout } from '../../src/limits/limits-about.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';

const texts = (values: string[]) => ({
  ...{ type: 'string' as const, length: values.length, values: Int32Array.from(values.keys()) },
  ...{ dictionary: values, validity: null },
});
const assortment = {
  articles: new Batch({ article: texts(['a']), group: texts(['coats']) }),
  markets: new Batch({ market: texts(['DE', 'FR']) }),
};

it('leaves out what none of the articles has, and tells where the others stand', () => {
  const limits = parseLimits(
    `articles:
  - { where: { group: shoes }, maximum: 0.3 }
  - { where: { market: DE }, maximum: 0.4 }
business:
  - { name: shoes, where: { group: shoes }, limit: units, lower: 1 }
  - { name: both, where: { group: [shoes, coats] }, limit: units, lower: 1 }
  - { name: all, limit: discount-rate, upper: 0.4 }
`,
    'limits.yaml',
  );
  const about = limitsAbout(limits, assortment);
  expect(about.business).toEqual([1, 2]);
  expect(about.limits.business).toMatchObject([
    { name: 'both', where: { group: ['coats'] } },
    { name: 'all' },
  ]);
  expect(about.limits.articles).toMatchObject([{ where: { market: ['DE'] }, maximum: 0.4 }]);
});
