/** Run as a process of its own: makes the library say all that it would say, and prints one line. */
import { createDataset } from '../../src/dataset/create-dataset.ts';
import { train } from '../../src/train/train.ts';

const rows = 200;
const values = Float64Array.from({ length: rows }, (_, row) => (row % 9) - 1);
const label = Float64Array.from({ length: rows }, (_, row) => row % 4);
const ones = new Float32Array(rows).fill(1);
// Negative categories, weights of groups, derivatives of the caller's, another rate: all of them make it talk.
using data = await createDataset(
  { values, rows, columns: 1, layout: 'row' },
  { label, weight: label, group: Int32Array.from([120, 80]), categorical: [0] },
);
using booster = await train({
  data,
  rounds: 3,
  objective: (scores) => ({
    gradient: Float32Array.from(scores, (one, at) => one - label[at]!),
    hessian: ones,
  }),
  onIteration: ({ booster: grown }) => grown.resetParameters({ learning_rate: 0.05, max_depth: 3 }),
});
// The same bins are made of columns.
using columns = await createDataset({ columns: [values, values, values] }, { label, categorical: [0, 1, 2] });
data.setField('weight', label);
process.stdout.write(`${booster.classes} class, ${columns.rows} rows\n`);
