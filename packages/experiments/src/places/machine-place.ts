import { availableParallelism } from 'node:os';
import { ConfigurationError } from '@hemline/core';
import { UnitPool } from '../units/unit-pool.ts';
import type { ExperimentPlace } from './experiment-place.ts';

/** What fits on this machine are told. */
export interface MachineOptions {
  readonly data: string;
  readonly descriptor?: string;
  /** Fits at the same time, as it is asked for. */
  readonly parallel?: number;
  /** Fits at the same time that this machine bears, where nothing is asked for and a fit takes one core. */
  readonly most: number;
  /** What tells the code of the fits from other code. */
  readonly code: string;
  /** Module that a process of the fits starts with: it calls `serveUnits`. */
  readonly program: URL;
}

/**
 * Fits as processes of this machine.
 * @param options of them
 * @returns the place
 */
export function machinePlace({
  data,
  descriptor,
  parallel,
  most,
  code,
  program,
}: MachineOptions): ExperimentPlace {
  return {
    code,
    checksData: true,
    resources: {},
    parameters: {},
    parallel: (hasEngine) => parallelOf(parallel, hasEngine ? 1 : most),
    check: () => Promise.resolve(),
    open: (context) => Promise.resolve(new UnitPool({ ...context, program, data, descriptor })),
  };
}

/** As many fits at once as cores and memory bear; an engine takes all cores for one. */
function parallelOf(asked: number | undefined, bearable: number): number {
  const cores = availableParallelism();
  if (asked === undefined) return bearable;
  if (asked <= cores) return asked;
  throw new ConfigurationError('there are not so many cores', {
    expected: `--parallel of at most ${cores}`,
    found: String(asked),
    remedy: 'More at once would only wait for each other; --instance makes jobs of SageMaker of them.',
  });
}
