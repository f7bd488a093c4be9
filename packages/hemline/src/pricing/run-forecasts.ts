import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, DataError, listing, QUANTITIES, type QuantityName } from '@hemline/core';
import { PREFERRED_BY, type QuantityForecasts } from '@hemline/pricing/job';
import { readManifest, type Manifest } from '@hemline/stores';
import { FORECAST_KINDS, type KnownRun } from '@hemline/runs';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { loadModel } from '../workspace.ts';
import { setErrors } from './set-errors.ts';

/**
 * The forecasts of a run: of each quantity, those of the model whose evaluation in the run errs least, or of the one that is named.
 * @param run with its record
 * @param named models to take, whatever they score
 * @returns at most one for each quantity, demand first
 * @throws ConfigurationError for a run without forecasts of demand, or a model that has made none in it
 * @throws DataError for forecasts of another run
 */
export async function runForecasts(
  run: KnownRun,
  named: readonly string[] = [],
): Promise<QuantityForecasts[]> {
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
  for (const quantity of Object.keys(QUANTITIES) as QuantityName[]) {
    const candidates = made
      .filter((each) => each.quantity === quantity)
      .map((each) => ({
        ...each,
        error: named.includes(each.model)
          ? -1
          : (errors.get(each.model) ?? errorOf(directory, each.model, quantity)),
      }))
      .sort((a, b) => a.error - b.error || (a.model < b.model ? -1 : 1));
    const [best] = candidates;
    if (best === undefined) continue;
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
  return found;
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

/** What is not a number, or was not evaluated, comes last. */
function errorOf(directory: string, model: string, quantity: QuantityName): number {
  const file = join(directory, model, 'evaluate', 'metrics.json');
  if (!existsSync(file)) return Number.MAX_VALUE;
  const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as { metrics: Record<string, number | null> };
  return metrics[PREFERRED_BY[quantity]] ?? Number.MAX_VALUE;
}
