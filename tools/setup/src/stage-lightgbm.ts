import { join } from 'node:path';
import { pinOf } from './engine-pins.ts';
import type { StagedEngine } from './engine-record.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';
import { stageWheel } from './stage-wheel.ts';

/**
 * Stages LightGBM's C library.
 * @param places the folders
 * @param progress to show how far it is
 * @returns what was staged, loaded once to see that it works
 * @throws SetupError when it cannot be had or loaded
 */
export async function stageLightgbm(places: Places, progress: Progress): Promise<StagedEngine> {
  const pin = pinOf('lightgbm');
  if (pin === undefined)
    throw new SetupError(`no lightgbm wheel is pinned for ${process.platform}-${process.arch}.`);
  const libraries = await stageWheel(pin, places, progress);
  const [main] = libraries.files;
  const library = join(libraries.directory, main!.target);
  await checkLoads(library);
  return {
    state: 'staged',
    version: pin.version,
    library,
    bytes: main!.bytes,
    sha256: main!.sha256,
    files: [library],
    source: libraries.source,
  };
}

/**
 * Opens a library in a process of its own. Node takes it for an addon and complains that it did not register, which it
 * can only say once the system has loaded it with everything that it needs.
 */
async function checkLoads(library: string): Promise<void> {
  const script =
    'try { process.dlopen({ exports: {} }, process.argv[1]) } catch (error) {' +
    ' if (!/self-register/.test(error.message)) { console.error(error.message); process.exit(1) } }';
  try {
    await runProgram(process.execPath, ['-e', script, library]);
  } catch (cause) {
    throw new SetupError(
      `${library} cannot be loaded: ${(cause as Error).message}. It needs the OpenMP runtime; on Debian: apt-get install libgomp1.`,
      { cause },
    );
  }
}
