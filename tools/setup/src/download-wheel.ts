import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from './progress.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';

/** What to download. */
export interface DownloadRequest {
  /** A requirement as pip writes it: `lightgbm==4.7.0`. */
  readonly requirement: string;
  readonly platforms: readonly string[];
  readonly bytes?: number;
}

/**
 * Downloads one wheel with `pip download`, so that proxies, mirrors and certificates that a site has set up for Python
 * hold here too. pip checks the hash that the index names.
 * @param request what to download
 * @param directory an empty folder to download into; pip's temporary files go there too
 * @param progress to show how far it is
 * @returns path of the wheel
 * @throws SetupError when there is no Python with pip, or the wheel cannot be had
 */
export async function downloadWheel(
  request: DownloadRequest,
  directory: string,
  progress: Progress,
): Promise<string> {
  const python = await pythonWithPip();
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  let measuring = false;
  await runProgram(
    python,
    [
      ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--retries', '2'],
      ...['--python-version', '3.11', '--implementation', 'cp', '--progress-bar', 'off'],
      ...request.platforms.flatMap((platform) => ['--platform', platform]),
      ...['-d', directory, request.requirement],
    ],
    {
      env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
      onTick: () => {
        if (measuring) return;
        measuring = true;
        void sizeOf(directory)
          .then((bytes) => progress.bytes(`downloading ${request.requirement}`, bytes, request.bytes))
          .finally(() => (measuring = false));
      },
    },
  );
  await rm(temporary, { recursive: true, force: true });
  const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new SetupError(`pip downloaded no wheel for ${request.requirement}.`);
  return join(directory, wheel);
}

async function pythonWithPip(): Promise<string> {
  for (const python of ['python3', 'python']) {
    try {
      await runProgram(python, ['-m', 'pip', '--version']);
      return python;
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
    }
  }
  throw new SetupError(
    'there is no Python 3 with pip to download wheels with; install it, or put the wheels into a folder and name it in HEMLINE_ENGINES_DIR.',
  );
}

/** Bytes below a folder; files that go away meanwhile count as nothing. */
async function sizeOf(directory: string): Promise<number> {
  let sum = 0;
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isFile())
      sum += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  return sum;
}
