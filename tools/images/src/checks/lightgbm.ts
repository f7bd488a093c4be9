// Run while an image is built: one whose LightGBM does not load, or does not learn, is none.
import { createDataset, train } from '@hemline/lightgbm';
import { expectNumber } from './expect-number.ts';

const ROWS = 200;
const side = Float32Array.from({ length: ROWS }, (_, row) => row % 2);
const label = Float32Array.from(side, (value) => 3 + 4 * value);
using data = await createDataset({ columns: [side] }, { label });
using booster = await train({
  data,
  parameters: { objective: 'regression', num_leaves: 2, learning_rate: 1, num_threads: 2, verbosity: -1 },
  rounds: 1,
});
// One split tells the two values apart, so that each leaf is the mean of its side.
const [zero, one] = await booster.predict({ columns: [Float32Array.of(0, 1)] });
expectNumber('LightGBM', zero!, 3, 1e-6);
expectNumber('LightGBM', one!, 7, 1e-6);
process.stdout.write('LightGBM learns and predicts\n');
