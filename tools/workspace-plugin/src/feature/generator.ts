import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@hemline/core';
import type { Tree } from '@nx/devkit';
import { kebabOf } from '../model/check-name.ts';
import { pascalOf } from '../model/package-files.ts';
import { writeGenerated } from '../write-generated.ts';
import { insertLine, type Insertion } from './insert-line.ts';

/** What the generator is asked for. */
export interface FeatureOptions {
  /** Kebab-case. */
  readonly name: string;
}

const PACKAGE = 'packages/features';

/** Words that cannot be the name of a function. */
const RESERVED = [
  'new',
  'class',
  'default',
  'delete',
  'function',
  'import',
  'in',
  'switch',
  'this',
  'void',
  'with',
];

/**
 * Makes a kind of feature: a kernel, the declared object, a property test that holds history and weeks ahead equal, and its places
 * in the catalogue. It works at once as largest less smallest value of a window; the kernel is where to begin. Run again it changes
 * nothing, and what a person has edited stays.
 * @param tree of the workspace
 * @param options its name
 * @throws ConfigurationError for a name that is taken or cannot be, or a catalogue that has no place for it
 */
export default async function featureGenerator(tree: Tree, options: FeatureOptions): Promise<void> {
  const name = options.name.trim();
  const pascal = pascalOf(name);
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  checkName(tree, name, camel);
  for (const [path, template] of [
    [`src/kernels/${name}.ts`, 'kernel.ts'],
    [`src/kinds/${name}.ts`, 'kind.ts'],
    [`tests/kinds/${name}.test.ts`, 'kind.test.ts'],
  ] as const) {
    const text = readFileSync(new URL(`templates/${template}.template`, import.meta.url), 'utf8')
      .replaceAll('featureName', camel)
      .replaceAll('FeatureName', pascal)
      .replaceAll('feature-name', name)
      .replaceAll('feature_name', name.replaceAll('-', '_'))
      .replaceAll('FEATURE_NAME', constantOf(name))
      .replaceAll('FEATURE WORDS', name.replaceAll('-', ' '));
    await writeGenerated(tree, `${PACKAGE}/${path}`, text);
  }
  for (const insertion of insertions(name, camel)) await insertLine(tree, insertion);
}

/** The places of a kind in the catalogue. */
function insertions(name: string, camel: string): Insertion[] {
  return [
    {
      path: `${PACKAGE}/src/index.ts`,
      line: `export { ${camel}, type ${pascalOf(name)}Options } from './kinds/${name}.ts';\n`,
      before: /export \{ FEATURE_KINDS/,
      unless: new RegExp(`'\\./kinds/${name}\\.ts'`),
    },
    {
      path: `${PACKAGE}/src/kinds/parse-feature.ts`,
      line: `import { ${constantOf(name)}, ${camel} } from './${name}.ts';\n`,
      before: /import \{ LAG, lag \}/,
      unless: new RegExp(`'\\./${name}\\.ts'`),
    },
    {
      path: `${PACKAGE}/src/kinds/parse-feature.ts`,
      line: `  ${camel}: { options: ${constantOf(name)}, make: ${camel} },\n`,
      before: / {2}stockUplift: \{/,
      unless: new RegExp(`^ {2}${camel}: \\{`, 'm'),
    },
    {
      path: `${PACKAGE}/tests/support/every-kind.ts`,
      line: `import { ${camel} } from '../../src/kinds/${name}.ts';\n`,
      before: /import \{ lag \}/,
      unless: new RegExp(`/kinds/${name}\\.ts'`),
    },
    {
      path: `${PACKAGE}/tests/support/every-kind.ts`,
      line: `  ${camel}(demand, { window: 4 }),\n  ${camel}(demand, { window: 9, lag: 2, minSamples: 3 }),\n`,
      before: / {2}stockUplift\(/,
      unless: new RegExp(`${camel}\\(demand`),
    },
    {
      path: `${PACKAGE}/README.md`,
      line: `| \`${camel}\` | largest less smallest value of a window |\n`,
      before: /\| `stockUplift`, /,
      unless: new RegExp(`^\\| \`${camel}\` +\\| [^\`]`, 'm'),
    },
    {
      path: `${PACKAGE}/README.md`,
      // As `npm run options-table` writes them; that cannot be run on files that are not written yet.
      line: OPTION_ROWS.map((row) => `| \`${camel}\` | ${row} |\n`).join(''),
      before: /\| `stockUplift` +\| `stock`/,
      unless: new RegExp(`^\\| \`${camel}\` +\\| \``, 'm'),
    },
  ];
}

/** Options of what is generated, as the table of the README has them. */
const OPTION_ROWS = [
  '`window` | a whole number of at least 1 | required | weeks of the window',
  '`minSamples` | a whole number of at least 1 | `1` | values that there must be, else the feature is missing',
  '`lag` | a whole number of at least 1 | `1` | weeks before its own that a week looks back to when it is the next one; ' +
    '1 is the last known week',
];

/** `DEMAND_RANGE` of `demand-range`. */
function constantOf(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}

function checkName(tree: Tree, name: string, camel: string): void {
  const refuse = (expected: string, found: string, remedy: string): never => {
    throw new ConfigurationError(
      `${name === '' ? 'an empty name' : name} cannot be the name of a kind of feature`,
      {
        expected,
        found: found === '' ? 'nothing' : found,
        remedy,
      },
    );
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    const kebab = kebabOf(name);
    refuse(
      'a name in kebab-case: lower case letters and digits, single hyphens between',
      name,
      kebab === '' ? 'Choose a name such as demand-range.' : `Try ${kebab}.`,
    );
  }
  if (RESERVED.includes(camel)) refuse('no word of the language', name, `Try ${name}-value.`);
  const own = `${PACKAGE}/src/kinds/${name}.ts`;
  const isOurs = tree.read(own, 'utf8')?.includes(`kind: '${camel}'`) === true;
  if (isOurs && tree.exists(`${PACKAGE}/tests/kinds/${name}.test.ts`)) return;
  for (const folder of ['kinds', 'kernels'])
    if (tree.exists(`${PACKAGE}/src/${folder}/${name}.ts`))
      refuse('a name that nothing has', `${PACKAGE}/src/${folder}/${name}.ts`, 'Choose another name.');
  // Kinds share files, and the package one list of names.
  for (const folder of ['', ...FOLDERS].map((each) => `${PACKAGE}/src/${each}`))
    for (const file of tree.children(folder).filter((each) => each.endsWith('.ts'))) {
      const text = tree.read(`${folder}/${file}`, 'utf8')!;
      if (
        new RegExp(
          `export (?:async )?(?:function\\*?|const|class|type|interface) (?:${camel}|${pascalOf(name)}Options)\\b`,
        ).test(text)
      )
        refuse('a name that nothing has', `${camel} in ${folder}/${file}`, 'Choose another name.');
    }
}

/** Folders of the package whose exports share names. */
const FOLDERS = [
  'calendar',
  'censoring',
  'cohorts',
  'encoders',
  'feature-set',
  'groups',
  'kernels',
  'kinds',
  'panel',
  'recipe',
  'scalers',
  'shrinkage',
];
