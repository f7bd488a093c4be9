import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { valueAt } from '@hemline/core';
import { openParquetFile, verifyManifest } from '@hemline/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOptimise } from '../../src/job/optimise-job.ts';
import { digestOfOrigin, type PricingOrigin } from '../../src/job/pricing-origin.ts';
import { contentsOf, forecastRun, optimiseRoot, quietJob, RUN, type ForecastRun } from './forecast-run.ts';

let folder: string;
let run: ForecastRun;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-optimise-'));
  run = await forecastRun(folder);
  environment = optimiseRoot(join(folder, 'root'), run);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A limits file of its own for each text. */
function limits(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('the job that prices', () => {
  it('takes the forecasts that err least, and leaves tables that lead back to all that they follow from', async () => {
    const output = join(folder, 'out');
    const file = limits('half.yaml', 'articles: [{ maximum: 0.2 }]\n');
    const argv = ['--forecasts', run.forecasts, '--output', output, '--limits', file];
    const job = quietJob(environment);
    const summary = await runOptimise(argv, job);
    expect(summary).toMatchObject({ forecasts: RUN, models: { demand: 'good' }, articles: 12, weeks: 4 });
    expect(summary.gain).toBeCloseTo(summary.comparedProfit - summary.heldProfit, 6);
    expect(job.told).toContain(`gain=${summary.gain}`);
    const manifest = await verifyManifest(output);
    expect(manifest.files.map(({ partition }) => partition).sort()).toEqual([
      ...['articles', 'limits', 'recommendations'],
    ]);
    const origin = JSON.parse(readFileSync(join(output, '_inputs.json'), 'utf8')) as PricingOrigin;
    expect(origin).toMatchObject({ run: RUN, dataset: { name: 'small' }, limits: { file } });
    expect(origin.forecasts.map(({ model }) => model)).toEqual(['good']);
    expect(manifest.provenance).toEqual({
      ...{ model: 'pricing', modelVersion: 1, codeVersion: 'test', runId: RUN },
      trainingFingerprint: digestOfOrigin(origin),
    });
    const rows = manifest.files.find(({ partition }) => partition === 'recommendations')!;
    expect(rows.rows).toBe(12 * 2 * 4);
    for await (const batch of (await openParquetFile(join(output, rows.file))).batches())
      for (let row = 0; row < batch.length; row++)
        expect(valueAt(batch.column('discount'), row)).toBeLessThanOrEqual(0.2);
  });

  it('does nothing again that is done, and leaves it as it is', async () => {
    const output = join(folder, 'out');
    const argv = ['--forecasts', run.forecasts, '--output', output, '--limits', join(folder, 'half.yaml')];
    const before = contentsOf(output);
    const job = quietJob(environment);
    await runOptimise(argv, job);
    expect(job.told.join('\n')).toMatch(/priced from these very inputs: nothing is left to do/);
    expect(contentsOf(output)).toEqual(before);
  });

  it('lets one of two optimisers win, and the other say what it found', async () => {
    const output = join(folder, 'two');
    const given = (file: string) => ['--forecasts', run.forecasts, '--output', output, '--limits', file];
    const files = [
      limits('one.yaml', 'articles: [{ maximum: 0.2 }]\n'),
      limits('other.yaml', 'articles: [{ minimum: 0.2 }]\n'),
    ];
    const ends = await Promise.allSettled(
      files.map((file) => runOptimise(given(file), quietJob(environment))),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = ends.find((end) => end.status === 'rejected')!.reason as Error;
    expect(lost.message).toMatch(
      /another optimiser has priced here, or does.*expected limits .*found limits /s,
    );
    await verifyManifest(output);
  });

  it('comes to the same where two begin at once from the same inputs', async () => {
    const output = join(folder, 'same');
    const argv = ['--forecasts', run.forecasts, '--output', output];
    const jobs = [quietJob(environment), quietJob(environment)];
    const [one, other] = await Promise.all(jobs.map((job) => runOptimise(argv, job)));
    expect(other).toEqual(one);
    expect(jobs.flatMap(({ told }) => told).join('\n')).toMatch(/another start was at it/);
    await verifyManifest(output);
  });

  it.each([
    [[], /--forecasts: expected the place of a set of forecasts/],
    [['--forecasts', 'x', '--minimum-gain', 'much'], /--minimum-gain: expected a number from 0, found much/],
    [['--forecasts', '/nowhere'], /the set of forecasts is not whole.*found no manifest/s],
    [['--forecasts', 'RUN', '--limits', '/nowhere.yaml'], /nowhere\.yaml/],
    [['--forecasts', 'RUN', '--require', 'return-rate'], /no forecast of its return rate/],
  ])('refuses %j', async (argv, message) => {
    const given = argv.map((text) => (text === 'RUN' ? run.forecasts : text));
    await expect(
      runOptimise([...given, '--output', join(folder, 'refused', String(message))], quietJob(environment)),
    ).rejects.toThrow(message);
  });
});
