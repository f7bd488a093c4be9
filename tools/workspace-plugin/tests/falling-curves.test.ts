import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import modelGenerator from '../src/model/generator.ts';
import { WorkspaceCopy } from './support/workspace-copy.ts';

let copy: WorkspaceCopy;
beforeAll(async () => {
  copy = new WorkspaceCopy();
  await copy.generate(modelGenerator, { name: 'demand-hand', kind: 'average', quantity: 'demand' });
  const file = join(copy.root, 'models/demand-hand/src/model.ts');
  const right = 'lift.at(discounts[row]!)';
  const source = readFileSync(file, 'utf8');
  expect(source).toContain(right);
  // Right up to 40 %, and less is sold the cheaper it gets beyond.
  writeFileSync(
    file,
    source.replace(right, `${right} * (discounts[row]! > 0.4 ? 1.4 - 2 * discounts[row]! : 1)`),
  );
}, 120_000);
afterAll(() => copy.dispose());

it('a model whose curves fall is not approved, its quantity is forecast by the baseline, and people are told', async () => {
  const hemline = (...args: string[]): Promise<{ code: number; output: string }> =>
    copy.run('packages/cli/bin/hemline.mjs', args);
  const size = ['--articles', '40', '--markets', '2', '--weeks', '104', '--out', '.hemline/market'];
  expect((await hemline('simulate', ...size)).code).toBe(0);
  const run = ['run', 'weekly', '--data', '.hemline/market/observed', '--models', 'demand-hand'];
  const { code, output } = await hemline(...run, '--horizon', '4');
  expect(code, output).toBe(3);
  expect(output).toContain('demand-naive runs too');
  expect(output).toMatch(/demand-hand +│ +1 +│ PENDING/);
  expect(output).toContain('version 1 is pending: the forecasts are not monotone in the discount');
  expect(output).toContain('hemline models approve demand-hand 1 --reason');
  expect(output).toMatch(/demand-hand +│ +- +│ MISSING|demand-hand[^\n]*MISSING/);
  expect(output).toMatch(/demand-naive[^\n]*version 1, this week's/);
}, 300_000);
