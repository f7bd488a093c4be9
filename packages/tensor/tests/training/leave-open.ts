/** Run as a process of its own: takes two batches of a thread, leaves the thread open, and has nothing more to do. */
import { ThreadedBatches } from '../../src/training/threaded-batches.ts';

const module = new URL('drawn-batches.ts', import.meta.url);
const batches = new ThreadedBatches({
  module,
  data: { seed: 1, from: Float32Array.of(1, 2, 3) },
  count: 100,
});
for (const number of [0, 1]) await batches.next(number);
process.stdout.write('taken\n');
