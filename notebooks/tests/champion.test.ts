import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notebookPython } from '../src/python-environment.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DENO = here('../../node_modules/.bin/deno');
const COMMAND = here('../../packages/cli/bin/hemline.mjs');
const run = promisify(execFile);

interface Cell {
  readonly source: string;
  readonly outputs: readonly {
    readonly output_type: string;
    readonly evalue?: string;
    readonly data?: Readonly<Record<string, string>>;
  }[];
}

const environment = await notebookPython();
if ('missing' in environment) process.stderr.write(`notebooks are not executed: ${environment.missing}\n`);

describe.skipIf('missing' in environment)('the notebook champion', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hemline-notebook-'));
  const market = join(folder, 'market');
  let cells: Cell[];

  beforeAll(async () => {
    const simulate = ['simulate', '--out', market, '--articles', '40', '--markets', '2', '--weeks', '60'];
    await run(process.execPath, [COMMAND, ...simulate]);
    const kernel = join(folder, 'jupyter', 'kernels', 'hemline');
    mkdirSync(kernel, { recursive: true });
    const argv = [DENO, 'jupyter', '--kernel', '--conn', '{connection_file}'];
    writeFileSync(
      join(kernel, 'kernel.json'),
      JSON.stringify({ argv, display_name: 'TypeScript (hemline)', language: 'typescript' }),
    );
    const env = {
      ...process.env,
      JUPYTER_PATH: join(folder, 'jupyter'),
      HEMLINE_HOME: join(folder, 'home'),
      HEMLINE_NOTEBOOK_MARKET: market,
    };
    const { python } = environment as { python: string };
    const args = [here('execute.py'), here('../champion.ipynb'), 'hemline'];
    const { stdout } = await run(python, args, { env, maxBuffer: 1 << 26 });
    cells = JSON.parse(stdout) as Cell[];
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs from end to end: no cell fails, and those that show something show it', () => {
    const failures = cells.flatMap(({ outputs }) =>
      outputs.filter(({ output_type }) => output_type === 'error'),
    );
    expect(failures.map(({ evalue }) => evalue)).toEqual([]);
    const shown = cells.flatMap(({ outputs }) => outputs.flatMap(({ data }) => data?.['text/html'] ?? []));
    expect(shown.filter((html) => html.includes('<path'))).toHaveLength(2);
    const comparison = shown.find((html) => html.includes('<th>champion</th>'))!;
    expect(comparison).toMatch(/<td>demandError<\/td><td>0\.\d+<\/td><td>0\.\d+<\/td><td>-?0\.\d+<\/td>/);
  });

  it('trains the very artifact that hemline train leaves', async () => {
    const text = cells
      .flatMap(({ outputs }) => outputs.map(({ data }) => data?.['text/plain'] ?? ''))
      .join('\n');
    // eslint-disable-next-line no-control-regex -- the kernel colours what it prints
    const plain = text.replace(/\u001b\[\d+m/g, '');
    const directory = /directory: "([^"]+)"/.exec(plain)![1]!;
    const cutoff = /cutoff: "([^"]+)"/.exec(plain)![1]!;
    const options = ['--set', 'method=mean', '--set', 'window=6', '--cutoff', cutoff, '--json'];
    const train = ['train', 'demand-naive', '--data', join(market, 'observed'), ...options];
    const env = { ...process.env, HEMLINE_HOME: join(folder, 'other') };
    const { stdout } = await run(process.execPath, [COMMAND, ...train], { env });
    const other = (JSON.parse(stdout) as { directory: string }).directory;
    expect(readArtifact(directory)).toEqual(readArtifact(other));
  });
});

/** Files by name; of where the artifact comes from, only the run differs. */
function readArtifact(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true }) as string[];
  expect(names).toContain('hemline.json');
  return Object.fromEntries(
    names.sort().map((name) => {
      const content = readFileSync(join(directory, name), 'utf8');
      return [name, name === 'hemline.json' ? content.replace(/"runId": "[^"]+"/, '"runId": …') : content];
    }),
  );
}
