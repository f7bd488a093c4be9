import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What runs a notebook without a browser. The kernel itself needs no Python. */
const PACKAGES = ['jupyter-client==8.10.0', 'nbformat==5.11.1'];

const CACHE = join(dirname(fileURLToPath(import.meta.url)), '../../.hemline/notebooks');

/**
 * A Python that runs notebooks: a virtual environment that is made once, with pip.
 * @returns the interpreter; where it cannot be made, the reason
 */
export async function notebookPython(): Promise<{ readonly python: string } | { readonly missing: string }> {
  const folder = join(CACHE, `python-${PACKAGES.join('-').replace(/[^\w.-]+/g, '')}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return { python };
  const run = promisify(execFile);
  const temporary = join(CACHE, `.${process.pid}-python`);
  try {
    await mkdir(CACHE, { recursive: true });
    await run('python3', ['-m', 'venv', temporary]);
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--retries',
      '2',
      '--disable-pip-version-check',
      ...PACKAGES,
    ];
    await run(join(temporary, 'bin', 'python'), pip, { timeout: 90_000 });
    await rename(temporary, folder);
    return { python };
  } catch (error) {
    return { missing: (error as Error).message.trim().split('\n').at(-1)! };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
