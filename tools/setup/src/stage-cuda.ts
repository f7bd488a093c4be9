import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { downloadWheel } from './download-wheel.ts';
import type { WheelPin } from './engine-pins.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { unpackWheel } from './unpack-wheel.ts';

/**
 * Stages the CUDA libraries that the GPU wheel names in its metadata, each from its own wheel, below `nvidia/`: the
 * layout that the library's own run path expects. Their versions are those that the metadata allows and the index has;
 * pip checks the index's hashes.
 * @param directory where the GPU wheel was unpacked to, with its `METADATA`
 * @param pin of the GPU wheel
 * @param places the folders
 * @param progress to show how far it is
 */
export async function stageCuda(
  directory: string,
  pin: WheelPin,
  places: Places,
  progress: Progress,
): Promise<void> {
  const metadata = await readFile(join(directory, 'METADATA'), 'utf8');
  for (const requirement of requirementsOfExtra(metadata, pin.extra!)) {
    const folder = join(places.cache, 'partial', 'cuda');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    // NVIDIA's wheels are built for older systems than TensorFlow's.
    const platforms = [
      ...pin.platforms,
      'manylinux_2_17_x86_64',
      'manylinux2014_x86_64',
      'manylinux1_x86_64',
    ];
    const wheel = await downloadWheel({ requirement, platforms }, folder, progress);
    await unpackWheel(wheel, directory, {
      files: [],
      place: (entry) => (/^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(entry) ? entry : null),
      onBytes: (done, total) => progress.bytes(`unpacking ${basename(wheel)}`, done, total),
    });
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param metadata the text of a wheel's METADATA file
 * @param extra such as `and-cuda`
 * @returns the requirements that the extra adds, without markers
 */
export function requirementsOfExtra(metadata: string, extra: string): string[] {
  const requirements: string[] = [];
  for (const line of metadata.split(/\r?\n/)) {
    const match = /^Requires-Dist: ([^;]+);(.*)$/.exec(line);
    if (match !== null && new RegExp(`extra == ['"]${extra}['"]`).test(match[2]!))
      requirements.push(match[1]!.replace(/[()\s]/g, ''));
  }
  return requirements;
}
