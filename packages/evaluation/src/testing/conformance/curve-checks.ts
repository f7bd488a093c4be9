import {
  checkBatch,
  concatBatches,
  emptyBatch,
  InterruptedError,
  QUANTITIES,
  type Batch,
  type CurveRequest,
  type FittedModel,
  type ForecastCurves,
} from '@hemline/core';
import { assert, assertRejects, explained, type ConformanceCheck } from './check.ts';
import { demandSameForecasts, rowsByKey } from './compare.ts';
import type { Subject } from './subject.ts';

/** What a curve has besides its coefficients. */
export const CURVE_KEY = ['article', 'market', 'week'];

/**
 * Checks of models that tell their forecasts as curves.
 * @param subject the model under test
 * @returns the checks
 */
export function curveChecks(subject: Subject): ConformanceCheck[] {
  const { curves } = subject.model;
  if (curves === undefined)
    return [
      {
        name: 'curves, evaluated, are the forecasts of the grid',
        skip: 'the model declares no curves',
        run: () => Promise.resolve(),
      },
    ];
  return [
    {
      name: 'curves, evaluated, are the forecasts of the grid',
      run: () => demandSameAsGrid(subject, curves),
    },
    { name: 'curves stop with InterruptedError', run: () => demandStops(subject) },
  ];
}

async function demandSameAsGrid(subject: Subject, curves: ForecastCurves): Promise<void> {
  const { model } = subject;
  for (const name of [...CURVE_KEY, 'support'])
    assert(
      curves.output.fields.some((field) => field.name === name),
      `the curves lack ${name}`,
    );
  await subject.withCopy(async (fitted) => {
    assert(fitted.curves !== undefined, 'curves are declared, and the fitted model gives none');
    const request = await subject.request('grid');
    if (request.scenarios.kind !== 'grid') return;
    const { discounts, weeks } = request.scenarios;
    const grid = await subject.askRequest(fitted, request);
    const found = await askCurves(subject, fitted, 1000);
    await explained('in batches of 7 curves: look for what is carried from curve to curve', async () =>
      demandSameForecasts(await askCurves(subject, fitted, 7), found, CURVE_KEY, 0),
    );
    checkBatch(found, curves.output);
    assert(
      found.names.length === curves.output.fields.length,
      `undeclared columns among ${found.names.join()}`,
    );
    assert(
      rowsByKey(found, CURVE_KEY).size === request.items.length * weeks.length,
      `${found.length} curves of ${request.items.length} items in ${weeks.length} weeks`,
    );
    const evaluated = curves.evaluate(found, discounts);
    checkBatch(evaluated, model.output);
    // Nothing may be lost on the way: the same bits.
    await explained(
      'by its curve: look for coefficients that are rounded, and for a formula that predict and evaluate each have of their own',
      () => demandSameForecasts(evaluated, grid, QUANTITIES[model.quantity].key, 0),
    );
  });
}

async function demandStops(subject: Subject): Promise<void> {
  await subject.withCopy((fitted) =>
    assertRejects(
      'curves with a raised signal',
      () => askCurves(subject, fitted, 1000, AbortSignal.abort()),
      InterruptedError,
      'call throwIfAborted(signal) before the first batch and between batches',
    ),
  );
}

/**
 * Asks for curves of the horizon and joins them.
 * @param subject the model under test
 * @param fitted a model that has curves
 * @param batchRows at most so many in a batch
 * @param signal that stops it
 * @returns all curves
 */
export async function askCurves(
  subject: Subject,
  fitted: FittedModel,
  batchRows: number,
  signal?: AbortSignal,
): Promise<Batch> {
  const { scenarios, ...request } = await subject.request('grid', { batchRows, signal });
  if (scenarios.kind !== 'grid') throw new TypeError('a grid was asked for');
  const { weeks, plan } = scenarios;
  const asked: CurveRequest = { ...request, weeks, plan };
  const batches: Batch[] = [];
  for await (const batch of fitted.curves!(asked)) {
    assert(batch.length <= batchRows, `a batch has ${batch.length} rows; asked for at most ${batchRows}`);
    batches.push(batch);
  }
  return batches.length === 0 ? emptyBatch(subject.model.curves!.output) : concatBatches(batches);
}
