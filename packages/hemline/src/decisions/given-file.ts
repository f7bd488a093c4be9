import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { GivenFile } from '@hemline/pricing/job';
import type { Home } from '@hemline/runs';
import type { PricedRun } from './priced-run.ts';

/**
 * Where a file lies that a run was priced with: workflows on this machine price from a copy in a bucket that exists nowhere else, and older
 * records have paths from the folder that the run was started in, in which its home mostly lies.
 * @param home of the run
 * @param priced the run
 * @param name of the file among its inputs
 * @returns absolute path of the file as it was; else of what stands there by now; where nothing does, what was recorded; null: none was given
 */
export async function placeOfGiven(
  home: Home,
  { origin, known }: Pick<PricedRun, 'origin' | 'known'>,
  name: 'limits' | 'plan',
): Promise<string | null> {
  const given: GivenFile | null = origin[name];
  if (given === null) return null;
  const recorded = [given.file, known.record.parameters[name]].filter((file) => file !== undefined);
  const places = recorded
    .filter((file) => !file.includes('://'))
    .map((file) => (isAbsolute(file) ? file : join(dirname(home.directory), file)));
  let other: string | null = null;
  for (const place of places) {
    const found = await digestOf(place);
    if (found === given.sha256) return place;
    if (found !== null) other ??= place;
  }
  return other ?? given.file;
}

/** Null: nothing that can be read is there. */
async function digestOf(file: string): Promise<string | null> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch {
    return null;
  }
}
