import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGE = 'pyarrow==25.0.1';
const CACHE = fileURLToPath(new URL('../../../../.hemline/python', import.meta.url));

/**
 * A Python with pyarrow: a virtual environment that is made once, with pip.
 * @returns the interpreter; where it cannot be made, the reason
 */
export async function pyarrow(): Promise<{ readonly python: string } | { readonly missing: string }> {
  const folder = join(CACHE, PACKAGE);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return { python };
  const temporary = join(CACHE, `.${process.pid}-pyarrow`);
  try {
    await mkdir(CACHE, { recursive: true });
    await run('python3', ['-m', 'venv', temporary]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '2', '--disable-pip-version-check', PACKAGE];
    await run(join(temporary, 'bin', 'python'), pip, { timeout: 90_000 });
    await rename(temporary, folder);
    return { python };
  } catch (error) {
    return { missing: (error as Error).message.trim().split('\n').at(-1)! };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
