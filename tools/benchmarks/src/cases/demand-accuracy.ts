import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccuracyCase, AccuracyTable } from '../accuracy/accuracy-case.ts';
import { scoreOrangeJuice } from '../accuracy/orange-juice.ts';
import { scoreSimulatedMarket } from '../accuracy/simulated-market.ts';
import { CACHE } from '../harness/cache.ts';

/** Data that forecasts are scored on. */
export const ACCURACY_DATA = ['orange-juice', 'market'] as const;

/** How good forecasts of demand are: our model, the naive one, LightGBM. */
export const demandAccuracy: AccuracyCase = {
  name: 'demand-accuracy',
  description: 'error and bias of demand on public data and on a simulated market: hemline, naive, LightGBM',
  async score(options) {
    await mkdir(CACHE, { recursive: true });
    const home = await mkdtemp(join(CACHE, 'accuracy-'));
    const tables: AccuracyTable[] = [];
    const isWanted = (name: (typeof ACCURACY_DATA)[number]): boolean => options.data?.includes(name) ?? true;
    try {
      if (isWanted('orange-juice')) {
        const found = await scoreOrangeJuice(options, home);
        if (!('missing' in found)) tables.push(found);
        else if (options.data === null) options.onRun(`skipped orange-juice: ${found.missing}`);
        else throw new Error(`orange-juice cannot be scored: ${found.missing}`);
      }
      if (isWanted('market')) tables.push(await scoreSimulatedMarket(options, home));
      return tables;
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};
