import type { AccuracyCase } from '../accuracy/accuracy-case.ts';
import type { CheckCase } from '../harness/check-case.ts';
import type { BenchmarkCase } from '../harness/contestant.ts';
import type { PlanCase } from '../harness/plan-case.ts';
import type { SeasonCase } from '../season/season-case.ts';
import { demandAccuracy } from './demand-accuracy.ts';
import { demandForecast } from './demand-forecast.ts';
import { demandInfer, demandTrain } from './demand-network.ts';
import { desk } from './desk.ts';
import { deskLoad } from './desk-load.ts';
import { features } from './features.ts';
import { forecastNaive } from './forecast-naive.ts';
import { importLines } from './import.ts';
import { lightgbmPredict, lightgbmTrain } from './lightgbm.ts';
import { parquetRead } from './parquet-read.ts';
import { parquetWrite } from './parquet-write.ts';
import { parity } from './parity.ts';
import { pricing } from './pricing.ts';
import { pricingHosts } from './pricing-hosts.ts';
import { processGrid } from './process-grid.ts';
import { season } from './season.ts';

/** All benchmarks, in the order in which they run. */
export const CASES: readonly (BenchmarkCase | AccuracyCase | CheckCase | SeasonCase | PlanCase)[] = [
  parquetRead,
  parquetWrite,
  processGrid,
  forecastNaive,
  features,
  importLines,
  demandTrain,
  demandInfer,
  lightgbmTrain,
  lightgbmPredict,
  parity,
  demandForecast,
  desk,
  deskLoad,
  pricing,
  pricingHosts,
  demandAccuracy,
  season,
];
