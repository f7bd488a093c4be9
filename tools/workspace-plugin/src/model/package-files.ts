import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultRequirements, type Requirements } from '@hemline/workflow';
import { readmeOf } from './readme.ts';
import type { Recipe, Source } from './recipes.ts';

const TEMPLATES = fileURLToPath(new URL('templates/', import.meta.url));
/** Files that an earlier version of the copied model wrote are none of the new model's: it has written none. */
const ABOUT_OLD_FILES = 'written-before.test.ts';
const PLUGIN = fileURLToPath(new URL('../../package.json', import.meta.url));

/** A manifest, as far as it is read. */
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What a model says of itself, as far as it is read. */
interface Declared {
  readonly hemline?: { readonly baseline?: string };
}

/** What every model imports. */
const IMPORTS = ['@hemline/core', '@hemline/evaluation', '@hemline/features', '@hemline/runtime', 'zod'];

/**
 * The files of a new model package. Templates are sources that are linted, type-checked and tested where they lie; here they get
 * the name of the model, and come together in one folder.
 * @param root of the workspace
 * @param name of the model
 * @param recipe what it is made from
 * @returns contents by path below the package's folder
 */
export function packageFiles(root: string, name: string, recipe: Recipe): Map<string, string> {
  const files = new Map<string, string>([
    ['package.json', `${JSON.stringify(manifestOf(name, recipe), null, 2)}\n`],
    ['README.md', readmeOf(name, recipe)],
    ['requirements.json', `${JSON.stringify(requirementsOf(root, name, recipe), null, 2)}\n`],
    ['src/train.ts', entrypoint('train', 'train')],
    ['src/process.ts', entrypoint('processJob', 'processJob')],
    ['tests/conformance.test.ts', conformanceTest(recipe)],
  ]);
  for (const source of recipe.sources)
    for (const [path, text] of sourceFiles(root, source))
      if (!files.has(path)) files.set(path, named(text, name, recipe, source));
  return files;
}

/** What holds for the quantity anyway, written down so that it can be seen, and tightened. */
function requirementsOf(root: string, name: string, { quantity }: Recipe): Requirements {
  const models = join(root, 'models');
  const baselines = readdirSync(models).flatMap((folder) => {
    const file = join(models, folder, 'package.json');
    const { hemline } = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Declared) : {};
    return hemline?.baseline === quantity ? [{ name: folder, quantity, baseline: true }] : [];
  });
  return defaultRequirements({ name, quantity }, baselines);
}

function entrypoint(imported: string, called: string): string {
  return `import { ${imported} } from '@hemline/runtime';\nimport model from './model.ts';\n\nawait ${called}(model);\n`;
}

function conformanceTest({ kind }: Recipe): string {
  if (kind !== 'tensor')
    return `import { testModel } from '@hemline/evaluation/testing';\nimport model from '../src/model.ts';\n\ntestModel(model);\n`;
  return `import { testModel } from '@hemline/evaluation/testing';
import { loadTensorflow } from '@hemline/tensor';
import model from '../src/model.ts';

const { tf } = await loadTensorflow();

// Single-precision sums of a network differ a little with the place of a row in its batch.
testModel(model, { tolerance: 1e-4, liveTensors: () => tf.memory().numTensors });
`;
}

function* sourceFiles(root: string, source: Source): Generator<[path: string, text: string]> {
  const folders: [from: string, to: string][] =
    'template' in source
      ? [[join(TEMPLATES, source.template), 'src']]
      : (['src', 'tests'] as const).map((part) => [join(root, 'models', source.model, part), part]);
  for (const [from, to] of folders)
    for (const file of readdirSync(from)
      .filter((each) => each.endsWith('.ts') && each !== ABOUT_OLD_FILES)
      .sort())
      yield [`${to}/${file}`, readFileSync(join(from, file), 'utf8')];
}

function named(text: string, name: string, { engine, description }: Recipe, source: Source): string {
  if ('model' in source)
    return text
      .replaceAll(source.model, name)
      .replaceAll(new RegExp(`\\b${source.class}\\b`, 'g'), pascalOf(name))
      .replace(/(quantity: '[a-z-]+',\s+description:\s+)(?:'[^']*'|"[^"]*")/, `$1'${description}'`);
  const flat = text
    // The folders of the templates come together in one.
    .replaceAll(/from '\.\.\/[a-z-]+\/([a-z-]+\.ts)'/g, "from './$1'")
    .replaceAll('template-name', name)
    .replaceAll('TemplateName', pascalOf(name))
    .replaceAll('template description', description);
  return engine === 'tensorflow'
    ? flat
        .replaceAll("['lightgbm']", "['tensorflow']")
        .replaceAll("'trees', ", "'steps', ")
        .replaceAll("'trees']", "'steps']")
    : flat;
}

/**
 * @param name in kebab-case
 * @returns for a class: `DemandBoosted`
 */
export function pascalOf(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

function manifestOf(name: string, recipe: Recipe): object {
  const { dependencies } = JSON.parse(readFileSync(PLUGIN, 'utf8')) as Manifest;
  const imports = [...IMPORTS, ...recipe.imports].sort();
  return {
    name: `@hemline/${name}`,
    version: '0.1.0',
    description: recipe.description,
    license: 'Apache-2.0',
    type: 'module',
    exports: { '.': './src/model.ts', './train': './src/train.ts', './process': './src/process.ts' },
    hemline: {
      engines: recipe.engine === null ? [] : [recipe.engine],
      generated: { kind: recipe.kind, quantity: recipe.quantity },
    },
    scripts: { test: `vitest run --root ../.. models/${name}/`, lint: 'eslint .' },
    dependencies: Object.fromEntries(imports.map((each) => [each, dependencies[each]])),
    nx: { tags: ['layer:model', 'env:any'] },
  };
}
