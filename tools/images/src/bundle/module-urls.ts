import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'esbuild';
import { UnsupportedError } from '@hemline/core';

/** A module that is named by its address: what a worker thread starts. */
const MODULE_URL = /new URL\(\s*(['"])(\.{1,2}\/[^'"\n]+\.ts)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;
/** Every other address relative to a module, which would lead nowhere in a bundle. */
const OTHER_URL = /new URL\([^;]{0,200}?import\.meta\.url\s*,?\s*\)/;

/**
 * Makes modules that are named by address part of a bundle: `new URL('./thread.ts', import.meta.url)` becomes the address of
 * the bundled module. All files of a bundle lie in one folder, so that it is the same from whichever of them it is asked.
 * @param root of the workspace
 * @param found takes the modules, by the name of their file in the bundle
 * @returns the plugin of esbuild
 */
export function moduleUrls(root: string, found: Map<string, string>): Plugin {
  return {
    name: 'module-urls',
    setup: (build) => {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path.includes(`${sep}node_modules${sep}`)) return undefined;
        const source = await readFile(path, 'utf8');
        const contents = source.replace(MODULE_URL, (_text, _quote, specifier: string) => {
          const target = resolve(dirname(path), specifier);
          const name = entryName(root, target);
          found.set(name, target);
          return `new URL('./${name}.mjs', import.meta.url)`;
        });
        const left = OTHER_URL.exec(
          contents.replaceAll(/new URL\('\.\/[^']+\.mjs', import\.meta\.url\)/g, ''),
        );
        if (left !== null)
          throw new UnsupportedError('a module asks for an address that a bundle does not know', {
            expected: "new URL('./module.ts', import.meta.url)",
            found: left[0],
            where: { file: relative(root, path) },
            remedy: 'Give what a thread runs a module of its own, and import data as JSON.',
          });
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** `packages/tensor/src/training/batch-thread.ts` is `tensor-training-batch-thread`. */
function entryName(root: string, path: string): string {
  return relative(root, path)
    .replace(/\.ts$/, '')
    .split(sep)
    .filter((part, i) => i > 0 && part !== 'src')
    .join('-');
}
