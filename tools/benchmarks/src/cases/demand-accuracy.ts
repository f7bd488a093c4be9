import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccuracyCase, AccuracyOptions } from '../accuracy/accuracy-case.ts';
import { ourModels } from '../accuracy/our-models.ts';
import { retailScores, type DataScores } from '../accuracy/retail-scores.ts';
import { marketScores } from '../accuracy/simulated-market.ts';
import { MARKETS, RETAIL_DATA } from '../accuracy/suite-data.ts';
import { suiteReport } from '../accuracy/suite-report.ts';
import { CACHE } from '../harness/cache.ts';

/** How good forecasts of demand are: our models, and LightGBM told the same. */
export const demandAccuracy: AccuracyCase = {
  name: 'demand-accuracy',
  description:
    'error, bias, calibration and lift of demand on public data and simulated markets: hemline, LightGBM',
  async score(options) {
    const isWanted = (name: string): boolean => options.data?.includes(name) ?? true;
    if (options.cutoffs !== null && RETAIL_DATA.filter(({ name }) => isWanted(name)).length !== 1)
      throw new RangeError(
        '--cutoff: expected --data with one public data set, whose last known weeks these are',
      );
    const { models, missing } = ourModels(options.models, options.training);
    await mkdir(CACHE, { recursive: true });
    const home = await mkdtemp(join(CACHE, 'accuracy-'));
    const found: DataScores[] = [
      { scores: [], skipped: missing.map((name) => ({ name, reason: 'the workspace has no such model' })) },
    ];
    try {
      for (const data of RETAIL_DATA)
        if (isWanted(data.name)) found.push(await retailScores(data, models, options, home));
      if (isWanted(MARKETS.name))
        for (const seed of marketSeeds(options)) found.push(await marketScores(seed, models, options, home));
      const scores = found.flatMap((each) => each.scores);
      const skipped = found.flatMap((each) => each.skipped);
      if (scores.length === 0)
        throw new Error(
          `nothing can be scored: ${skipped.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
        );
      return suiteReport({
        title: `Error and bias of demand${options.validation ? ', on the windows that choices are made on' : ''}`,
        ...{ scores, skipped, subject: models[0]!.name },
        isAnnounced: isAnnounced(options),
      });
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};

function marketSeeds({ marketSeeds: given, validation }: AccuracyOptions): readonly number[] {
  return given ?? (validation ? MARKETS.validation : MARKETS.announced);
}

function isAnnounced({ cutoffs, validation, articles, training }: AccuracyOptions): boolean {
  return cutoffs === null && !validation && articles === null && training.length === 0;
}
