import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateMarket } from '@hemline/market-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended } from './command.ts';
import { WarmCommand } from './warm-command.ts';

let folder: string;
let observed: string;
let warm: WarmCommand;
const lightly = (...args: string[]): Promise<Ended> => warm.run(args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-past-'));
  const out = join(folder, 'market');
  ({ observed } = await simulateMarket({ articles: 40, markets: 2, weeks: 80, seed: 1, out }));
  warm = new WarmCommand(folder);
}, 60_000);
afterAll(async () => {
  await warm.end();
  await rm(folder, { recursive: true, force: true });
});

describe('what takes no run', () => {
  it('prints mean and deviation of several cutoffs, not of one', async () => {
    const print = async (cutoffs: string): Promise<string> => {
      const args = ['demand-naive', '--data', observed, '--cutoff', cutoffs, '--horizon', '4'];
      const { code, stdout, stderr } = await lightly('backtest', ...args);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    expect(await print('2023-01-02')).not.toMatch(/mean|spread/);
    expect(await print('2023-01-02,2023-02-06')).toMatch(/│ mean .*\n│ spread \(sd\)/);
  });

  it('scores at past cutoffs, in the form that machines read', async () => {
    const { code, stdout, stderr } = await lightly(
      'backtest',
      'demand-naive',
      '--data',
      observed,
      '--cutoff',
      '2023-01-02,2023-02-06',
      '--horizon',
      '4',
      '--segment',
      'market',
      '--json',
    );
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as {
      model: string;
      horizon: number;
      cutoffs: { cutoff: string; demandError: number; demandBias: number; rows: number }[];
      mean: Record<string, number>;
    };
    expect(result).toMatchObject({
      model: 'demand-naive',
      horizon: 4,
      cutoffs: [{ cutoff: '2023-01-02' }, { cutoff: '2023-02-06' }],
    });
    const [first, second] = result.cutoffs;
    expect(result.mean['demandError']).toBeCloseTo((first!.demandError + second!.demandError) / 2, 12);
  });

  it('shows what a file and a dataset hold', async () => {
    const file = JSON.parse(
      (await lightly('inspect', join(observed, 'markets.parquet'), '--json')).stdout,
    ) as { rows: number; columns: { name: string; distinct: string }[] };
    expect([file.rows, file.columns.find(({ name }) => name === 'market')?.distinct]).toEqual([2, '2']);
    const dataset = JSON.parse((await lightly('inspect', observed, '--json', '--no-statistics')).stdout) as {
      tables: { name: string }[];
    };
    expect(dataset.tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['weekly', 'articles', 'markets', 'returns']),
    );
  });

  it('answers mistakes with one message, an exit code, and nothing half-written', async () => {
    const model = await lightly('train', 'demand-naiv', '--data', observed);
    expect([model.code, model.stderr]).toEqual([
      65,
      expect.stringMatching(/there is no model demand-naiv; expected one of .*Did you mean demand-naive\?/),
    ]);
    // What is wrong with the model comes first: the data may take minutes to look at.
    for (const verb of ['train', 'forecast'])
      expect((await lightly(verb, 'demand-naiv', '--data', 'nowhere')).stderr).toMatch(
        /there is no model demand-naiv/,
      );
    const data = await lightly('train', 'demand-naive', '--data', 'nowhere');
    expect([data.code, data.stderr]).toEqual([
      65,
      expect.stringMatching(/there is no dataset \(file nowhere\).*Check the path/),
    ]);
    const values = await lightly(
      'train',
      'demand-naive',
      '--data',
      observed,
      '--set',
      'window=-1',
      '--set',
      'methd=last',
    );
    expect(values.stderr).toMatch(/window: .*found -1/);
    expect(values.stderr).toMatch(/methd: there is no such hyperparameter, did you mean method\?/);
    expect(values.code).toBe(65);
    const none = await lightly(
      'forecast',
      'return-rate-average',
      '--data',
      observed,
      '--model-dir',
      observed,
    );
    expect([none.code, none.stderr]).toEqual([65, expect.stringMatching(/this is no model folder/)]);
    const missing = await lightly('train', 'demand-naive');
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringMatching(/required option '--data <dir>' not specified/),
    ]);
  });
});
