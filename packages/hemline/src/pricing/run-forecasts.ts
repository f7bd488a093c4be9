import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, DataError, listing, QUANTITIES, type QuantityName } from '@hemline/core';
import {
  byError,
  chooseDemand,
  PREFERRED_BY,
  respondsToPrice,
  type ForecastSet,
  type QuantityForecasts,
} from '@hemline/pricing/job';
import { readManifest, type Manifest } from '@hemline/stores';
import { FORECAST_KINDS, type KnownRun } from '@hemline/runs';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { loadModel } from '../workspace.ts';
import { setErrors } from './set-errors.ts';

/**
 * The forecasts of a run: of each quantity, those of the model whose evaluation in the run errs least (of demand one that answers to the price, where
 * it does not err by much more), or of the one that is named.
 * @param run with its record
 * @param named models to take, whatever they score
 * @param signal raised to stop
 * @returns at most one for each quantity, demand first; and why demand is not by the one that errs least
 * @throws ConfigurationError for a run without forecasts of demand, or a model that has made none in it
 * @throws DataError for forecasts of another run
 */
export async function runForecasts(
  run: KnownRun,
  named: readonly string[] = [],
  signal?: AbortSignal,
): Promise<Pick<ForecastSet, 'forecasts' | 'modelChoice'>> {
  const { record, directory } = run;
  if (!FORECAST_KINDS.includes(record.kind) || (run.state !== 'succeeded' && run.state !== 'degraded'))
    throw new ConfigurationError('this run has no forecasts to price by', {
      expected: `a run of the kind ${FORECAST_KINDS.join(', ')} that has ended well`,
      found: `${record.run}, of the kind ${record.kind}, ${run.state}`,
      remedy: '"hemline runs list" shows what there is.',
    });
  const catalog = await modelCatalog();
  const made = record.outputs.flatMap(({ name, url }) => {
    const model = catalog.find(
      (each) => each.name === (name === 'forecast' ? record.parameters['model'] : name),
    );
    return model === undefined ? [] : [{ model: model.name, quantity: model.quantity, place: placeOf(url) }];
  });
  const unknown = named.filter((name) => !made.some(({ model }) => model === name));
  if (unknown.length > 0)
    throw new ConfigurationError(`the run has no forecasts of ${listing(unknown)}`, {
      expected: `models that forecast in it: ${listing(
        made.map(({ model }) => model),
        20,
      )}`,
      found: listing(unknown),
    });
  // A run lies in runs/ of its home.
  const errors = setErrors(dirname(dirname(directory)), record.run);
  const found: QuantityForecasts[] = [];
  let modelChoice: string | null = null;
  for (const quantity of Object.keys(QUANTITIES) as QuantityName[]) {
    const all = made
      .filter((each) => each.quantity === quantity)
      .map((each) => ({
        ...each,
        error: errors.get(each.model) ?? errorOf(directory, each.model, quantity),
      }));
    const wanted = all.filter(({ model }) => named.includes(model));
    let [best] = byError(wanted.length > 0 ? wanted : all);
    if (best === undefined) continue;
    if (quantity === 'demand' && wanted.length === 0) {
      const choice = await chooseDemand(all, async (each) =>
        respondsToPrice({ place: each.place, manifest: await readManifest(each.place) }, signal),
      );
      [best, modelChoice] = [choice.chosen, choice.reason];
    }
    const { model, place } = best;
    const manifest = await readManifest(place);
    checkRun(manifest, record.run, place);
    found.push({ quantity, model, place, manifest, curves: (await loadModel(model)).curves ?? null });
  }
  if (found[0]?.quantity !== 'demand')
    throw new ConfigurationError('this run has no forecast of demand', {
      expected: 'forecasts of demand, to price by',
      found: found.length === 0 ? 'none that can be reached' : listing(found.map(({ quantity }) => quantity)),
      remedy: 'Price a run of "hemline run", or of "hemline forecast" with a model of demand.',
    });
  return { forecasts: found, modelChoice };
}

function checkRun({ provenance }: Manifest, run: string, place: string): void {
  if (provenance.runId === run) return;
  throw new DataError('the forecasts are of another run', {
    expected: run,
    found: provenance.runId,
    where: { file: place },
    remedy: 'Somebody has put other forecasts in their place: run it again, or price the other run.',
  });
}

function placeOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

/** Null: it was not evaluated, or that is not a number. */
function errorOf(directory: string, model: string, quantity: QuantityName): number | null {
  const file = join(directory, model, 'evaluate', 'metrics.json');
  if (!existsSync(file)) return null;
  const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as { metrics: Record<string, number | null> };
  return metrics[PREFERRED_BY[quantity]] ?? null;
}
