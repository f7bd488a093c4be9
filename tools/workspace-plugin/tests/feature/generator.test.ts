import { fileURLToPath } from 'node:url';
import { FsTree } from 'nx/src/generators/tree';
import { describe, expect, it } from 'vitest';
import featureGenerator from '../../src/feature/generator.ts';

// Nothing is written: changes of a tree that nobody flushes are forgotten.
const treeOfWorkspace = (): FsTree =>
  new FsTree(fileURLToPath(new URL('../../../..', import.meta.url)), false);

describe('refuses', () => {
  it.each([
    ['DemandRange', /Try demand-range/],
    ['', /an empty name/],
    ['lag', /found packages\/features\/src\/kinds\/lag\.ts/],
    // Not a file of its own, but a name of the package.
    ['week-of-year', /found weekOfYear in/],
    ['new', /Try new-value/],
  ])('%s', async (name, message) => {
    const tree = treeOfWorkspace();
    await expect(featureGenerator(tree, { name })).rejects.toThrow(message);
    expect(tree.listChanges()).toEqual([]);
  });

  it('a catalogue that has no place for it', async () => {
    const tree = treeOfWorkspace();
    tree.write('packages/features/tests/support/every-kind.ts', '');
    await expect(featureGenerator(tree, { name: 'demand-spread' })).rejects.toThrow(/no place.*every-kind/);
  });
});
