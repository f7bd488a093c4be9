import { availableParallelism } from 'node:os';
import { ConfigurationError } from '@hemline/core';
import { ProcessPool } from '@hemline/runtime/processes';
import type { Unit } from '../plan.ts';
import type { UnitData } from '../units/serve-units.ts';
import type { UnitScores } from '../units/unit-journal.ts';
import type { ExperimentPlace, UnitWorker, WorkerContext } from './experiment-place.ts';

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
    open: (context) => Promise.resolve(processesOf(program, { data, descriptor }, context)),
  };
}

/** Fits and scores in processes, one a lane. */
function processesOf(
  program: URL,
  opening: UnitData,
  { log, signal, onProgress, onMemory }: WorkerContext,
): UnitWorker {
  const pool = new ProcessPool<UnitData, Unit, UnitScores>({
    ...{ program, opening, log, signal, onProgress },
    ...{ does: 'a fit', stops: 'the experiment', again: 'Start it again: finished fits are kept.' },
    remedy: 'Fewer at once (--parallel) take less memory.',
  });
  return {
    run: async (unit, lane) => {
      const { result, peakBytes } = await pool.run(unit, lane);
      onMemory(unit, peakBytes);
      return result;
    },
    // A process that dies takes its own variant along: others may need less.
    endsAll: () => false,
    close: () => pool.close(),
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
