import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { simulateMarket } from '@hemline/market-simulator';
import { hemline } from '../accuracy/hemline-command.ts';
import { CACHE, cached } from '../harness/cache.ts';
import type { BenchmarkCase } from '../harness/contestant.ts';
import { nodeProgram } from './programs.ts';

const ENTRY = join(import.meta.dirname, '../../../../models/demand-naive/src/process.ts');
const SERIES = 8000;
const MARKETS = 4;
/** Rows of a series in the forecast. */
const PER_SERIES = 26 * 15;

/** The end-to-end forecast of a market whose sales are censored, with a model that costs next to nothing. */
export const forecastNaive: BenchmarkCase = {
  name: 'forecast-naive',
  description: 'a censored market of 8,000 series forecast by demand-naive through its entrypoint',
  rounds: 5,
  async prepare({ rows }) {
    const articles = Math.ceil((rows === null ? SERIES : rows / PER_SERIES) / MARKETS);
    const market = await cached(`market-${articles}-${MARKETS}`, async (out) => {
      await simulateMarket({ out, articles, markets: MARKETS });
    });
    const observed = join(market, 'observed');
    const model = await trained(observed, articles);
    const contestants = [1, 2].map((threads) => ({
      name: `hemline, ${threads} thread${threads === 1 ? '' : 's'}`,
      program: nodeProgram('forecast-job.ts', [ENTRY, observed, model, String(threads)]),
    }));
    return [
      {
        title: `${(articles * MARKETS).toLocaleString('en')} series, data in, forecasts out`,
        contestants,
        skipped: [],
        reference: contestants[0]!.name,
        verdicts: () => [],
      },
    ];
  },
};

/** A model that `hemline train` made, kept with the data. */
function trained(observed: string, articles: number): Promise<string> {
  return cached(`naive-model-${articles}`, async (path) => {
    const home = await mkdtemp(join(CACHE, 'train-'));
    try {
      const { result } = await hemline<{ readonly directory: string }>(
        ['train', 'demand-naive', '--data', observed],
        home,
      );
      await cp(result.directory, path, { recursive: true });
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
}
