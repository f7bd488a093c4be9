import { join } from 'node:path';
import { cached } from './cache.ts';
import { runChild } from './run-child.ts';

/** Peers, by the versions that they are measured in. */
export const PYTHON_PACKAGES = ['pyarrow==25.0.1', 'polars==1.44.2', 'duckdb==1.5.6', 'numpy>=2'] as const;

/** What the peer of the networks needs: large, so that it is fetched for these cases alone. */
export const TORCH_PACKAGES = ['torch==2.13.0', 'numpy>=2'] as const;

/** LightGBM's own package, in the version of the staged library, and what reads its data. */
export const LIGHTGBM_PACKAGES = ['lightgbm==4.7.0', 'pyarrow==25.0.1', 'numpy>=2'] as const;

/** A Python with the peers, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string };

const environments = new Map<readonly string[], Promise<PythonEnvironment>>();

/**
 * The Python of the peers: a virtual environment that is made once, with pip.
 * @param packages it has
 * @returns the interpreter; where it cannot be made, the reason
 */
export function pythonEnvironment(packages: readonly string[] = PYTHON_PACKAGES): Promise<PythonEnvironment> {
  const known = environments.get(packages);
  if (known !== undefined) return known;
  const made = make(packages).catch((error: Error) => ({ missing: error.message.split('\n').at(-1)! }));
  environments.set(packages, made);
  return made;
}

async function make(packages: readonly string[]): Promise<PythonEnvironment> {
  const folder = await cached(`python-${packages.join('-').replace(/[^\w.-]+/g, '')}`, async (path) => {
    await runChild({ file: 'python3', args: ['-m', 'venv', path] });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    await runChild({ file: join(path, 'bin', 'python'), args: pip });
  });
  return { python: join(folder, 'bin', 'python') };
}
