import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/** How a library finds its WebAssembly: beside the module that asks. */
const WASM_URL = /new URL\(\s*(['"])([\w.-]+\.wasm)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/**
 * Finds the WebAssembly of libraries that are bundled: their modules ask for it beside themselves, which in a bundle is the folder of
 * all its files.
 * @param found takes the files, by their names
 * @returns the plugin of esbuild
 */
export function wasmFiles(found: Map<string, string>): Plugin {
  return {
    name: 'wasm-files',
    setup: (build) => {
      build.onLoad({ filter: /[\\/]node_modules[\\/].*\.mjs$/ }, async ({ path }) => {
        for (const [, , name] of (await readFile(path, 'utf8')).matchAll(WASM_URL)) {
          const file = join(dirname(path), basename(name!));
          if (existsSync(file)) found.set(name!, file);
        }
        return undefined;
      });
    },
  };
}
