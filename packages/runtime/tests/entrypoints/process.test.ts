import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatWeek } from '@hemline/core';
import { EXIT_CODES } from '@hemline/sagemaker';
import { openParquet } from '@hemline/parquet';
import { verifyManifest } from '@hemline/stores';
import {
  LAST_WEEK,
  fabricateProcessing,
  fabricateTraining,
  freshRoot,
  readJson,
  run,
  uploadOutputs,
  writeWeekly,
  type Ended,
  type ProcessingRoot,
} from '../fixtures/fabricate-root.ts';
import { all } from '@hemline/parquet/testing';
import { forecastLines } from '../fixtures/smoothing-model.ts';

const MARKETS = ['AT', 'DE', 'FR', 'IT', 'PL'];
const ARGUMENTS = ['--step', 'forecast', '--horizon', '2', '--discounts', '0,0.25,0.5'];

let shared: string;
/** Model folders: of the last known week, and of eight weeks before. */
let model: string;
let earlierModel: string;
/** Forecasts of one host over everything: what every other way of running must give. */
let reference: { root: string; ended: Ended; lines: string[] };

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'hemline-process-'));
  const train = async (hyperparameters: Readonly<Record<string, string>>): Promise<string> => {
    const root = await mkdtemp(join(shared, 'training-'));
    await fabricateTraining(root, { epochs: '2', ...hyperparameters }, MARKETS);
    const { code, stderr } = await run('train.ts', root);
    expect(code, stderr).toBe(0);
    return join(root, 'model');
  };
  [model, earlierModel] = await Promise.all([train({}), train({ cutoff: formatWeek(LAST_WEEK - 56) })]);
  const root = await processingRoot({});
  const ended = await run('process.ts', root, ARGUMENTS);
  reference = { root, ended, lines: await linesOf(root) };
});
afterAll(() => rm(shared, { recursive: true, force: true }));

/** A root with the model and a weekly table as inputs. */
async function processingRoot(
  change: Partial<ProcessingRoot>,
  content: { readonly markets?: readonly string[]; readonly model?: string } = {},
): Promise<string> {
  const root = await mkdtemp(join(shared, 'root-'));
  fabricateProcessing(root, {
    inputs: { model: {}, weekly: {} },
    outputs: ['forecast', 'evaluation'],
    ...change,
  });
  const input = join(root, 'processing', 'input');
  await cp(content.model ?? model, join(input, 'model'), { recursive: true });
  await writeWeekly(join(input, 'weekly'), content.markets ?? MARKETS);
  return root;
}
const outputOf = (root: string): string => join(root, 'processing', 'output', 'forecast');
const messageOf = (root: string): Promise<string> => readFile(join(root, 'output', 'message'), 'utf8');

async function linesOf(...roots: readonly string[]): Promise<string[]> {
  const output = await uploaded(roots);
  const { files } = await verifyManifest(output);
  const lines: string[] = [];
  for (const { file } of files)
    for (const batch of await all((await openParquet(join(output, file))).batches()))
      lines.push(...forecastLines(batch));
  return lines;
}
async function partitionsOf(...roots: readonly string[]): Promise<string[]> {
  return (await verifyManifest(await uploaded(roots))).files.map((file) => file.partition);
}
/** The output of one host, or where those of all hosts end up. */
async function uploaded(roots: readonly string[]): Promise<string> {
  if (roots.length === 1) return outputOf(roots[0]!);
  const into = await mkdtemp(join(shared, 'uploaded-'));
  await uploadOutputs(roots.map(outputOf), into);
  return into;
}

