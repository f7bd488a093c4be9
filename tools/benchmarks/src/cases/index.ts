import type { BenchmarkCase } from '../harness/contestant.ts';
import { demandInfer, demandTrain } from './demand-network.ts';
import { features } from './features.ts';
import { lightgbmPredict, lightgbmTrain } from './lightgbm.ts';
import { parquetRead } from './parquet-read.ts';
import { parquetWrite } from './parquet-write.ts';
import { processGrid } from './process-grid.ts';

/** All benchmarks, in the order in which they run. */
export const CASES: readonly BenchmarkCase[] = [
  parquetRead,
  parquetWrite,
  processGrid,
  features,
  demandTrain,
  demandInfer,
  lightgbmTrain,
  lightgbmPredict,
];
