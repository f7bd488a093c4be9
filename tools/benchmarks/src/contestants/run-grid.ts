import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeGridRoot } from '../process-grid/grid-root.ts';

const [cache, text, threads] = process.argv.slice(2) as [string, string, string];
const rows = Number(text);
const PER_SERIES = 26 * 15;
/** Generous: measured are about 6. */
const BYTES_PER_ROW = 12;
const MOST_PARTITIONS = 64;

const { bavail, bsize } = await statfs(dirname(cache));
if (bavail * bsize < rows * BYTES_PER_ROW)
  throw new Error(`not enough disk: ${rows} rows may take ${((rows * BYTES_PER_ROW) / 1e9).toFixed(0)} GB`);
const root = await mkdtemp(`${cache}-grid-`);
try {
  const series = Math.max(1, Math.round(rows / PER_SERIES));
  await writeGridRoot(root, series, Math.min(MOST_PARTITIONS, series));
  const start = performance.now();
  const { output, peakBytes } = await runJob(root);
  const seconds = (performance.now() - start) / 1000;
  const manifest = JSON.parse(
    await readFile(join(root, 'processing/output/forecast/manifest.json'), 'utf8'),
  ) as { files: { rows: number; bytes: number }[] };
  const written = manifest.files.reduce((sum, file) => sum + file.rows, 0);
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const sample = { seconds, peakBytes, bytes, check: String(written), stages: stagesOf(output, seconds) };
  process.stdout.write(`${JSON.stringify(sample)}\n`);
} finally {
  await rm(root, { recursive: true, force: true });
}

/** The job as a container would start it: start, validation and manifest are part of what is measured. */
async function runJob(base: string): Promise<{ output: string; peakBytes: number }> {
  const entry = join(import.meta.dirname, '../process-grid/process.ts');
  const args = [entry, '--step', 'forecast', '--threads', threads];
  const environment = { ...process.env, SAGEMAKER_BASE_DIR: base, HEMLINE_RUN_ID: 'benchmark' };
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let peakBytes = 0;
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(child.pid!))), 100);
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(watch);
  if (code !== 0) throw new Error(`the job ended with ${String(code)}: ${output.slice(-2000)}`);
  return { output, peakBytes };
}

/** Shares of the threads' time; what they do not account for is start-up, validation and waiting. */
function stagesOf(output: string, seconds: number): Record<string, number> {
  const found = [...output.matchAll(/forecast_seconds_(\w+)\D+?([\d.]+)/g)];
  const all = seconds * Number(threads);
  const shares = Object.fromEntries(found.map(([, stage, value]) => [stage!, Number(value) / all]));
  const known = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return { ...shares, other: Math.max(0, 1 - known) };
}

/** Greatest resident memory of a process so far; 0 where the system does not tell. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
