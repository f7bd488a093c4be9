import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultRequirements, parseRequirements, tightenRequirements } from '@hemline/workflow';
import featureGenerator from '../src/feature/generator.ts';
import modelGenerator from '../src/model/generator.ts';
import { everyRecipe } from '../src/model/recipes.ts';
import { WorkspaceCopy } from './support/workspace-copy.ts';

/** All kinds for all quantities are generated and type-checked each time; the rest of them takes minutes. */
const EVERY = process.env['HEMLINE_EVERY_TEMPLATE'] === '1';
const MODELS = everyRecipe().map(({ kind, quantity }) => ({
  name: `new-${quantity}-${kind}`,
  kind,
  quantity,
}));
/** One of each way of forecasting: by averages, by rows of demand, by items, with each of the engines. */
const TESTED = [
  'new-demand-average',
  'new-demand-trees',
  'new-return-rate-tensor',
  'new-residual-value-trees',
];

const NEW = ['src/kernels/demand-range.ts', 'src/kinds/demand-range.ts', 'tests/kinds/demand-range.test.ts'];
const EDITED = ['README.md', 'src/index.ts', 'src/kinds/parse-feature.ts', 'tests/support/every-kind.ts'];
const FEATURE_FILES = [...NEW, ...EDITED].map((path) => `packages/features/${path}`).sort();

/** Of which everything is checked. */
const CHECKED = EVERY ? MODELS.map(({ name }) => name) : TESTED;

let copy: WorkspaceCopy;
let ofFeature: string[];
beforeAll(async () => {
  copy = new WorkspaceCopy();
  for (const options of MODELS) await copy.generate(modelGenerator, options);
  ofFeature = await copy.generate(featureGenerator, { name: 'demand-range' });
}, 120_000);
afterAll(() => copy.dispose());

/** Files and folders of some models, and what belongs to the feature. */
const written = (models: readonly string[]): string[] => [
  ...folders(models),
  ...FEATURE_FILES.filter((path) => path.endsWith('.ts')),
];

const folders = (names: readonly string[]): string[] => names.map((name) => `models/${name}`);

describe('a generated model', () => {
  it('is a package like the others, of every kind for every quantity that goes with it', () => {
    expect(MODELS).toHaveLength(13);
    for (const { name, kind, quantity } of MODELS) {
      const manifest = JSON.parse(readFileSync(join(copy.root, 'models', name, 'package.json'), 'utf8'));
      expect(manifest).toMatchObject({
        name: `@hemline/${name}`,
        exports: { '.': './src/model.ts', './train': './src/train.ts', './process': './src/process.ts' },
        hemline: { generated: { kind, quantity } },
        nx: { tags: ['layer:model', 'env:any'] },
      });
      const engines = { average: [], trees: ['lightgbm'], tensor: ['tensorflow'] }[kind];
      expect(manifest.hemline.engines).toEqual(engines);
      expect(Object.values(manifest.dependencies)).not.toContain(undefined);
      expect(readlinkSync(join(copy.root, 'node_modules/@hemline', name))).toBe(`../../models/${name}`);
      const lock = JSON.parse(readFileSync(join(copy.root, 'package-lock.json'), 'utf8'));
      expect(lock.packages[`node_modules/@hemline/${name}`]).toEqual({
        resolved: `models/${name}`,
        link: true,
      });
      expect(lock.packages[`models/${name}`].dependencies).toEqual(manifest.dependencies);
    }
  });

  it('has the requirements of its quantity in sight, and they hold', () => {
    for (const { name, quantity } of MODELS) {
      const text = readFileSync(join(copy.root, 'models', name, 'requirements.json'), 'utf8');
      const requirements = parseRequirements(JSON.parse(text), name);
      const baseline = quantity === 'demand' ? 'demand-naive' : `${quantity}-average`;
      expect(requirements.betterThan?.model).toBe(baseline);
      expect(requirements.monotone === true).toBe(quantity === 'demand');
      const facts = { name, quantity };
      const defaults = defaultRequirements(facts, [{ name: baseline, quantity, baseline: true }]);
      expect(tightenRequirements(defaults, requirements, name)).toEqual(defaults);
    }
  });

  it('bears no trace of what it is made from', () => {
    for (const { name } of MODELS)
      for (const file of filesBelow(join(copy.root, 'models', name))) {
        const text = readFileSync(file, 'utf8');
        expect(text, file).not.toMatch(/template/i);
        // What the model that it was copied from once wrote lies there, not here.
        expect(text, file).not.toContain("'golden'");
        // All files of a package lie in one folder, and none imports another model.
        for (const [, from] of text.matchAll(/from '([^']+)'/g))
          expect(from, file).toMatch(
            /^(\.\/|\.\.\/src\/|@hemline\/(core|features|evaluation|runtime|lightgbm|tensor)|zod|vitest|pure-rand|fast-check|node:)/,
          );
      }
  });

  it('passes the conformance suite', async () => {
    const { code, output } = await copy.run('node_modules/vitest/vitest.mjs', [
      'run',
      '--reporter=dot',
      ...folders(CHECKED).map((folder) => `${folder}/`),
    ]);
    expect(code, output).toBe(0);
  }, 600_000);

  it('is known to the command', async () => {
    const { code, output } = await copy.run('packages/cli/bin/hemline.mjs', ['models', '--json']);
    expect(code).toBe(0);
    const known = JSON.parse(output) as { name: string; quantity: string; description: string }[];
    for (const { name, quantity } of MODELS)
      expect(known).toContainEqual(expect.objectContaining({ name, quantity }));
    // What is said of a model in its package and in its definition is the same.
    const { description } = JSON.parse(
      readFileSync(join(copy.root, 'models/new-demand-trees/package.json'), 'utf8'),
    ) as { description: string };
    expect(known.find(({ name }) => name === 'new-demand-trees')!.description).toBe(description);
  });
});

