import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PARITY_SCRIPT,
  parityCase,
  parityDifferences,
  readParityAnswer,
  runParityCase,
  writeParityFiles,
  type ParityCase,
  type ParityOutcome,
} from '@hemline/lightgbm/testing';
import type { CheckCase, CheckReport } from '../harness/check-case.ts';
import { LIGHTGBM_PACKAGES, pythonEnvironment } from '../harness/python-environment.ts';
import { runChild } from '../harness/run-child.ts';

const CASES = 500;
/** Python does so many at a time. */
const BATCH = 50;

/** Datasets and boosters against LightGBM's Python package, bit by bit. */
export const parity: CheckCase = {
  name: 'parity',
  description: `${CASES} random trainings with LightGBM: the same bits as in Python`,
  async check({ cases, onRun }) {
    const count = cases ?? CASES;
    const report = {
      title: `LightGBM here and in Python (${LIGHTGBM_PACKAGES[0]})`,
      skipped: null as string | null,
      cases: count,
      same: 0,
      refused: [] as string[],
      ended: [] as string[],
      differences: [] as string[],
    };
    const environment = await pythonEnvironment(LIGHTGBM_PACKAGES);
    if ('missing' in environment) return { ...report, skipped: environment.missing } satisfies CheckReport;
    const folder = await mkdtemp(join(tmpdir(), 'hemline-parity-'));
    try {
      for (let first = 0; first < count; first += BATCH) {
        const size = Math.min(BATCH, count - first);
        onRun(`cases ${first} to ${first + size - 1}`);
        const batch = Array.from({ length: size }, (_, at) => parityCase(first + at));
        const answers = await askPython(environment.python, batch, folder);
        for (const one of batch) await compare(one, answers.get(one.seed)!, folder, report);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    return report;
  },
};

async function askPython(
  python: string,
  cases: readonly ParityCase[],
  folder: string,
): Promise<Map<number, ParityOutcome>> {
  for (const one of cases) await writeParityFiles(one, folder);
  const path = join(folder, 'cases.json');
  await writeFile(path, JSON.stringify(cases));
  const environment = { OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE' };
  const printed = await runChild({ file: python, args: [PARITY_SCRIPT, path, folder], environment });
  const answers = printed.trim().split('\n').map(readParityAnswer);
  return new Map(answers.map(({ seed, outcome }) => [seed, outcome]));
}

async function compare(
  one: ParityCase,
  theirs: ParityOutcome,
  folder: string,
  report: {
    same: number;
    readonly refused: string[];
    readonly ended: string[];
    readonly differences: string[];
  },
): Promise<void> {
  const name = `case ${one.seed} (${one.way}, ${one.form}${one.isLate ? ', late' : ''})`;
  // What ends Python's process would end this one.
  if ('ended' in theirs) return void report.ended.push(`${name}: ${String(theirs.ended)}`);
  const ours = await runParityCase(one, folder).catch((error: Error) => ({ refused: error.message }));
  const refusals = [ours, theirs].map((side) => ('refused' in side ? String(side.refused) : null));
  if (refusals[0] !== null && refusals[1] !== null) report.refused.push(`${name}: ${refusals[1]}`);
  else if (refusals[0] !== refusals[1])
    report.differences.push(
      `${name}: ${refusals[0] === null ? `only Python refuses it: ${refusals[1]}` : `only we refuse it: ${refusals[0]}`}`,
    );
  else {
    const found = parityDifferences(ours, theirs);
    if (found.length === 0) report.same++;
    else report.differences.push(...found.map((difference) => `${name}: ${difference}`));
  }
}
