import { fileURLToPath } from 'node:url';
import { ConfigurationError, DataError, takeRows, type Batch } from '@hemline/core';
import { ORIGIN_FILE, readOrigin, type PricingOrigin } from '@hemline/pricing/job';
import { findRun, type Home, latestRun, type KnownRun, type LatestRunOptions } from '@hemline/runs';
import type { DecisionLineage } from '@hemline/runs/decisions';
import type { RangeFilter } from '@hemline/parquet';
import { openParquetFile, openStore, readManifest, type Manifest } from '@hemline/stores';

/** Table of an output of pricing, which may be in several files. */
const RECOMMENDATIONS = /^recommendations\b/;

/** A run that has recommended prices. */
export interface PricedRun {
  readonly known: KnownRun;
  /** Folder or URL of its tables. */
  readonly place: string;
  readonly manifest: Manifest;
  readonly origin: PricingOrigin;
  /** When the pricing began, in milliseconds since 1970: what was known then, it knows. */
  readonly at: number;
}

/**
 * Finds a run that has recommended prices.
 * @param home of the runs
 * @param run its id, the beginning of it, or `latest`: the latest that recommends
 * @param options who is told of runs that are passed over
 * @returns the run, and where its tables are
 * @throws ConfigurationError for a run without recommendations
 * @throws DataError where nothing tells what they follow from
 */
export async function findPricedRun(
  home: Home,
  run: string,
  options: Pick<LatestRunOptions, 'onNotice'> = {},
): Promise<PricedRun> {
  const known =
    run === 'latest'
      ? await latestRun(home.runs, { ...options, isWanted: (each) => placeOf(each) !== null })
      : await findRun(home.runs, run, options);
  const place = known === null ? null : placeOf(known);
  if (known === null || place === null)
    throw new ConfigurationError('there are no recommendations to take in', {
      expected: 'a run that has priced and ended well',
      found:
        known === null ? 'none' : `${known.record.run}, of the kind ${known.record.kind}, ${known.state}`,
      where: { file: home.runs },
      remedy: 'Price first: "hemline price". "hemline runs list --kind price" shows what there is.',
    });
  const store = await openStore(place);
  const origin = await readOrigin(store);
  if (origin === null)
    throw new DataError('nothing tells what the recommendations follow from', {
      expected: `the file ${ORIGIN_FILE} beside them`,
      found: 'none',
      where: { file: store.urlOf(ORIGIN_FILE) },
      remedy: 'Price again, and take in that run.',
    });
  const manifest = await readManifest(place);
  return { known, place, manifest, origin, at: Date.parse(known.record.startedAt) };
}

/**
 * @param priced run
 * @param forecasts the run whose forecasts it priced; null where its record is not here
 * @returns where its proposals come from
 */
export function lineageOf({ known, origin }: PricedRun, forecasts: KnownRun | null): DecisionLineage {
  const versions = forecasts?.record.versions ?? [];
  return {
    ...{ run: known.record.run, forecasts: origin.run, dataset: origin.dataset },
    models: origin.forecasts.map(({ model }) => ({
      model,
      version: versions.findLast((each) => each.model === model && each.role === 'forecast')?.version ?? null,
    })),
  };
}

/**
 * Reads the table recommendations, row group by row group.
 * @param priced run
 * @param columns names on disk that are wanted, where the table has them
 * @param where rows that are wanted; row groups without any are passed over
 * @yields batches
 */
export async function* recommendedRows(
  { place, manifest }: PricedRun,
  columns: readonly string[],
  where: readonly RangeFilter[] = [],
): AsyncGenerator<Batch> {
  for (const { partition, file } of manifest.files) {
    if (!RECOMMENDATIONS.test(partition)) continue;
    const parquet = await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`);
    const there = new Set(parquet.schema.fields.map(({ name }) => name));
    yield* parquet.batches({ columns: columns.filter((name) => there.has(name)), where });
  }
}

/**
 * @param batch with `week`
 * @param weeks that are wanted
 * @returns its rows of these weeks
 */
export function rowsOfWeeks(batch: Batch, weeks: ReadonlySet<number>): Batch {
  const week = batch.weeks('week');
  return takeRows(
    batch,
    Uint32Array.from(week.keys()).filter((row) => weeks.has(week[row]!)),
  );
}

function placeOf({ record, state }: KnownRun): string | null {
  const url = record.outputs.findLast(({ name }) => name === 'recommendations')?.url;
  if (url === undefined || (state !== 'succeeded' && state !== 'degraded')) return null;
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}
