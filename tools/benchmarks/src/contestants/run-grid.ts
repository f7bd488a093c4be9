import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runForecast } from '../harness/processing-job.ts';
import { writeGridInputs } from '../process-grid/grid-inputs.ts';

const [cache, text, threads] = process.argv.slice(2) as [string, string, string];
const rows = Number(text);
const PER_SERIES = 26 * 15;
/** Generous: measured are about 6. */
const BYTES_PER_ROW = 12;
const MOST_PARTITIONS = 64;

const { bavail, bsize } = await statfs(dirname(cache));
if (bavail * bsize < rows * BYTES_PER_ROW)
  throw new Error(`not enough disk: ${rows} rows may take ${((rows * BYTES_PER_ROW) / 1e9).toFixed(0)} GB`);
const folder = await mkdtemp(`${cache}-grid-`);
try {
  const series = Math.max(1, Math.round(rows / PER_SERIES));
  const inputs = await writeGridInputs(folder, series, Math.min(MOST_PARTITIONS, series));
  const entry = join(import.meta.dirname, '../process-grid/process.ts');
  const sample = await runForecast({ entry, root: join(folder, 'root'), inputs, threads: Number(threads) });
  process.stdout.write(`${JSON.stringify({ ...sample, check: String(sample.rows) })}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
