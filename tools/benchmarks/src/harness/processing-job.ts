import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from './contestant.ts';

/**
 * Writes the request that a processing container finds: a forecast of what lies below `processing/input`.
 * @param root folder that stands for `/opt/ml`
 * @param inputs names of its inputs
 */
export async function writeRequest(root: string, inputs: readonly string[]): Promise<void> {
  const input = (name: string): object => ({
    InputName: name,
    S3Input: { LocalPath: `/opt/ml/processing/input/${name}`, S3InputMode: 'File' },
  });
  const output = { OutputName: 'forecast', S3Output: { LocalPath: '/opt/ml/processing/output/forecast' } };
  const request = {
    ProcessingJobName: 'benchmark',
    ProcessingInputs: inputs.map(input),
    ProcessingOutputConfig: { Outputs: [output] },
  };
  await mkdir(join(root, 'config'), { recursive: true });
  await writeFile(join(root, 'config', 'processingjobconfig.json'), JSON.stringify(request));
}

/**
 * Runs a forecast as a container would start it: start, validation and manifest are part of what is measured.
 * @param entry module of the entrypoint
 * @param root with its request, see {@link writeRequest}
 * @param threads it is told to use
 * @param args further arguments
 * @returns seconds, peak memory, rows, bytes, and the shares of the threads' time
 * @throws Error with the end of its log when it fails
 */
export async function runForecast(
  entry: string,
  root: string,
  threads: number,
  args: readonly string[] = [],
): Promise<Omit<Sample, 'check'> & { readonly rows: number }> {
  const start = performance.now();
  const { output, peakBytes } = await run(
    [entry, '--step', 'forecast', '--threads', String(threads), ...args],
    root,
  );
  const seconds = (performance.now() - start) / 1000;
  const manifest = JSON.parse(
    await readFile(join(root, 'processing/output/forecast/manifest.json'), 'utf8'),
  ) as { files: { rows: number; bytes: number }[] };
  const sum = (key: 'rows' | 'bytes'): number => manifest.files.reduce((total, file) => total + file[key], 0);
  return {
    seconds,
    peakBytes,
    rows: sum('rows'),
    bytes: sum('bytes'),
    stages: stagesOf(output, seconds * threads),
  };
}

async function run(args: readonly string[], root: string): Promise<{ output: string; peakBytes: number }> {
  const environment = { ...process.env, SAGEMAKER_BASE_DIR: root, HEMLINE_RUN_ID: 'benchmark' };
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
function stagesOf(output: string, all: number): Record<string, number> {
  const found = [...output.matchAll(/forecast_seconds_(\w+)\D+?([\d.]+)/g)];
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
