import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Engine, Variant } from '../spec/image-spec.ts';
import type { EngineEntry } from './engine-record.ts';
import { stageLightgbm } from './stage-lightgbm.ts';
import { stageTensorflow } from './stage-tensorflow.ts';

/** Packages of Debian that an engine's library needs and the base image lacks. */
const SYSTEM_PACKAGES: Readonly<Record<Engine, readonly string[]>> = {
  lightgbm: ['libgomp1'],
  tensorflow: [],
};

/** Engines as an image's build is told of them. */
export interface EngineFacts {
  /** Names of the checks that the build runs: those of the engines as they are staged. */
  readonly checks: readonly string[];
  readonly systemPackages: readonly string[];
}

/**
 * @param engines that a package declares
 * @param variant of its image
 * @returns what the build has to know
 */
export function engineFacts(engines: readonly Engine[], variant: Variant): EngineFacts {
  return {
    checks: engines.map((engine) => stagedName(engine, variant)),
    systemPackages: engines.flatMap((engine) => SYSTEM_PACKAGES[engine]),
  };
}

/**
 * Lays out the native part of an image: packages and libraries of the declared engines, and the record by which they are found.
 * @param root of the workspace
 * @param folder to fill, which becomes `/opt/hemline`
 * @param engines of the package
 * @param variant of the image
 */
export async function stageEngines(
  root: string,
  folder: string,
  engines: readonly Engine[],
  variant: Variant,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries: Record<string, EngineEntry> = {};
  for (const engine of engines)
    entries[stagedName(engine, variant)] =
      engine === 'lightgbm'
        ? await stageLightgbm(root, folder)
        : await stageTensorflow(root, folder, variant);
  if (engines.length === 0) return;
  const record = join(folder, 'node_modules', '.hemline', 'engines.json');
  await mkdir(dirname(record), { recursive: true });
  await writeFile(record, `${JSON.stringify({ format: 1, engines: entries }, null, 2)}\n`);
}

function stagedName(engine: Engine, variant: Variant): string {
  return engine === 'tensorflow' && variant === 'gpu' ? 'tensorflow-gpu' : engine;
}