describe.concurrent('process --step forecast', () => {
  it('forecasts every partition: items × weeks × discounts, exit 0', async ({ expect }) => {
    expect(reference.ended.code, reference.ended.stderr).toBe(EXIT_CODES.ok);
    expect(await partitionsOf(reference.root)).toEqual(MARKETS.map((market) => `market=${market}`));
    expect(reference.lines).toHaveLength(MARKETS.length * 2 * 2 * 3);
    expect(new Set(reference.lines).size).toBe(reference.lines.length);
    expect(reference.lines[0]).toMatch(/^AT-1 AT 2025-08-04 0 [\d.]+$/);
    expect(reference.ended.stdout).toContain(`hemline_metric forecast_rows=${reference.lines.length};\n`);
    const { provenance } = await verifyManifest(outputOf(reference.root));
    expect(provenance).toMatchObject({ model: 'smoothing', runId: 'forecast-1' });
  });

  it('deals replicated inputs to hosts by partition: each once, all of them', async ({ expect }) => {
    const hosts = ['algo-2', 'algo-1'];
    const roots = await Promise.all(hosts.map((host) => processingRoot({ host, hosts })));
    const ends = await Promise.all(roots.map((root) => run('process.ts', root, ARGUMENTS)));
    expect(ends.map((end) => end.code)).toEqual([0, 0]);
    expect((await partitionsOf(...roots)).sort()).toEqual(MARKETS.map((market) => `market=${market}`));
    expect((await linesOf(...roots)).sort()).toEqual([...reference.lines].sort());
  });

  it('takes sharded inputs as they are, for any share', async ({ expect }) => {
    const hosts = ['algo-1', 'algo-2'];
    const inputs = { model: {}, weekly: { sharded: true } };
    const shares = [['AT', 'IT', 'PL', 'FR'], ['DE']];
    const roots = await Promise.all(
      hosts.map((host, i) => processingRoot({ host, hosts, inputs }, { markets: shares[i] })),
    );
    const ends = await Promise.all(roots.map((root) => run('process.ts', root, ARGUMENTS)));
    expect(ends.map((end) => end.code)).toEqual([0, 0]);
    expect(await partitionsOf(...roots)).toHaveLength(5);
    expect((await linesOf(...roots)).sort()).toEqual([...reference.lines].sort());
  });

  it.each(['no folder', 'an empty folder'])('manifests nothing for a share that is %s', async (share) => {
    const inputs = { model: {}, weekly: { sharded: true } };
    const root = await processingRoot(
      { host: 'algo-2', hosts: ['algo-1', 'algo-2'], inputs },
      { markets: [] },
    );
    const folder = join(root, 'processing', 'input', 'weekly');
    await rm(folder, { recursive: true, force: true });
    if (share === 'an empty folder') await mkdir(folder);
    const { code, stderr } = await run('process.ts', root, ARGUMENTS);
    expect(code, stderr).toBe(EXIT_CODES.ok);
    expect(stderr).toContain('given no partition');
    const other = await processingRoot({ hosts: ['algo-1', 'algo-2'], inputs });
    expect((await run('process.ts', other, ARGUMENTS)).code).toBe(EXIT_CODES.ok);
    expect((await linesOf(other, root)).sort()).toEqual([...reference.lines].sort());
  });

  it('takes no data at all for a mistake when there is one host', async ({ expect }) => {
    const root = await processingRoot({ inputs: { model: {}, weekly: { sharded: true } } }, { markets: [] });
    const { code } = await run('process.ts', root, ARGUMENTS);
    expect(code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(/weekly/);
  });

  it('fails for a bad partition after the others, lists it, and a restart does only that one', async ({
    expect,
  }) => {
    const root = await processingRoot({});
    const bad = join(root, 'processing', 'input', 'weekly', 'market=DE', 'part-00000.parquet');
    const whole = join(root, 'whole.parquet');
    await cp(bad, whole);
    await truncate(bad, (await stat(bad)).size - 1);
    const first = await run('process.ts', root, ARGUMENTS, { HEMLINE_VALIDATE: 'never' });
    expect(first.code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(
      /1 of 5 partitions failed; the others are committed; found market=DE: not a whole Parquet file/,
    );
    const others = ['AT', 'FR', 'IT', 'PL'];
    const output = await readdir(outputOf(root));
    expect(output).not.toContain('_SUCCESS');
    expect(output.filter((name) => name.startsWith('market=')).sort()).toEqual(
      expect.arrayContaining(others.map((market) => `market=${market}`)),
    );
    const times = async (): Promise<number[]> =>
      Promise.all(
        others.map(async (market) => {
          const [file] = await readdir(join(outputOf(root), `market=${market}`));
          return (await stat(join(outputOf(root), `market=${market}`, file!))).mtimeMs;
        }),
      );
    const before = await times();
    await cp(whole, bad);
    const second = await run('process.ts', root, ARGUMENTS);
    expect(second.code, second.stderr).toBe(EXIT_CODES.ok);
    expect(await times()).toEqual(before);
    expect(await linesOf(root)).toEqual(reference.lines);
  });

  it('refuses an output that holds another run', async ({ expect }) => {
    const root = await processingRoot({});
    expect((await run('process.ts', root, ARGUMENTS)).code).toBe(0);
    const { code } = await run('process.ts', root, [...ARGUMENTS.slice(0, -1), '0,0.1']);
    expect(code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(/made from other data or another model/);
  });

  it('refuses an output that belongs to another run, even with nothing in common', async ({ expect }) => {
    const root = await processingRoot({}, { markets: ['DE'] });
    expect((await run('process.ts', root, ARGUMENTS)).code).toBe(0);
    await rm(join(root, 'processing', 'input', 'weekly'), { recursive: true });
    await writeWeekly(join(root, 'processing', 'input', 'weekly'), ['FR']);
    const { code } = await run('process.ts', root, ARGUMENTS, { HEMLINE_RUN_ID: 'next-week' });
    expect(code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(
      /the output belongs to another run .*; expected run next-week of smoothing 1, .*found run forecast-1 of smoothing 1, /,
    );
  });

  it('removes what a partition left that is no more', async ({ expect }) => {
    const root = await processingRoot({});
    expect((await run('process.ts', root, ARGUMENTS)).code).toBe(0);
    await rm(join(root, 'processing', 'input', 'weekly', 'market=FR'), { recursive: true });
    expect((await run('process.ts', root, ARGUMENTS)).code).toBe(0);
    expect(await partitionsOf(root)).toEqual(['AT', 'DE', 'IT', 'PL'].map((market) => `market=${market}`));
    expect(await linesOf(root)).toEqual(reference.lines.filter((line) => !line.includes(' FR ')));
  });

  it('names a forecast that is no number, a defect of the model, and commits nothing of it', async ({
    expect,
  }) => {
    const root = await processingRoot({});
    const { code } = await run('process.ts', root, ARGUMENTS, { SMOOTHING_NAN: 'IT' });
    expect(code).toBe(EXIT_CODES.internal);
    expect(await messageOf(root)).toMatch(
      /market=IT: smoothing gave a forecast that is no number \(partition market=IT, column demand, row 0\); expected a finite number, found NaN/,
    );
    expect(await readdir(join(outputOf(root), 'market=IT')).catch(() => [])).toEqual([]);
  });

  it('writes curves in the place of the grid, a row for each item and week', async ({ expect }) => {
    const root = await processingRoot({});
    const { code, stderr } = await run('process.ts', root, [...ARGUMENTS, '--form', 'curves']);
    expect(code, stderr).toBe(EXIT_CODES.ok);
    const atFullPrice = new Map<string, number>();
    const { files } = await verifyManifest(outputOf(root));
    for (const { file } of files) {
      const parquet = await openParquet(join(outputOf(root), file));
      expect(parquet.schema.fields.map(({ name }) => name)).toEqual([
        'article',
        'market',
        'week',
        'at_full_price',
      ]);
      for (const batch of await all(parquet.batches())) {
        const [article, market] = [batch.strings('article'), batch.strings('market')];
        for (let row = 0; row < batch.length; row++) {
          const names = [article, market].map(({ values, dictionary }) => dictionary[values[row]!]!);
          const key = `${names.join(' ')} ${formatWeek(batch.weeks('week')[row]!)}`;
          expect(atFullPrice.has(key)).toBe(false);
          atFullPrice.set(key, batch.floats('at_full_price')[row]!);
        }
      }
    }
    expect(atFullPrice.size).toBe(reference.lines.length / 3);
    for (const line of reference.lines) {
      const [article, market, week, discount, demand] = line.split(' ');
      const level = atFullPrice.get(`${article} ${market} ${week}`)!;
      expect(level * (1 + Number(discount))).toBe(Number(demand));
    }
  });

  it('does not take curves for the grid of the same run', async ({ expect }) => {
    const root = await processingRoot({});
    expect((await run('process.ts', root, ARGUMENTS)).code).toBe(0);
    const { code } = await run('process.ts', root, [...ARGUMENTS, '--form', 'curves']);
    expect(code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(/made from other data or another model/);
  });

  it('refuses curves of a model that has none, and of another step', async ({ expect }) => {
    const root = await freshRoot();
    const none = await run('unruly-process.ts', root, [...ARGUMENTS, '--form', 'curves']);
    expect(none.code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(/unruly has no curves; expected a model that declares curves/);
    const argv = ['--step', 'evaluate', '--form', 'curves'];
    expect((await run('process.ts', root, argv)).code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(/expected --form curves with --step forecast/);
    await rm(root, { recursive: true });
  });

  it('takes the model.tar.gz of a training', async ({ expect }) => {
    const root = await processingRoot({}, { markets: ['DE'] });
    const folder = join(root, 'processing', 'input', 'model');
    await rm(folder, { recursive: true });
    await mkdir(folder);
    expect(spawnSync('tar', ['-czf', join(folder, 'model.tar.gz'), '-C', model, '.']).status).toBe(0);
    const { code, stderr } = await run('process.ts', root, ARGUMENTS);
    expect(code, stderr).toBe(EXIT_CODES.ok);
    expect(await linesOf(root)).toEqual(reference.lines.filter((line) => line.includes(' DE ')));
  });
});

describe.concurrent('process --step evaluate', () => {
  it('writes the scores of a window that the model does not know', async ({ expect }) => {
    const root = await processingRoot({}, { model: earlierModel });
    const { code, stdout, stderr } = await run('process.ts', root, [
      '--step',
      'evaluate',
      '--horizon',
      '8',
      '--segment',
      'market',
    ]);
    expect(code, stderr).toBe(EXIT_CODES.ok);
    const report = (await readJson(join(root, 'processing', 'output', 'evaluation', 'metrics.json'))) as {
      rows: number;
      metrics: Record<string, number>;
      byWeekAhead: unknown[];
      bySegment: unknown[];
    };
    expect(report).toMatchObject({ model: 'smoothing', cutoff: formatWeek(LAST_WEEK - 56), horizon: 8 });
    expect(report.rows).toBe(MARKETS.length * 2 * 8);
    expect(report.byWeekAhead).toHaveLength(8);
    expect(report.bySegment).toHaveLength(MARKETS.length);
    expect(stdout).toContain(`hemline_metric demandError=${report.metrics['demandError']};`);
    const segments = (await readJson(
      join(root, 'processing', 'output', 'evaluation', 'segments.json'),
    )) as Record<string, unknown>[];
    expect(segments).toContainEqual({
      ...{ dimension: 'market', value: MARKETS[0], position: 0, metric: 'weight' },
      ...{ result: 2 * 8, rows: 2 * 8 },
    });
    const insights = join(root, 'processing', 'output', 'evaluation', 'insights', 'levels.json');
    const levels = (await readJson(insights)) as { article: string; market: string; level: number }[];
    expect(levels).toHaveLength(MARKETS.length * 2);
    expect(Object.keys(levels[0]!)).toEqual(['article', 'market', 'level']);
    const elsewhere = join(root, 'scores');
    const again = ['--step', 'evaluate', '--horizon', '8', '--segment', 'market', '--output', elsewhere];
    expect((await run('process.ts', root, again)).code).toBe(EXIT_CODES.ok);
    expect(await readJson(join(elsewhere, 'metrics.json'))).toEqual(report);
  });

  it('refuses a model that knows the window', async ({ expect }) => {
    const root = await processingRoot({});
    const { code } = await run('process.ts', root, [
      '--step',
      'evaluate',
      '--cutoff',
      '2025-06-02',
      '--horizon',
      '8',
    ]);
    expect(code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toMatch(
      /knows the weeks that it would be scored on; expected a cutoff of 2025-07-28 or later/,
    );
    expect(await readdir(join(root, 'processing', 'output')).catch(() => [])).toEqual([]);
  });
});

describe.concurrent('process', () => {
  it('names all arguments that are wrong at once', async ({ expect }) => {
    const root = await freshRoot();
    const argv = [
      '--step',
      'guess',
      '--horizon',
      '0',
      '--discounts',
      '1.5',
      '--cutoff',
      '2025-13-01',
      '--batch-rows',
      'x',
    ];
    const { code } = await run('process.ts', root, argv);
    expect(code).toBe(EXIT_CODES.input);
    const message = await messageOf(root);
    for (const name of ['--step', '--horizon', '--discounts', '--cutoff', '--batch-rows'])
      expect(message).toContain(`${name}: `);
    await rm(root, { recursive: true });
  });

  it('prints its arguments, without a root', async ({ expect }) => {
    const { code, stdout } = await run('process.ts', '/nowhere', ['--help']);
    expect(code).toBe(0);
    for (const name of [
      '--step features|forecast|evaluate',
      '--cutoff',
      '--horizon',
      '--discounts',
      '--form grid|curves',
      '--output',
      '--threads',
      'Inputs:',
      'Outputs:',
    ])
      expect(stdout).toContain(name);
  });
});
