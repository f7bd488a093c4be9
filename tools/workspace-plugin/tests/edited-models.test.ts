import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import modelGenerator from '../src/model/generator.ts';
import { WorkspaceCopy, type Ended } from './support/workspace-copy.ts';

let copy: WorkspaceCopy;
beforeAll(async () => {
  copy = new WorkspaceCopy();
  for (const name of ['demand-calendar', 'demand-label'])
    await copy.generate(modelGenerator, { name, kind: 'trees', quantity: 'demand' });
}, 120_000);
afterAll(() => copy.dispose());

/** As a person edits a generated file. */
function edit(path: string, ...changes: readonly (readonly [before: string, after: string])[]): void {
  const file = join(copy.root, 'models', path);
  let source = readFileSync(file, 'utf8');
  for (const [before, after] of changes) {
    expect(source).toContain(before);
    source = source.replace(before, after);
  }
  writeFileSync(file, source);
}

const conformance = (name: string): Promise<Ended> =>
  copy.run('node_modules/vitest/vitest.mjs', [
    'run',
    '--reporter=verbose',
    `models/${name}/tests/conformance`,
  ]);

it('a model that knows holidays and Black Friday passes the conformance suite', async () => {
  edit(
    'demand-calendar/src/features.ts',
    ['  groupRolling,\n', '  groupRolling,\n  holidays,\n  saleEvent,\n'],
    [
      '...yearWaves(2),',
      `...yearWaves(2),
      holidays({ measure: 'count' }),
      holidays({ measure: 'to' }),
      saleEvent({ name: 'black_friday', measure: 'count' }),
      saleEvent({ name: 'black_friday', measure: 'to' }),`,
    ],
  );
  const { code, output } = await conformance('demand-calendar');
  expect(code, output).toBe(0);
}, 300_000);

it('a model that takes the label as an input does not, and is told where to look', async () => {
  edit(
    'demand-label/src/inputs.ts',
    ['const EXTRA = 3;', 'const EXTRA = 4;'],
    [
      '{ level, weeksAhead, discount }: InputFacts',
      '{ level, weeksAhead, discount, last = NaN }: InputFacts',
    ],
    ['columns[at]![to] = discount;', 'columns[at++]![to] = last;\n    columns[at]![to] = discount;'],
    ['readonly level: number;', 'readonly level: number;\n  readonly last?: number;'],
  );
  // Meant to be the demand of the week before: of the week itself, and missing when forecasting.
  edit('demand-label/src/read-examples.ts', [
    'discount: discounts[row]! };',
    'discount: discounts[row]!, last: demand[row]! / level };',
  ]);
  const { code, output } = await conformance('demand-label');
  expect(code).toBe(1);
  expect(output).toContain('look for the label among the inputs of training');
  expect(output).toContain('an input of training that is missing when forecasting, such as the label itself');
  // One cause, in all of a leak's two faces and no more.
  expect(output).toMatch(/Tests .*2 failed/);
}, 300_000);

it('a model alone is type-checked in seconds, and told where the week itself is read of what nobody knows ahead', async () => {
  const check = (root: string): Promise<Ended> =>
    copy.run('tools/workspace-plugin/src/targets/typecheck.ts', [root]);
  expect(await check('models/demand-label')).toEqual({ code: 0, output: '' });
  edit('demand-label/src/features.ts', ['lag(demand),', 'lag(demand),\n      current(demand),']);
  const { code, output } = await check('models/demand-label');
  expect(code).not.toBe(0);
  expect(output).toMatch(/models\/demand-label\/src\/features\.ts.*Argument of type 'PastCovariate'/);
  // The one mistake, not all that the workspace holds.
  expect(output.match(/error TS/g)).toHaveLength(1);
  expect(await check('models/demand-labels')).toMatchObject({ code: 2 });
}, 300_000);

it('a feature that cannot be is one failure, and all that rests on fit says that it could not be looked at', async () => {
  edit('demand-calendar/src/features.ts', ['lag(demand),', 'lag(demand, { lag: 0 }),']);
  const { code, output } = await conformance('demand-calendar');
  expect(code).toBe(1);
  expect(output).toMatch(/Tests .*1 failed/);
  expect(output).toContain('A week may not see itself');
  expect(output).toContain('nothing to look at: see "fit and predict come to an end on a small market"');
}, 300_000);