describe('what is generated', () => {
  it('is formatted', async () => {
    const files = [
      ...folders(CHECKED).flatMap((folder) => filesBelow(join(copy.root, folder))),
      ...FEATURE_FILES.map((path) => join(copy.root, path)),
    ];
    for (const file of files)
      expect([
        file,
        await check(readFileSync(file, 'utf8'), { ...(await resolveConfig(file)), filepath: file }),
      ]).toEqual([file, true]);
  });

  it('type-checks', async () => {
    const tsconfig = {
      extends: './tsconfig.base.json',
      include: written(MODELS.map(({ name }) => name)),
    };
    writeFileSync(join(copy.root, 'tsconfig.generated.json'), JSON.stringify(tsconfig));
    expect(
      await copy.run('node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.generated.json']),
    ).toEqual({
      code: 0,
      output: '',
    });
  }, 180_000);

  it('lints, module boundaries among it', async () => {
    expect(await copy.run('node_modules/eslint/bin/eslint.js', written(CHECKED))).toEqual({
      code: 0,
      output: '',
    });
  }, 180_000);
});

describe('a generated kind of feature', () => {
  it('has a kernel, a kind, a test, and its places in the catalogue', () => {
    expect(ofFeature).toEqual(FEATURE_FILES);
    expect(readFileSync(join(copy.root, 'packages/features/README.md'), 'utf8')).toMatch(
      /^\| `demandRange` +\| largest/m,
    );
  });

  it('passes its own tests, and is asked for by those of all kinds', async () => {
    const { code, output } = await copy.run('node_modules/vitest/vitest.mjs', [
      'run',
      '--reporter=dot',
      'packages/features/tests/kinds/',
      'tools/workspace-plugin/tests/feature/options-table',
      // Those of all kinds that are quick.
      'packages/features/tests/feature-set/feature-set.test.ts',
      '-t',
      'demandRange|tested in every kind|come back|as the schemas say',
    ]);
    expect(code, output).toBe(0);
  }, 180_000);

  it('does not change when it is generated again, and keeps what a person has changed', async () => {
    expect(await copy.generate(featureGenerator, { name: 'demand-range' })).toEqual([]);
    const kernel = join(copy.root, 'packages/features/src/kernels/demand-range.ts');
    const mine = readFileSync(kernel, 'utf8').replace('most - least', 'most / least');
    writeFileSync(kernel, mine);
    expect(await copy.generate(featureGenerator, { name: 'demand-range' })).toEqual([]);
    expect(readFileSync(kernel, 'utf8')).toBe(mine);
  });
});

describe('generated again, a model', () => {
  const [options] = MODELS.filter(({ name }) => name === 'new-demand-trees') as [(typeof MODELS)[number]];

  it('does not change', async () => {
    expect(await copy.generate(modelGenerator, options)).toEqual([]);
  });

  it('keeps what a person has changed, and gets back what is missing', async () => {
    const changed = join(copy.root, 'models/new-demand-trees/src/features.ts');
    const before = readFileSync(changed, 'utf8');
    writeFileSync(changed, `${before}// Mine.\n`);
    expect(await copy.generate(modelGenerator, options)).toEqual([]);
    expect(readFileSync(changed, 'utf8')).toBe(`${before}// Mine.\n`);
    writeFileSync(changed, before);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
