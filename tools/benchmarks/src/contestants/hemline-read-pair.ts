import { join } from 'node:path';
import { runChild } from '../harness/run-child.ts';

// Two processes that share nothing but the machine: what its cores, caches and memory leave of twice the speed.
const script = join(import.meta.dirname, 'hemline-read.ts');
const program = { file: process.execPath, args: [script, ...process.argv.slice(2), '1'] };
const outputs = await Promise.all([runChild(program), runChild(program)]);
const samples = outputs.map(
  (output) => JSON.parse(output.trim()) as { seconds: number; peakBytes: number; check: string },
);
const seconds = Math.max(...samples.map((sample) => sample.seconds));
process.stdout.write(`${JSON.stringify({ ...samples[0], seconds })}\n`);
