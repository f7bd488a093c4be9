import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { delimiter, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shellBlocks } from './support/shell-blocks.ts';
import { WorkspaceCopy } from './support/workspace-copy.ts';

const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));

/** Every page that may tell somebody to run something. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...['packages', 'models', 'tools'].flatMap((folder) =>
    readdirSync(join(WORKSPACE, folder)).map((name) => `${folder}/${name}/README.md`),
  ),
].filter((page) => existsSync(join(WORKSPACE, page)));

/** What the pages call a dataset of the reader's; here a small simulated market. */
const DATASETS = ['data', '.hemline/my-dataset'];

/**
 * The folders of the PATH without those of any node_modules: what somebody has who has just cloned. Where that Node is too old for
 * TypeScript, as 20.19 is, the commands have to find the pinned one themselves.
 */
const USUAL_PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.split(sep).includes('node_modules'))
  .join(delimiter);

let copy: WorkspaceCopy;
beforeAll(async () => {
  copy = new WorkspaceCopy();
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'as cloned');
  const simulate = 'simulate --out .hemline/simulated --articles 40 --markets 2 --weeks 104';
  const { code, output } = await copy.run('packages/cli/bin/hemline.mjs', simulate.split(' '));
  expect(code, output).toBe(0);
  for (const name of DATASETS)
    cpSync(join(copy.root, '.hemline/simulated/observed'), join(copy.root, name), { recursive: true });
}, 120_000);
afterAll(() => copy.dispose());

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: copy.root, encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** Runs commands as somebody would who stands in a clone; the first that fails ends it. */
function shell(commands: string): Promise<{ code: number; output: string }> {
  const env = {
    ...process.env,
    PATH: USUAL_PATH,
    NX_DAEMON: 'false',
    // What a test runner tells its children is not for those who start from here.
    ...Object.fromEntries(
      ['VITEST', 'VITEST_MODE', 'VITEST_POOL_ID', 'VITEST_WORKER_ID', 'NODE_ENV'].map((name) => [
        name,
        undefined,
      ]),
    ),
  };
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-euo', 'pipefail', '-c', commands],
      { cwd: copy.root, env, maxBuffer: 1 << 26 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
    );
  });
}

describe.skipIf(process.platform === 'win32')('commands do what the pages say', () => {
  for (const page of PAGES) {
    const file = join(WORKSPACE, page);
    for (const { line, commands, reason } of shellBlocks(file)) {
      const name = `${relative(WORKSPACE, file)}:${line}`;
      if (reason !== null) test.skip(`${name} (${reason})`);
      else
        test(
          name,
          async () => {
            const { code, output } = await shell(commands);
            expect(code, output).toBe(0);
          },
          300_000,
        );
    }
  }

  test('what the commands leave in a clone passes its checks, and what they write is below .hemline', async () => {
    const left = git('status', '--porcelain', '--untracked-files=normal')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.slice(3));
    // Code that a generator made, and the lockfile that knows it; anything else belongs below .hemline.
    const made = left.filter((path) => /^(models|packages)\//.test(path));
    expect(left.filter((path) => !made.includes(path) && path !== 'package-lock.json')).toEqual([]);
    expect(made.length).toBeGreaterThan(0);
    // What they have left alone is as it is here, where `npm test` checks it.
    const checks = await shell(
      `npx prettier --check --log-level warn ${made.join(' ')}\nnpx eslint ${made.join(' ')}`,
    );
    expect(checks.code, checks.output).toBe(0);
  }, 300_000);

  test('the pages have commands that are run', () => {
    const run = PAGES.flatMap((page) => shellBlocks(join(WORKSPACE, page))).filter(
      ({ reason }) => reason === null,
    );
    expect(run.length).toBeGreaterThan(3);
  });
});
