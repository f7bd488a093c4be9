/** Run as a process of its own: closes sources while batches are on their way, and nothing else keeps the process alive. */
import { ThreadedBatches } from '../../src/training/threaded-batches.ts';

const module = new URL('drawn-batches.ts', import.meta.url);
const from = Float32Array.from({ length: 50_000 }, (_, i) => i);
for (let round = 0; round < 8; round++) {
  const batches = new ThreadedBatches({ module, data: { seed: 1, from }, count: 100, depth: 4 });
  await batches.next(0);
  await batches.close();
}
process.stdout.write('closed\n');
