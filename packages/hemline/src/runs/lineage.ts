import { Home } from '@hemline/runs';
import { readableRegistry, type RegistryOption } from '../registry.ts';
import type { HomeOption } from '../work-options.ts';
import { traceFile, type Lineage } from './trace-file.ts';

/** Where runs and versions are looked for. */
export interface LineageOptions extends HomeOption, RegistryOption {
  /** Folder of the runs; by default `runs/` of the home. */
  readonly runs?: string;
}

/**
 * Which model, data and code made a forecast file.
 * @param file Parquet file that hemline wrote: path or `s3://bucket/key`
 * @param options runs, registry
 * @returns what is known of it, and what is not
 * @throws DataError when the file does not say where it comes from, or differs from its manifest
 */
export async function lineage(file: string, options: LineageOptions = {}): Promise<Lineage> {
  const runs = options.runs ?? new Home(options.home).runs;
  return traceFile(file, runs, await readableRegistry(options.registry, options.home));
}
