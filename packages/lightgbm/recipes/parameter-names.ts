/**
 * Writes src/parameters/parameter-names.ts from what the staged library says of its own parameters:
 *
 *   npx hemline-node packages/lightgbm/recipes/parameter-names.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLightgbm } from '../src/library/native-library.ts';

/** Room for the text; that of 4.7.0 has 7,000 characters. */
const BYTES = 1 << 20;

/**
 * @returns every parameter of the library, sorted, with its further names
 */
export function dumpParameterNames(): Record<string, readonly string[]> {
  const room = Buffer.alloc(BYTES);
  loadLightgbm().call('LGBM_DumpParamAliases', BYTES, new BigInt64Array(1), room);
  const names = JSON.parse(room.toString('utf8', 0, room.indexOf(0))) as Record<string, string[]>;
  return Object.fromEntries(
    Object.entries(names)
      .map(([name, aliases]) => [name, aliases.toSorted()] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

if (import.meta.main) {
  const lines = Object.entries(dumpParameterNames()).map(
    ([name, aliases]) => `  ${name}: [${aliases.map((alias) => `'${alias}'`).join(', ')}],`,
  );
  const text = [
    '/**',
    ' * Parameters of LightGBM 4.7.0, each with its further names. Written by recipes/parameter-names.ts; not to be edited.',
    ' */',
    'export const PARAMETER_NAMES = {',
    ...lines,
    '} as const satisfies Readonly<Record<string, readonly string[]>>;',
    '',
    '/** The first of the names of a parameter. */',
    'export type ParameterName = keyof typeof PARAMETER_NAMES;',
    '',
  ];
  writeFileSync(join(import.meta.dirname, '../src/parameters/parameter-names.ts'), text.join('\n'));
}
