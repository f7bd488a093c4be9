import type { BenchmarkCase, Comparison, Contestant, Measured, Verdict } from '../harness/contestant.ts';
import { pythonEnvironment, TORCH_PACKAGES } from '../harness/python-environment.ts';
import { nodeProgram, pythonProgram } from './programs.ts';

/** Windows that go through the network. */
const WINDOWS = { train: 2048, infer: 8192 } as const;
const BATCH_SIZES = [128, 256, 512];

/** Training of an encoder–decoder, beside the same one in PyTorch. */
export const demandTrain: BenchmarkCase = {
  name: 'demand-train',
  description: 'training steps of an encoder-decoder of 930,000 parameters: hemline, PyTorch; 2 threads',
  rounds: 3,
  prepare: async ({ rows }) => [await compare('train', rows ?? WINDOWS.train, 0.9)],
};

/** Inference with it. */
export const demandInfer: BenchmarkCase = {
  name: 'demand-infer',
  description: 'inference of an encoder-decoder of 930,000 parameters: hemline, PyTorch; 2 threads',
  rounds: 3,
  prepare: async ({ rows }) => [await compare('infer', rows ?? WINDOWS.infer, 1.2)],
};

async function compare(task: 'train' | 'infer', windows: number, limit: number): Promise<Comparison> {
  const contestants: Contestant[] = BATCH_SIZES.map((size) => ({
    name: `hemline, batches of ${size}`,
    program: nodeProgram('hemline-transformer.ts', [task, String(size), String(windows)]),
  }));
  const skipped: { name: string; reason: string }[] = [];
  const environment = await pythonEnvironment(TORCH_PACKAGES);
  if ('python' in environment)
    for (const size of BATCH_SIZES)
      contestants.push({
        name: `PyTorch, batches of ${size}`,
        program: pythonProgram(environment.python, 'torch_transformer.py', [
          task,
          String(size),
          String(windows),
        ]),
      });
  else skipped.push({ name: 'PyTorch', reason: environment.missing });
  return {
    title: `${task} ${windows.toLocaleString('en')} windows`,
    contestants,
    skipped,
    reference: `${skipped.length === 0 ? 'PyTorch' : 'hemline'}, batches of 256`,
    verdicts: (find) => verdicts(find, limit),
  };
}

/** Each at its best batch size. */
function verdicts(find: (name: string) => Measured | null, limit: number): Verdict[] {
  const best = (name: string): number =>
    Math.min(...BATCH_SIZES.map((size) => find(`${name}, batches of ${size}`)?.seconds.median ?? Infinity));
  const peer = best('PyTorch');
  if (!Number.isFinite(peer)) return [];
  const value = peer / best('hemline');
  return [{ requirement: `at least ${limit} × PyTorch's throughput`, value, limit, holds: value >= limit }];
}
