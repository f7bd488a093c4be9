import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, type Ended } from './command.ts';

let folder: string;
const hemline = (...args: string[]): Promise<Ended> => command(folder, args);
const forecast = ['forecast', 'demand-naive', '--horizon', '2', '--discounts', '0', '--json', '--data'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-past-'));
  const size = ['--articles', '120', '--weeks', '60'];
  for (const [out, ...more] of [
    ['market', '--markets', '2'],
    ['other', '--markets', '2', '--seed', '2'],
    ['wider', '--markets', '3'],
  ])
    await hemline('simulate', ...size, '--out', out!, ...more);
  const { code, stderr } = await hemline('train', 'demand-naive', '--data', 'market/observed');
  expect(code, stderr).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a model on data that has the name of its own', { timeout: 120_000 }, () => {
  it('forecasts its own market without a word', async () => {
    const { code, stderr } = await hemline(...forecast, 'market/observed');
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/other data|has seen nothing/)]);
  });

  it('refuses another market, and forecasts it where that is asked for', async () => {
    const { code, stdout } = await hemline(...forecast, 'other/observed');
    const { error } = JSON.parse(stdout) as { error: { message: string } };
    expect([code, error.message]).toEqual([65, expect.stringMatching(/trained on other data than this/)]);
    expect(error.message).toContain('--any-past');
    const evaluated = await hemline('evaluate', 'demand-naive', '--data', 'other/observed', '--horizon', '2');
    expect([evaluated.code, evaluated.stderr]).toEqual([65, expect.stringMatching(/trained on other data/)]);
    const anyway = await hemline(...forecast, 'other/observed', '--any-past');
    expect(anyway.code, anyway.stderr).toBe(0);
  });

  it('names the markets that it has not seen, and forecasts them', async () => {
    const { code, stdout, stderr } = await hemline(...forecast, 'wider/observed');
    const { files } = JSON.parse(stdout) as { files: number };
    expect([code, files, stderr]).toEqual([
      0,
      3,
      expect.stringMatching(/has seen nothing of the market \w\w in/),
    ]);
  });

  it('is taken as it is where it does not remember its past', async () => {
    const [run] = readdirSync(join(folder, '.hemline/runs')).filter((name) => name.startsWith('train'));
    const card = join(folder, '.hemline/runs', run!, 'demand-naive/model/hemline.json');
    const { past, ...before } = JSON.parse(readFileSync(card, 'utf8')) as { past: { markets: string[] } };
    expect(past.markets).toHaveLength(2);
    writeFileSync(card, JSON.stringify(before));
    expect((await hemline(...forecast, 'other/observed')).code).toBe(0);
  });
});
