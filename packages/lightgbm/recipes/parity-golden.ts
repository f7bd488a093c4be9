/**
 * Writes tests/golden/parity.json: what Python's package makes of the first cases of the parity suite, in short.
 *
 *   npx hemline-node packages/lightgbm/recipes/parity-golden.ts PYTHON    (a Python that has lightgbm 4.7.0 and numpy 2)
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PARITY_SCRIPT,
  parityCase,
  parityDigests,
  readParityAnswer,
  writeParityFiles,
} from '../src/testing/index.ts';

const COUNT = 20;
const python = process.argv[2] ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'hemline-parity-'));
const cases = Array.from({ length: COUNT }, (_, seed) => parityCase(seed));
for (const one of cases) await writeParityFiles(one, folder);
const path = join(folder, 'cases.json');
writeFileSync(path, JSON.stringify(cases));
const lines = execFileSync(python, [PARITY_SCRIPT, path, folder], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'ignore'],
  env: { ...process.env, OMP_NUM_THREADS: '1' },
});
const golden = Object.fromEntries(
  lines
    .trim()
    .split('\n')
    .map(readParityAnswer)
    .map(({ seed, outcome }) => [seed, parityDigests(outcome)]),
);
rmSync(folder, { recursive: true });
writeFileSync(
  join(import.meta.dirname, '../tests/golden/parity.json'),
  `${JSON.stringify({ lightgbm: '4.7.0', cases: golden }, null, 1)}\n`,
);
