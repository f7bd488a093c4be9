import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { simulateMarket } from '@hemline/market-simulator';
import { hemline } from '../accuracy/hemline-command.ts';
import { CACHE, cached } from '../harness/cache.ts';
import type { BenchmarkCase, Measured } from '../harness/contestant.ts';
import { nodeProgram } from './programs.ts';

/** Weeks and levels of a series' grid. */
const PER_SERIES = 26 * 15;
const SERIES = 2000;
/** Sizes that memory is compared over. */
const TIMES = [1, 2, 4] as const;
/** Most that the peak may grow from the smallest to the largest. */
const GROWTH = 1.15;
/** Speed and memory do not depend on how well the network has learnt. */
const STEPS = 20;

/** The end-to-end forecast of the demand model. */
export const demandForecast: BenchmarkCase = {
  name: 'demand-forecast',
  description: 'a market forecast by the demand model through its entrypoint: rows a second, stages, memory',
  rounds: 1,
  async prepare({ rows }) {
    const series = Math.max(1, rows === null ? SERIES : Math.round(rows / PER_SERIES));
    // One market, one partition: the harder case.
    const market = (articles: number): Promise<string> =>
      cached(`market-${articles}-1`, async (out) => {
        await simulateMarket({ out, articles, markets: 1 });
      });
    const observed = new Map<number, string>();
    for (const times of TIMES) observed.set(times, join(await market(series * times), 'observed'));
    const model = await trained(observed.get(1)!);
    const nameOf = (times: number, form: string): string =>
      `${form}, ${(series * times).toLocaleString('en')} series`;
    const contestant = (
      times: number,
      form: string,
    ): { name: string; program: ReturnType<typeof nodeProgram> } => ({
      name: nameOf(times, form),
      program: nodeProgram('forecast-demand.ts', [observed.get(times)!, model, form]),
    });
    return [
      {
        title: 'panel in, Parquet out',
        contestants: [...TIMES.map((times) => contestant(times, 'grid')), contestant(4, 'curves')],
        skipped: [],
        reference: nameOf(4, 'grid'),
        verdicts(find) {
          const [least, most] = [find(nameOf(1, 'grid'))!, find(nameOf(4, 'grid'))!];
          const growth = most.peakBytes / least.peakBytes;
          const rate = (name: string): number => {
            const { samples, seconds }: Measured = find(name)!;
            return samples.at(-1)!.rows! / seconds.median / 1e6;
          };
          return [
            {
              requirement: 'the peak with four times the series over the peak with one',
              value: growth,
              limit: GROWTH,
              holds: growth <= GROWTH,
            },
            ...(['grid', 'curves'] as const).map((form) => ({
              requirement: `millions of rows a second, ${form}, as measured`,
              value: rate(nameOf(4, form)),
              limit: 0,
              holds: true,
            })),
          ];
        },
      },
    ];
  },
};

/** A model that `hemline train` made, kept with the data. */
function trained(observed: string): Promise<string> {
  return cached(`demand-model-${STEPS}`, async (path) => {
    const home = await mkdtemp(join(CACHE, 'train-'));
    try {
      const args = ['train', 'demand-transformer', '--data', observed, '--set', `steps=${STEPS}`];
      const { result } = await hemline<{ readonly directory: string }>(args, home);
      await cp(result.directory, path, { recursive: true });
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
}
