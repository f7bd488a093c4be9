import { HemlineError } from '@hemline/core';
import {
  digestOfForecasts,
  digestOfOrigin,
  ORIGIN_FILE,
  readOrigin,
  type PricingOrigin,
} from '@hemline/pricing/job';
import type { RunRecord } from '@hemline/runs';
import { openStore, readManifest } from '@hemline/stores';

/** What recommendations follow from. */
export interface PricingLineage {
  readonly origin: PricingOrigin;
  /** Version of each model whose forecasts were priced, and the run that trained it; null: not known. */
  readonly versions: readonly {
    readonly model: string;
    readonly version: number | null;
    readonly trainedBy: string | null;
  }[];
}

/**
 * Follows recommendations back to forecasts, limits and data: what the file beside them says, where its digest is that of their footer.
 * @param file of recommendations, path or URL
 * @param digest that its footer carries
 * @param recordOf gives the record of a run, or null, with a gap that says so
 * @param gaps takes what cannot be found out
 * @returns null where nothing tells it that can be trusted
 */
export async function tracePricing(
  file: string,
  digest: string,
  recordOf: (run: string, what: string) => Promise<RunRecord | null>,
  gaps: string[],
): Promise<PricingLineage | null> {
  const store = await openStore(file.replace(/[^/]*$/, '') || '.');
  const origin = await readOrigin(store);
  const place = store.urlOf(ORIGIN_FILE);
  if (origin === null) {
    gaps.push(`${place}, which tells what was priced, is not there`);
    return null;
  }
  if (digestOfOrigin(origin) !== digest) {
    gaps.push(`${place} is not the one that the file was made with: its digest is another`);
    return null;
  }
  const record = await recordOf(origin.run, 'whose forecasts were priced');
  for (const each of origin.forecasts) {
    const now = await digestNow(each.place);
    if (now !== each.digest)
      gaps.push(
        now === null
          ? `the forecasts of ${each.model} cannot be read any more in ${each.place}`
          : `the forecasts of ${each.model} in ${each.place} are not those that were priced`,
      );
  }
  return {
    origin,
    versions: origin.forecasts.map(({ model }) => {
      const used = record?.versions.findLast((each) => each.model === model && each.role === 'forecast');
      return { model, version: used?.version ?? null, trainedBy: used?.trainedBy ?? null };
    }),
  };
}

async function digestNow(place: string): Promise<string | null> {
  try {
    return digestOfForecasts({ manifest: await readManifest(place) });
  } catch (error) {
    if (error instanceof HemlineError) return null;
    throw error;
  }
}
