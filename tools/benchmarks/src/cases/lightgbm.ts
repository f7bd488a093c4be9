import { cached } from '../harness/cache.ts';
import type { BenchmarkCase, Comparison, Contestant, Measured, Verdict } from '../harness/contestant.ts';
import { LIGHTGBM_PACKAGES, pythonEnvironment } from '../harness/python-environment.ts';
import { runChild } from '../harness/run-child.ts';
import { nodeProgram, pythonProgram } from './programs.ts';

const ROWS = 1_000_000;
const ROUNDS = 50;
/** So many times as many rows, streamed. */
const STREAMED = 5;
const STREAMED_ROUNDS = 10;
/** Of data that is 800 MB as floats: binned it is 200 MB, and LightGBM's scores and gradients are 120 MB. */
const MOST_BYTES = 1.5 * 2 ** 30;
const PEER = 'LightGBM (Python)';

/** Training, beside LightGBM's own Python package: contestants must come to the same model, byte by byte. */
export const lightgbmTrain: BenchmarkCase = {
  name: 'lightgbm-train',
  description: `binning and ${ROUNDS} trees on 1 M × 40: hemline, Python; 2 threads; 5 M rows streamed`,
  rounds: 3,
  async prepare({ rows }) {
    const count = rows ?? ROWS;
    return [await compareTraining(count), stream(count * STREAMED)];
  },
};

/** Prediction on one thread: predictions must be the same, bit by bit. */
export const lightgbmPredict: BenchmarkCase = {
  name: 'lightgbm-predict',
  description: `1 M × 40 with ${ROUNDS} trees of 63 leaves: hemline by library, hemline in TypeScript, Python; 1 thread`,
  rounds: 5,
  prepare: async ({ rows }) => [await comparePrediction(rows ?? ROWS)],
};

function treeData(rows: number): Promise<string> {
  return cached(`trees-${rows}`, async (path) => {
    await runChild(nodeProgram('make-tree-data.ts', [path, String(rows)]));
  });
}

async function compareTraining(rows: number): Promise<Comparison> {
  const folder = await treeData(rows);
  const contestants: Contestant[] = [
    {
      name: 'hemline, matrix',
      program: nodeProgram('hemline-trees-train.ts', [folder, 'matrix', String(ROUNDS)]),
    },
    {
      name: 'hemline, columns',
      program: nodeProgram('hemline-trees-train.ts', [folder, 'columns', String(ROUNDS)]),
    },
  ];
  const skipped = await addPeer(contestants, (python) =>
    pythonProgram(python, 'lightgbm_train.py', [folder, String(ROUNDS)]),
  );
  return {
    title: `binning and ${ROUNDS} trees, ${rows.toLocaleString('en')} × 40`,
    contestants,
    skipped,
    reference: skipped.length === 0 ? PEER : 'hemline, matrix',
    verdicts: (find) => [...ratio(find, 'hemline, matrix', 1.05), ...ratio(find, 'hemline, columns', 1.05)],
  };
}

/** One run tells: it is about memory. */
function stream(rows: number): Comparison {
  const name = 'hemline, streamed';
  return {
    title: `${STREAMED_ROUNDS} trees on ${rows.toLocaleString('en')} × 40 that are made as they are read`,
    contestants: [
      { name, program: nodeProgram('hemline-trees-stream.ts', [String(rows), String(STREAMED_ROUNDS)]) },
    ],
    skipped: [],
    reference: name,
    rounds: 1,
    verdicts: (find) => {
      const value = find(name)!.peakBytes / MOST_BYTES;
      return [{ requirement: 'a peak under 1.5 GiB', value, limit: 1, holds: value < 1 }];
    },
  };
}

async function comparePrediction(rows: number): Promise<Comparison> {
  const folder = await treeData(rows);
  const model = await cached(`trees-${rows}-${ROUNDS}.txt`, async (path) => {
    await runChild(nodeProgram('hemline-trees-train.ts', [folder, 'matrix', String(ROUNDS), path]));
  });
  const contestants: Contestant[] = ['library', 'typescript'].map((how) => ({
    name: how === 'library' ? 'hemline, library' : 'hemline, TypeScript',
    program: nodeProgram('hemline-trees-predict.ts', [folder, model, how]),
  }));
  const skipped = await addPeer(contestants, (python) =>
    pythonProgram(python, 'lightgbm_predict.py', [folder, model]),
  );
  return {
    title: `prediction of ${rows.toLocaleString('en')} × 40 with ${ROUNDS} trees`,
    contestants,
    skipped,
    reference: skipped.length === 0 ? PEER : 'hemline, library',
    verdicts: (find) => [...ratio(find, 'hemline, library', 1), ...ratio(find, 'hemline, TypeScript', 1)],
  };
}

async function addPeer(
  contestants: Contestant[],
  program: (python: string) => Contestant['program'],
): Promise<{ name: string; reason: string }[]> {
  const environment = await pythonEnvironment(LIGHTGBM_PACKAGES);
  if (!('python' in environment)) return [{ name: PEER, reason: environment.missing }];
  contestants.push({ name: PEER, program: program(environment.python) });
  return [];
}

function ratio(find: (name: string) => Measured | null, name: string, limit: number): Verdict[] {
  const peer = find(PEER);
  if (peer === null) return [];
  const value = find(name)!.seconds.median / peer.seconds.median;
  return [{ requirement: `${name}: at most ${limit} × Python's time`, value, limit, holds: value <= limit }];
}
