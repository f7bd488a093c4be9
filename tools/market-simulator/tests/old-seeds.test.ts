import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { simulateMarket } from '../src/simulate-market.ts';
import type { MarketOptions } from '../src/options.ts';
import { fingerprint } from './read-simulation.ts';

const scratch = mkdtempSync(join(tmpdir(), 'market-seeds-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const shift = { group: 't-shirts', factor: 0.7, from: '2022-05-02' };
const cases: readonly [string, string, Omit<MarketOptions, 'out'>][] = [
  ['two markets', '4415419a3608873e', { articles: 40, markets: 2, weeks: 60, planWeeks: 10, seed: 11 }],
  ['a shift', 'eac5ad9c111d8062', { articles: 60, markets: 1, weeks: 40, planWeeks: 4, seed: 3, shift }],
  ['three years', '99e4c9870f4defde', { articles: 30, markets: 3, weeks: 150, planWeeks: 26, seed: 5 }],
  [
    'no plan',
    '649d984280d6db37',
    { articles: 25, markets: 2, weeks: 13, planWeeks: 0, seed: 8, discounts: [0, 0.125, 0.5] },
  ],
];

it.each(cases)('an old seed still gives what it gave: %s', async (name, checksum, options) => {
  const out = join(scratch, name);
  await simulateMarket({ ...options, out });
  expect(await fingerprint(out)).toBe(checksum);
});
