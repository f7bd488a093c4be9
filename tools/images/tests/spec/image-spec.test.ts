import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { imageReference } from '../../src/spec/image-name.ts';
import { imageSpec, imageSpecs } from '../../src/spec/image-spec.ts';

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'hemline-spec-'))));
afterEach(() => rm(root, { recursive: true }));

async function declare(folder: string, manifest: object): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, folder, 'package.json'), JSON.stringify(manifest));
}

it('makes an image of every package that declares engines, and of no other', async () => {
  await declare('models/b-trees', {
    name: '@x/b-trees',
    version: '1.2.3',
    hemline: { engines: ['lightgbm'] },
  });
  await declare('models/a-net', { name: '@x/a-net', version: '1.0.0', hemline: { engines: ['tensorflow'] } });
  await declare('packages/core', { name: '@x/core', version: '1.0.0' });
  await declare('packages/runtime', {
    name: '@x/runtime',
    version: '1.0.0',
    hemline: { image: 'data', engines: [], programs: { check: './src/check.ts' } },
  });
  expect(imageSpecs(root)).toEqual([
    {
      ...{ name: 'a-net', project: '@x/a-net', version: '1.0.0', directory: join(root, 'models/a-net') },
      ...{ engines: ['tensorflow'], variants: ['cpu', 'gpu'] },
      programs: {
        train: join(root, 'models/a-net/src/train.ts'),
        process: join(root, 'models/a-net/src/process.ts'),
      },
      members: {},
    },
    expect.objectContaining({ name: 'b-trees', variants: ['cpu'], version: '1.2.3' }),
    expect.objectContaining({
      name: 'data',
      engines: [],
      variants: ['cpu'],
      programs: { check: join(root, 'packages/runtime/src/check.ts') },
    }),
  ]);
  expect(imageSpec(root, '@x/runtime').name).toBe('data');
});

it('puts the members of a model into its image, theirs too, and all the engines that these need', async () => {
  const of = (name: string, engines: readonly string[], ...members: readonly string[]): Promise<void> =>
    declare(`models/${name}`, {
      name: `@x/${name}`,
      version: '1.0.0',
      dependencies: Object.fromEntries(['core', ...members].map((each) => [`@x/${each}`, '1.0.0'])),
      hemline: { engines },
    });
  await declare('packages/core', { name: '@x/core', version: '1.0.0' });
  await of('net', ['tensorflow']);
  await of('trees', ['lightgbm']);
  await of('pair', [], 'net', 'trees');
  await of('blend', [], 'trees', 'pair');
  const module = (name: string): string => join(root, 'models', name, 'src/model.ts');
  expect(imageSpec(root, 'blend')).toMatchObject({
    engines: ['lightgbm', 'tensorflow'],
    variants: ['cpu', 'gpu'],
    members: { trees: module('trees'), pair: module('pair'), net: module('net') },
  });
  expect(imageSpec(root, 'trees')).toMatchObject({ engines: ['lightgbm'], members: {} });
});

it('names an engine that no image can hold, and its package', async () => {
  await declare('models/odd', { name: '@x/odd', version: '1.0.0', hemline: { engines: ['xgboost'] } });
  expect(() => imageSpecs(root)).toThrow(
    /models\/odd\/package\.json\); expected hemline\.engines of lightgbm, tensorflow, found xgboost/,
  );
});

it('proposes the name that was meant', async () => {
  await declare('models/demand-naive', { name: '@x/n', version: '1.0.0', hemline: { engines: [] } });
  expect(() => imageSpec(root, 'demand-native')).toThrow(/Did you mean demand-naive\?/);
});

it('names images as the stack of the workflow expects them', () => {
  expect(imageReference('demand-naive', 'cpu')).toBe('localhost/hemline/demand-naive:local');
  expect(imageReference('a', 'gpu', 'registry.example/x', 'abc')).toBe(
    'registry.example/x/hemline/a:abc-gpu',
  );
});
