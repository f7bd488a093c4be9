import type { QuantityName } from '@hemline/core';
import type { SegmentRow } from '@hemline/evaluation';
import { RunRecorder, readRun, type Measurement } from '@hemline/runs';
import type { Evaluation, ReportModel, ReportSource } from '../src/source/report-source.ts';

const PARTS: Readonly<Record<QuantityName, Readonly<Record<string, readonly string[]>>>> = {
  demand: {
    weekAhead: Array.from({ length: 26 }, (_, i) => String(i + 1)),
    lead: ['near (weeks 1 to 4)', 'far (weeks 5 and later)'],
    history: ['none (cold start)', '1 to 12 weeks', '13 to 51 weeks', '52 weeks and more'],
    discount: ['none', 'below 20 %', '20 to 40 %', '40 to 60 %', '60 % and more'],
    market: Array.from({ length: 25 }, (_, i) => `M${i}`),
    group: Array.from({ length: 40 }, (_, i) => `a commodity group with a long name, number ${i}`),
  },
  'return-rate': { market: ['DE'], forecast: ['30 to 35 %', '35 to 40 %', '60 to 65 %'] },
  'return-time': { market: ['DE', 'FR'], lag: Array.from({ length: 15 }, (_, i) => String(i)) },
  'fulfillment-cost': { market: ['DE', 'FR'] },
  'residual-value': {
    market: ['DE', 'FR'],
    age: [...Array.from({ length: 12 }, (_, i) => `${i * 13} to ${i * 13 + 12} weeks`), 'unknown'],
  },
};

/** Scores of every part that its quantity has; made up, the same for the same seed. */
function evaluation(quantity: QuantityName, seed: number): Evaluation {
  const noise = (a: number, b: number): number => Math.abs(Math.sin(seed * 7 + a * 13 + b * 29));
  const segments = Object.entries(PARTS[quantity]).flatMap(([dimension, values], at) =>
    values.flatMap((value, position): SegmentRow[] => {
      const shares = dimension === 'lag' ? 1 / 15 : 0.2 + 0.6 * noise(at, position);
      const metrics = {
        ...{ demandError: 0.3 + noise(at, position), demandBias: noise(position, at) - 0.5 },
        ...{ wape: noise(at, position), bias: noise(at, position) - 0.5 },
        ...(quantity === 'demand' ? { coverage10: 0.1 + 0.02 * position } : {}),
        ...{
          meanForecast: shares,
          meanActual: dimension === 'lag' ? 1 / 15 : shares * 1.1,
          weight: 1e3 * (1 + position),
        },
      };
      return Object.entries(metrics).map(([metric, result]) => ({
        ...{ dimension, value, position, metric, result, rows: 1_234_567 * (position + 1) },
      }));
    }),
  );
  const metrics = {
    ...{
      demandError: 0.5 + seed / 10,
      demandBias: -0.04,
      rmse: 9,
      mae: 6,
      wape: 0.3 + seed / 10,
      bias: null,
    },
    ...{ monotoneViolations: seed === 2 ? 1 : 0, coverage10: 0.1592, coverage50: 0.6471, coverage90: 0.9084 },
  };
  return { cutoff: '2026-01-05', horizon: 8, rows: 1_000_000, metrics, segments };
}

/**
 * A run in which everything that a report tells of has happened, good and bad.
 * @param directory to record it in
 * @returns the source of its report, without forecasts
 */
