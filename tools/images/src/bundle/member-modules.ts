import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** The module of the runtime that imports a model by its name. */
const IMPORT_MODEL = /[\\/]packages[\\/]runtime[\\/]src[\\/]members[\\/]import-model\.ts$/;

/**
 * Makes the members of a model part of its bundle. The runtime imports them by name, and in an image there are no packages to find:
 * its module that does so is replaced by one that knows these members and no others.
 * @param members modules of their definitions, by name
 * @returns the plugin of esbuild
 */
export function memberModules(members: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'member-modules',
    setup: (build) => {
      build.onLoad({ filter: IMPORT_MODEL }, ({ path }) => ({
        contents: importModelOf(members),
        loader: 'ts',
        resolveDir: join(path, '..'),
      }));
    },
  };
}

function importModelOf(members: Readonly<Record<string, string>>): string {
  const cases = Object.entries(members).map(
    ([name, path]) => `${JSON.stringify(name)}: () => import(${JSON.stringify(path)}),`,
  );
  return `
import { ConfigurationError } from '@hemline/core';
const MODELS: Record<string, () => Promise<{ default: unknown }>> = {
  ${cases.join('\n  ')}
};
export async function importModel(name: string): Promise<unknown> {
  if (!Object.hasOwn(MODELS, name))
    throw new ConfigurationError('the member ' + name + ' is not in this image', {
      expected: 'one of ' + (Object.keys(MODELS).join(', ') || 'no members'),
      found: name,
      remedy: 'Name its package among the dependencies in the package.json of the model, and build the image again.',
    });
  return (await MODELS[name]!()).default;
}
`;
}
