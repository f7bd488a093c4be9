import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import modelGenerator from '../src/model/generator.ts';
import { WorkspaceCopy, type Ended } from './support/workspace-copy.ts';

let copy: WorkspaceCopy;
beforeAll(async () => {
  copy = new WorkspaceCopy();
  await copy.generate(modelGenerator, { name: 'demand-hand', kind: 'average', quantity: 'demand' });
}, 120_000);
afterAll(() => copy.dispose());

/** From now on models are trained that give no number at 35 %; those that were trained before go on as they were. */
function breakTraining(): void {
  const file = join(copy.root, 'models/demand-hand/src/discount-lift.ts');
  let source = readFileSync(file, 'utf8');
  for (const [right, wrong] of [
    [
      'return { discounts: this.#discounts, lifts: this.#lifts };',
      'return { discounts: this.#discounts, lifts: this.#lifts, broken: true };',
    ],
    [
      '  at(discount: number): number {\n',
      '  at(discount: number): number {\n    if (this.broken && Math.abs(discount - 0.35) < 1e-9) return NaN;\n',
    ],
    ['readonly #lifts: readonly number[];', 'readonly #lifts: readonly number[];\n  broken = false;'],
    [
      'return new DiscountLift(discounts, lifts);\n  }\n}\n\n/**\n * Counts',
      'const lift = new DiscountLift(discounts, lifts);\n    lift.broken = (json as { broken?: boolean }).broken === true;\n    return lift;\n  }\n}\n\n/**\n * Counts',
    ],
  ] as const) {
    expect(source).toContain(right);
    source = source.replace(right, wrong);
  }
  writeFileSync(file, source);
}

it('a new version whose forecast is no number at one discount is replaced by the version before, and loses its approval', async () => {
  const hemline = (...args: string[]): Promise<Ended> => copy.run('packages/cli/bin/hemline.mjs', args);
  const size = ['--articles', '40', '--markets', '2', '--weeks', '104', '--out', '.hemline/market'];
  expect((await hemline('simulate', ...size)).code).toBe(0);
  const weekly = [
    'run',
    'weekly',
    '--data',
    '.hemline/market/observed',
    '--models',
    'demand-hand',
    '--horizon',
    '4',
    '--no-requirements',
  ];
  const first = await hemline(...weekly, '--run-id', 'first');
  expect(first.code, first.output).toBe(0);
  breakTraining();
  const second = await hemline(...weekly, '--run-id', 'second');
  expect(second.code, second.output).toBe(3);
  const reason = '2 of 2 partitions failed';
  expect(second.output).toMatch(/demand-hand +│ +2 +│ REJECTED/);
  expect(second.output).toMatch(
    /demand-hand[^\n]*EARLIER VERSION 1 \([\d-]+\): version 2 failed[^\n]*demand-hand\.stand-in/,
  );
  expect(second.output.split(reason), second.output).toHaveLength(2);
  expect(second.output).toContain('version 1 stands in. Version 2 is rejected');

  const shown = await hemline('runs', 'show', 'second');
  expect(
    shown.output.split(`! `).filter((each) => each.includes(reason)),
    shown.output,
  ).toHaveLength(1);
  expect(shown.output).toMatch(/demand-hand +│ +1 +│ forecast +│ first/);
  expect(shown.output).toMatch(/demand-hand +│ file:[^\n]*forecasts\/second\/demand-hand\.stand-in/);
  const version = await hemline('models', 'show', 'demand-hand', '2');
  expect(version.output).toContain('it failed to forecast in run second, where version 1 did not');

  const standIn = join(copy.root, '.hemline/forecasts/second/demand-hand.stand-in');
  const partition = readdirSync(standIn).find((name) => name.startsWith('market='))!;
  const [file] = readdirSync(join(standIn, partition));
  const lineage = await hemline('lineage', join(standIn, partition, file!));
  expect(lineage.code, lineage.output).toBe(0);
  expect(lineage.output).toContain('first');

  const next = await hemline(
    'run',
    'inference',
    '--data',
    '.hemline/market/observed',
    '--models',
    'demand-hand',
    '--horizon',
    '4',
  );
  expect(next.code, next.output).toBe(0);
  expect(next.output).toMatch(/demand-hand[^\n]*version 1 \(/);
}, 600_000);
