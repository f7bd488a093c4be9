import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAMS = {
  format: 'prettier/bin/prettier.cjs',
  circles: 'oxlint/bin/oxlint',
  lint: 'eslint/bin/eslint.js',
  types: 'typescript/bin/tsc',
  tests: 'vitest/vitest.mjs',
} as const;
type Stage = keyof typeof PROGRAMS;

/** A workspace whose programs only say that they began and ended. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hemline-stages-'));
  for (const path of ['tools/setup/bootstrap.mjs', 'packages/cli/bin/pinned-node.mjs']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(WORKSPACE, path), join(root, path));
  }
  write('package-lock.json', '{}');
  write(
    'node_modules/.hemline/installed-lockfile.sha256',
    `${createHash('sha256').update('{}').digest('hex')}\n`,
  );
  write('tools/setup/src/main.ts', '');
  for (const stage of Object.keys(PROGRAMS) as Stage[]) program(stage, 0);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The first to begin ends when the types are being checked as well, or, where they wait for it, after a while. */
function program(stage: Stage, code: number): void {
  const log = JSON.stringify(join(root, 'log'));
  const lines = [
    `const { appendFileSync, readFileSync } = process.getBuiltinModule('node:fs');`,
    `appendFileSync(${log}, '${stage} began\\n');`,
    `console.log('${stage} says');`,
    `const end = Date.now() + ${stage === 'format' ? 20_000 : 0};`,
    `while (Date.now() < end && !readFileSync(${log}, 'utf8').includes('types began'));`,
    `appendFileSync(${log}, '${stage} ended\\n');`,
    `console.error('so much');`,
    `process.exit(${code});`,
  ];
  write(`node_modules/${PROGRAMS[stage]}`, lines.join('\n'));
}

function npmTest(): Promise<{ code: number; output: string; log: string[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'tools/setup/bootstrap.mjs'), 'test'], (error, stdout, stderr) =>
      resolve({
        code: error === null ? 0 : Number(error.code),
        output: `${stdout}${stderr}`,
        log: readFileSync(join(root, 'log'), 'utf8').trim().split('\n'),
      }),
    );
  });
}

test('npm test checks types beside formatting, circles and lint, and runs the tests when all have passed', async () => {
  const { code, output, log } = await npmTest();
  expect([code, output]).toEqual([0, expect.stringContaining('all stages passed')]);
  // Types are checked twice: the page of the desk, which runs in browsers, is a project of its own.
  expect(log).toHaveLength(12);
  expect(log.slice(-2)).toEqual(['tests began', 'tests ended']);
  const inTurn = log.filter((line) => /^(format|circles|lint)/.test(line));
  expect(inTurn).toEqual([
    ...['format began', 'format ended', 'circles began', 'circles ended', 'lint began', 'lint ended'],
  ]);
  expect(log.indexOf('types began')).toBeLessThan(log.indexOf('format ended'));
  // What a stage says is in one piece.
  for (const stage of ['format', 'circles', 'lint', 'types'])
    expect(output).toContain(`${stage} says\nso much\n[${stage}] passed`);
});

test.each(['format', 'circles', 'lint', 'types'] as const)('no test is run where %s fails', async (stage) => {
  program(stage, 3);
  const { code, output, log } = await npmTest();
  expect(code).toBe(3);
  expect(output).toContain(`${stage} says\nso much\n[${stage}] FAILED`);
  expect(log).not.toContain('tests began');
  // Both sides are heard to their end.
  expect(log).toContain('types ended');
});

test('tests that fail end it with their code', async () => {
  program('tests', 1);
  expect(await npmTest()).toMatchObject({
    code: 1,
    output: expect.stringContaining('[tests] FAILED') as string,
  });
});
