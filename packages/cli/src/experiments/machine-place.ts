import { availableParallelism } from 'node:os';
import { ConfigurationError } from '@hemline/core';
import { jobsOfMachine } from '../commands/run.ts';
import { sourceVersion } from '@hemline/hemline';
import type { ExperimentPlace } from './experiment-place.ts';
import { UnitPool } from './unit-pool.ts';

/** What fits on this machine are told. */
export interface MachineOptions {
  readonly data: string;
  readonly descriptor?: string;
  readonly parallel?: number;
}

/**
 * Fits as processes of this machine.
 * @param options of the command line
 * @returns the place
 */
export function machinePlace({ data, descriptor, parallel }: MachineOptions): ExperimentPlace {
  return {
    notice: 'Stopping; finished fits are kept, and the same command goes on.',
    code: sourceVersion(),
    checksData: true,
    resources: {},
    parameters: {},
    parallel: (hasEngine) => parallelOf(parallel, hasEngine),
    check: () => Promise.resolve(),
    open: (context) => Promise.resolve(new UnitPool({ ...context, data, descriptor })),
  };
}

/** As many fits at once as cores and memory bear; an engine takes all cores for one. */
function parallelOf(asked: number | undefined, hasEngine: boolean): number {
  const cores = availableParallelism();
  if (asked === undefined) return hasEngine ? 1 : jobsOfMachine();
  if (asked <= cores) return asked;
  throw new ConfigurationError('there are not so many cores', {
    expected: `--parallel of at most ${cores}`,
    found: String(asked),
    remedy: 'More at once would only wait for each other; --instance makes jobs of SageMaker of them.',
  });
}
