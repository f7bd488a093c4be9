import { addWeeks, DataError, listing, parseWeek, QUANTITIES, type QuantityName } from '@hemline/core';
import type { WeekRange } from '@hemline/runs/decisions';
import { openStore, readManifest } from '@hemline/stores';
import { byError, chooseDemand } from './choose-demand.ts';
import type { QuantityForecasts } from './quantity-forecasts.ts';
import { respondsToPrice } from './responds-to-price.ts';

/** The forecasts of a run, one model for each quantity. */
export interface ForecastSet {
  readonly run: string;
  /** That was forecast. */
  readonly dataset: { readonly name: string; readonly fingerprint: string };
  /** Weeks that were forecast, at most. */
  readonly weeks: WeekRange;
  /** Grid of discounts, `from:to:step` or a list. */
  readonly discounts: string;
  /** Demand first. */
  readonly forecasts: readonly QuantityForecasts[];
  /** Why demand is not by the model that errs least, or what speaks against it; null: nothing. */
  readonly modelChoice: string | null;
}

/** What a workflow leaves in `manifest.json` of a set, as far as it is read here. */
interface SetManifest {
  readonly run: string;
  readonly dataset: { readonly name: string; readonly fingerprint: string; readonly lastWeek: string };
  readonly parameters: { readonly discounts: string; readonly horizon: string };
  readonly models: readonly {
    readonly model: string;
    readonly quantity: QuantityName;
    /** Folder of the forecasts, within the set; null: it has none. */
    readonly folder: string | null;
    /** Main metric of the version that forecast, on weeks that it had not seen; null: not known. */
    readonly error: number | null;
  }[];
}

/**
 * Reads which model forecast what in a run, and takes of each quantity the one that errs least, of demand by {@link chooseDemand}.
 * @param place of the set: folder or `s3://bucket/prefix`
 * @param signal raised to stop
 * @returns forecasts with their manifests; no row has been read
 * @throws DataError when the set is not whole, has no demand, or holds forecasts of another run
 */
export async function readForecastSet(place: string, signal?: AbortSignal): Promise<ForecastSet> {
  const store = await openStore(place);
  const where = { file: store.urlOf('manifest.json') };
  const bytes = await store.read('manifest.json');
  if (bytes === null || (await store.stat('_SUCCESS')) === null)
    throw new DataError('the set of forecasts is not whole', {
      expected: 'manifest.json and _SUCCESS, which a run writes when all its forecasts are there',
      found: bytes === null ? 'no manifest' : 'a manifest without _SUCCESS',
      where,
      remedy: 'Run the workflow again: what is there is not made anew.',
    });
  let set: SetManifest;
  try {
    set = JSON.parse(new TextDecoder().decode(bytes)) as SetManifest;
  } catch (cause) {
    throw new DataError('the manifest of the forecasts is damaged', {
      found: (cause as Error).message,
      where,
      remedy: 'Run the workflow again.',
      cause,
    });
  }
  // A set is named differently from where it is read; its folders lie in it wherever that is.
  const folderOf = (folder: string): string =>
    `${place.replace(/\/+$/, '')}/${folder.split('/').filter(Boolean).at(-1)!}`;
  const forecasts: QuantityForecasts[] = [];
  let modelChoice: string | null = null;
  for (const quantity of Object.keys(QUANTITIES) as QuantityName[]) {
    const made = set.models.filter((each) => each.quantity === quantity && each.folder !== null);
    let [best] = byError(made);
    if (best === undefined) continue;
    if (quantity === 'demand') {
      const choice = await chooseDemand(made, async ({ folder }) => {
        const of = folderOf(folder!);
        return respondsToPrice({ place: of, manifest: await readManifest(of) }, signal);
      });
      [best, modelChoice] = [choice.chosen, choice.reason];
    }
    const folder = folderOf(best.folder!);
    const manifest = await readManifest(folder);
    if (manifest.provenance.runId !== set.run)
      throw new DataError('the forecasts are of another run', {
        expected: set.run,
        found: manifest.provenance.runId,
        where: { file: folder },
        remedy: 'Somebody has put other forecasts in their place: run it again, or price the other run.',
      });
    forecasts.push({ quantity, model: best.model, place: folder, manifest, curves: null });
  }
  if (forecasts[0]?.quantity !== 'demand')
    throw new DataError('the set has no forecast of demand', {
      expected: 'forecasts of demand, to price by',
      found: forecasts.length === 0 ? 'nothing' : listing(forecasts.map(({ quantity }) => quantity)),
      where,
      remedy: 'Let a model of demand take part in the run.',
    });
  const { name, fingerprint, lastWeek } = set.dataset;
  const known = parseWeek(lastWeek);
  return {
    ...{ run: set.run, dataset: { name, fingerprint }, discounts: set.parameters.discounts, forecasts },
    modelChoice,
    weeks: { from: addWeeks(known, 1), to: addWeeks(known, Number(set.parameters.horizon)) },
  };
}
