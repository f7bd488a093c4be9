import { evaluate, forecast, forecastTable, runs, simulate, train, type WorkOptions } from '@hemline/hemline';

const { observed: data } = await simulate({ out: '.hemline/library', articles: 40, markets: 2 });
const work: WorkOptions = {
  signal: AbortSignal.timeout(600_000),
  onProgress: (part, { phase, done }) => void process.stderr.write(`${part}: ${phase} ${done}\n`),
};
const hyperparameters = { method: 'mean', window: 8 };
const { run } = await train('demand-naive', { data, cutoff: '2023-07-31', hyperparameters, ...work });
const { metrics } = await evaluate('demand-naive', { data, horizon: 8, ...work });
const { directory } = await forecast('demand-naive', { data, horizon: 8, discounts: '0,0.2', ...work });
const table = await forecastTable(directory, { columns: ['article', 'week', 'demand'] }); // of apache-arrow
const { state } = await runs.show(run);
process.stdout.write(`${run} ${state}: error ${metrics.demandError}, ${table.numRows} forecasts\n`);
