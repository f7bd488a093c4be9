import { fileURLToPath } from 'node:url';
import { FsTree } from 'nx/src/generators/tree';
import { describe, expect, it } from 'vitest';
import modelGenerator from '../../src/model/generator.ts';

// Nothing is written: changes of a tree that nobody flushes are forgotten.
const treeOfWorkspace = (): FsTree =>
  new FsTree(fileURLToPath(new URL('../../../..', import.meta.url)), false);

describe('refuses', () => {
  const average = { kind: 'average', quantity: 'demand' };
  it.each([
    ['DemandBoosted', average, /kebab-case.*Try demand-boosted/],
    ['demand_boosted', average, /Try demand-boosted/],
    ['-', average, /such as demand-boosted/],
    ['', average, /an empty name/],
    ['demand-naive', average, /found models\/demand-naive.*another name/],
    ['features', average, /packages\/features, which is @hemline\/features.*Try demand-features/],
    ['approve', average, /verb of "hemline models".*Try demand-approve/],
    [`a${'b'.repeat(40)}`, average, /at most 40/],
    ['fine', { kind: 'tree', quantity: 'demand' }, /there is no kind tree.*Did you mean trees/],
    ['fine', { kind: 'trees', quantity: 'demnad' }, /there is no quantity demnad.*Did you mean demand/],
    [
      'fine',
      { kind: 'trees', quantity: 'return-time' },
      /trees cannot forecast the return-time.*begin with the average/,
    ],
    ['fine', { kind: 'tensor', quantity: 'return-time' }, /--kind average for it/],
  ])('%s (%o)', async (name, options, message) => {
    const tree = treeOfWorkspace();
    await expect(modelGenerator(tree, { name, ...options })).rejects.toThrow(message);
    expect(tree.listChanges()).toEqual([]);
  });
});

it('refuses the name of a model that was generated otherwise, and not that of the same', async () => {
  const tree = treeOfWorkspace();
  const options = { name: 'fine', kind: 'average', quantity: 'demand' };
  await modelGenerator(tree, options);
  await expect(modelGenerator(tree, { ...options, kind: 'trees' })).rejects.toThrow(
    /models\/fine, generated as --kind average --quantity demand/,
  );
  await modelGenerator(tree, options);
});
