import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from 'commander';
import { hemlineProgram } from '../src/program.ts';
import type { ErrorJson } from '../src/terminal/error-json.ts';
import { command, type Ended } from './command.ts';
import { WarmCommand } from './warm-command.ts';

let folder: string;
let hemline: WarmCommand;
const json = (...args: string[]): Promise<Ended> => hemline.run([...args, '--json']);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-json-'));
  await writeFile(join(folder, 'file'), 'not a folder');
  hemline = new WarmCommand(folder);
  const { code, stderr } = await hemline.run([
    ...['simulate', '--articles', '20', '--markets', '1', '--weeks', '60', '--out', 'market'],
  ]);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
});
afterAll(async () => {
  await hemline.end();
  await rm(folder, { recursive: true, force: true });
});

/** Exactly one error on standard output, with the words that people get on the other. */
function errorOf({ code, stdout, stderr }: Ended): ErrorJson {
  const { error } = JSON.parse(stdout) as { error: ErrorJson };
  expect(error.exitCode).toBe(code);
  expect(code).not.toBe(0);
  expect(stderr).toContain(error.message);
  expect(stderr).not.toMatch(/^\s+at /m);
  return error;
}

/** The commands that do something, as they are typed. */
function leaves(at: Command, path: readonly string[] = []): string[][] {
  const below = at.commands.flatMap((each) => leaves(each, [...path, each.name()]));
  return below.length === 0 || path.at(-1) === 'models' ? [[...path], ...below] : below;
}

describe('--json', () => {
  it.each(leaves(hemlineProgram()).map((path) => [path.join(' '), path] as const))(
    'is an error of its own for an option that %s lacks',
    async (_, path) => {
      const error = errorOf(await json(...path, '--nonsense'));
      expect(error).toMatchObject({ code: 'USAGE', exitCode: 2, class: 'CommanderError' });
      expect(error.message).toContain('--nonsense');
    },
  );

  it.each([
    ['USAGE', ['tarin']],
    ['USAGE', ['launch']],
    ['USAGE', ['backtest', 'demand-naive']],
    ['USAGE', ['backtest', 'demand-naive', '--data', 'market/observed', '--cutoff', '2023-05-32']],
    ['USAGE', ['run', 'weakly', '--data', 'market/observed']],
    ['DATA', ['inspect', 'nowhere']],
    ['DATA', ['train', 'demand-naive', '--data', 'file']],
    ['UNSUPPORTED', ['train', 'demand-nothing', '--data', 'market/observed']],
    ['CONFIGURATION', ['runs', 'show', 'nothing']],
    ['CONFIGURATION', ['forecast', 'demand-naive', '--data', 'market/observed']],
    ['JOB', ['train', 'demand-naive', '--data', 'market/observed', '--set', 'method=none']],
  ])('prints %s of %j', async (code, args) => {
    expect(errorOf(await json(...args))).toMatchObject({ code });
  });

  it.each([[['models']], [['models', 'demand-naive']], [['models', 'list']], [['runs', 'list']]])(
    'prints the result of %j alone',
    async (args) => {
      const { code, stdout } = await json(...args);
      expect([code, typeof JSON.parse(stdout)]).toEqual([0, 'object']);
    },
  );

  it('is the same of a process of its own', async () => {
    for (const args of [['train', '--nonsense'], ['inspect', 'nowhere'], ['models']])
      expect(await command(folder, [...args, '--json'])).toEqual(await json(...args));
  });

  it('prints an interruption', async () => {
    const script = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));
    const args = ['run', 'weekly', '--data', 'market/observed', '--models', 'demand-naive', '--json'];
    const child = spawn(process.execPath, [script, ...args], { cwd: folder });
    const told = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (told.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      const before = told.stderr.includes('run weekly-');
      told.stderr += chunk.toString();
      if (!before && told.stderr.includes('run weekly-')) child.kill('SIGTERM');
    });
    const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? -1)));
    expect(errorOf({ code, ...told })).toMatchObject({ code: 'INTERRUPTED', exitCode: 143 });
    const { stdout } = await json('runs', 'show', 'latest');
    const { state, run } = JSON.parse(stdout) as { state: string; run: string };
    expect(state).toBe('interrupted');
    const again = await command(folder, args);
    expect(again.stderr).toContain(`going on with run ${run}`);
    expect(JSON.parse(again.stdout)).toMatchObject({ run, resumed: true });
  });
});
