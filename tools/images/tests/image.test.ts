import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { OFFLINE_BASE } from '../src/base/make-base.ts';
import { canBuildImages, findProgram } from '../src/container/find-program.ts';
import { WORKSPACE } from '../src/spec/workspace.ts';

/** Pulling or making a base image takes minutes: done where it is asked for. */
const isAsked = process.env['HEMLINE_IMAGE_TESTS'] === '1';
const hasProgram = canBuildImages();
const isCheap = hasProgram && (await findProgram().has(OFFLINE_BASE));
const reason = hasProgram ? 'HEMLINE_IMAGE_TESTS=1 is not set' : 'neither docker nor buildah is here';
const canRun = hasProgram && (isAsked || isCheap);

function images(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/images/src/main.ts', ...args], {
    cwd: WORKSPACE,
    encoding: 'utf8',
  });
  expect({ args, status, end: status === 0 ? '' : stderr.slice(-2000) }).toEqual({
    args,
    status: 0,
    end: '',
  });
  return stdout;
}

it.skipIf(!canRun)(
  `the image of a model without engines does what the model does outside${canRun ? '' : ` (skipped: ${reason})`}`,
  { timeout: 600_000 },
  () => {
    if (!isCheap && findProgram().name === 'buildah') images('base');
    expect(images('build', 'demand-naive')).toMatch(
      /^localhost\/hemline\/demand-naive:local: \d\.\d MB on top of/,
    );
    const passed = images('test', 'demand-naive');
    expect(passed).toMatch(/process as root leaves the same \d+ files/);
    expect(passed).toMatch(/process as another user leaves the same \d+ files/);
    expect(passed).toMatch(/what root has left can be removed by others/);
  },
);
