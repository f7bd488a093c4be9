import { execFile, spawn } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '5.2.1';
const CACHE = join(import.meta.dirname, '../../../../.hemline/tests');
const INSTALL_MS = 240_000;
const START_MS = 30_000;
const run = promisify(execFile);

/** A server of moto that runs, or why there is none. */
export type MotoServer =
  { readonly url: string; close(): void; readonly missing: null } | { readonly missing: string };

/**
 * Starts a server of moto, which stands in for AWS: that of `python3` where it has one, else from a virtual environment
 * that is made once, with pip.
 * @returns the server at a free port, or the reason why it cannot be had
 */
export async function startMoto(): Promise<MotoServer> {
  try {
    return await started(await environment());
  } catch (error) {
    return { missing: (error as Error).message.trim().split('\n').at(-1)! };
  }
}

/** A Python that has moto. */
async function environment(): Promise<string> {
  const isInstalled = run('python3', ['-c', 'import moto.server, flask']);
  if (
    await isInstalled.then(
      () => true,
      () => false,
    )
  )
    return 'python3';
  const folder = join(CACHE, `moto-${VERSION}`);
  const python = join(folder, 'bin', 'python');
  if ((await stat(folder).catch(() => null)) !== null) return python;
  await mkdir(CACHE, { recursive: true });
  const temporary = join(CACHE, `.${process.pid}-moto`);
  try {
    await run('python3', ['-m', 'venv', temporary]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1'];
    const wanted = ['--timeout', '15', `moto[server]==${VERSION}`];
    await run(join(temporary, 'bin', 'python'), [...pip, ...wanted], { timeout: INSTALL_MS });
    // Another test file may have been faster.
    await rename(temporary, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return python;
}

async function started(python: string): Promise<MotoServer> {
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const close = (): void => void child.kill();
  process.once('exit', close);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error('moto did not start in time')), START_MS);
    // It goes on to log every request: what is not read would fill the pipe.
    child.stderr.on('data', (chunk: Buffer) => {
      if (text.length < 10_000) text += chunk.toString();
      const address = /Running on (http:\/\/[\d.]+:\d+)/.exec(text)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`moto ended: ${text}`)));
  }).catch((error: unknown) => {
    close();
    throw error;
  });
  return { url, close, missing: null };
}
