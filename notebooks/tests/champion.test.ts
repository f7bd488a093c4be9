import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notebookPython } from '../src/python-environment.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DENO = here('../../node_modules/.bin/deno');
const COMMAND = here('../../packages/cli/bin/hemline.mjs');
/** Runs the jobs that are submitted to it as processes of this machine. */
const STAND_IN = here('../../packages/cli/tests/aws/serve.ts');
const NOTEBOOK = here('../champion.ipynb');
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

const folder = mkdtempSync(join(tmpdir(), 'hemline-notebook-'));
const market = join(folder, 'market');
beforeAll(async () => {
  if ('missing' in environment) return;
  const simulate = ['simulate', '--out', market, '--articles', '40', '--markets', '2', '--weeks', '60'];
  await run(process.execPath, [COMMAND, ...simulate]);
  const kernel = join(folder, 'jupyter', 'kernels', 'hemline');
  mkdirSync(kernel, { recursive: true });
  const argv = [DENO, 'jupyter', '--kernel', '--conn', '{connection_file}'];
  writeFileSync(
    join(kernel, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'TypeScript (hemline)', language: 'typescript' }),
  );
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Executes a notebook in the folder of notebooks, whatever its own is. */
async function execute(notebook: string, home: string, more: object = {}): Promise<Cell[]> {
  const env = {
    ...process.env,
    JUPYTER_PATH: join(folder, 'jupyter'),
    HEMLINE_HOME: join(folder, home),
    HEMLINE_NOTEBOOK_MARKET: market,
    ...more,
  };
  const { python } = environment as { python: string };
  const args = [here('execute.py'), notebook, 'hemline', dirname(NOTEBOOK)];
  const { stdout } = await run(python, args, { env, maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Cell[];
}

function failuresOf(cells: readonly Cell[]): (string | undefined)[] {
  const outputs = cells.flatMap((cell) => cell.outputs);
  return outputs.filter(({ output_type }) => output_type === 'error').map(({ evalue }) => evalue);
}

function shownBy(cells: readonly Cell[]): string[] {
  return cells.flatMap(({ outputs }) => outputs.flatMap(({ data }) => data?.['text/html'] ?? []));
}

/** Rows of the last table: metric, candidate, champion, difference. */
function comparisonOf(cells: readonly Cell[]): string {
  return shownBy(cells).find((html) => html.includes('<th>champion</th>'))!;
}

describe.skipIf('missing' in environment)('the notebook champion', () => {
  let cells: Cell[];
  beforeAll(async () => {
    cells = await execute(NOTEBOOK, 'home');
  }, 180_000);

  it('runs from end to end: no cell fails, and those that show something show it', () => {
    expect(failuresOf(cells)).toEqual([]);
    expect(shownBy(cells).filter((html) => html.includes('<path'))).toHaveLength(2);
    expect(comparisonOf(cells)).toMatch(
      /<td>demandError<\/td><td>0\.\d+<\/td><td>0\.\d+<\/td><td>-?0\.\d+<\/td>/,
    );
  });

  it('trains the very artifact that hemline train leaves', async () => {
    // The candidate is trained before the champion; runs sort by time.
    const runs = readdirSync(join(folder, 'home', 'runs')).sort();
    const first = runs.find((name) => name.startsWith('train-'))!;
    const directory = join(folder, 'home', 'runs', first, 'demand-naive', 'model');
    const { cutoff } = JSON.parse(readFileSync(join(directory, 'hemline.json'), 'utf8')) as {
      cutoff: string;
    };
    const options = ['--set', 'method=mean', '--set', 'window=6', '--cutoff', cutoff, '--json'];
    const train = ['train', 'demand-naive', '--data', join(market, 'observed'), ...options];
    const env = { ...process.env, HEMLINE_HOME: join(folder, 'other') };
    const { stdout } = await run(process.execPath, [COMMAND, ...train], { env });
    const other = (JSON.parse(stdout) as { directory: string }).directory;
    expect(readArtifact(directory)).toEqual(readArtifact(other));
  });

  describe('with one changed line', () => {
    let server: ChildProcess;
    let aws: Record<string, string>;
    beforeAll(async () => {
      const buckets = [`market=${market}`, `results=${join(folder, 'results')}`];
      server = spawn(process.execPath, [STAND_IN, join(folder, 'jobs'), ...buckets], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(server.stdout!, 'data')) as [Buffer];
      aws = JSON.parse(line.toString()) as Record<string, string>;
    }, 60_000);
    afterAll(() => void server?.kill());

    it('trains and scores as jobs of SageMaker, with the same result', async () => {
      const text = readFileSync(NOTEBOOK, 'utf8');
      const changed = text.replace(
        '"const jobs = jobsHere(DATA);\\n"',
        JSON.stringify(
          "const jobs = jobsOnSageMaker({ data: 's3://market/observed', output: 's3://results/notebook', instance: 'ml.m5.xlarge', poll: 0.1 });\n",
        ),
      );
      const lines = (all: string): string[] => all.split('\n');
      expect(lines(changed).filter((line, i) => line !== lines(text)[i])).toHaveLength(1);
      const notebook = join(folder, 'sagemaker.ipynb');
      writeFileSync(notebook, changed);
      const there = await execute(notebook, 'sagemaker', aws);
      expect(failuresOf(there)).toEqual([]);
      expect(comparisonOf(there)).toBe(comparisonOf(cells));
      // Two of each kind: candidate and champion.
      const kinds = readdirSync(join(folder, 'jobs')).map((name) => name.split('-demand')[0]);
      expect(kinds.toSorted()).toEqual(['evaluate', 'evaluate', 'train', 'train']);
      const models = readdirSync(join(folder, 'results/notebook/models'));
      expect(models.filter((name) => name.startsWith('train-demand-naive-'))).toHaveLength(2);
    }, 180_000);
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
