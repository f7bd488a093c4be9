import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { optimiseStep } from '../../src/compile/optimise-task.ts';
import { machinesOf } from '../../src/local/local-run.ts';
import { planText } from '../../src/local/plan-text.ts';
import { synthesize } from '../../src/stack/synthesize.ts';
import type { Template } from '../../src/stack/template.ts';
import { inference } from '../../src/workflows/inference.ts';
import {
  DEMANDING,
  contents,
  runToysHere,
  toyData,
  toyDeclaration,
  toyDeployment,
  toyLog,
  toyModel,
} from '../fixtures/toys.ts';

let folder: string;
let template: string;
let data: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-workflow-'));
  template = join(folder, 'template.json');
  writeFileSync(template, JSON.stringify(synthesize(toyDeployment({ models: DEMANDING })).template));
  data = toyData(join(folder, 'data'));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 240_000);

const newOut = (): string => {
  const out = join(folder, `out-${count++}`);
  mkdirSync(out);
  return out;
};

describe('a weekly run', () => {
  it('trains, scores, registers and forecasts every model, each job once', async () => {
    const out = newOut();
    const { summary, error, resumed } = await runToysHere({ template, data, out, name: 'w1' });
    expect([error, resumed, summary?.status, summary?.problems]).toEqual([null, false, 'complete', []]);
    expect(summary!.models).toMatchObject([
      {
        model: 'ape',
        registered: { version: 1, status: 'approved' },
        scores: { cutoff: '2025-11-10', metrics: { demandError: 0.2 } },
        forecast: { files: 3, rows: 3 },
        forecastBy: { version: 1, run: 'w1', cutoff: '2026-01-05' },
        problems: [],
      },
      { model: 'bee', registered: { version: 1, status: 'approved' }, forecast: { files: 3 } },
    ]);
    // The data is checked once, by the chain; nobody checks it again.
    expect(
      toyLog(out)
        .filter(({ what }) => what === 'started')
        .map(({ job }) => job)
        .sort(),
    ).toEqual([
      ...['ape', 'bee'].map((model) => `inference/${model}/forecast`),
      'inference/optimise',
      ...['ape', 'bee'].flatMap((model) =>
        ['evaluate', 'train', 'trainHeldOut'].map((job) => `training/${model}/${job}`),
      ),
      'weekly/check-the-data',
    ]);
    const forecasts = contents(join(out, 'forecasts', 'w1'));
    expect(Object.keys(forecasts)).toContain('_SUCCESS');
    expect(JSON.parse(forecasts['manifest.json']!)).toMatchObject({
      run: 'w1',
      status: 'complete',
      models: [
        { model: 'ape', quantity: 'demand', version: 1, trainedBy: 'w1', rows: 3, error: 0.2 },
        { model: 'bee', version: 1 },
      ],
    });
    // What is trained to forecast knows the last week, and a seed of the execution.
    expect(forecasts['ape/forecast-DE.parquet']).toMatch(/^w1 .*"cutoff":"2026-01-05","seed":"1"/);
    // The set is priced as a whole, once, with all of the data.
    expect(summary!.recommendations).toMatchObject({ files: 1, rows: 3, articles: 3, gain: 2 });
    expect(contents(join(out, 'recommendations', 'w1'))['recommendations.parquet']).toBe(
      'w1 ape DE.parquet FR.parquet PL.parquet no limits nothing decided drawn 0 with seed 1 w1',
    );
  });

  it('prices within the limits that it is given, and with others again', async () => {
    const out = newOut();
    const run = { template, data, out, workflow: 'inference' };
    await runToysHere({ ...run, workflow: 'weekly', name: 'w' });
    const priced = async (limits: string): Promise<string> => {
      const { run: name, resumed } = await runToysHere({ ...run, limits });
      expect(resumed).toBe(false);
      return contents(join(out, 'recommendations', name))['recommendations.parquet']!;
    };
    expect(await priced('at most half')).toMatch(/ at most half /);
    expect(await priced('at least half')).toMatch(/ at least half /);
    // What a run was given stays, under a name that people know it by.
    expect(Object.keys(contents(join(out, 'limits'))).join()).toMatch(
      /^my-limits-[0-9a-f]{12}\.yaml,my-limits-[0-9a-f]{12}\.yaml$/,
    );
  });

  it('prices around what was decided, here or elsewhere, and explores as much as is asked for', async () => {
    const out = newOut();
    const elsewhere = newOut();
    const run = { template, data, out, workflow: 'inference', explore: '0.05' };
    await runToysHere({ ...run, workflow: 'weekly', name: 'w' });
    for (const place of [join(out, 'decisions', 'shop'), elsewhere]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'fixed'), `fixed in ${basename(place)}`);
      const { run: name, resumed } = await runToysHere({ ...run, decisions: place });
      expect(resumed).toBe(false);
      expect(contents(join(out, 'recommendations', name))['recommendations.parquet']).toContain(
        ` fixed in ${basename(place)} drawn 0.05 with seed 1 `,
      );
    }
  });

  it.each([
    ['exits 65', 1, 'a wrong limit'],
    ['exits 75', 2, 'what may pass'],
  ] as const)(
    'is incomplete when pricing %s, %i times begun: %s; and loses no forecast',
    async (behaviour, starts, _why) => {
      const out = newOut();
      const environment = { TOY_PRICING: behaviour };
      const { summary, error } = await runToysHere({ template, data, out, name: 'w', environment });
      expect([error?.name, summary?.status]).toEqual(['incomplete', 'incomplete']);
      expect(summary!.message).toMatch(
        /INCOMPLETE[^]*no recommendations, optimise failed: there is no such price.*hemline price w/,
      );
      expect(summary!.recommendations).toBeNull();
      expect(summary!.models.map(({ forecast }) => forecast?.files)).toEqual([3, 3]);
      const forecasts = contents(join(out, 'forecasts', 'w'));
      expect(Object.keys(forecasts)).toContain('_SUCCESS');
      expect(JSON.parse(forecasts['manifest.json']!)).toMatchObject({ status: 'complete' });
      const begun = toyLog(out).filter(({ what, job }) => what === 'started' && job === 'inference/optimise');
      expect(begun).toHaveLength(starts);
    },
  );

  it('prices nothing where forecasts are missing, and where no model forecasts demand', async () => {
    const out = newOut();
    const environment = { TOY_APE: 'mute', TOY_BEE: 'mute' };
    const { summary } = await runToysHere({ template, data, out, name: 'w', environment });
    expect(summary!.problems.join()).toMatch(/nothing is priced: forecasts are missing/);
    expect(toyLog(out).map(({ job }) => job)).not.toContain('inference/optimise');
    const catalog = [toyModel('cow', { quantity: 'return-rate' })];
    expect(optimiseStep(toyDeclaration({ models: ['cow'], catalog }), inference)).toBeNull();
    const machines = machinesOf(JSON.parse(readFileSync(template, 'utf8')) as Template, 'test');
    expect(planText(machines, 'inference')).toMatch(
      /bee: forecast.*\n.*the set of forecasts\n.*optimise {2}\(in AWS ml\.r5\.12xlarge, at most 6 h\)\n.*complete/,
    );
  });

  it.each([
    ['fails', /train.* failed: AlgorithmError: ape does not want to, exit code: 65/, null],
    ['bad', /version 2 is pending: demandError is 3, at most 1 is required/, 'pending'],
    ['nan', /version 2 is pending: .*NaN/, 'pending'],
    ['falls', /version 2 is pending: the forecasts are not monotone in the discount/, 'pending'],
  ] as const)(
    'falls back on the approved version when a training %s, and says so',
    async (behaviour, reason, status) => {
      const out = newOut();
      expect((await runToysHere({ template, data, out, name: 'before' })).error).toBe(null);
      const result = await runToysHere({
        template,
        data,
        out,
        name: 'after',
        environment: { TOY_APE: behaviour },
      });
      const { summary, metrics } = result;
      expect(summary?.status).toBe('fallback');
      const [ape, bee] = summary!.models;
      expect(ape!.problems.join()).toMatch(reason);
      expect(ape).toMatchObject({ registered: { status }, forecastBy: { version: 1, run: 'before' } });
      expect(bee).toMatchObject({ problems: [], forecastBy: { version: 2, run: 'after' } });
      expect(summary!.message).toContain('not as it should be');
      expect(metrics.map(({ name }) => name)).toContain('FallbackRuns');
      expect(Object.keys(contents(join(out, 'forecasts', 'after')))).toContain('_SUCCESS');
    },
  );

  it('is incomplete, and leaves no _SUCCESS, when a quantity has no forecast', async () => {
    const out = newOut();
    const environment = { TOY_APE: 'mute', TOY_BEE: 'mute' };
    const result = await runToysHere({ template, data, out, name: 'w', environment });
    const { summary, error, metrics } = result;
    expect(error?.name).toBe('incomplete');
    expect(summary?.status).toBe('incomplete');
    expect(summary!.models.map(({ forecast }) => forecast?.files ?? null)).toEqual([null, null]);
    expect(summary!.message).toMatch(/INCOMPLETE[^]*bee: forecast failed: bee has nothing to say/);
    expect(metrics.map(({ name }) => name)).toContain('IncompleteRuns');
    expect(Object.keys(contents(join(out, 'forecasts', 'w')))).not.toContain('_SUCCESS');
  });

  it('notes that people were not told, and ends as it would have', async () => {
    const out = newOut();
    const run = { template, data, out, name: 'w', environment: { TOY_BEE: 'mute' } };
    const result = await runToysHere(run, undefined, undefined, ({ kind }) => {
      if (kind === 'message') throw new Error('the topic does not take it');
    });
    expect(result.metrics).toContainEqual({ name: 'UntoldRuns', value: 1 });
    expect([result.error, result.summary?.status]).toEqual([null, 'fallback']);
    const { metrics } = await runToysHere({ ...run, out: newOut() });
    expect(metrics.map(({ name }) => name)).not.toContain('UntoldRuns');
  });

  it('falls back on another model of the quantity when one has no forecast, and says so', async () => {
    const out = newOut();
    const result = await runToysHere({ template, data, out, name: 'w', environment: { TOY_BEE: 'mute' } });
    const { summary, error, metrics } = result;
    expect(error).toBe(null);
    expect(summary?.status).toBe('fallback');
    expect(summary!.models.map(({ forecast }) => forecast?.files ?? null)).toEqual([3, null]);
    expect(summary!.message).toMatch(/not as it should be[^]*bee: forecast failed: bee has nothing to say/);
    expect(metrics.map(({ name }) => name)).toContain('FallbackRuns');
    expect(Object.keys(contents(join(out, 'forecasts', 'w')))).toContain('_SUCCESS');
  });

  it.each([
    ['exits 2', 1, 'a wrong command line'],
    ['exits 65', 1, 'a wrong input'],
    ['exits 70', 1, 'a defect'],
    ['exits 75', 2, 'what may pass'],
    ['exits 255', 2, 'nobody knows what'],
  ])('a training that %s is started %i time(s): %s', async (behaviour, starts) => {
    const out = newOut();
    const { summary } = await runToysHere({ template, data, out, environment: { TOY_APE: behaviour } });
    const started = toyLog(out).filter(({ what, job }) => what === 'started' && /ape\/train$/.test(job));
    expect(started).toHaveLength(starts);
    expect(summary!.models[0]!.problems[0]).toMatch(
      /failed: AlgorithmError: ape ends with \d+, exit code: \d+/,
    );
  });

  it('has nothing forecast with a version that was never approved', async () => {
    const out = newOut();
    const result = await runToysHere({ template, data, out, environment: { TOY_APE: 'bad' } });
    expect(result.summary!.models[0]).toMatchObject({
      registered: { version: 1, status: 'pending' },
      forecast: null,
      problems: [expect.stringMatching(/pending/), expect.stringMatching(/no approved version/)],
    });
  });
});

