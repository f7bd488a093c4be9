import {
  addWeeks,
  memberOf,
  type AnyModel,
  type FittedModel,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import { forecastWindows, type WindowForecasts } from '../windows/forecast-windows.ts';
import type { HeldOutWindows } from '../windows/held-out-windows.ts';
import type { BlendPart } from '../part.ts';

/** A part of a blend after its training. */
export interface TrainedPart {
  readonly part: BlendPart;
  readonly model: AnyModel;
  readonly fitted: FittedModel;
  /** Its forecasts of the weeks held out, by window. */
  readonly heldOut: readonly WindowForecasts[];
}

/**
 * Trains one part. A model that holds weeks out is trained once, and asked for the weeks held out while it does; any other is fitted
 * twice, the first time on nothing but what was known before these weeks.
 * @param blend whose part it is
 * @param blend.name the blend's
 * @param part to train
 * @param job of the blend
 * @param tables up to the cutoff
 * @param held the weeks held out
 * @param hyperparameters of the part
 * @returns the trained part
 */
export async function trainPart(
  blend: { readonly name: string },
  part: BlendPart,
  job: TrainingJob,
  tables: Tables,
  held: HeldOutWindows,
  hyperparameters: unknown,
): Promise<TrainedPart> {
  const model = memberOf(blend, job.members, part.member);
  const start = addWeeks(job.cutoff, -held.weeks);
  let heldOut: WindowForecasts[] | null = held.weeks === 0 ? [] : null;
  const ask = async (fitted: FittedModel): Promise<void> => {
    heldOut = await forecastWindows(model, fitted, held.windows, tables, job.signal);
  };
  const fitEarlier = async (): Promise<void> => {
    const checkpoints = job.checkpoints?.nested(part.name).nested('held-out');
    const earlier = { ...partJob(job, part), cutoff: start, checkpoints, onMetric: undefined };
    const fitted: FittedModel = await model.fit(earlier, tables.asOf(start), hyperparameters);
    try {
      await ask(fitted);
    } finally {
      fitted.dispose();
    }
  };
  if (heldOut === null && model.capabilities.holdsOut !== true) await fitEarlier();
  const onHeldOut: TrainingJob['onHeldOut'] = async ({ cutoff, fitted }) => {
    // One that holds out fewer weeks than it is told knows some of them.
    if (cutoff <= start) await ask(fitted);
  };
  const own: TrainingJob = {
    ...partJob(job, part),
    ...(held.weeks === 0 ? {} : { heldOutWeeks: held.weeks, onHeldOut }),
  };
  const fitted: FittedModel = await model.fit(own, tables, hyperparameters);
  try {
    // Data may be too short for the model to hold anything out.
    if (heldOut === null) await fitEarlier();
    return { part, model, fitted, heldOut: heldOut! };
  } catch (error) {
    fitted.dispose();
    throw error;
  }
}

/** The job of a part: its own checkpoints, and its name before what it tells. */
function partJob(job: TrainingJob, { name, member }: BlendPart): TrainingJob {
  const { cutoff, seed, signal, members, onProgress, onMetric, onWarning } = job;
  return {
    ...{ cutoff, seed, signal, members },
    checkpoints: job.checkpoints?.nested(name),
    onProgress: (event) => onProgress?.({ ...event, phase: `${name}: ${event.phase}` }),
    onMetric: (metric, value) => onMetric?.(`${member}.${metric}`, value),
    onWarning: (text) => onWarning?.(`${name}: ${text}`),
  };
}
