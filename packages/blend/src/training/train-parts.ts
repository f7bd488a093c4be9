import {
  DataError,
  EngineError,
  HemlineError,
  InterruptedError,
  memberOf,
  throwIfAborted,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import type { BlendHyperparameters } from '../hyperparameters.ts';
import { hyperparametersOf, partSettings, type BlendPart } from '../part.ts';
import type { HeldOutWindows } from '../windows/held-out-windows.ts';
import { trainPart, type TrainedPart } from './train-part.ts';

/** A part that the blend has to do without. */
export interface LeftOut {
  readonly part: BlendPart;
  readonly reason: string;
}

/** What became of the parts. */
export interface TrainedParts {
  readonly trained: readonly TrainedPart[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Trains the parts of a blend, one after the other, in the order in which they are declared: from cheap to dear. A part whose engine
 * fails, whose memory does not suffice, that cannot learn from the data, or that is not done when the budget ends is left out, and that
 * is told: a week without forecasts is worse than one with a plainer blend. Defects are thrown, and so is what has to be mended in data
 * or settings. The first part, the baseline, is never left out.
 * @param blend whose parts they are
 * @param blend.name the blend's
 * @param parts to train, the baseline first
 * @param job of the blend
 * @param tables up to the cutoff
 * @param held the weeks held out
 * @param hyperparameters of the blend
 * @returns trained parts and those left out
 * @throws InterruptedError when the job's signal is raised
 */
export async function trainParts(
  blend: { readonly name: string },
  parts: readonly BlendPart[],
  job: TrainingJob,
  tables: Tables,
  held: HeldOutWindows,
  { memberPreset, memberSettings, budgetSeconds }: BlendHyperparameters,
): Promise<TrainedParts> {
  const settings = partSettings(memberSettings, parts);
  // All of them before any is trained: a misspelt name would otherwise be told when hours have gone.
  const asked = parts.map((part) =>
    hyperparametersOf(part, memberOf(blend, job.members, part.member), memberPreset, settings),
  );
  const trained: TrainedPart[] = [];
  const leftOut: LeftOut[] = [];
  const leave = (part: BlendPart, reason: string): void => {
    leftOut.push({ part, reason });
    job.onWarning?.(`${part.name} is left out of ${blend.name}: ${reason}`);
  };
  const budget = budgetSeconds > 0 ? AbortSignal.timeout(Math.ceil(1000 * budgetSeconds)) : null;
  const late = `not done within the budget of ${budgetSeconds} seconds`;
  const signal =
    budget === null
      ? job.signal
      : AbortSignal.any([budget, ...(job.signal === undefined ? [] : [job.signal])]);
  try {
    for (const [at, part] of parts.entries()) {
      throwIfAborted(job.signal);
      const isBaseline = at === 0;
      if (!isBaseline && budget?.aborted) {
        leave(part, late);
        continue;
      }
      try {
        const own = isBaseline ? job : { ...job, signal };
        trained.push(await trainPart(blend, part, own, tables, held, asked[at]));
      } catch (error) {
        throwIfAborted(job.signal);
        const reason = budget?.aborted && !isBaseline ? late : reasonOf(error);
        if (isBaseline || reason === null) throw error;
        leave(part, reason);
      }
    }
    return { trained, leftOut };
  } catch (error) {
    for (const { fitted } of trained) fitted.dispose();
    throw error;
  }
}

/** Why a blend may go on without the part; null where it may not. */
function reasonOf(error: unknown): string | null {
  if (error instanceof EngineError || error instanceof DataError) return error.message;
  if (error instanceof HemlineError || error instanceof InterruptedError) return null;
  // What Node and TensorFlow throw where an array is larger than the memory.
  if (
    error instanceof RangeError &&
    /allocation|out of memory|invalid (typed )?array length/i.test(error.message)
  )
    return `it needs more memory than there is (${error.message})`;
  return null;
}
