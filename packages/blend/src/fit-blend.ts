import { HyperparameterError, type Tables, type TrainingJob } from '@hemline/core';
import { DemandHistory, liftAt, readPriceResponse, type PriceResponse } from '@hemline/features';
import { BlendedDemand } from './blended-demand.ts';
import type { BlendHyperparameters } from './hyperparameters.ts';
import { blendInsights } from './insights.ts';
import { Intervals } from './intervals.ts';
import type { BlendPart } from './part.ts';
import { trainParts, type TrainedParts } from './training/train-parts.ts';
import { Gram } from './weights/gram.ts';
import { learnWeights, type GramCell, type LearntWeights } from './weights/learn-weights.ts';
import { SEGMENTS, segmentOf } from './weights/segments.ts';
import { heldOutWindows, type HeldOutWindow } from './windows/held-out-windows.ts';

/**
 * Trains the parts of a blend and learns their weights and the quantiles from the weeks held out.
 * @param blend that is trained
 * @param blend.name its name
 * @param parts all that it may be made of, the baseline first
 * @param job cutoff, seed, members, signal
 * @param tables up to the cutoff
 * @param hyperparameters of the blend
 * @returns the fitted blend
 */
export async function fitBlend(
  blend: { readonly name: string },
  parts: readonly BlendPart[],
  job: TrainingJob,
  tables: Tables,
  hyperparameters: BlendHyperparameters,
): Promise<BlendedDemand> {
  const chosen = chosenParts(blend.name, parts, hyperparameters.parts);
  const held = await heldOutWindows(job, tables, hyperparameters);
  if (held.weeks === 0)
    job.onWarning?.(
      `the data is too short to hold weeks out: the ${chosen.length} parts of ${blend.name} have equal weights`,
    );
  const result = await trainParts(blend, chosen, job, tables, held, hyperparameters);
  try {
    const response = hyperparameters.response === 'estimated' ? await estimate(job, tables) : null;
    return assemble(result, held.windows, response);
  } catch (error) {
    for (const { fitted } of result.trained) fitted.dispose();
    throw error;
  }
}

/** The response to the price, from demand as it would have been with full stock. */
async function estimate({ cutoff, signal, onProgress }: TrainingJob, tables: Tables): Promise<PriceResponse> {
  onProgress?.({ phase: 'estimating the response to the price', done: 0, total: null, unit: 'series' });
  const history = await DemandHistory.fit(tables, cutoff, signal);
  const weekly = await history.weekly(tables, cutoff, signal);
  return readPriceResponse(tables, { cutoff, weekly, signal });
}

function assemble(
  { trained, leftOut }: TrainedParts,
  windows: readonly HeldOutWindow[],
  response: PriceResponse | null,
): BlendedDemand {
  const parts = trained.map(({ part }) => part);
  const learnt = learnWeights(
    parts.map(({ isBaseline = false }) => isBaseline),
    SEGMENTS.length,
    cellsOf(trained, windows),
  );
  const intervals = learnIntervals(trained, windows, learnt);
  const isUsed = trained.map((_, i) => i === 0 || learnt.bySegment.some((weights) => weights[i]! > 0));
  // Parts without any weight would be asked for nothing.
  trained.forEach(({ fitted }, i) => {
    if (!isUsed[i]) fitted.dispose();
  });
  const metrics: Record<string, number> = {
    ...{ heldOutRows: learnt.rows.reduce((a, b) => a + b, 0), leftOut: leftOut.length },
    ...Object.fromEntries(parts.map(({ name }, i) => [`weight.${name}`, learnt.pooled[i]!])),
  };
  if (response !== null) {
    metrics['response.lift30'] = liftAt(response.slopes, 0.3);
    metrics['response.resolved'] = response.evidence.resolved;
  }
  // Without weeks held out there is no error to tell.
  if (windows.length > 0) {
    metrics['heldOutError.blend'] = learnt.blendError;
    parts.forEach(({ name }, i) => (metrics[`heldOutError.${name}`] = learnt.memberErrors[i]!));
  }
  return new BlendedDemand({
    parts: trained
      .filter((_, i) => isUsed[i])
      .map(({ part, model, fitted }) => ({ name: part.name, model, fitted })),
    weights: learnt.bySegment.map((weights) => weights.filter((_, i) => isUsed[i]!)),
    intervals,
    response,
    metrics,
    insights: blendInsights(parts, learnt, leftOut),
  });
}

/** Sums of the held-out rows, by what is left out together. */
function cellsOf(trained: TrainedParts['trained'], windows: readonly HeldOutWindow[]): GramCell[] {
  const cells = new Map<number, GramCell>();
  const forecasts = new Float64Array(trained.length);
  windows.forEach((window, at) => {
    const { demand, blackPrice, weekAhead, fold, block } = window;
    const support = trained[0]!.heldOut[at]!.support;
    for (let row = 0; row < demand.length; row++) {
      const segment = segmentOf(weekAhead[row]!, support[row]!);
      const key = (block[row]! * 256 + fold[row]!) * SEGMENTS.length + segment;
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = { segment, block: block[row]!, fold: fold[row]!, gram: new Gram(trained.length) };
        cells.set(key, cell);
      }
      trained.forEach(({ heldOut }, part) => (forecasts[part] = heldOut[at]!.demand[row]!));
      cell.gram.add(blackPrice[row]!, demand[row]!, forecasts);
    }
  });
  return [...cells].sort(([a], [b]) => a - b).map(([, cell]) => cell);
}

function learnIntervals(
  trained: TrainedParts['trained'],
  windows: readonly HeldOutWindow[],
  { bySegment }: LearntWeights,
): Intervals {
  const rows = {
    weekAhead: [] as number[],
    level: [] as number[],
    forecast: [] as number[],
    actual: [] as number[],
  };
  windows.forEach(({ demand, weekAhead }, at) => {
    const baseline = trained[0]!.heldOut[at]!;
    for (let row = 0; row < demand.length; row++) {
      const weights = bySegment[segmentOf(weekAhead[row]!, baseline.support[row]!)]!;
      rows.weekAhead.push(weekAhead[row]!);
      rows.level.push(baseline.demand[row]!);
      rows.actual.push(demand[row]!);
      rows.forecast.push(
        trained.reduce((sum, { heldOut }, part) => sum + weights[part]! * heldOut[at]!.demand[row]!, 0),
      );
    }
  });
  return Intervals.learn(rows);
}

/** The baseline and the parts that are named, in the order in which they are declared. */
function chosenParts(blend: string, parts: readonly BlendPart[], asked: string): readonly BlendPart[] {
  const names = asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new HyperparameterError(`hyperparameters of ${blend} are not valid`, {
      expected: `parts among ${parts.map(({ name }) => name).join(', ')}`,
      found: unknown.join(', '),
    });
  return names.length === 0 ? parts : parts.filter(({ name }, at) => at === 0 || names.includes(name));
}