describe('other workflows', () => {
  it('inference tells of versions that are older than the data by weeks', async () => {
    const out = newOut();
    expect((await runToysHere({ template, data, out })).error).toBe(null);
    const later = toyData(join(folder, 'later'), '2026-02-02');
    const result = await runToysHere({ template, data: later, out, workflow: 'inference', name: 'i' });
    const { summary, metrics } = result;
    expect(summary).toMatchObject({ status: 'fallback', workflow: 'inference' });
    expect(summary!.models[0]!.problems).toEqual([
      'version 1 knows nothing after 2026-01-05, the data goes up to 2026-02-02',
    ]);
    expect(metrics.filter(({ name }) => name === 'StaleModels')).toHaveLength(2);
  });

  it('backtest trains, forecasts and scores at every cutoff, and keeps what worked', async () => {
    const out = newOut();
    const result = await runToysHere({
      template,
      data,
      out,
      workflow: 'backtest',
      name: 'b',
      cutoffs: ['2025-09-01', '2025-10-06'],
      environment: { TOY_BEE: 'fails' },
    });
    const { summary } = result;
    expect(summary!.models[0]!.backtest!.map(({ cutoff }) => cutoff)).toEqual(['2025-09-01', '2025-10-06']);
    expect(summary!.models[1]!.problems.join()).toMatch(/2025-09-01: train failed.*bee does not want to/);
    expect(summary!.status).toBe('incomplete');
    const path = join(out, 'runs', 'b', 'ape', '2025-10-06', 'forecast', 'forecast-DE.parquet');
    expect(readFileSync(path, 'utf8')).toContain('"cutoff":"2025-10-06"');
  });

  it('spreads a forecast over hosts, each with its share of the objects, some with none', async () => {
    const out = newOut();
    const result = await runToysHere({ template, data, out, name: 'h', hosts: 4 });
    expect(result.summary?.models[0]).toMatchObject({ forecast: { files: 3, rows: 3 } });
    const names = Object.keys(contents(join(out, 'forecasts', 'h', 'ape'))).sort();
    expect(names.filter((name) => name.startsWith('manifest'))).toHaveLength(4);
    expect(names.filter((name) => name.startsWith('forecast'))).toHaveLength(3);
  });
});

describe('two orchestrators on the same store', () => {
  it('one runs, the other is told so', async () => {
    const out = newOut();
    const environment = { TOY_MILLISECONDS: '50' };
    const runs = [1, 2].map(() => runToysHere({ template, data, out, environment }));
    const ends = await Promise.allSettled(runs);
    const [refused, ...others] = ends.filter((end) => end.status === 'rejected');
    expect(others).toEqual([]);
    expect(refused!.reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/weekly on this data is under way .*found process \d+ on/) as string,
    });
    const starts = toyLog(out).filter(({ what }) => what === 'started');
    expect(new Set(starts.map(({ job }) => job)).size).toBe(starts.length);
  });

  it('on different data both run, and no version is lost', async () => {
    const out = newOut();
    const other = toyData(join(folder, 'other'), '2026-01-12');
    const ends = await Promise.all([data, other].map((each) => runToysHere({ template, data: each, out })));
    const versions = ends.map(({ summary }) => summary!.models[0]!.registered!.version).sort();
    expect(versions).toEqual([1, 2]);
  });
});