export async function fabricatedSource(directory: string): Promise<ReportSource> {
  const code = { version: 'src-0123456789abcdef', commit: 'b5f2c00b5f2c00', dirty: true };
  const recorder = await RunRecorder.open(directory, { run: 'weekly-1', kind: 'weekly', code });
  await recorder.stepStarted('training/demand-transformer: trainHeldOut');
  await recorder.stepRetried('training/demand-transformer: trainHeldOut', new Error('no capacity'));
  await recorder.stepStarted('training/demand-transformer: trainHeldOut');
  await recorder.stepMemory('training/demand-transformer: trainHeldOut', 3 * 2 ** 30);
  await recorder.stepFinished('training/demand-transformer: trainHeldOut');
  await recorder.stepStarted('training/demand-transformer: train');
  await recorder.stepFailed('training/demand-transformer: train', new Error('<script>alert(1)</script>'));
  await recorder.stepFellBack('training/demand-transformer: train', 'demand-transformer 7', 'it failed');
  await recorder.finish('degraded');
  const model = (name: string, quantity: QuantityName, seed: number): ReportModel => ({
    ...{
      model: name,
      quantity,
      evaluation: evaluation(quantity, seed),
      insights: {},
      forecasts: null,
      curves: null,
    },
    forecastBy: {
      version: 8,
      trainedBy: 'weekly-1',
      registered: {
        ...{
          cutoff: '2026-01-05',
          run: 'weekly-1',
          metrics: { demandError: 0.5 + seed / 10, wape: 0.3 + seed / 10 },
        },
        decision: {
          status: 'approved',
          by: 'workflow',
          reason: 'meets its requirements',
          at: '2026-01-05T00:00:00.000Z',
        },
        checks: null,
      },
    },
    limits:
      quantity === 'demand'
        ? [
            { metric: 'demandError', most: 1 },
            ...(name === 'demand-naive'
              ? []
              : [{ metric: 'demandError', below: { model: 'demand-naive', factor: 0.8 } }]),
            { metric: 'demandBias', least: -0.3, most: 0.3 },
            { metric: 'monotoneViolations', most: 0 },
          ]
        : [{ metric: 'bias', least: -0.3, most: 0.3 }],
    champion: { version: 7, run: 'weekly-0', evaluation: evaluation(quantity, seed + 3) },
  });
  const measurement = (position: number): Measurement => ({
    ...{ run: 'weekly-1', at: '2026-01-05T00:00:00.000Z', step: 'training/demand-transformer: train' },
    ...{ attempt: 1, name: 'loss', position, value: 1 / position, notFinite: null },
    ...{ phase: null, done: null, total: null, unit: null },
  });
  const features = ['brand', 'discount', 'a feature with a name that is rather long'];
  return {
    run: (await readRun(directory))!,
    models: [
      model('demand-transformer', 'demand', 1),
      model('demand-naive', 'demand', 2),
      {
        ...model('return-rate-trees', 'return-rate', 1),
        insights: {
          importance: features.map((feature, i) => ({
            feature,
            meanShap: 1e-4 / (i + 1),
            gain: 1e6 / (i + 1),
            splits: 3,
          })),
          effects: [
            ...['x', 'y'].map((value) => ({ feature: 'brand', value, shap: 0.01, cohorts: 5 })),
            ...[0, 0.1, 0.5].map((value) => ({
              feature: 'discount',
              value: String(value),
              shap: value - 0.2,
              cohorts: 5,
            })),
          ],
        },
      },
      model('return-time-average', 'return-time', 1),
      model('fulfillment-cost-average', 'fulfillment-cost', 1),
      model('residual-value-average', 'residual-value', 1),
    ],
    previous: null,
    monitoring: null,
    frontiers: [],
    articles: [],
    measurements: Array.from({ length: 1000 }, (_, i) => measurement(i + 1)),
    quality: [
      { table: 'weekly', column: 'demand', finding: 'nothing was sold', unit: 'rows', count: 5, of: 100 },
      {
        ...{ table: 'weekly', column: 'uncensored', unit: 'rows', count: 42, of: 100 },
        finding: 'sales are censored by a stock-out: demand may have been higher',
      },
      { table: 'articles', column: 'group', finding: 'value is missing', unit: 'rows', count: 0, of: 10 },
    ],
    dataRows: { weekly: 100, articles: 10 },
    dataset: null,
  };
}
