import { DatasetStream, train } from '@hemline/lightgbm';
import { CATEGORICAL, COLUMNS, makeRows, PARAMETERS } from '../trees/tree-data.ts';
import { printSample } from './sample.ts';

/** Trains on rows that are made as they are pushed: no more than a block of them is ever in memory. */
const [rows, rounds] = process.argv.slice(2).map(Number) as [number, number];
const BLOCK = 50_000;

const began = performance.now();
const sampled = await DatasetStream.sampleRows(rows, PARAMETERS);
const sample = new Float32Array(sampled.length * COLUMNS);
sampled.forEach((row, at) => sample.set(makeRows(row, 1).values, at * COLUMNS));
const label = new Float32Array(rows);
const matrix = (values: Float32Array): Parameters<DatasetStream['push']>[0] => ({
  values,
  rows: values.length / COLUMNS,
  columns: COLUMNS,
  layout: 'row',
});
const options = { rows, sample: matrix(sample), label, categorical: CATEGORICAL, parameters: PARAMETERS };
using stream = await DatasetStream.open(options);
for (let from = 0; from < rows; from += BLOCK) {
  const block = makeRows(from, Math.min(BLOCK, rows - from));
  label.set(block.label, from);
  await stream.push(matrix(block.values));
}
using data = stream.finish();
let seen = 0;
using booster = await train({ data, parameters: PARAMETERS, rounds, onIteration: () => void seen++ });
printSample((performance.now() - began) / 1000, `${rows} rows, ${booster.iterations} trees, ${seen} seen`);
