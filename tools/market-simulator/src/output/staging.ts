import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigurationError, DataError, StoreError } from '@hemline/core';

/** File that marks a folder as a finished simulation and says which one. */
export const SIMULATION_FILE = 'simulation.json';

/** What is kept about a finished simulation. */
export interface SimulationRecord<Summary> {
  /** Whatever determines the bytes of the output. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly summary: Summary;
}

/**
 * Looks at the folder that is to be written.
 * @param out the folder
 * @param options of the simulation that is to go there
 * @param overwrite whether another simulation may be replaced
 * @returns the record when exactly this simulation is there and may stay, otherwise null
 * @throws ConfigurationError when something else is there
 */
export async function findSimulation<Summary>(
  out: string,
  options: SimulationRecord<Summary>['options'],
  overwrite: boolean,
): Promise<SimulationRecord<Summary> | null> {
  const entries = await list(out);
  if (entries.length === 0) return null;
  if (!entries.includes(SIMULATION_FILE)) {
    throw new ConfigurationError(`${out} holds something other than a simulation`, {
      expected: 'a folder that is empty, new, or a simulation',
      found: entries.slice(0, 3).join(', '),
      remedy: 'Choose another folder; what is no simulation is never overwritten.',
    });
  }
  if (overwrite) return null;
  const there = await readRecord<Summary>(out);
  const different = [...new Set([...Object.keys(options), ...Object.keys(there.options)])].filter(
    (name) => JSON.stringify(options[name]) !== JSON.stringify(there.options[name]),
  );
  if (different.length === 0) return there;
  const print = (values: Readonly<Record<string, unknown>>): string =>
    different.map((name) => `${name} ${JSON.stringify(values[name]) ?? 'none'}`).join(', ');
  throw new ConfigurationError(`${out} holds a simulation with other options`, {
    expected: print(options),
    found: print(there.options),
    remedy: 'Choose another folder, or overwrite it.',
  });
}

/**
 * Creates the folder beside `out` in which the simulation is made.
 * @param out where it is to go in the end
 * @returns its path
 * @throws StoreError when it cannot be created
 */
export async function createStaging(out: string): Promise<string> {
  const target = resolve(out);
  try {
    // Not by mkdtemp, whose folders are their owner's alone: a market is data, and is read by whom the folder around it lets.
    const staging = join(dirname(target), `.${basename(target)}.simulating-${randomUUID().slice(0, 8)}`);
    await mkdir(dirname(target), { recursive: true });
    await mkdir(staging);
    return staging;
  } catch (cause) {
    throw new StoreError('the simulation cannot be written', {
      found: String(cause),
      where: { file: target },
      cause,
    });
  }
}

/**
 * Marks the staged simulation as finished and puts it in its place, in the place of an older one if there is one.
 * @param staging the folder of {@link createStaging}
 * @param out where it goes
 * @param record what to keep about it
 */
export async function publish<Summary>(
  staging: string,
  out: string,
  record: SimulationRecord<Summary>,
): Promise<void> {
  await writeFile(join(staging, SIMULATION_FILE), `${JSON.stringify(record, null, 2)}\n`);
  const entries = await list(out);
  if (entries.length === 0) {
    await rmdir(out).catch(ignoreMissing);
    await rename(staging, out);
    return;
  }
  // Only a simulation gets here; it is moved aside first, so that a failure leaves one of the two in place.
  const old = `${staging}.old`;
  await rename(out, old);
  try {
    await rename(staging, out);
  } catch (error) {
    await rename(old, out);
    throw error;
  }
  await rm(old, { recursive: true });
}

async function readRecord<Summary>(out: string): Promise<SimulationRecord<Summary>> {
  const file = join(out, SIMULATION_FILE);
  try {
    const record = JSON.parse(await readFile(file, 'utf8')) as SimulationRecord<Summary>;
    if (typeof record?.options === 'object' && typeof record.summary === 'object') return record;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DataError('the record of a simulation cannot be read', {
    expected: 'JSON with options and summary',
    where: { file },
    remedy: 'Choose another folder, or overwrite it.',
  });
}

/** What a folder holds; nothing when it is not there. */
async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR')
      throw new ConfigurationError(`${folder} is a file`, {
        expected: 'a folder to write the simulation to',
      });
    ignoreMissing(error);
    return [];
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
