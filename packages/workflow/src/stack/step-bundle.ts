import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ENTRY = fileURLToPath(new URL('../functions/lambda.ts', import.meta.url));

/**
 * Bundles the function of small steps into one file, the AWS SDK included: what was tested is what runs.
 * @param folder to write `index.mjs` to
 */
export function bundleSteps(folder: string): void {
  buildSync({
    entryPoints: [ENTRY],
    outfile: `${folder}/index.mjs`,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    // Packages of the SDK that are CommonJS ask for Node's modules by require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}
